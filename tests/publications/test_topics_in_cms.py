"""Topics as editors tend them: the tree, what stands beside and above, files in and out, records without any."""

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from publications.models import FormerAddress, Publication, Topic, TopicImport, User
from publications.skos import MAX_BYTES
from tests.factories import (
    EditorFactory,
    MemberFactory,
    PublicationFactory,
    RecordFileFactory,
    ResearcherFactory,
    TopicFactory,
)
from tests.publications.cms import form_fields

pytestmark = pytest.mark.django_db

TOPICS = "/admin/snippets/publications/topic/"


@pytest.fixture
def editor(client: Client) -> User:
    editor = EditorFactory()
    client.force_login(editor)
    return editor


def page_of(client: Client, url: str) -> BeautifulSoup:
    response = client.get(url)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


# The form --------------------------------------------------------------------------------------------------------


def test_related_topics_are_chosen_by_any_label_and_hold_both_ways(client, editor):
    heart = TopicFactory(label_en="heart", label_nl="hart")
    lung = TopicFactory(label_en="lung", synonyms_nl="long")
    url = f"{TOPICS}edit/{heart.pk}/"

    client.post(url, form_fields(client, url, related="Long, heart"))

    assert (list(heart.related.all()), list(lung.related.all())) == ([lung], [heart])
    assert form_fields(client, url)["related"] == "lung"
    client.post(url, form_fields(client, url, related=""))
    assert not lung.related.exists()


@pytest.mark.parametrize(
    ("related", "words"), [("nothing", "There is no topic “nothing”."), ("valve", "stands above or below this topic")]
)
def test_what_cannot_stand_beside_is_refused_in_words(client, editor, related, words):
    heart = TopicFactory(label_en="heart")
    TopicFactory(label_en="valve", broader=heart)
    url = f"{TOPICS}edit/{heart.pk}/"

    response = client.post(url, form_fields(client, url, related=related))

    assert words in response.content.decode()
    assert not heart.related.exists()


def test_a_circle_is_refused_with_its_names(client, editor):
    heart = TopicFactory(label_en="heart")
    valve = TopicFactory(label_en="valve", broader=TopicFactory(label_en="part", broader=heart))
    url = f"{TOPICS}edit/{heart.pk}/"

    response = client.post(url, form_fields(client, url, broader=valve.pk))

    assert "“heart” → “valve” → “part” → “heart”" in response.content.decode()
    heart.refresh_from_db()
    assert heart.broader is None


def test_a_new_address_leaves_the_old_one_leading_there(client, editor):
    topic = TopicFactory(label_en="heart", slug="heart")
    PublicationFactory(topics=[topic])
    url = f"{TOPICS}edit/{topic.pk}/"

    client.post(url, form_fields(client, url, label_en="The heart", slug="the-heart"))

    assert FormerAddress.objects.filter(slug="heart").exists()
    assert client.get("/en/topics/heart/").headers["Location"] == "/en/topics/the-heart/"
    assert client.get("/topics/heart").headers["Location"] == "/en/topics/the-heart/"


def test_a_topic_with_records_cannot_be_deleted_and_the_page_says_what_to_do(client, editor):
    topic = TopicFactory(label_en="heart")
    PublicationFactory(topics=[topic])

    answer = client.post(f"{TOPICS}delete/{topic.pk}/", follow=True).content.decode()
    bulk = client.post(
        f"/admin/bulk/publications/topic/delete/?id={topic.pk}", {"next": TOPICS}, follow=True
    ).content.decode()

    for text in (answer, bulk):
        assert "One record has this topic. Merge it with another topic" in text
    assert Topic.objects.filter(pk=topic.pk).exists()


def test_topics_below_a_deleted_one_move_up(client, editor):
    top = TopicFactory(label_en="body")
    gone = TopicFactory(label_en="chest", broader=top)
    below = TopicFactory(label_en="heart", broader=gone)

    question = page_of(client, f"{TOPICS}delete/{gone.pk}/").get_text()
    client.post(f"{TOPICS}delete/{gone.pk}/")

    assert "The topic below it moves up, below “body”." in question
    below.refresh_from_db()
    assert below.broader == top


# The tree --------------------------------------------------------------------------------------------------------


