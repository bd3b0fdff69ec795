"""Switching language on pages of the CMS: the place and the query are kept, and what is not translated says so."""

import pytest
from bs4 import BeautifulSoup
from wagtail.models import Locale, PageViewRestriction

from publications.site_tree import create_site_tree
from tests.factories import ContentPageFactory, NewsPageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(settings):
    settings.BASE_URL = "http://testserver"
    return create_site_tree()


@pytest.fixture
def dutch():
    return Locale.objects.get_or_create(language_code="nl")[0]


def page_of(client, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200, response
    return BeautifulSoup(response.content, "html.parser")


def switch(page: BeautifulSoup) -> str:
    return page.select_one(".site-you a[hreflang]")["href"]


def addresses(page: BeautifulSoup) -> tuple[str, list[tuple[str, str]]]:
    """The canonical address, and those of the languages."""
    alternates = [(link["hreflang"], link["href"]) for link in page.select('link[rel="alternate"][hreflang]')]
    return page.select_one('link[rel="canonical"]')["href"], alternates


def test_a_page_without_a_translation_keeps_its_place_and_says_so(client, tree):
    ContentPageFactory(parent=tree.homes["en"], title="About the hub", slug="about", introduction="Words.")

    english = page_of(client, "/en/about/?a=b&c=%20d")
    there = page_of(client, switch(english))

    assert switch(english) == "/nl/about/?a=b&c=%20d"
    assert english.select_one(".only-in") is None
    assert there.html["lang"] == "nl"
    assert there.select_one("main .only-in").text == "Alleen in het Engels"
    assert there.select_one("article")["lang"] == "en"
    assert there.h1.text == "About the hub"
    assert switch(there) == "/en/about/?a=b&c=%20d"


def test_search_engines_are_told_of_the_languages_that_a_page_is_written_in(client, tree, dutch):
    about = ContentPageFactory(parent=tree.homes["en"], title="About", slug="about")
    own = "http://testserver/en/about/"

    alone = [addresses(page_of(client, address)) for address in ("/en/about/", "/nl/about/")]
    ContentPageFactory(
        parent=tree.homes["nl"], title="Over", slug="over", locale=dutch, translation_key=about.translation_key
    )
    both = [addresses(page_of(client, address)) for address in ("/en/about/", "/nl/over/")]

    languages = [("en", own), ("nl", "http://testserver/nl/over/")]
    assert alone == [(own, [("en", own)])] * 2
    assert both == [(own, languages), ("http://testserver/nl/over/", languages)]


def test_the_sitemap_names_a_page_where_it_is_written_alone(client, tree):
    ContentPageFactory(parent=tree.homes["en"], title="About", slug="about")

    sitemap = client.get("/sitemap.xml").content.decode()

    assert "/en/about/" in sitemap
    assert "/nl/about/" not in sitemap


def test_the_switch_leads_to_the_translation_with_the_query(client, tree, dutch):
    about = ContentPageFactory(parent=tree.homes["en"], title="About", slug="about")
    ContentPageFactory(
        parent=tree.homes["nl"], title="Over", slug="over", locale=dutch, translation_key=about.translation_key
    )

    assert switch(page_of(client, "/en/about/?a=b")) == "/nl/over/?a=b"
    assert switch(page_of(client, "/nl/over/?a=b")) == "/en/about/?a=b"


def test_an_address_of_before_the_translation_leads_to_it(client, tree, dutch):
    about = ContentPageFactory(parent=tree.homes["en"], title="About", slug="about")
    over = ContentPageFactory(
        parent=tree.homes["nl"],
        title="Over",
        slug="over",
        locale=dutch,
        translation_key=about.translation_key,
        live=False,
    )

    as_draft = client.get("/nl/about/?a=b")
    over.save_revision().publish()
    published = client.get("/nl/about/?a=b")

    assert as_draft.status_code == 200
    assert "Over" not in BeautifulSoup(as_draft.content, "html.parser").main.text
    assert (published.status_code, published.headers["Location"]) == (302, "/nl/over/?a=b")


def test_a_page_of_this_language_goes_before_one_of_the_other(client, tree, dutch):
    ContentPageFactory(parent=tree.homes["en"], title="English words", slug="about")
    ContentPageFactory(parent=tree.homes["nl"], title="Nederlandse woorden", slug="about", locale=dutch)

    assert page_of(client, "/nl/about/").h1.text == "Nederlandse woorden"
    assert page_of(client, "/en/about/").h1.text == "English words"


def test_news_in_one_language_is_shown_in_the_other(client, tree, dutch):
    NewsPageFactory(parent=tree.news["nl"], title="Een prijs", slug="prijs", locale=dutch)

    page = page_of(client, "/en/news/prijs/")

    assert page.select_one(".only-in").text == "Only in Dutch"
    assert page.h1["lang"] == "nl"
    assert page.select_one(".trail a")["href"] == "/en/news/"
    assert switch(page) == "/nl/news/prijs/"


def test_the_overview_of_news_keeps_its_category_and_page(client, tree):
    assert switch(page_of(client, "/en/news/?category=calls&page=2")) == "/nl/news/?category=calls&page=2"


@pytest.mark.parametrize("address", ["/nl/draft/", "/nl/nowhere/", "/nl/about/nowhere/", "/en/nowhere/"])
def test_drafts_and_nothing_are_not_found_in_either_language(client, tree, address):
    ContentPageFactory(parent=tree.homes["en"], slug="draft", live=False)
    ContentPageFactory(parent=tree.homes["en"], slug="about")

    assert client.get(address).status_code == 404


def test_a_page_that_asks_to_sign_in_asks_it_below_both_languages(client, tree, dutch):
    closed = ContentPageFactory(parent=tree.homes["en"], title="For members", slug="closed")
    PageViewRestriction.objects.create(page=closed, restriction_type="login")

    answers = [client.get(address) for address in ("/en/closed/", "/nl/closed/")]
    ContentPageFactory(parent=tree.homes["nl"], slug="geheim", locale=dutch, translation_key=closed.translation_key)
    translated = client.get("/nl/closed/")

    assert [answer.status_code for answer in answers] == [302, 302]
    assert all("/login/" in answer.headers["Location"] for answer in answers)
    # Not even the address of the translation is told before.
    assert "geheim" not in translated.headers["Location"]


def test_a_home_page_in_one_language_stands_in_for_the_other(client, tree):
    tree.homes["en"].unpublish()

    page = page_of(client, "/en/?a=b")

    assert page.select_one(".only-in").text == "Only in Dutch"
    assert switch(page) == "/nl/?a=b"
