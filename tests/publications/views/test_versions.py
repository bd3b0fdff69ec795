"""Versions of a work to readers: the older ones say so, the row has a page, and formats tell of it."""

import json

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from publications.models import Publication
from publications.records import add_version
from tests.factories import PublicationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def preprint() -> Publication:
    return PublicationFactory(title="Leaves fall, a preprint", issued="2023", version_type="submitted")


@pytest.fixture
def article(preprint) -> Publication:
    article = PublicationFactory(title="Leaves fall", issued="2024-05", version_type="published", doi="10.5555/leaves")
    add_version(article, of=preprint)
    return article


def page(client: Client, url: str) -> BeautifulSoup:
    response = client.get(url)
    assert response.status_code == 200, url
    return BeautifulSoup(response.content, "html.parser")


def test_an_older_version_says_that_there_is_a_newer_one(client, preprint, article):
    notice = page(client, f"/en/records/{preprint.pid}/").select_one("main .notice")

    assert "A newer version of this work exists: Leaves fall, May 2024." in " ".join(notice.get_text().split())
    assert notice.a["href"] == f"/en/records/{article.pid}/"
    assert page(client, f"/en/records/{article.pid}/").select_one("main .notice") is None


def test_each_version_lists_the_row(client, preprint, article):
    for record, current in ((preprint, "Submitted version"), (article, "Published version")):
        shown = page(client, f"/en/records/{record.pid}/")
        row = shown.select_one("ol.versions")

        assert [" ".join(item.get_text(" ").split()) for item in row.select("li")] == [
            "2 Published version , May 2024",
            "1 Submitted version , 2023",
        ]
        assert row.select_one("[aria-current]").get_text() == current
        history = shown.select_one("link[rel=version-history]")["href"]
        assert history.endswith(f"/en/records/{record.pid}/versions/")


def test_the_row_has_a_page_reached_from_each_version(client, preprint, article):
    for pid in (preprint.pid, article.pid):
        shown = page(client, f"/en/records/{pid}/versions/")

        assert [link["href"] for link in shown.select(".brief-title a")] == [
            f"/en/records/{article.pid}/",
            f"/en/records/{preprint.pid}/",
        ]
        assert "Version 2, the newest: Published version" in shown.get_text()


def test_capitals_lead_to_the_page_of_the_row(client, preprint, article):
    response = client.get(f"/en/records/{article.pid.upper()}/versions/")

    assert (response.status_code, response["Location"]) == (301, f"/en/records/{article.pid}/versions/")


def test_drafts_and_lone_records_have_no_row(client, preprint):
    draft = PublicationFactory(title="Secret", live=False)
    add_version(draft, of=preprint)

    for pid in (preprint.pid, draft.pid, "nonsense"):
        assert client.get(f"/en/records/{pid}/versions/").status_code == 404
    shown = page(client, f"/en/records/{preprint.pid}/")
    assert shown.select_one("ol.versions") is None
    assert "Secret" not in shown.get_text()


def test_formats_tell_of_the_neighbours(client, preprint, article):
    datacite = client.get(f"/records/{preprint.pid}.datacite.json").json()
    older, newer = (client.get(f"/records/{r.pid}.jsonld").json() for r in (preprint, article))

    assert datacite["relatedIdentifiers"] == [
        {
            "relatedIdentifier": "10.5555/leaves",
            "relatedIdentifierType": "DOI",
            "relationType": "IsPreviousVersionOf",
        }
    ]
    assert newer["isBasedOn"][0]["@id"] == preprint.full_url
    assert older["@reverse"]["isBasedOn"][0]["@id"] == "https://doi.org/10.5555/leaves"
    assert "isBasedOn" not in older and json.dumps(newer).count("isBasedOn") == 1


def test_versions_are_not_listed_as_related_works(client, preprint, article):
    other = PublicationFactory(title="Other", creators=["Ada Lovelace"])

    shown = page(client, f"/en/records/{article.pid}/")

    assert other.title not in shown.get_text()
    assert shown.select_one("#related") is None


def test_more_versions_take_no_more_queries(client, preprint, article, django_assert_num_queries):
    def visit() -> None:
        page(client, f"/en/records/{article.pid}/versions/")
        page(client, f"/en/records/{article.pid}/")

    visit()
    with django_assert_num_queries(42) as counted:
        visit()
    add_version(PublicationFactory(title="Corrected"), of=article)
    add_version(PublicationFactory(title="Corrected again"), of=article)
    with django_assert_num_queries(len(counted)):
        visit()