def test_the_tree_nests_topics_with_the_records_of_narrower_ones(client, editor):
    heart = TopicFactory(label_en="heart", label_nl="hart")
    valve = TopicFactory(label_en="valve", broader=heart)
    TopicFactory(label_en="gone", merged_into=heart)
    PublicationFactory(topics=[valve])

    page = page_of(client, reverse("topic_tree"))

    top = page.select(".hub-tree > li")
    assert [item.select_one("a").get_text() for item in top] == ["heart"]
    assert top[0].select_one(".hub-tree__count").get_text(" ", strip=True).startswith("1")
    below = top[0].select("details li")
    assert [item.select_one("a")["href"] for item in below] == [f"{TOPICS}edit/{valve.pk}/"]
    assert "no Dutch label" in below[0].get_text()


def test_a_topic_added_below_another_begins_there(client, editor):
    heart = TopicFactory(label_en="heart")

    link = page_of(client, reverse("topic_tree")).select_one(".hub-tree__add")["href"]

    assert form_fields(client, link)["broader"] == str(heart.pk)
    assert form_fields(client, f"{TOPICS}add/?below=x")["broader"] == ""


def test_the_tree_takes_the_same_queries_for_one_and_for_many(client, editor, django_assert_num_queries):
    above = TopicFactory(broader=TopicFactory())
    PublicationFactory(topics=[above])
    client.get(reverse("topic_tree"))
    with CaptureQueriesContext(connection) as counted:
        client.get(reverse("topic_tree"))
    for _ in range(5):
        above = TopicFactory(broader=above)
        PublicationFactory(topics=[above])

    with django_assert_num_queries(len(counted)):
        client.get(reverse("topic_tree"))


# Files -----------------------------------------------------------------------------------------------------------


def upload(client: Client, content: bytes, name: str = "topics.csv", **fields: str):
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("topic_files"), {"file": file, "replaces": "", **fields}, follow=True)


def test_a_file_is_shown_then_applied_and_stands_in_the_history(client, editor):
    topic = TopicFactory(label_en="heart", slug="hart")

    looked = upload(client, b"slug,label_en,label_nl\nhart,heart,hart\n,valve,klep\n")

    page = BeautifulSoup(looked.content, "html.parser")
    assert [h.get_text(" ", strip=True) for h in page.select(".hub-change h2")] == ["heart", "valve new"]
    assert Topic.objects.count() == 1
    form = page.select_one("form[method=post] input[name=digest]")
    answer = client.post(looked.redirect_chain[-1][0], {"digest": form["value"]}, follow=True)
    assert "2 topics were made or changed." in answer.content.decode()
    topic.refresh_from_db()
    assert (topic.label_nl, Topic.objects.get(label_en="valve").label_nl) == ("hart", "klep")
    entry = ModelLogEntry.objects.filter(action="publications.import_topic", object_id=str(topic.pk)).get()
    assert (entry.user, entry.message) == (editor, "Changed by the file “topics.csv”")
    assert client.get(looked.redirect_chain[-1][0]).status_code == 404
    assert bytes(TopicImport.objects.get().content) == b""


def test_a_file_with_faults_has_no_button_and_changes_nothing(client, editor):
    looked = upload(client, b"label_en,broader\nvalve,haert\nheart,\n")

    page = BeautifulSoup(looked.content, "html.parser")
    assert "line 2" in page.select_one("#faults").parent.get_text()
    assert page.select_one("input[name=digest]") is None
    client.post(looked.redirect_chain[-1][0], {"digest": ""})
    assert not Topic.objects.exists()


