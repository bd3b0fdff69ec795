"""Who works with whom, drawn and as a table."""

import re

import pytest
from bs4 import BeautifulSoup

from publications.models import Record
from publications.views.graphs import ANGLES, MOST_AROUND, Neighbour, draw_graph, ties_of_organisations, ties_of_people
from tests.factories import (
    ContributionAffiliationFactory,
    ContributionFactory,
    OrganisationFactory,
    PersonFactory,
    PublicationFactory,
)


def neighbours(*records: int) -> list[Neighbour]:
    return [Neighbour(key, f"Person {key}", f"/en/people/{key}/", number) for key, number in enumerate(records, 1)]


def test_nobody_around_is_nothing_to_draw():
    assert draw_graph("Ada", [], {}) is None


def test_lines_are_thicker_for_more_records_and_join_others_too():
    graph = draw_graph("Ada", neighbours(5, 2, 1), {(1, 2): 2, (2, 9): 4})

    assert [line.weight for line in graph.lines] == ["w2", "w3", "w2", "w1"]
    assert [(node.records, node.level) for node in graph.around] == [(5, "l3"), (2, "l2"), (1, "l1")]


def test_everything_lies_inside_the_picture_and_apart():
    graph = draw_graph("A person with quite a long name", neighbours(*range(20, 0, -1)), {})

    assert len(graph.around) == MOST_AROUND == len(ANGLES)
    spots = [(float(node.x), float(node.y), float(node.radius)) for node in (graph.middle, *graph.around)]
    assert all(radius <= x <= 640 - radius and radius <= y <= 330 - radius for x, y, radius in spots)
    assert all(
        (x - x2) ** 2 + (y - y2) ** 2 > (radius + radius2) ** 2
        for place, (x, y, radius) in enumerate(spots)
        for x2, y2, radius2 in spots[:place]
    )
    assert graph.middle.label == ("A person with", "quite a long", "name")


@pytest.mark.django_db
def test_ties_count_the_records_that_two_share():
    ada, bas, cas = PersonFactory(), PersonFactory(), PersonFactory()
    for _ in range(2):
        PublicationFactory(creators=[ada, bas, "Somebody Else"])
    PublicationFactory(creators=[ada, cas])
    PublicationFactory(creators=[bas, cas], live=False)

    ties = ties_of_people(Record.objects.live(), [ada.pk, bas.pk, cas.pk])

    assert ties == {tuple(sorted((ada.pk, bas.pk))): 2, tuple(sorted((ada.pk, cas.pk))): 1}


@pytest.mark.django_db
def test_the_page_of_a_person_draws_coauthors_as_links_beside_a_table(client):
    ada, bas = PersonFactory(), PersonFactory(given_name="Bas", family_name="<b>Smit", slug="bas-smit")
    PublicationFactory(creators=[ada, bas])
    PublicationFactory(creators=[ada, PersonFactory(slug="of-a-draft")], live=False)

    page = client.get(ada.get_absolute_url()).content.decode()

    drawing = BeautifulSoup(page, "html.parser").select_one("svg.graph")
    assert [link["href"] for link in drawing.select("a")] == ["/en/people/bas-smit/"]
    assert drawing.select_one("a text").get_text() == "Bas <b>Smit"
    assert "one other" in drawing.select_one("title").get_text()
    assert len(re.findall("bas-smit", page)) >= 2
    assert "of-a-draft" not in page


@pytest.mark.django_db
def test_the_page_of_an_organisation_draws_those_it_works_with(client):
    hospital, university = OrganisationFactory(), OrganisationFactory(name_en="A university", slug="a-university")
    record = PublicationFactory()
    for organisation in (hospital, university):
        ContributionAffiliationFactory(contribution=ContributionFactory(record=record), organisation=organisation)

    page = client.get(hospital.get_absolute_url()).content.decode()

    drawing = BeautifulSoup(page, "html.parser").select_one("svg.graph")
    assert [link["href"] for link in drawing.select("a")] == ["/en/organisations/a-university/"]
    assert '<td class="number">1</td>' in page
    assert ties_of_organisations(Record.objects.live(), [hospital.pk, university.pk]) == {
        tuple(sorted((hospital.pk, university.pk))): 1
    }
