"""What the listings of the CMS show and find."""

import csv
import io
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from publications.models import (
    Person,
    Topic,
)
from publications.vocabularies import FileStatus
from tests.factories import (
    EventFactory,
    PersonFactory,
    PublicationFactory,
    RecordFileFactory,
    TopicFactory,
)
from tests.publications.cms import FACTORIES, SNIPPETS, draft, form_fields, listed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("model", FACTORIES)
def test_every_listing_and_form_opens(client, editor, model, language):
    thing = FACTORIES[model]()
    headers = {"accept-language": language}

    listing = client.get(f"{SNIPPETS}{model}/", headers=headers)
    form = client.get(f"{SNIPPETS}{model}/edit/{thing.pk}/", headers=headers)

    assert (listing.status_code, form.status_code) == (200, 200)
    assert BeautifulSoup(listing.content, "html.parser").html["lang"].startswith(language)
    assert f"/{model}/edit/{thing.pk}/" in listing.content.decode()


@pytest.mark.parametrize("model", [model for model in FACTORIES if model != "recordfile"])
def test_saving_a_form_as_it_came_changes_nothing(client, editor, model):
    thing = FACTORIES[model]()
    before = type(thing).objects.values().get(pk=thing.pk)
    url = f"{SNIPPETS}{model}/edit/{thing.pk}/"

    response = client.post(url, form_fields(client, url))

    assert response.status_code == 302
    after = type(thing).objects.values().get(pk=thing.pk)
    moving = {"latest_revision_id", "changed_at", "has_unpublished_changes"}
    assert {name for name in before if before[name] != after[name]} <= moving


@pytest.mark.parametrize("model", FACTORIES)
@pytest.mark.parametrize("query", ['"', "%00", "a " * 200, "' OR 1=1 --", "%%__", "\U0001f9e0", "é" * 3000])
def test_no_search_breaks_a_listing_or_a_chooser(client, editor, model, query):
    addresses = [f"{SNIPPETS}{model}/", f"/admin/snippets/choose/publications/{model}/", "/admin/choose-record/"]

    for address in addresses:
        assert client.get(address, {"q": query}).status_code == 200


@pytest.mark.parametrize("model", FACTORIES)
@pytest.mark.parametrize("key", ["x", "é", "9" * 30, "1e9", "-1", "%2522"])
def test_a_key_that_no_row_can_have_is_not_found(client, editor, model, key):
    views = [f"{SNIPPETS}{model}/{view}/{key}/" for view in ("edit", "delete", "history", "usage")]
    addresses = [
        *views,
        f"/admin/snippets/choose/publications/{model}/chosen/{key}/",
        f"/admin/choose-record/chosen/{key}/",
    ]

    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 404)
    assert client.get(f"/admin/bulk/publications/{model}/delete/", {"id": [key, "\x00"]}).status_code == 404


@pytest.mark.parametrize("choice", ["x", "\x00", "9" * 30, "-1"])
def test_a_choice_that_no_row_can_be_is_refused_with_its_form(client, editor, choice):
    url = f"{SNIPPETS}topic/add/"

    response = client.post(url, form_fields(client, url, label_en="Wedges", broader=choice))

    assert response.status_code == 200
    assert "broader" in response.context["form"].errors
    assert not Topic.objects.exists()


def test_unknown_filters_orders_and_pages_are_ignored(client, editor):
    PublicationFactory(title="Here")

    nonsense = "?status=zz&topic=99999&year_min=x&ordering=password&p=99999&access_right=%00"

    assert client.get(f"{SNIPPETS}publication/{nonsense}").status_code == 200


def test_an_address_with_a_word_for_a_number_is_not_found(client, editor):
    assert client.get(f"{SNIPPETS}publication/edit/x/").status_code == 404


def test_a_listing_of_records_asks_as_much_for_three_as_for_one(client, editor):
    def count_queries() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{SNIPPETS}publication/")
        return len(queries)

    person = PersonFactory()
    RecordFileFactory(record=PublicationFactory(creators=[person]))
    client.get(f"{SNIPPETS}publication/")
    with_one = count_queries()
    for _ in range(2):
        RecordFileFactory(record=PublicationFactory(creators=[person]))

    assert count_queries() == with_one


def test_records_are_found_by_every_word_of_title_author_or_identifier(client, editor):
    wanted = PublicationFactory(title="Low-dose CT of the lung", creators=["Tess Vermeer"], doi="10.1234/abc")
    PublicationFactory(title="Low-dose PET", creators=["Lars de Wit"])

    for query in ("lung dose", "VERMEER low", "10.1234/ABC", wanted.pid):
        assert listed(client, "publication", f"?q={query}") == [wanted.title], query


