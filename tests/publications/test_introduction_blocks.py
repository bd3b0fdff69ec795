"""Introductions that were one rich text become blocks, in what is live and in drafts, and back."""

import json
from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from publications.models import Collection

BEFORE = [("publications", "0024_collection_rules")]
AFTER = [("publications", "0025_collection_introduction_blocks")]


def test_on_the_way_back_plain_text_is_escaped_and_quotations_stay():
    blocks = [
        {"type": "heading", "value": "Dose & <risk>"},
        {"type": "paragraph", "value": "<p>Begin <b>here</b>.</p>"},
        {"type": "quote", "value": {"text": "Less\nis <more>.", "source": "R. & D."}},
        {"type": "image", "value": {"image": {"image": 1}, "caption": "Lost"}},
        {"type": "quote", "value": {"text": "So it is.", "source": ""}},
    ]

    html = import_module("publications.migrations.0025_collection_introduction_blocks").as_rich_text(json.dumps(blocks))

    assert html == (
        "<h2>Dose &amp; &lt;risk&gt;</h2><p>Begin <b>here</b>.</p>"
        "<blockquote>Less<br/>is &lt;more&gt;.<br/>R. &amp; D.</blockquote><blockquote>So it is.</blockquote>"
    )


@pytest.mark.django_db(transaction=True)
def test_nothing_of_an_introduction_is_lost_on_the_way_there_and_back():
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    executor.migrate(BEFORE)
    try:
        apps = MigrationExecutor(connection).loader.project_state(BEFORE).apps
        written = {"introduction_en": "<p>Begin <b>here</b>.</p>", "introduction_nl": ""}
        collection = apps.get_model("publications", "Collection").objects.create(
            title_en="Wedges", slug="wedges", **written
        )
        content_type = apps.get_model("contenttypes", "ContentType").objects.get(
            app_label="publications", model="collection"
        )
        apps.get_model("wagtailcore", "Revision").objects.create(
            content_type=content_type,
            base_content_type=content_type,
            object_id=str(collection.pk),
            content={"pk": collection.pk, **written},
            created_at="2026-01-01T00:00Z",
        )

        MigrationExecutor(connection).migrate(AFTER)
        live = Collection.objects.get(slug="wedges")
        draft = live.revisions.get().content

        assert [(block.block_type, block.value.source) for block in live.introduction_en] == [
            ("paragraph", "<p>Begin <b>here</b>.</p>")
        ]
        assert not live.introduction_nl
        assert ('"value": "<p>Begin <b>here</b>.</p>"' in draft["introduction_en"], draft["introduction_nl"]) == (
            True,
            "[]",
        )

        MigrationExecutor(connection).migrate(BEFORE)
        row = apps.get_model("publications", "Collection").objects.get()
        content = apps.get_model("wagtailcore", "Revision").objects.get().content
        assert {name: getattr(row, name) for name in written} == written
        assert {name: content[name] for name in written} == written
    finally:
        MigrationExecutor(connection).migrate(leaves)
