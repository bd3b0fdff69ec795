"""No text that editors write in two languages is forgotten by the report of missing translations."""

import csv
import io

import pytest
from django.apps import apps
from wagtail import blocks
from wagtail.fields import StreamField

from publications.menus import PageBlock, PlaceBlock
from publications.viewsets.untranslated import KINDS, LEFT_OUT
from tests.factories import EditorFactory, EventPhotoFactory, EventSeriesFactory, EventSessionFactory

pytestmark = pytest.mark.django_db
REPORT = "/admin/reports/missing-translations/"


def pairs(names: set[str]) -> set[str]:
    """The texts that have both languages: "title" for title_en and title_nl."""
    return {
        name.removesuffix("_en") for name in names if name.endswith("_en") and f"{name.removesuffix('_en')}_nl" in names
    }


def test_every_pair_of_fields_is_known_or_left_out_for_a_reason():
    there_are = {
        f"{model.__name__}.{text}"
        for model in apps.get_models()
        for text in pairs({field.name for field in model._meta.concrete_fields})
    }
    known = {f"{kind.model.__name__}.{text}" for kind in KINDS.values() for text in (*kind.texts, *kind.streams)}

    assert known | LEFT_OUT.keys() == there_are
    assert known.isdisjoint(LEFT_OUT)


def test_every_pair_within_a_block_must_be_whole():
    """What stands in a stream is not in a column to look into: both sides are asked for, or there is a usual one."""
    fields = [
        field for model in apps.get_models() for field in model._meta.local_fields if isinstance(field, StreamField)
    ]

    half = {
        f"{type(block).__name__}.{text}"
        for field in fields
        for block in structs(field.stream_block)
        for text in pairs(set(block.child_blocks))
        if not isinstance(block, (PlaceBlock, PageBlock))
        and not all(block.child_blocks[f"{text}_{language}"].required for language in ("en", "nl"))
    }

    assert len(fields) > 3
    assert half == set()


def structs(block: blocks.Block) -> list[blocks.BaseStructBlock]:
    """The groups of values within a block."""
    children = getattr(block, "child_blocks", {}).values()
    found = [block] if isinstance(block, blocks.BaseStructBlock) else []
    return [*found, *(struct for child in children for struct in structs(child))]


@pytest.mark.parametrize(
    ("kind", "make", "name", "lacks"),
    [
        (
            "session",
            lambda: EventSessionFactory(event__title_en="Fair", title_en="Opening"),
            "Fair: Opening",
            "title in Dutch",
        ),
        ("series", lambda: EventSeriesFactory(title_en="Tours"), "Tours", "title in Dutch"),
        (
            "photo",
            lambda: EventPhotoFactory(event__title_en="Fair", caption_nl="De zaal"),
            "Fair: De zaal",
            "caption in English",
        ),
    ],
)
def test_programmes_series_and_captions_are_listed_with_their_form(client, kind, make, name, lacks):
    client.force_login(EditorFactory())
    make()
    whole = EventSessionFactory(title_en="Break", title_nl="Pauze", event__title_nl="Beurs")

    export = b"".join(client.get(f"{REPORT}?kind={kind}&export=csv").streaming_content).decode()

    [row] = csv.DictReader(io.StringIO(export))
    assert (row["Name"], row["Lacks"]) == (name, lacks)
    assert str(whole) not in export
    assert client.get(row["Form"]).status_code == 200


def test_captions_and_parts_take_as_many_queries_for_many_as_for_one(client, django_assert_max_num_queries):
    client.force_login(EditorFactory())
    for kind, factory in (("session", EventSessionFactory), ("photo", EventPhotoFactory)):
        counts = []
        for number in (1, 5):
            for _ in range(number):
                factory(**({"caption_en": "A hall"} if kind == "photo" else {}))
            client.get(f"{REPORT}?kind={kind}")
            with django_assert_max_num_queries(40) as queries:
                client.get(f"{REPORT}?kind={kind}")
            counts.append(len(queries))

        assert counts[0] == counts[1]