def test_what_was_just_saved_is_found_without_an_index(client, editor):
    person = PersonFactory(family_name="Aardema")
    Person.objects.filter(pk=person.pk).update(family_name="Zijlstra")

    assert listed(client, "person", "?q=zijlstra") == ["Zijlstra, Marieke"]
    assert listed(client, "person", "?q=aardema") == []


def test_records_are_filtered_by_what_editors_ask(client, editor):
    topic, event = TopicFactory(), EventFactory()
    PublicationFactory(
        title="A",
        topics=[topic],
        event=event,
        issued="2015",
        language="nl",
        resource_type="thesis",
        access_right="members",
    )
    draft("B", issued="2021", language="en")
    changed = PublicationFactory(title="C", issued="2019", language="en", resource_type="report")
    changed.title = "C changed"
    changed.save_revision()
    RecordFileFactory(record=changed, status=FileStatus.PASSWORD)
    review = draft("D", issued="2021", language="en")
    review.get_workflow().start(review, editor)

    found = {
        query: sorted(listed(client, "publication", f"?{query}"))
        for query in (
            "status=live",
            "status=draft",
            "status=changed",
            "status=review",
            f"topic={topic.pk}",
            f"event={event.pk}",
            "year_min=2016&year_max=2020",
            "language=nl",
            "resource_type=thesis",
            "access_right=members",
            "files=none",
            "files=trouble",
            "files=waiting",
        )
    }

    assert found == {
        "status=live": ["A", "C changed"],
        "status=draft": ["B", "D"],
        "status=changed": ["C changed"],
        "status=review": ["D"],
        f"topic={topic.pk}": ["A"],
        f"event={event.pk}": ["A"],
        "year_min=2016&year_max=2020": ["C changed"],
        "language=nl": ["A"],
        "resource_type=thesis": ["A"],
        "access_right=members": ["A"],
        "files=none": ["A", "B", "D"],
        "files=trouble": ["C changed"],
        "files=waiting": [],
    }


def test_a_listing_shows_what_the_latest_draft_says(client, editor):
    record = PublicationFactory(title="Old", creators=["Tess Vermeer"], issued="2001", resource_type="report")
    record.title, record.issued = "New", "2022"
    record.save_revision()

    row = BeautifulSoup(client.get(f"{SNIPPETS}publication/").content, "html.parser").select_one("tbody tr").text

    assert ("New" in row, "2022" in row, "Vermeer" in row, "2001" in row) == (True, True, True, False)


def test_an_event_to_come_is_listed_with_its_day(client, editor):
    EventFactory(title_en="To come", starts=datetime(2031, 10, 7, 9, tzinfo=UTC))

    page = BeautifulSoup(client.get(f"{SNIPPETS}event/").content, "html.parser")

    assert "7 October 2031" in page.select_one("table.listing tbody tr").get_text()


def test_many_authors_and_files_are_counted(client, editor):
    record = PublicationFactory(creators=["A Bakker", "B Smit", "C Jansen", "D Visser", "E Mulder"])
    RecordFileFactory(record=record)
    RecordFileFactory(record=record, status=FileStatus.PASSWORD)

    row = BeautifulSoup(client.get(f"{SNIPPETS}publication/").content, "html.parser").select_one("tbody tr").text

    assert "Bakker, Smit, Jansen and 2 more" in row
    assert "1 of 2" in row


def test_merged_people_and_topics_are_no_longer_listed_or_offered(client, editor):
    kept = PersonFactory(family_name="Kept")
    PersonFactory(family_name="Gone", merged_into=kept)
    topic = TopicFactory(label_en="kept topic")
    TopicFactory(label_en="gone topic", merged_into=topic)

    assert listed(client, "person") == ["Kept, Marieke"]
    assert listed(client, "topic") == ["kept topic"]
    chooser = client.get("/admin/snippets/choose/publications/person/results/").content.decode()
    assert ("Kept" in chooser, "Gone" in chooser) == (True, False)


def test_an_export_holds_the_authors_and_no_formula(client, editor):
    PublicationFactory(title='=HYPERLINK("http://evil.example")', creators=["Tess Vermeer", "Lars de Wit"])

    response = client.get(f"{SNIPPETS}publication/?export=csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))

    assert [(row["Title"], row["Authors"]) for row in rows] == [
        ('\'=HYPERLINK("http://evil.example")', "Tess Vermeer; Lars de Wit")
    ]
    assert client.get(f"{SNIPPETS}publication/?export=xlsx").status_code == 200
