"""The editors' list of broken links."""

import csv

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from publications.links import keeping
from publications.links.keeping import check_due, note_inside_links, note_outside_links
from publications.links.outside import Answer
from publications.links.tasks import wake_link_checks
from publications.models import WatchedLink
from publications.models.links import LinkProblem
from publications.site_tree import create_site_tree
from tests.factories import (
    ContentPageFactory,
    EditorFactory,
    EventFactory,
    MemberFactory,
    PublicationFactory,
    ResearcherFactory,
)

pytestmark = pytest.mark.django_db
REPORT, HOME = "/admin/reports/broken-links/", "/admin/"


@pytest.fixture
def editor(client):
    user = EditorFactory(first_name="Eva", last_name="Redacteur")
    client.force_login(user)
    return user


@pytest.fixture
def broken():
    """A link within the hub and one outside, both broken."""
    page = ContentPageFactory(parent=create_site_tree().homes["en"], slug="about", title="About us", live=False)
    EventFactory(title_en="Tour", description_en=f'<p><a linktype="page" id="{page.pk}">there</a></p>')
    PublicationFactory(title="A paper", url="https://gone.example/x?a=<b>")
    note_inside_links()
    note_outside_links()
    check_due(limit=10, check=lambda url: Answer(LinkProblem.GONE, 404))
    return page


def rows(client, query: str = "") -> list[list[str]]:
    """The cells of the table, in words."""
    table = BeautifulSoup(client.get(f"{REPORT}{query}").content, "html.parser").select("table.listing tbody tr")
    return [[" ".join(cell.text.split()) for cell in row.select("td")] for row in table]


def test_the_list_says_what_where_and_since_when(client, editor, broken):
    inside, outside = sorted(rows(client), key=lambda row: row[0].startswith("https"))

    assert inside[0].startswith("the page “About us” It is not published")
    assert inside[1] == "Tour (description in English)"
    assert outside[0].startswith("https://gone.example/x?a=<b>")
    assert "There is no such page (404)" in outside[0]
    assert outside[1].startswith("A paper (")
    assert inside[2] and outside[2]


def test_each_place_leads_to_its_form(client, editor, broken):
    page = BeautifulSoup(client.get(REPORT).content, "html.parser")

    forms = [link["href"] for link in page.select("table.listing td:nth-child(2) a")]

    assert len(forms) == 2
    assert [client.get(address).status_code for address in forms] == [200, 200]


def test_the_first_page_counts_them_and_leads_to_the_list(client, editor, broken):
    page = BeautifulSoup(client.get(HOME).content, "html.parser")

    [line] = [
        link for link in page.select(".hub-attention a, a") if link.get("href") == REPORT and "broken" in link.text
    ]

    assert " ".join(line.parent.text.split()).startswith("2")
    assert len(rows(client)) == 2


def test_a_mended_link_is_off_the_first_page_once_the_clock_has_looked(client, editor, broken):
    broken.save_revision().publish()
    wake_link_checks()

    assert "1 broken link" in " ".join(BeautifulSoup(client.get(HOME).content, "html.parser").text.split())


@pytest.mark.parametrize("address", [HOME, REPORT, f"{REPORT}results/", f"{REPORT}?export=csv"])
@pytest.mark.parametrize("factory", [None, MemberFactory, EditorFactory])
def test_looking_at_the_list_reads_no_texts_and_writes_no_links(client, broken, monkeypatch, address, factory):
    """That is the clock's: each editor's first page would wait for all texts of the hub, and for the lock."""
    if factory:
        client.force_login(factory())
    broken.save_revision().publish()
    texts: list[object] = []
    monkeypatch.setattr(keeping, "find_links", lambda **options: texts.append(options) or iter(()))
    before = set(WatchedLink.objects.values_list("pk", "problem"))

    client.get(address)

    assert texts == []
    assert set(WatchedLink.objects.values_list("pk", "problem")) == before


def test_the_list_leaves_as_csv(client, editor, broken):
    response = client.get(f"{REPORT}?export=csv")

    lines = list(csv.DictReader(b"".join(response.streaming_content).decode().splitlines()))
    assert {line["Link"] for line in lines} == {"the page “About us”", "https://gone.example/x?a=<b>"}
    assert {line["What is wrong"] for line in lines} == {"It is not published", "There is no such page"}
    assert any("Tour (description in English)" in line["Stands in"] for line in lines)


def test_a_link_that_was_looked_at_by_hand_is_let_be_and_put_back(client, editor, broken):
    link = WatchedLink.objects.get(is_inside=False)

    client.post(f"{REPORT}{link.pk}/", {"do": "let-be"})
    left, let_be = rows(client), rows(client, "?state=let_be")
    client.post(f"{REPORT}{link.pk}/?state=let_be", {"do": "watch"})

    assert (len(left), len(let_be), len(rows(client))) == (1, 1, 2)
    assert "let be by Eva Redacteur" in let_be[0][0]


def test_the_list_is_narrowed_by_where_links_lead(client, editor, broken):
    assert [len(rows(client, f"?side={side}")) for side in ("inside", "outside", "")] == [1, 1, 2]


def test_looking_again(client, editor, broken, settings):
    link = WatchedLink.objects.get(is_inside=False)
    inside = WatchedLink.objects.get(is_inside=True)
    said = []

    for enabled, one in ((False, link), (True, link), (True, inside)):
        settings.LINK_CHECKS_ENABLED = enabled
        said.append(client.post(f"{REPORT}{one.pk}/", {"do": "look"}, follow=True).content.decode())

    assert "This hub does not look at links to other sites." in said[0]
    assert "within a few minutes" in said[1]
    assert WatchedLink.objects.due().get() == link
    assert "It still leads nowhere." in said[2]


@pytest.mark.parametrize("factory", [None, MemberFactory, ResearcherFactory])
def test_only_editors_see_the_list_and_act_on_it(client, broken, factory):
    if factory:
        client.force_login(factory())
    link = WatchedLink.objects.filter(is_inside=False).get()

    answers = [client.get(REPORT), client.get(f"{REPORT}results/"), client.get(f"{REPORT}?export=csv")]
    answers.append(client.post(f"{REPORT}{link.pk}/", {"do": "let-be"}))

    assert all(answer.status_code in (302, 403) for answer in answers)
    assert not any(b"gone.example" in answer.content for answer in answers)
    link.refresh_from_db()
    assert link.ignored_at is None


def test_the_list_asks_as_often_for_many_links_as_for_few(client, editor, broken, django_assert_max_num_queries):
    counts = []
    for number in (2, 12):
        for place in range(number):
            PublicationFactory(url=f"https://gone-{number}-{place}.example/")
            EventFactory(description_nl=f'<a linktype="page" id="99{number}{place}">x</a>')
        note_outside_links()
        check_due(limit=100, check=lambda url: Answer(LinkProblem.GONE, 404))
        client.get(REPORT)
        with django_assert_max_num_queries(120) as queries:
            client.get(REPORT)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_nothing_to_look_at_is_said(client, editor):
    assert "Every link that was looked at leads somewhere." in client.get(reverse("broken_links")).content.decode()
