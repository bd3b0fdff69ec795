"""What a reader may not read is neither found nor counted nor guessed."""

from datetime import date

import pytest

from search.engines import get_engine
from search.engines.base import Suggestion
from search.queries import Word
from search.requests import (
    FacetCount,
    PageMatch,
    Reader,
    SearchRequest,
)
from tests.search.engines.contract.samples import (
    MEMBER,
    PUBLIC_READER,
    SECRET,
    add,
    closed,
    document,
    leaky_documents,
    page,
    search,
)

SECRET_TEXT = "zebrafish nodule lung lung lung " + "embargoed findings of tumours " * 30
QUERIES = [
    "zebrafish",
    "nodule",
    "lung",
    "lung nodule zebrafish",
    "lung AND zebrafish",
    "lung NOT zebrafish",
    "NOT zebrafish",
    '"zebrafish nodule"',
    '"lung lung"',
    "zebra*",
    "nodul*",
    "zebrafsh~",
    "lung OR title:study",
    "",
]


@pytest.mark.parametrize("query", QUERIES)
def test_closed_pages_change_nothing_for_a_reader_who_may_not_read_them(new_engine, tmp_path, query):
    without = get_engine(new_engine.name, path=tmp_path / "without")
    with new_engine.rebuild(leaky_documents(SECRET_TEXT)), without.rebuild(leaky_documents("")):
        pass

    response, expected = search(new_engine, query), search(without, query)

    assert response.total == expected.total
    assert response.page_total == expected.page_total
    assert response.facets == expected.facets
    assert response.hits == expected.hits
    assert new_engine.suggest("zebr", reader=PUBLIC_READER) == without.suggest("zebr", reader=PUBLIC_READER) == ()
    assert new_engine.suggest("nod", reader=PUBLIC_READER) == without.suggest("nod", reader=PUBLIC_READER)


def test_whoever_may_read_a_closed_page_finds_it(engine):
    add(engine, *leaky_documents(SECRET_TEXT))

    response = search(engine, "zebrafish", reader=MEMBER)

    assert {hit.id for hit in response.hits} == {"mixed", "closed"}
    assert response.page_total == 3
    assert FacetCount("2020", 1) in response.facets["year"]
    assert "<mark>zebrafish</mark>" in response.hits[0].passages[0].text
    assert engine.suggest("zebr", reader=MEMBER) == (Suggestion("zebrafish", "word"),)


def test_a_reader_of_another_audience_finds_nothing_of_a_closed_page(engine):
    add(engine, *leaky_documents(SECRET_TEXT))
    stranger = Reader(audiences=frozenset({"public", "person:7"}), today=date(2026, 3, 1))

    assert search(engine, "zebrafish", reader=stranger).total == 0
    assert engine.find_all(SearchRequest(query=Word("zebrafish"), reader=stranger)) == set()


def test_a_page_opens_on_the_day_its_embargo_ends_without_reindexing(engine):
    passage = page(1, "zebrafish", audiences=SECRET, open_from=date(2026, 6, 1))
    add(engine, document("a", passages=(passage,)))

    before, day = Reader(today=date(2026, 5, 31)), Reader(today=date(2026, 6, 1))

    assert search(engine, "zebrafish", reader=before).total == 0
    assert engine.match_pages("a", query=Word("zebrafish"), reader=before) == ()
    assert engine.suggest("zebra", reader=before) == ()
    assert search(engine, "zebrafish", reader=day).hits[0].pages == (PageMatch(1, 1, 1),)
    assert engine.match_pages("a", query=Word("zebrafish"), reader=day) == (PageMatch(1, 1, 1),)
    assert engine.suggest("zebra", reader=day) == (Suggestion("zebrafish", "word"),)


def test_a_page_is_closed_whatever_the_number_of_its_file(engine):
    add(engine, document("closed", passages=(closed(1, "zebrafish", file=0),)))

    assert search(engine, "zebrafish").total == 0
    assert search(engine, "zebrafish", reader=MEMBER).page_total == 1


def test_a_page_for_nobody_is_found_by_nobody(engine):
    add(engine, document("a", passages=(page(1, "zebrafish", audiences=frozenset()),)))

    assert search(engine, "zebrafish", reader=MEMBER).total == 0
