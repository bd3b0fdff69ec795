"""What search gives to other pages: records like one."""

import re

import pytest

from search.indexing import rebuild_index
from tests.factories import PersonFactory, PublicationFactory, RecordFileFactory

pytestmark = pytest.mark.django_db

WEDGES = "The step wedge drifts; its darkest step is photographed every morning with the same camera."


def similar(page: str) -> list[str]:
    """The PIDs of the records below "More like this"."""
    section = page.partition('<h2 id="similar">')[2].partition("</section>")[0]
    return re.findall(r'<p class="brief-title"[^>]*><a href="/en/records/(\w+)/">', section)


@pytest.fixture
def wedges():
    """A record on wedges, another one, and one on something else."""
    records = [
        PublicationFactory(title="The wedge every morning", abstract=WEDGES),
        PublicationFactory(title="Wedges of grey", abstract=f"Not long ago: {WEDGES}"),
        PublicationFactory(title="Cardiac perfusion", abstract="Breathing blurs the wall of the heart."),
    ]
    for number in range(6):
        PublicationFactory(title=f"Lymphoma, part {number}", abstract="Half the activity gives the same answer.")
    rebuild_index()
    return records


def test_a_record_names_those_most_like_it(client, wedges):
    first, second, _ = wedges

    found = similar(client.get(f"/en/records/{first.pid}/").content.decode())

    assert found[0] == second.pid
    assert first.pid not in found
    assert len(found) <= 5


def test_what_is_related_already_is_not_named_twice(client):
    author = PersonFactory()
    first, second = (
        PublicationFactory(title=f"Wedges {n}", abstract=WEDGES, creators=[author]) for n in ("one", "two")
    )
    rebuild_index()

    page = client.get(f"/en/records/{first.pid}/").content.decode()

    assert page.count(f'<a href="/en/records/{second.pid}/">') == 1
    assert similar(page) == []


def test_a_record_that_went_offline_is_not_named(client, wedges):
    first, second, _ = wedges
    type(second).objects.filter(pk=second.pk).update(live=False)

    assert second.pid not in similar(client.get(f"/en/records/{first.pid}/").content.decode())


def test_closed_pages_make_no_record_alike(client):
    words = "Gadolinium chelates relax the spins of protons in water."
    first = PublicationFactory(title="Alpha", abstract=words)
    closed = PublicationFactory(title="Beta", abstract="Nothing to see.", access_right="members")
    RecordFileFactory(record=closed, pages=[words])
    rebuild_index()

    assert closed.pid not in similar(client.get(f"/en/records/{first.pid}/").content.decode())


def test_without_an_index_the_page_of_a_record_is_whole(client):
    record = PublicationFactory(title="The wedge every morning")

    response = client.get(f"/en/records/{record.pid}/")

    assert response.status_code == 200
    assert 'id="similar"' not in response.content.decode()
