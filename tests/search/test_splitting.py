"""A topic that becomes two: which records go is chosen by a search or by hand, said first, done and undone."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from publications.errors import MergeError
from publications.models import Publication, Topic, TopicSplit, User
from publications.models.addresses import find_by_address
from publications.splitting import split_topic, undo_split
from search.indexing import index_due, rebuild_index
from tests.factories import EditorFactory, MemberFactory, PublicationFactory, TopicFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> User:
    editor = EditorFactory()
    client.force_login(editor)
    return editor


@pytest.fixture
def topic() -> Topic:
    return TopicFactory(label_en="imaging", label_nl="beeldvorming", slug="imaging")


@pytest.fixture
def records(topic: Topic) -> list[Publication]:
    titles = ("Ultrasound of kidneys", "Echo of the heart", "Lungs in CT")
    return [PublicationFactory(title=title, topics=[topic]) for title in titles]


def topics_of(record: Publication) -> list[str]:
    return sorted(topic.name for topic in Publication.objects.get(pk=record.pk).topics.all())


def form_of(content: bytes) -> dict[str, list[str]]:
    form = BeautifulSoup(content, "html.parser").select("main form[method=post], #main form[method=post]")[0]
    fields: dict[str, list[str]] = {}
    for field in form.select("input[name]"):
        if field.get("type") in ("checkbox", "radio") and not field.has_attr("checked"):
            continue
        fields.setdefault(field["name"], []).append(field.get("value", ""))
    return fields


def test_records_found_by_a_search_go_to_the_new_topic_and_come_back(client, editor, topic, records):
    rebuild_index()
    address = reverse("split_topic", args=[topic.pk])

    searched = form_of(client.get(address, {"q": "kidney"}).content)
    assert searched["record"] == [str(records[0].pk)]
    chosen = searched | {"record": [records[0].pk, records[1].pk], "label_en": "ultrasound", "label_nl": "echografie"}
    preview = client.post(address, chosen)
    text = BeautifulSoup(preview.content, "html.parser").get_text(" ")
    assert "2 of 3 records go from “imaging” to the new topic “ultrasound”." in " ".join(text.split())
    assert Topic.objects.count() == 1
    answer = client.post(address, form_of(preview.content) | {"confirm": "yes"}, follow=True)

    part = Topic.objects.get(label_nl="echografie")
    assert answer.redirect_chain[-1][0].endswith(f"/topic/edit/{part.pk}/")
    assert part.broader == topic
    assert [topics_of(record) for record in records] == [["ultrasound"], ["ultrasound"], ["imaging"]]
    index_due()
    assert 'data-total="2"' in client.get("/en/search/?topic=ultrasound").content.decode()
    assert 'data-total="3"' in client.get("/en/search/?topic=imaging").content.decode()
    entries = ModelLogEntry.objects.filter(action="publications.split_topic")
    assert {(entry.object_id, entry.user, entry.message) for entry in entries} == {
        (str(one.pk), editor, "2 records went from “imaging” to “ultrasound”") for one in (topic, part)
    }

    undo = form_of_undo(client.get(address).content)
    client.post(undo, follow=True)

    assert [topics_of(record) for record in records] == [["imaging"]] * 3
    assert find_by_address(Topic, part.slug) == topic
    assert ModelLogEntry.objects.filter(action="publications.unsplit_topic").count() == 2
    assert "undone" in client.get(address).content.decode()


def form_of_undo(content: bytes) -> str:
    return next(
        form["action"]
        for form in BeautifulSoup(content, "html.parser").select("form[action]")
        if form["action"].endswith("/undo/")
    )


def test_beside_means_below_what_the_old_one_stands_below(client, editor, topic, records):
    topic.broader = TopicFactory(label_en="medicine")
    topic.save()

    client.post(
        reverse("split_topic", args=[topic.pk]),
        {"record": records[0].pk, "label_en": "ultrasound", "place": "beside", "confirm": "yes"},
    )

    assert Topic.objects.get(label_en="ultrasound").broader == topic.broader


def test_undoing_leaves_what_was_changed_since(topic, records):
    split = split_topic(topic, Topic(label_en="ultrasound"), [records[0].pk, records[1].pk], user=None)
    other, new = TopicFactory(label_en="other"), PublicationFactory(topics=[split.part])
    records[1].tagged_topics.model.objects.filter(content_object_id=records[1].pk).update(tag=other)

    assert undo_split(split, user=None) == 1

    assert [topics_of(record) for record in (*records, new)] == [["imaging"], ["other"], ["imaging"], ["ultrasound"]]
    assert Topic.objects.get(label_en="ultrasound").merged_into is None
    with pytest.raises(MergeError, match="undone already"):
        undo_split(split, user=None)


def test_drafts_of_moved_records_move_too(topic, records):
    record = records[0]
    record.save_revision()

    split_topic(topic, Topic(label_en="ultrasound"), [record.pk], user=None)

    record.refresh_from_db()
    record.get_latest_revision_as_object().save_revision().publish()
    assert topics_of(record) == ["ultrasound"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"label_en": "new"}, "Tick the records"),
        ({"label_en": "new", "record": "99999"}, "Tick the records"),
        ({"label_en": "new", "record": "x"}, "Tick the records"),
        ({"label_en": "Imaging", "record": "first"}, "Another topic has this label."),
        ({"record": "first"}, "Give a label in at least one language."),
    ],
)
def test_what_cannot_be_split_is_said_and_nothing_is_done(client, editor, topic, records, fields, words):
    fields = {name: records[0].pk if value == "first" else value for name, value in fields.items()}

    answer = client.post(reverse("split_topic", args=[topic.pk]), {"place": "below", "confirm": "yes", **fields})

    assert words in answer.content.decode()
    assert Topic.objects.count() == 1 and not TopicSplit.objects.exists()


def test_a_search_that_finds_nothing_or_has_no_index_ticks_nothing(client, editor, topic, records):
    address = reverse("split_topic", args=[topic.pk])

    assert "There is no index to search in now." in client.get(address, {"q": "kidney"}).content.decode()
    rebuild_index()
    assert "0 records were found" in client.get(address, {"q": "nothing such"}).content.decode()


def test_others_cannot_undo(client, topic, records):
    split = split_topic(topic, Topic(label_en="ultrasound"), [records[0].pk], user=None)
    client.force_login(MemberFactory())

    assert client.post(reverse("undo_split", args=[split.pk])).status_code in (302, 403)

    assert topics_of(records[0]) == ["ultrasound"]