def test_what_changed_since_it_was_looked_at_is_shown_again(client, editor):
    looked = upload(client, b"label_en,label_nl\nheart,hart\n")
    digest = BeautifulSoup(looked.content, "html.parser").select_one("input[name=digest]")["value"]
    TopicFactory(label_en="heart")

    answer = client.post(looked.redirect_chain[-1][0], {"digest": digest})

    assert "Topics changed since you looked" in answer.content.decode()
    assert Topic.objects.get().label_nl == ""


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"x" * (MAX_BYTES + 1), "big.ttl", "larger than 5 MB"),
        (b"MZ", "topics.exe", "Topics can be read from"),
        (b"", "empty.csv", "empty"),
        (b"<!DOCTYPE x [<!ENTITY a 'a'>]><x/>", "bomb.rdf", "entities"),
        (b"\xff\xfe\x00", "odd.ttl", "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(client, editor, content, name, words):
    assert words in upload(client, content, name).content.decode()


@pytest.mark.parametrize("extension", ["ttl", "rdf", "jsonld", "csv"])
def test_all_topics_are_taken_along_and_readers_get_those_they_see(client, editor, extension):
    shown, hidden = TopicFactory(label_en="heart"), TopicFactory(label_en="onlyindrafts")
    PublicationFactory(topics=[shown])
    PublicationFactory(topics=[hidden], live=False)

    mine = client.get(reverse("take_topics_along", args=[extension]))
    public = Client().get(f"/topics.{extension}")

    assert "onlyindrafts" in mine.content.decode() and "heart" in mine.content.decode()
    assert "heart" in public.content.decode() and "onlyindrafts" not in public.content.decode()
    assert Client().get("/topics.exe").status_code == 404


# Records without topics ------------------------------------------------------------------------------------------


def test_topics_are_proposed_with_the_reason_and_given_in_bulk(client, editor):
    ultrasound = TopicFactory(label_en="ultrasound", label_nl="echografie")
    record = PublicationFactory(title="Echografieën van de nier", language="nl")
    RecordFileFactory(record=record, pages=["Over wat anders."])
    silent = PublicationFactory(title="Nothing known")
    PublicationFactory(title="Ultrasound, a draft", live=False)
    PublicationFactory(title="Ultrasound, tagged", topics=[TopicFactory()])

    first_page = page_of(client, reverse("wagtailadmin_home"))
    page = page_of(client, reverse("untagged_records"))

    assert "2 records without topics" in " ".join(first_page.get_text().split())
    assert {legend.select_one("a").get_text() for legend in page.select("legend")} == {record.title, silent.title}
    tick = page.select_one("input[name=give]")
    assert (tick["value"], tick.has_attr("checked")) == (f"{record.pk}-{ultrasound.pk}", True)
    assert "“echografie” in title" in page.get_text()
    answer = client.post(
        reverse("untagged_records"), {"give": [tick["value"], "x", "1-2-3", f"{silent.pk}-99999"]}, follow=True
    )
    assert "One record has topics now." in answer.content.decode()
    assert [topic.pk for topic in Publication.objects.get(pk=record.pk).topics.all()] == [ultrasound.pk]
    assert (
        "Given topics that its text speaks of: ultrasound"
        in client.get(f"/admin/snippets/publications/publication/history/{record.pk}/").content.decode()
    )


def test_a_draft_of_the_record_gets_the_topic_too(client, editor):
    topic = TopicFactory(label_en="heart")
    record = PublicationFactory(title="The heart")
    record.title = "The heart, again"
    record.save_revision()

    client.post(reverse("untagged_records"), {"give": f"{record.pk}-{topic.pk}"})

    record.refresh_from_db()
    draft = record.get_latest_revision_as_object()
    assert (record.title, record.has_unpublished_changes, draft.title) == ("The heart", True, "The heart, again")
    assert [list(one.topics.all()) for one in (record, draft)] == [[topic], [topic]]


def test_the_list_takes_the_same_queries_for_one_and_for_three(client, editor, django_assert_num_queries):
    TopicFactory(label_en="heart")
    RecordFileFactory(record=PublicationFactory(title="heart"))
    client.get(reverse("untagged_records"))
    with CaptureQueriesContext(connection) as counted:
        client.get(reverse("untagged_records"))
    for _ in range(2):
        RecordFileFactory(record=PublicationFactory(title="heart"))

    with django_assert_num_queries(len(counted)):
        client.get(reverse("untagged_records"))


# Rights ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("factory", [MemberFactory, ResearcherFactory, None])
def test_only_editors_get_there(client, factory):
    topic, record = TopicFactory(label_en="heart"), PublicationFactory(title="heart")
    brought = TopicImport.objects.create(name="a.csv", content=b"label_en\nlung\n")
    if factory:
        client.force_login(factory())
    addresses = [
        reverse("topic_tree"), reverse("topic_files"), reverse("untagged_records"),
        reverse("topic_import", args=[brought.pk]), reverse("take_topics_along", args=["csv"]),
        reverse("split_topic", args=[topic.pk]), reverse("empty_searches"), reverse("add_synonym"),
    ]  # fmt: skip

    for address in addresses:
        assert client.get(address).status_code in (302, 403), address
        assert client.post(address, {"give": f"{record.pk}-{topic.pk}"}).status_code in (302, 403, 405), address

    assert Topic.objects.count() == 1 and not record.topics.exists()
