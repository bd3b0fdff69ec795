"""What search engines elsewhere are told: what they may read, and in a sentence what each page is about."""

import re

import pytest
from django.test import Client

from search.indexing import rebuild_index
from tests.factories import PublicationFactory

pytestmark = pytest.mark.django_db


def may_read(robots: str, path: str) -> bool:
    """As RFC 9309 has it: the longest rule that matches counts, and of two as long the one that allows."""
    rules = re.findall(r"^(Allow|Disallow): (\S+)$", robots, re.MULTILINE)
    matching = [
        (len(rule), kind == "Allow") for kind, rule in rules if re.match(re.escape(rule).replace(r"\*", ".*"), path)
    ]
    return max(matching, default=(0, True))[1]


@pytest.mark.parametrize(
    ("path", "is_open"),
    [
        ("/en/", True),
        ("/nl/search/", True),
        ("/en/search/?q=wedge", True),
        ("/en/search/?q=wedge&year=2019", False),
        ("/en/search/?year=2019", False),
        ("/en/search/?page=2", False),
        ("/en/people/ada-wiggers/", True),
        ("/en/people/ada-wiggers/ask/", False),
        ("/en/records/b4nn0n42/pages/1/1/", True),
        ("/en/records/b4nn0n42/pages/1/1/?q=wedge", False),
        ("/admin/", False),
        ("/api/v1/search?q=wedge", False),
    ],
)
def test_pages_may_be_read_and_combinations_without_end_may_not(client: Client, path: str, is_open: bool) -> None:
    assert may_read(client.get("/robots.txt").text, path) is is_open


def test_a_question_that_finds_nothing_is_no_page_to_keep(client: Client, own_folders: None) -> None:
    PublicationFactory(title="Wedges")
    rebuild_index()
    noindex = '<meta name="robots" content="noindex">'

    assert noindex in client.get("/en/search/", {"q": "gondola"}).text
    assert noindex not in client.get("/en/search/", {"q": "wedges"}).text
