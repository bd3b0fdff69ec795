"""Who is kept for comparing, in an address."""

import pytest
from bs4 import BeautifulSoup

from search.indexing import rebuild_index
from tests.factories import (
    PersonFactory,
    PublicationFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db


def test_a_shortlist_lives_in_the_address(client, ada, bas):
    PublicationFactory(title="Wavelets", creators=[ada, bas], issued="2019")
    rebuild_index()

    page = client.get("/en/experts/?q=wavelets").content.decode()
    assert 'href="?q=wavelets&amp;shortlist=ada-lovelace#expert-ada-lovelace"' in page
    page = client.get("/en/experts/?q=wavelets&shortlist=ada-lovelace").content.decode()
    assert 'href="?q=wavelets&amp;shortlist=ada-lovelace&amp;shortlist=bas-smit#expert-bas-smit"' in page
    assert 'href="/en/experts/shortlist/?q=wavelets&amp;shortlist=ada-lovelace"' in page


def test_a_link_of_the_shortlist_comes_back_to_itself_and_says_what_is_the_case(client, ada, bas):
    PublicationFactory(title="Wavelets", creators=[ada, bas], issued="2019")
    rebuild_index()

    page = BeautifulSoup(client.get("/en/experts/?q=wavelets&shortlist=ada-lovelace").content, "html.parser")

    links = {link["id"]: link for link in page.select('[id^="expert-"]')}
    assert {key: link["href"].partition("#")[2] for key, link in links.items()} == {key: key for key in links}
    assert {key: " ".join(link.text.split()) for key, link in links.items()} == {
        "expert-ada-lovelace": "Take off the shortlist Ada Lovelace",
        "expert-bas-smit": "Add to shortlist Bas Smit",
    }
    assert page.find(id=links["expert-ada-lovelace"]["aria-describedby"]).text == "On your shortlist"
    assert not links["expert-bas-smit"].has_attr("aria-describedby")
    (remove,) = page.select(".shortlist li a.small")
    assert remove["href"] == "?q=wavelets#shortlist" and page.find(id="shortlist")["tabindex"] == "-1"


def test_people_are_compared_by_the_question_and_in_the_order_chosen(client, ada, bas):
    nobody = PersonFactory(given_name="Cas", family_name="Vos", slug="cas-vos")
    PublicationFactory(title="Wavelets", creators=[ada, bas], issued="2019", topics=[TopicFactory(label_en="Signals")])
    rebuild_index()

    shortlisted = "shortlist=cas-vos&shortlist=bas-smit&shortlist=ada-lovelace&shortlist=unknown"
    response = client.get(f"/en/experts/shortlist/?q=wavelets&{shortlisted}")

    soup = BeautifulSoup(response.content, "html.parser")
    rows = [" ".join(row.get_text(" ", strip=True).split()) for row in soup.select(".compare tbody tr")]
    assert [row.split(" ")[0] for row in rows] == ["Cas", "Bas", "Ada"]
    assert "no record that answers" in rows[0]
    assert "1 record that answers" in rows[1]
    assert "Signals" in rows[2]
    assert [section["data-expert"] for section in soup.select("[data-expert]")] == ["bas-smit", "ada-lovelace"]
    assert nobody.slug in soup.select_one("#share-address").get_text()


def test_an_unlisted_person_is_on_no_shortlist(client):
    PersonFactory(given_name="Hidden", family_name="One", slug="hidden-one", is_listed=False)
    rebuild_index()

    page = client.get("/en/experts/shortlist/?shortlist=hidden-one").content.decode()

    assert "Hidden" not in page.replace("hidden-one", "")
    assert "Nobody is on this shortlist." in page
