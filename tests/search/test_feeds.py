"""Feeds: the newest first, what a stranger may know, and nothing that a reader of feeds would stumble over."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publications.vocabularies import AccessRight
from search.indexing import rebuild_index
from tests.factories import EditorFactory, PublicationFactory, RecordFileFactory, TopicFactory

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def feed(client: Client, address: str) -> ElementTree.Element:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return ElementTree.fromstring(answer.content)


def titles(client: Client, address: str) -> list[str]:
    return [entry.findtext(f"{ATOM}title") or "" for entry in feed(client, address).findall(f"{ATOM}entry")]


def test_an_entry_says_what_a_record_is(client):
    topic = TopicFactory(label_en="ultrasound", label_nl="echografie")
    record = PublicationFactory(
        title="Waves & <i>echoes</i>\x0b", abstract="Heard.", creators=["Ada Wiggers", "Bas Grijs"], topics=[topic]
    )

    root = feed(client, "/feeds/records.atom?lang=nl")
    entry = root.find(f"{ATOM}entry")

    assert entry is not None
    assert entry.findtext(f"{ATOM}title") == "Waves & <i>echoes</i> "
    assert entry.findtext(f"{ATOM}id", "").endswith(f"/records/{record.pid}")
    assert entry.find(f"{ATOM}link").get("href", "").endswith(f"/nl/records/{record.pid}/")
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Ada Wiggers, Bas Grijs"
    assert entry.find(f"{ATOM}category").get("term") == "echografie"
    assert entry.findtext(f"{ATOM}summary") == "Heard."
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "nl"


def test_the_newest_come_first_and_the_parameters_of_search_narrow(client):
    topic = TopicFactory(slug="hart", label_nl="hart")
    now = timezone.now()
    PublicationFactory(title="old", topics=[topic], issued="2024", first_published_at=now - timedelta(days=9))
    PublicationFactory(title="new", topics=[topic], issued="2001", first_published_at=now)
    PublicationFactory(title="other echo", issued="2024")
    PublicationFactory(title="draft", topics=[topic], live=False)
    rebuild_index()

    assert sorted(titles(client, "/feeds/records.atom")) == ["new", "old", "other echo"]
    assert titles(client, "/feeds/records.atom?topic=hart") == ["new", "old"]
    assert titles(client, "/feeds/search.atom?q=echo") == ["other echo"]
    assert titles(client, "/feeds/search.atom?topic=hart&year=2024&sort=zzz&page=x") == ["old"]
    assert titles(client, "/feeds/search.atom?q=nothing+such") == []
    assert "hart" in feed(client, "/feeds/records.atom?topic=hart&lang=nl").findtext(f"{ATOM}title", "")


def test_everybody_gets_what_a_stranger_may_find(client):
    record = PublicationFactory(title="closed", access_right=AccessRight.MEMBERS)
    RecordFileFactory(record=record, pages=["A secretword in it."])
    rebuild_index()
    client.force_login(EditorFactory())

    assert titles(client, "/feeds/search.atom?q=secretword") == []
    assert titles(client, "/feeds/records.atom") == ["closed"]


def test_it_is_not_sent_twice_and_may_be_kept_on_the_way(client):
    PublicationFactory()

    first = client.get("/feeds/records.atom")
    again = client.get("/feeds/records.atom", headers={"if-none-match": first.headers["ETag"]})

    assert again.status_code == 304
    assert "public" in first.headers["Cache-Control"] and not first.cookies


def test_without_an_index_it_says_so(client):
    answer = client.get("/feeds/search.atom?q=echo")

    assert answer.status_code == 503


def test_topic_and_search_pages_lead_to_their_feed(client):
    topic = TopicFactory(slug="hart")
    PublicationFactory(topics=[topic])
    rebuild_index()

    assert "/feeds/records.atom?topic=hart&amp;lang=en" in client.get("/en/topics/hart/").content.decode()
    page = client.get("/nl/search/?q=echo&topic=hart&sort=title").content.decode()
    assert "/feeds/search.atom?q=echo&amp;topic=hart&amp;lang=nl" in page


def test_it_takes_the_same_queries_for_one_and_for_three(client, django_assert_num_queries):
    def add(number: int) -> None:
        for _ in range(number):
            PublicationFactory(creators=["Ada Wiggers"], topics=[TopicFactory()])

    add(1)
    client.get("/feeds/records.atom")
    with CaptureQueriesContext(connection) as counted:
        client.get("/feeds/records.atom")
    add(2)

    with django_assert_num_queries(len(counted)):
        client.get("/feeds/records.atom")


def test_a_feed_without_entries_stays_the_same(client):
    first = client.get("/feeds/records.atom")

    again = client.get("/feeds/records.atom", headers={"if-none-match": first.headers["ETag"]})

    assert (first.status_code, again.status_code) == (200, 304)
