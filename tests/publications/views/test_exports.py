import json

import pytest
from django.test import Client

from publications.formats import FORMATS
from publications.identifiers import make_pid
from publications.models import CollectionItem, Record
from tests.factories import (
    CollectionFactory,
    EventFactory,
    OrganisationFactory,
    PersonFactory,
    PresentationFactory,
    PublicationFactory,
    RecordFileFactory,
    RelatedIdentifierFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db

CSL = "application/vnd.citationstyles.csl+json"


@pytest.fixture
def record() -> Record:
    return PublicationFactory(title="Notes on the engine", creators=["Ada Lovelace"], issued="1843-10")


@pytest.mark.parametrize(
    ("extension", "media_type", "words"),
    [
        ("bib", "application/x-bibtex; charset=utf-8", "author = {Lovelace, Ada}"),
        ("ris", "application/x-research-info-systems; charset=utf-8", "AU  - Lovelace, Ada"),
        ("csl.json", CSL, '"family": "Lovelace"'),
        ("jsonld", "application/ld+json", '"@context"'),
        ("datacite.json", "application/vnd.datacite.datacite+json", '"familyName": "Lovelace"'),
    ],
)
def test_record_is_given_in_every_format(
    client: Client, record: Record, extension: str, media_type: str, words: str
) -> None:
    answer = client.get(f"/records/{record.pid}.{extension}")

    assert answer.status_code == 200
    assert answer["Content-Type"] == media_type
    assert answer["Content-Disposition"] == f'inline; filename="{record.pid}.{extension}"'
    assert words in answer.content.decode()


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
def test_program_gets_the_format_it_asks_for(client: Client, record: Record, known) -> None:
    answer = client.get(f"/records/{record.pid}", headers={"accept": f"{known.media_type}, text/html;q=0.5"})

    assert answer.status_code == 200
    assert answer.content == client.get(f"/records/{record.pid}.{known.extension}").content
    assert {"Accept", "Accept-Language"} <= {part.strip() for part in answer["Vary"].split(",")}


@pytest.mark.parametrize(
    "accept", ["text/html", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "*/*", "text/*", None]
)
@pytest.mark.parametrize(("language", "section"), [("nl-NL,nl;q=0.9,en;q=0.8", "nl"), ("en", "en"), ("fr", "en")])
def test_browser_is_sent_to_the_page_in_its_language(
    client: Client, record: Record, accept: str | None, language: str, section: str
) -> None:
    headers = {"accept-language": language} | ({"accept": accept} if accept else {})

    answer = client.get(f"/records/{record.pid}", headers=headers)

    assert (answer.status_code, answer["Location"]) == (302, f"/{section}/records/{record.pid}/")
    assert {"Accept", "Accept-Language"} <= {part.strip() for part in answer["Vary"].split(",")}


@pytest.mark.parametrize("accept", ["image/png", f"{CSL};q=0", "application/json"])
def test_other_types_are_refused_with_a_list(client: Client, record: Record, accept: str) -> None:
    answer = client.get(f"/records/{record.pid}", headers={"accept": accept})

    assert answer.status_code == 406
    assert CSL in answer.content.decode()


@pytest.mark.parametrize("accept", ["", ",", "text", "a/b/c;q=x", "*/*;q=2", "\x00", "é"])
def test_malformed_accept_headers_are_answered(client: Client, record: Record, accept: str) -> None:
    assert client.get(f"/records/{record.pid}", headers={"accept": accept}).status_code in (200, 302, 406)


def test_head_gets_no_body(client: Client, record: Record) -> None:
    answer = client.head(f"/records/{record.pid}.bib")

    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("suffix", ["", "/", ".bib", ".csl.json", ".jsonld", ".datacite.json", ".ris"])
def test_drafts_and_unknown_records_are_plainly_not_found(client: Client, suffix: str) -> None:
    draft = PublicationFactory(live=False, title="Secret")

    answers = [client.get(f"/records/{pid}{suffix}") for pid in (draft.pid, make_pid(), "mistyped")]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert answers[0].content == answers[1].content
    assert answers[0]["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("suffix", [".exe", ".BIB", ".json", ".bib.bib", "."])
def test_unknown_formats_are_not_found(client: Client, record: Record, suffix: str) -> None:
    assert client.get(f"/records/{record.pid}{suffix}").status_code == 404


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
def test_no_format_tells_of_a_draft(client: Client, known) -> None:
    record = PresentationFactory(event=EventFactory(title_en="Secret gathering", live=False))
    draft = PublicationFactory(title="Secret draft", live=False)
    RelatedIdentifierFactory(record=record, related_record=draft)

    text = client.get(f"/records/{record.pid}.{known.extension}").content.decode()

    assert "Secret" not in text
    assert draft.pid not in text


def test_collection_is_given_in_the_editors_order(client: Client) -> None:
    first, second, draft = PublicationFactory(), PresentationFactory(), PublicationFactory(live=False)
    collection = CollectionFactory(records=[second, draft, first], slug="reading")

    items = json.loads(client.get("/collections/reading.csl.json").content)

    assert CollectionItem.objects.filter(collection=collection).count() == 3
    assert [item["id"] for item in items] == [second.pid, first.pid]


def test_collection_that_is_a_draft_is_not_found(client: Client) -> None:
    CollectionFactory(records=[PublicationFactory()], slug="reading", live=False)

    assert client.get("/collections/reading.bib").status_code == 404


def test_renamed_collection_is_found_at_its_old_address(client: Client) -> None:
    collection = CollectionFactory(slug="old")
    collection.slug = "new"
    collection.save()

    answer = client.get("/collections/old.bib")

    assert (answer.status_code, answer["Location"]) == (302, "/collections/new.bib")


def test_empty_collection_is_an_empty_file(client: Client) -> None:
    CollectionFactory(slug="reading")

    assert json.loads(client.get("/collections/reading.csl.json").content) == []


def test_collection_takes_the_same_queries_for_one_and_for_three_records(
    client: Client, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    def add(slug: str, number: int) -> None:
        records = [
            PublicationFactory(creators=[PersonFactory()], topics=[TopicFactory()], event=EventFactory())
            for _ in range(number)
        ]
        for record in records:
            RecordFileFactory(record=record)
            RelatedIdentifierFactory(record=record)
        CollectionFactory(records=records, slug=slug)
        OrganisationFactory()

    add("one", 1), add("three", 3)
    client.get("/collections/one.datacite.json")

    with django_assert_max_num_queries(25) as counted:
        client.get("/collections/one.datacite.json")
    with django_assert_num_queries(len(counted)):
        client.get("/collections/three.datacite.json")
