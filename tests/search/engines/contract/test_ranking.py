"""The best records for a question, to count whom they name."""

import pytest

from search.engines import get_engine
from search.engines.base import SearchEngine
from search.queries import parse
from search.requests import (
    FacetCount,
    Ranking,
    Reader,
    SearchRequest,
)
from tests.search.engines.contract.samples import MEMBER, PUBLIC_READER, add, closed, document, page, search


def rank(engine: SearchEngine, query: str, *, reader: Reader = PUBLIC_READER, **values) -> Ranking:
    return engine.rank(SearchRequest(query=parse(query), reader=reader, **values))


def ranked(engine: SearchEngine, query: str, **values) -> list[str]:
    return [record.id for record in rank(engine, query, **values).records]


def test_a_ranking_has_the_order_and_the_scores_of_a_search_where_no_record_has_pages(engine):
    add(
        engine,
        document("title", "Lung nodules"),
        document("one", "Lung things", abstract="A study of many other things"),
        document("abstract", "A study", abstract="Nodules and nodules of the lung"),
        document("none", "Liver"),
    )

    ranking = rank(engine, "lung nodules")

    hits = search(engine, "lung nodules").hits
    assert [(record.id, pytest.approx(record.score)) for record in ranking.records] == [
        (hit.id, hit.score) for hit in hits
    ]
    assert ranking.total == 3
    assert ranked(engine, "lung nodules", page_size=1) == [hits[0].id]


def test_a_page_that_answers_outranks_words_strewn_over_a_file(engine):
    strewn = [page(number, f"{word} " + "filler " * 20) for number, word in enumerate(["lung", "nodule", "dose"], 1)]
    there = [page(1, "lung nodule dose " + "filler " * 18), page(2, "filler " * 21), page(3, "filler " * 21)]
    add(engine, document("a-strewn", passages=tuple(strewn)), document("there", passages=tuple(there)))

    assert ranked(engine, "lung nodule dose") == ["there", "a-strewn"]


def test_a_ranking_counts_no_page_that_the_reader_may_not_read(new_engine, tmp_path):
    shelf = [document("open", "Nodules of the lung", passages=(page(1, "one nodule"),)), document("other", "Liver")]
    without = get_engine(new_engine.name, path=tmp_path / "without")
    with new_engine.rebuild([*shelf, document("closed", "A paper", passages=(closed(1, "nodules " * 9),))]):
        pass
    with without.rebuild([*shelf, document("closed", "A paper", passages=(closed(1, ""),))]):
        pass

    assert rank(new_engine, "nodules").records == rank(without, "nodules").records
    assert ranked(new_engine, "nodules") == ["open"]
    assert set(ranked(new_engine, "nodules", reader=MEMBER)) == {"open", "closed"}


def test_a_ranking_keeps_to_filters_and_its_facets_leave_out_their_own(engine):
    add(engine, document("old", "Nodules", year=2018), document("new", "Nodules", year=2024))

    ranking = rank(engine, "nodules", filters={"year": (2024,)}, facets=("year",))

    assert [record.id for record in ranking.records] == ["new"]
    assert ranking.total == 1
    assert set(ranking.facets["year"]) == {FacetCount("2018", 1), FacetCount("2024", 1)}
