"""Search shows the newest version of a work; older ones are counted, and found by whoever asks for them."""

import pytest
from django.test import Client

from publications.models import Publication
from publications.records import add_version, remove_version
from search.indexing import index_due, rebuild_index
from tests.factories import PersonFactory, PublicationFactory, RecordFileFactory, TopicFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def works() -> dict[str, Publication]:
    topic, person = TopicFactory(), PersonFactory()
    made = {
        name: PublicationFactory(title=f"Wedges, {name}", topics=[topic], creators=[person])
        for name in ("preprint", "article", "other")
    }
    RecordFileFactory(record=made["preprint"], pages=("Only the preprint speaks of marmots.",))
    rebuild_index()
    add_version(made["article"], of=made["preprint"])
    index_due()
    return made


def ask(client: Client, **parameters: str) -> tuple[set[str], int]:
    """The titles found, and how many older versions match."""
    answer = client.get("/api/v1/search", parameters).json()
    assert answer["total"] == len(answer["hits"])
    return {hit["title"].rpartition(", ")[2] for hit in answer["hits"]}, answer["query"]["older_versions"]


def test_older_versions_are_counted_and_found_on_demand(client, works):
    assert ask(client, q="wedges") == ({"article", "other"}, 1)
    assert ask(client, q="wedges", versions="all") == ({"preprint", "article", "other"}, 1)
    assert ask(client, q="marmots") == (set(), 1)
    assert ask(client, q="marmots", versions="all") == ({"preprint"}, 1)


def test_facets_count_what_is_shown(client, works):
    answer = client.get("/api/v1/search", {"q": "wedges"}).json()

    assert "version" not in answer["facets"]
    assert [value["count"] for value in answer["facets"]["topic"]] == [2]


def test_the_page_offers_them(client, works):
    html = client.get("/en/search/", {"q": "wedges"}).content.decode()

    assert "1 older version of a work matches too." in html
    assert 'href="?q=wedges&amp;versions=all"' in html
    html = client.get("/en/search/", {"q": "wedges", "versions": "all"}).content.decode()
    assert "1 older version of a work is among them." in html
    assert "older version</span>" in html


def test_nothing_found_but_an_older_version_is_no_dead_end(client, works):
    html = client.get("/en/search/", {"q": "marmots"}).content.decode()

    assert 'href="?q=marmots&amp;versions=all"' in html


def test_unpublishing_and_taking_apart_reach_the_index(client, works):
    works["article"].unpublish()
    index_due()
    assert ask(client, q="wedges") == ({"preprint", "other"}, 0)

    remove_version(works["article"])
    works["article"].save_revision().publish()
    index_due()
    assert ask(client, q="wedges") == ({"preprint", "article", "other"}, 0)


def test_a_filter_by_version_is_no_parameter(client, works):
    assert ask(client, q="wedges", version="older") == ({"article", "other"}, 1)
    answer = client.get("/api/v1/search", {"q": "wedges", "versions": "x"}).json()
    assert answer["total"] == 2 and "versions is newest or all" in answer["query"]["notes"][0]


def test_lists_and_counts_agree_with_the_search(client, works):
    topic = works["other"].tagged_topics.get().tag

    html = client.get(f"/en/topics/{topic.slug}/").content.decode()

    assert "Wedges, article" in html and "Wedges, preprint" not in html
    assert "Wedges, preprint" not in client.get("/en/").content.decode()
