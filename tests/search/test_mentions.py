"""What a hit says where only a name of the record has words of the question."""

import pytest
from bs4 import BeautifulSoup
from django.utils import translation

from publications.models import Record
from search.indexing import rebuild_index
from search.mentions import Mention, find_mentions
from search.queries import parse
from tests.factories import (
    ContributionAffiliationFactory,
    EventFactory,
    OrganisationFactory,
    PersonFactory,
    PublicationFactory,
    RecordFileFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def record() -> Record:
    """A record whose names all differ from its text."""
    university = OrganisationFactory(name_en="University of the Veluwe", name_nl="Universiteit van de Veluwe")
    record = PublicationFactory(
        title="Steps of grey",
        subtitle="A year of mornings",
        abstract="Wedges & more.",
        creators=[PersonFactory(given_name="Ada", family_name="Wiggers", other_names="A. de Groot")],
        topics=[TopicFactory(label_en="Image registration", label_nl="Beeldregistratie", synonyms_en="matching")],
        event=EventFactory(title_en="Round table in Deventer", title_nl="Rondetafel in Deventer"),
        container_title="Annals of Contrast",
        doi="10.1000/grey.1",
    )
    ContributionAffiliationFactory(contribution=record.contributions.get(), organisation=university)
    RecordFileFactory(record=record, pages=["A page about wedges."])
    return record


def mentions_of(record: Record, q: str, *shown: str) -> list[Mention]:
    found = Record.objects.for_listing().get(pk=record.pk)
    return list(find_mentions(parse(q), {found: shown}).get(found, ()))


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("registration", Mention("topic", "Image <mark>registration</mark>")),
        ("matched", Mention("topic", "<mark>matching</mark>", name="Image registration")),
        ("beeldregistratie", Mention("topic", "<mark>Beeldregistratie</mark>", name="Image registration")),
        ("wiggers", Mention("person", "Ada <mark>Wiggers</mark>")),
        ("groot", Mention("person", "A. de <mark>Groot</mark>", name="Ada Wiggers")),
        (
            "universiteit",
            Mention("organisation", "<mark>Universiteit</mark> van de Veluwe", "University of the Veluwe"),
        ),
        ("deventer", Mention("event", "Round table in <mark>Deventer</mark>")),
        ("mornings", Mention("subtitle", "A year of <mark>mornings</mark>")),
        ("annals", Mention("container_title", "<mark>Annals</mark> of Contrast")),
        ("10.1000/GREY.1", Mention("doi", "<mark>10.1000/grey.1</mark>")),
        ("topic:registration", Mention("topic", "Image <mark>registration</mark>")),
        ('"image registration"', Mention("topic", "<mark>Image</mark> <mark>registration</mark>")),
        ("regist*", Mention("topic", "Image <mark>registration</mark>")),
    ],
)
def test_a_name_that_was_asked_for_is_told_with_its_words_marked(record, q, expected):
    assert mentions_of(record, q) == [expected]


@pytest.mark.parametrize("q", ["", "gondola", "grey -registration", "title:registration", "the gondola"])
def test_other_questions_tell_of_no_name(record, q):
    assert mentions_of(record, q) == []


def test_what_the_hit_shows_already_is_not_told_again(record):
    shown = "how <mark>registrations</mark> &amp; steps"

    assert mentions_of(record, "registration", shown) == []
    assert mentions_of(record, '"image registration"', shown) == []
    assert [mention.field for mention in mentions_of(record, "registration deventer", shown)] == ["event"]


def test_a_topic_is_called_as_the_reader_calls_it(record):
    with translation.override("nl"):
        found = mentions_of(record, "matching")

    assert found == [Mention("topic", "<mark>matching</mark>", name="Beeldregistratie")]
    assert found[0].label == "Topic"


def test_a_name_is_escaped(record):
    record.topics.first().delete()
    record.topics.add(TopicFactory(label_en="R&D <b>registration</b>", name="x"))
    record.save()

    assert mentions_of(record, "registration") == [
        Mention("topic", "R&amp;D &lt;b&gt;<mark>registration</mark>&lt;/b&gt;")
    ]


def test_many_records_take_no_more_queries_than_one(record, django_assert_num_queries):
    others = [PublicationFactory(topics=[record.topics.first()], creators=[PersonFactory()]) for _ in range(3)]

    def ask(*records: Record) -> None:
        found = list(Record.objects.for_listing().filter(pk__in=[r.pk for r in records]))
        assert len(find_mentions(parse("registration"), dict.fromkeys(found, ()))) == len(records)

    with django_assert_num_queries(10):
        ask(record)
    with django_assert_num_queries(10):
        ask(record, *others)


def test_page_and_api_say_why_a_record_was_found(client, record):
    rebuild_index()

    page = BeautifulSoup(client.get("/en/search/?q=matching").content, "html.parser")
    hit = client.get("/api/v1/search?q=matching&lang=en").json()["hits"][0]

    told = page.select_one("[data-hit] .mentions li")
    assert " ".join(told.text.split()) == "Topic Image registration, also called matching"
    assert told.mark.text == "matching"
    assert hit["highlights"] == {"title": "Steps of grey", "topic": "<mark>matching</mark>"}


def test_a_hit_whose_pages_say_it_needs_no_more_words(client, record):
    rebuild_index()

    page = BeautifulSoup(client.get("/en/search/?q=wedges").content, "html.parser")

    assert page.select(".passage mark")
    assert not page.select(".mentions")
