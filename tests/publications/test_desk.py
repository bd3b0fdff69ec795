"""The desk of the editors: what lacks a translation, what people read; each line leads to what it counts."""

import csv
import io
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from wagtail.models import Locale

from publications.models import DailyUse
from publications.viewsets.untranslated import KINDS
from tests.factories import (
    CollectionFactory,
    EditorFactory,
    EventFactory,
    FunderFactory,
    HomePageFactory,
    HubImageFactory,
    MemberFactory,
    NewsPageFactory,
    OrganisationFactory,
    PersonFactory,
    PublicationFactory,
    ResearcherFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db

REPORT = "/admin/reports/missing-translations/"
READ = "/admin/reports/most-read/"


@pytest.fixture
def editor(client):
    editor = EditorFactory()
    client.force_login(editor)
    return editor


def attention(client) -> dict[str, str]:
    """The lines of the first page: their words and where they lead, by those words without the number."""
    soup = BeautifulSoup(client.get("/admin/").content, "html.parser")
    lines = soup.select(".hub-attention a")
    return {" ".join(line.get_text(" ", strip=True).split()): line["href"] for line in lines}


def rows(client, url: str) -> list[dict[str, str]]:
    address = url + ("&" if "?" in url else "?") + "export=csv"
    return list(csv.DictReader(io.StringIO(b"".join(client.get(address).streaming_content).decode())))


@pytest.fixture
def one_of_each():
    """One thing of each kind that lacks a text, and one beside it that lacks none."""
    dutch = Locale.objects.create(language_code="nl")
    home = HomePageFactory(slug="hub")
    home.copy_for_translation(dutch).save_revision().publish()
    NewsPageFactory(parent=home, title="Only in English")
    EventFactory(title_en="Fair", title_nl="Beurs", summary_nl="Kort.")
    EventFactory(title_en="Fair", title_nl="Beurs")
    collection = CollectionFactory(title_en="Read", title_nl="", records=[PublicationFactory(title="Noted")])
    collection.items.update(note_en="Why")
    TopicFactory(label_en="Ultrasound", label_nl="")
    TopicFactory(label_en="CT", label_nl="CT", definition_nl="Een scan.", definition_en="A scan.")
    OrganisationFactory(name_en="Mill", description_en="A mill.")
    PersonFactory(position_en="Professor", position_nl="")
    FunderFactory(contribution_en="Much", contribution_nl="")
    HubImageFactory(title="Bare")
    HubImageFactory(title="Told", alt_en="A scan", alt_nl="Een scan")


def test_each_kind_is_counted_listed_and_linked_to_its_form(client, editor, one_of_each):
    lines = attention(client)

    for key in ("page", "event", "collection", "note", "topic", "organisation", "person", "funder", "picture"):
        label = f"1 {KINDS[key].counted % 1}"
        assert lines[label] == f"{REPORT}?kind={key}"
        listed = rows(client, lines[label])
        assert len(listed) == 1
        assert client.get(listed[0]["Form"]).status_code == 200


@pytest.mark.parametrize(
    ("query", "name", "lacks"),
    [
        ("?kind=page", "Only in English", "the page in Dutch"),
        ("?kind=event", "Fair", "summary in English"),
        ("?kind=note", "Read: Noted", "note in Dutch"),
        ("?kind=picture", "Bare", "text alternative in English; text alternative in Dutch"),
        ("?kind=event&language=en", "Fair", "summary in English"),
        ("?kind=no-such&language=xx", "Only in English", "the page in Dutch"),
    ],
)
def test_the_report_says_what_is_missing(client, editor, one_of_each, query, name, lacks):
    assert [(row["Name"], row["Lacks"]) for row in rows(client, REPORT + query)] == [(name, lacks)]
    assert name in client.get(REPORT + query).content.decode()


def test_a_language_that_is_there_is_not_missing(client, editor, one_of_each):
    assert rows(client, f"{REPORT}?kind=event&language=nl") == []
    assert rows(client, f"{REPORT}?kind=page&language=en") == []


def test_the_report_takes_as_many_queries_for_six_as_for_two(client, editor, django_assert_max_num_queries):
    counts = []
    for number in (2, 4):
        for _ in range(number):
            EventFactory(title_en="Fair", title_nl="")
        client.get(f"{REPORT}?kind=event")
        with django_assert_max_num_queries(40) as queries:
            client.get(f"{REPORT}?kind=event")
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("factory", [MemberFactory, ResearcherFactory])
@pytest.mark.parametrize("url", [REPORT, READ])
def test_only_editors_open_the_reports(client, factory, url):
    client.force_login(factory())

    assert client.get(url).status_code in (302, 403)
    assert client.get(f"{url}?export=csv").status_code in (302, 403)


def test_what_people_read_this_month_is_shown_with_the_most_viewed_first(client, editor):
    today = timezone.localdate()
    little, much, before, draft = (
        PublicationFactory(title=title, live=title != "Draft") for title in ("Little", "Much", "Before", "Draft")
    )
    for record, views, day in (
        (little, 2, today),
        (much, 7, today),
        (before, 99, today.replace(day=1) - timedelta(days=1)),
        (draft, 50, today),
    ):
        DailyUse.objects.create(record=record, day=day, views=views, downloads=1)

    lines = attention(client)

    assert [(row["Title"], row["Views"], row["Downloads"]) for row in rows(client, READ)] == [
        ("Much", "7", "1"),
        ("Little", "2", "1"),
    ]
    assert "7 Much" in lines and lines["All 2 records that were read"] == READ
    assert not any("Before" in line or "Draft" in line for line in lines)
