"""Searches that found nothing: counted without their readers, seen by editors, and turned into hits."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from publications.models import User
from search.empty_searches import asked_in_vain, count_empty_search, count_rare, forget_old, ignore_search
from search.forms import Question
from search.indexing import rebuild_index
from search.models import EmptySearch
from tests.factories import EditorFactory, PublicationFactory, TopicFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 1)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def editor(client: Client) -> User:
    editor = EditorFactory()
    client.force_login(editor)
    return editor


@pytest.fixture
def reader() -> Client:
    return Client(headers={"user-agent": BROWSER})


def ask(q: str, *, times: int = 1, day: date = TODAY, **more: object) -> None:
    for _ in range(times):
        count_empty_search(Question(q=q, **more), today=day)


def test_a_search_that_finds_nothing_becomes_one_that_finds(client, editor, reader):
    """From the reader's empty page to a synonym to the reader's hit, without an index built or written in between."""
    topic = TopicFactory(label_en="ultrasound", label_nl="echografie")
    record = PublicationFactory(title="Ultrasound of the kidney", topics=[topic])
    rebuild_index()
    for _ in range(3):
        assert 'data-total="0"' in reader.get("/nl/search/?q=Sonogram").content.decode()

    report = BeautifulSoup(client.get(reverse("empty_searches")).content, "html.parser")
    link = report.select_one("td a.button")["href"]
    assert "Sonogram" in link or "sonogram" in link
    form = BeautifulSoup(client.get(link).content, "html.parser")
    assert form.select_one("input[name=synonym]")["value"] == "sonogram"
    answer = client.post(link, {"synonym": "sonogram", "topic": topic.pk, "language": "nl"}, follow=True)

    assert "“ultrasound” is called “sonogram”, too. A search for it finds 1 record now." in answer.content.decode()
    assert f'data-hit="{record.pid}"' in reader.get("/nl/search/?q=Sonogram").content.decode()
    assert asked_in_vain() == []
    topic.refresh_from_db()
    assert topic.synonyms_nl == "sonogram"
    entry = ModelLogEntry.objects.get(action="publications.add_synonym")
    assert (entry.user, entry.object_id) == (editor, str(topic.pk))


def test_it_is_counted_by_day_and_by_words_alone():
    ask("  Spin   ECHO ", times=2)
    ask('"spin echo"')
    ask("spin echo", day=TODAY - timedelta(days=1))

    assert list(EmptySearch.objects.order_by("day").values_list("text", "day", "times")) == [
        ("spin echo", TODAY - timedelta(days=1), 1),
        ("spin echo", TODAY, 3),
    ]
    assert [(row.text, row.times, row.last) for row in asked_in_vain()] == [("spin echo", 4, TODAY)]
    assert {field.name for field in EmptySearch._meta.get_fields()} == {"id", "text", "day", "times"}


@pytest.mark.parametrize(
    "q",
    [
        "", "ada@hub.example", "BSN 123456782", "06-12 34 56 78", "person:wiggers", "echo*", "ech~", "year:2019",
        "x" * 81, "one two three four five six seven eight nine", "???",
    ],
)  # fmt: skip
def test_what_may_tell_of_people_or_says_more_than_words_is_not_kept(q):
    ask(q, times=5)

    assert not EmptySearch.objects.exists()


def test_filters_and_further_pages_are_not_counted():
    ask("echo", times=3, filters={"year": ("2019",)})
    ask("echo", times=3, page=2)

    assert not EmptySearch.objects.exists()


def test_programs_are_not_counted_and_neither_is_what_finds_something(reader):
    PublicationFactory(title="Ultrasound")
    rebuild_index()

    Client(headers={"user-agent": "Googlebot/2.1"}).get("/en/search/?q=sonogram")
    reader.head("/en/search/?q=sonogram")
    reader.get("/en/search/?q=ultrasound")

    assert not EmptySearch.objects.exists()


def test_what_few_ask_is_hidden_and_forgotten_soon(client, editor, settings):
    ask("jan de vries", times=2)
    ask("common", times=3)

    page = client.get(reverse("empty_searches")).content.decode()

    assert "common" in page and "jan de vries" not in page
    assert "1 other question is not shown yet" in page
    assert forget_old(today=TODAY + timedelta(days=30)) == 0
    assert forget_old(today=TODAY + timedelta(days=31)) == 1
    assert [row.text for row in asked_in_vain()] == ["common"]
    assert forget_old(today=TODAY + timedelta(days=366)) == 1
    settings.EMPTY_SEARCHES_SHOWN_FROM = 1
    ask("rare")
    assert (asked_in_vain()[0].text, count_rare()) == ("rare", 0)


def test_what_is_ignored_is_not_counted_until_it_is_again(client, editor):
    ask("pizza", times=3)

    client.post(reverse("ignore_search"), {"text": "pizza"})
    ask("Pizza", times=3)
    page = BeautifulSoup(client.get(reverse("empty_searches")).content, "html.parser")

    assert asked_in_vain() == []
    client.post(page.select_one(".hub-picks form")["action"])
    ask("pizza", times=3)
    assert [row.times for row in asked_in_vain()] == [3]


@pytest.mark.parametrize("topic", ["", "x", "99999", "\x00"])
def test_a_strange_choice_is_no_error(client, editor, topic):
    answer = client.post(reverse("add_synonym"), {"synonym": "echo", "topic": topic, "language": "xx"})

    assert answer.status_code == 200


def test_a_word_that_the_topic_has_already_is_said(client, editor):
    topic = TopicFactory(label_en="ultrasound", synonyms_en="Echo")

    answer = client.post(reverse("add_synonym"), {"synonym": "echo", "topic": topic.pk, "language": "nl"})

    assert "“ultrasound” is called so already." in answer.content.decode()


def test_hostile_words_are_escaped(client, editor):
    for _ in range(3):
        EmptySearch.objects.update_or_create(text="<script>alert(1)</script>", day=TODAY, defaults={"times": 3})

    page = client.get(reverse("empty_searches")).content.decode()

    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page


def test_the_report_takes_the_same_queries_for_one_and_for_many(client, editor, django_assert_num_queries):
    ask("one", times=3)
    client.get(reverse("empty_searches"))
    with CaptureQueriesContext(connection) as counted:
        client.get(reverse("empty_searches"))
    for word in ("two", "three", "four"):
        ask(word, times=3)
    ignore_search("pizza", user=editor)

    with django_assert_num_queries(len(counted)):
        client.get(reverse("empty_searches"))
