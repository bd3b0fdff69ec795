"""Filters, facets, order and pages of an answer."""

from datetime import date

import pytest

from search.documents import Name
from search.engines.base import SearchEngine, Suggestion
from search.queries import parse
from search.requests import (
    FacetCount,
    Reader,
    SearchRequest,
    Sort,
    YearRange,
)
from tests.search.engines.contract.samples import PUBLIC_READER, add, document, found, ids, search

# Filters and facets


@pytest.fixture
def shelf(engine) -> SearchEngine:
    """Six records with every kind of value."""
    nov, ann = Name("Nov Research", "nov"), Name("Ann", "ann")
    mri, ct = Name("MRI", "mri"), Name("CT", "ct")
    add(
        engine,
        document(
            "p1", "Lung one", year=2019, issued="2019-03", creators=(ann,), topics=(mri, ct), organisations=(nov,)
        ),
        document("p2", "Lung two", year=2020, issued="2020", creators=(Name("Bob", "bob"),), topics=(mri,)),
        document("p3", "Long drie", "nl", year=2021, issued="2021-01-05", type="presentation", topics=(ct,)),
        document(
            "p4", "Liver four", year=2019, issued="2019-03-01", access="members", collections=(Name("Best", "best"),)
        ),
        document(
            "p5", "Lung five", year=2019, access="embargoed", available=date(2026, 6, 1), events=(Name("Day", "day"),)
        ),
        document("p6", "Undated lung", access="metadata_only"),
    )
    return engine


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"type": ("publication",)}, {"p1", "p2", "p4", "p5", "p6"}),
        ({"type": ("publication", "presentation")}, {"p1", "p2", "p3", "p4", "p5", "p6"}),
        ({"topic": ("mri",)}, {"p1", "p2"}),
        ({"topic": ("mri", "ct")}, {"p1", "p2", "p3"}),
        ({"topic": ("mri",), "person": ("ann",)}, {"p1"}),
        ({"topic": ("MRI",)}, set()),
        ({"year": (2019,)}, {"p1", "p4", "p5"}),
        ({"year": ("2019",)}, {"p1", "p4", "p5"}),
        ({"year": (YearRange(2020, 2021), 2019)}, {"p1", "p2", "p3", "p4", "p5"}),
        ({"year": (YearRange(2022, 2030),)}, set()),
        ({"year": (YearRange(2020, 2019),)}, set()),
        ({"language": ("nl",)}, {"p3"}),
        ({"organisation": ("nov",)}, {"p1"}),
        ({"collection": ("best",)}, {"p4"}),
        ({"event": ("day",)}, {"p5"}),
        ({"access": ("open",)}, {"p1", "p2", "p3"}),
        ({"access": ("embargoed",)}, {"p5"}),
        ({"access": ("members", "metadata_only")}, {"p4", "p6"}),
        ({"topic": ("no such topic",)}, set()),
        ({"topic": ()}, {"p1", "p2", "p3", "p4", "p5", "p6"}),
    ],
)
def test_values_of_a_filter_are_alternatives_and_filters_narrow(shelf, filters, expected):
    response = search(shelf, filters=filters)

    assert {hit.id for hit in response.hits} == expected
    assert response.total == len(expected)


def test_a_filter_that_does_not_exist_is_a_mistake_of_the_caller(shelf):
    with pytest.raises(ValueError, match="colour"):
        search(shelf, filters={"colour": ("red",)})


def test_only_the_given_records_are_searched(shelf):
    assert found(shelf, "lung", records=("p1", "p4", "gone")) == {"p1"}
    assert found(shelf, "", records=()) == set()


def test_all_ids_of_an_answer_are_those_of_its_pages(shelf):
    for query, values in (("lung", {}), ("", {}), ("lung", {"filters": {"year": (2019,)}}), ("", {"records": ("p1",)})):
        request = SearchRequest(query=parse(query), reader=PUBLIC_READER, **values)

        assert shelf.find_all(request) == found(shelf, query, page_size=100, **values) != set()
    assert shelf.find_all(SearchRequest(query=parse("lung"), page_size=0)) == found(shelf, "lung")


