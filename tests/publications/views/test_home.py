"""The home page: what the hub holds, what is new, what comes next."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from publications.views.home import find_holdings, home_context
from publications.vocabularies import OrganisationKind
from tests.factories import (
    CollectionFactory,
    EventFactory,
    FunderFactory,
    HomePageFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    OrganisationFactory,
    PersonFactory,
    PublicationFactory,
    RecordFileFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db


def test_an_empty_hub_has_a_home_page(client):
    HomePageFactory(slug="hub", headline="Ask <us>", examples="\nlow-dose CT\n  \n“steerable filters” & more\n")

    page = client.get("/en/").content.decode()

    assert "<h1>Ask &lt;us&gt;</h1>" in page
    assert page.count('href="/en/search/?q=') == 2
    assert "No records yet." in page


def test_holdings_count_what_is_live_and_present():
    live = PublicationFactory(issued="2019")
    RecordFileFactory(record=live, pages=["one", "", "three"])
    RecordFileFactory(record=live, pages=["gone"], removed_at=timezone.now())
    PublicationFactory(issued="")
    RecordFileFactory(record=PublicationFactory(issued="2021", live=False), pages=["draft"])

    holdings = find_holdings()

    assert (holdings.records, holdings.pages, holdings.all_pages, holdings.years) == (2, 2, 3, {2019: 1})


def test_the_newest_record_leads_and_drafts_are_not_named():
    now = timezone.now()
    records = [PublicationFactory(first_published_at=now - timedelta(days=days)) for days in range(8)]
    PublicationFactory(live=False, first_published_at=now)

    context = home_context()

    assert [context["lead"].pid, *(record.pid for record in context["newest"])] == [r.pid for r in records[:6]]


def test_the_next_event_is_shown_else_the_latest():
    now = timezone.now()
    past = EventFactory(starts=now - timedelta(days=3))
    EventFactory(starts=now + timedelta(days=1), live=False)

    context = home_context()
    assert (context["next_event"], context["last_event"]) == (None, past)

    later, sooner = (EventFactory(starts=now + timedelta(days=days)) for days in (9, 2))
    assert home_context()["next_event"] == sooner
    assert later != sooner


def test_topics_without_records_and_hidden_organisations_do_not_count():
    topic = TopicFactory(label_en="CT")
    TopicFactory(label_en="Empty")
    PublicationFactory(topics=[topic])
    OrganisationFactory(kind=OrganisationKind.COMPANY)
    OrganisationFactory(kind=OrganisationKind.COMPANY, is_listed=False)

    context = home_context()

    assert [(t.label_en, t.record_count) for t in context["topics"]] == [("CT", 1)]
    assert context["organisation_counts"] == {"all": 1, "companies": 1}


def test_a_topic_counts_what_is_on_narrower_ones():
    imaging = TopicFactory(label_en="Imaging")
    ct = TopicFactory(label_en="CT", broader=imaging)
    PublicationFactory(topics=[imaging, ct]), PublicationFactory(topics=[ct]), PublicationFactory(topics=[imaging])

    assert [(t.label_en, t.record_count) for t in home_context()["topics"]] == [("CT", 2), ("Imaging", 3)]


def test_news_is_in_the_readers_language(client):
    home = HomePageFactory(slug="hub")
    news = NewsIndexPageFactory(parent=home, slug="news")
    NewsPageFactory(parent=news, title="The hub is open")
    NewsPageFactory(parent=news, title="Not published", live=False)

    with translation.override("en"):
        assert [item.title for item in home_context()["news"]] == ["The hub is open"]
    with translation.override("nl"):
        assert home_context()["news"] == []


def test_the_home_page_takes_as_many_queries_for_four_of_each_as_for_two(client, django_assert_max_num_queries):
    HomePageFactory(slug="hub")
    counts = []
    for _ in range(2):
        for _ in range(2):
            person = PersonFactory()
            topic = TopicFactory()
            record = PublicationFactory(creators=[person], topics=[topic])
            RecordFileFactory(record=record)
            CollectionFactory(records=[record])
            FunderFactory(is_funder_of_cluster=True)
            EventFactory(starts=timezone.now() + timedelta(days=1))
        client.get("/en/")  # what Django and Wagtail remember between requests is fetched here
        with django_assert_max_num_queries(50) as queries:
            assert client.get("/en/").status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]
