"""News: categories, pages, and a feed that tells only what everybody may read."""

import xml.etree.ElementTree as ET
from datetime import date

import pytest
from wagtail.models import Locale, PageViewRestriction

from tests.factories import HomePageFactory, NewsIndexPageFactory, NewsPageFactory

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def overview():
    return NewsIndexPageFactory(parent=HomePageFactory(slug="hub"), slug="news", title="News")


def titles(client, address: str) -> list[str]:
    root = ET.fromstring(client.get(address).content)
    return [entry.findtext(f"{ATOM}title", "") for entry in root.iter(f"{ATOM}entry")]


def test_the_overview_is_narrowed_by_a_category_in_use(client, overview):
    NewsPageFactory(parent=overview, title="A grant", category="calls")
    NewsPageFactory(parent=overview, title="A thesis", category="research")

    everything = client.get("/en/news/").content.decode()
    narrowed = client.get("/en/news/?category=calls").content.decode()

    assert "A grant" in everything and "A thesis" in everything and "?category=people" not in everything
    assert "A grant" in narrowed and "A thesis" not in narrowed
    assert "A thesis" in client.get("/en/news/?category=no-such&page=x").content.decode()


def test_the_overview_takes_as_many_queries_for_many_as_for_two(client, overview, django_assert_max_num_queries):
    counts = []
    for number in (2, 30):
        for _ in range(number):
            NewsPageFactory(parent=overview, category="hub")
        client.get("/en/news/")
        with django_assert_max_num_queries(40) as queries:
            page = client.get("/en/news/").content.decode()
        counts.append(len(queries))

    assert page.count("<article") == 20
    # The number of pages beside this one asks nothing more.
    assert counts[0] == counts[1]


def test_the_feed_has_the_news_of_one_language_the_latest_first(client, overview):
    dutch = Locale.objects.create(language_code="nl")
    NewsPageFactory(parent=overview, title="Old", date=date(2026, 1, 1))
    NewsPageFactory(parent=overview, title="New\x0b & <better>", date=date(2026, 2, 1), category="hub")
    NewsPageFactory(parent=overview, title="Draft", live=False)
    NewsPageFactory(parent=overview, title="Nieuws", locale=dutch)
    closed = NewsPageFactory(parent=overview, title="Closed")
    PageViewRestriction.objects.create(page=closed, restriction_type="login")

    assert titles(client, "/feeds/news.atom?lang=en") == ["New  & <better>", "Old"]
    assert titles(client, "/feeds/news.atom?lang=en&category=hub") == ["New  & <better>"]
    assert titles(client, "/feeds/news.atom?lang=nl&category=zzz") == ["Nieuws"]


def test_whoever_has_the_feed_is_not_sent_it_again(client, overview):
    first = client.get("/feeds/news.atom?lang=en")

    again = client.get("/feeds/news.atom?lang=en", headers={"if-none-match": first.headers["ETag"]})

    assert (first.status_code, again.status_code) == (200, 304)
