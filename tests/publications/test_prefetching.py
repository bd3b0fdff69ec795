"""Many papers with many authors are read at once, on SQLite too."""

import pytest

from publications.models import Contribution, Person, Publication, Record
from search.indexing import index_due, rebuild_index
from tests.factories import PublicationFactory

pytestmark = pytest.mark.django_db

MANY = 1100


@pytest.fixture
def record() -> Publication:
    """A paper with more authors, each somebody else, than SQLite takes alternatives."""
    record = PublicationFactory(title="On the observation of a wedge")
    people = Person.objects.bulk_create(
        Person(given_name="A.", family_name=f"Author{number}", slug=f"author-{number}") for number in range(MANY)
    )
    Contribution.objects.bulk_create(
        Contribution(record=record, person=person, family_name=person.family_name, role="Creator", sort_order=place)
        for place, person in enumerate(people)
    )
    return record


def test_people_of_many_contributions_are_read_in_one_query(record, django_assert_num_queries):
    with django_assert_num_queries(3):
        (found,) = Record.objects.prefetch_related("contributions__person")

    assert {contribution.person.slug for contribution in found.contributions.all()} == {
        f"author-{number}" for number in range(MANY)
    }


def test_a_paper_of_many_authors_is_indexed_found_and_shown(record, client):
    rebuild_index()
    record.save()
    index_due()

    answer = client.get("/api/v1/search", {"q": f"author{MANY - 1}"}).json()
    pages = [
        client.get(address)
        for address in ("/en/search/?q=wedge", f"/en/records/{record.pid}/", f"/records/{record.pid}.bib")
    ]

    assert [hit["id"] for hit in answer["hits"]] == [record.pid]
    assert [page.status_code for page in pages] == [200, 200, 200]