def test_facets_count_records_and_ignore_their_own_filter(shelf):
    response = search(shelf, "lung", filters={"year": (2019,), "type": ("publication",)})

    assert response.total == 2
    assert response.facets["year"] == (FacetCount("2019", 2), FacetCount("2020", 1))
    assert response.facets["type"] == (FacetCount("publication", 2),)
    assert response.facets["topic"] == (FacetCount("ct", 1), FacetCount("mri", 1))
    assert response.facets["person"] == (FacetCount("ann", 1),)
    assert response.facets["access"] == (FacetCount("embargoed", 1), FacetCount("open", 1))


def test_facets_hold_the_most_frequent_values_and_every_year(shelf):
    response = search(shelf, facets=("topic", "year"), facet_size=1)

    assert response.facets["topic"] == (FacetCount("ct", 2),)
    assert response.facets["year"] == search(shelf, facets=("year",)).facets["year"]
    assert len(response.facets["year"]) > 1


def test_facet_counts_match_what_their_filter_finds(shelf):
    for name, counts in search(shelf, "lung OR four").facets.items():
        for item in counts:
            assert search(shelf, "lung OR four", filters={name: (item.value,)}).total == item.count


def test_a_name_without_words_is_filtered_by_and_counted_but_not_found(engine):
    own, above = Name("Radiotherapy", "radiotherapy"), Name("", "oncology")
    add(engine, document("narrower", topics=(own, above)), document("other", topics=(Name("Oncology", "oncology"),)))

    assert found(engine, filters={"topic": ("oncology",)}) == {"narrower", "other"}
    assert set(search(engine).facets["topic"]) == {FacetCount("oncology", 2), FacetCount("radiotherapy", 1)}
    assert found(engine, "oncology") == found(engine, "topic:oncology") == {"other"}
    suggested = engine.suggest("on", reader=PUBLIC_READER)
    assert [item for item in suggested if item.kind == "topic"] == [Suggestion("Oncology", "topic", "oncology")]
    assert found(engine, "radiotherapy") == {"narrower"}


def test_an_embargo_ends_on_its_day_in_filters_and_facets(shelf):
    day = Reader(today=date(2026, 6, 1))

    assert found(shelf, filters={"access": ("open",)}, reader=day) == {"p1", "p2", "p3", "p5"}
    assert found(shelf, filters={"access": ("embargoed",)}, reader=day) == set()
    assert FacetCount("open", 4) in search(shelf, reader=day).facets["access"]


# Order and pages


def test_everything_is_listed_newest_first(shelf):
    assert ids(shelf) == ["p3", "p2", "p4", "p1", "p5", "p6"]
    assert ids(shelf, "lung", sort=Sort.NEWEST) == ["p2", "p1", "p5", "p6"]


def test_titles_are_sorted_without_case_and_accents(engine):
    titles = {"a": "Ångström", "b": "apple", "c": "Zebra", "d": "éclair", "e": "Éclair", "f": "10 things"}
    add(engine, *(document(record_id, title) for record_id, title in titles.items()))

    assert ids(engine, sort=Sort.TITLE) == ["f", "a", "b", "d", "e", "c"]


def test_ties_have_one_order(engine):
    add(engine, *(document(f"r{number}", "Same title", issued="2020") for number in (3, 1, 2)))

    for sort in Sort:
        assert ids(engine, "title", sort=sort) == ["r1", "r2", "r3"]


@pytest.mark.parametrize("sort", Sort)
def test_a_page_of_no_records_has_the_total(engine, sort):
    add(engine, *(document(f"r{number}", "Lung " * (1 + number), year=2000 + number) for number in range(5)))

    assert search(engine, "lung", sort=sort, page_size=0).total == 5
    assert search(engine, "lung", sort=sort, page_size=0).hits == ()


def test_pages_of_a_result_never_overlap_and_keep_the_total(engine):
    add(engine, *(document(f"r{number:02d}", f"Lung {'lung ' * (number % 3)}") for number in range(25)))

    pages = [search(engine, "lung", page=number, page_size=10) for number in (1, 2, 3, 4, 1000)]

    assert [response.total for response in pages] == [25] * 5
    assert [len(response.hits) for response in pages] == [10, 10, 5, 0, 0]
    assert len({hit.id for response in pages for hit in response.hits}) == 25
    scores = [hit.score for response in pages for hit in response.hits]
    assert scores == sorted(scores, reverse=True)
