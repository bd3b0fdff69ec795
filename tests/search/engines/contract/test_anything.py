"""Whatever is written or typed, and in whatever order things change."""

import random
import threading
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.documents import Name, SearchDocument
from search.engines import get_engine
from search.engines.base import SearchEngine
from search.queries import And, Everything, parse_leniently
from search.requests import (
    Reader,
    SearchRequest,
)
from tests.search.engines.contract.conftest import ENGINES
from tests.search.engines.contract.samples import (
    MEMBER,
    PUBLIC_READER,
    SECRET,
    add,
    document,
    page,
    search,
)


@pytest.fixture(scope="module")
def odd_engine(tmp_path_factory, request) -> SearchEngine:
    engine = get_engine(ENGINES[0], path=tmp_path_factory.mktemp("odd"))
    odd = [
        "",
        " ",
        "\x00",
        "\ud800 surrogate",
        "é\u0301\u0301",
        "a" * 5000,
        "深層学習",
        "<b>&amp;",
        "١٢٣",
        "\u202ertl",
        "1,2,3.4.5",
        "🫀 heart",
    ]
    documents = [
        document(f"id {text[:9]}{number}", text, abstract=text, passages=(page(1, text),))
        for number, text in enumerate(odd)
    ]
    with engine.rebuild(documents):
        pass
    return engine


def test_odd_texts_are_indexed_and_found(odd_engine):
    assert search(odd_engine).total == 12
    assert search(odd_engine, "heart").total == 1
    assert search(odd_engine, "surrogate").total == 1
    assert search(odd_engine, "123").total == 1
    assert odd_engine.check() == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(typed=st.text())
def test_no_text_breaks_a_search(odd_engine, typed):
    query, _ = parse_leniently(typed)

    response = odd_engine.search(SearchRequest(query=query, reader=PUBLIC_READER))

    assert len(response.hits) == min(response.total, 10)
    odd_engine.suggest(typed, reader=PUBLIC_READER)


PIECES = [
    "heart",
    "a",
    "surr*",
    "hart~",
    '"',
    "(",
    ")",
    " AND ",
    " OR ",
    " NOT ",
    "-",
    "title:",
    "year:",
    "2019",
    "*",
    "~",
    " ",
    "\u0301",
    "学",
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(typed=st.lists(st.sampled_from(PIECES)).map("".join))
def test_no_mixture_of_operators_breaks_a_search(odd_engine, typed):
    query, _ = parse_leniently(typed)

    response = odd_engine.search(SearchRequest(query=query, reader=PUBLIC_READER))
    opposite = odd_engine.search(SearchRequest(query=And((query, Everything())), reader=PUBLIC_READER))

    assert response.total == opposite.total


def test_any_history_of_changes_ends_in_the_same_answers_as_a_new_index(engine, tmp_path):
    chance = random.Random(11)
    words = ["lung", "nodule", "scan", "heart", "filter", "image", "dose", "brain"]
    truth: dict[str, SearchDocument] = {}
    for _ in range(25):
        with engine.writer() as writer:
            for _ in range(chance.randrange(1, 8)):
                record_id = f"r{chance.randrange(30)}"
                if chance.random() < 0.3:
                    writer.delete(record_id)
                    truth.pop(record_id, None)
                    continue
                item = document(
                    record_id,
                    " ".join(chance.choices(words, k=4)),
                    year=2000 + chance.randrange(5),
                    topics=tuple(Name(word, word) for word in chance.sample(words, 2)),
                    passages=tuple(
                        page(
                            number, " ".join(chance.choices(words, k=9)), audiences=chance.choice([SECRET, {"public"}])
                        )
                        for number in range(1, chance.randrange(1, 4))
                    ),
                )
                writer.add(item)
                truth[record_id] = item
    fresh = get_engine(engine.name, path=tmp_path / "fresh")
    with fresh.rebuild(truth.values()):
        pass

    assert engine.record_ids() == fresh.record_ids() == truth.keys()
    for reader in (PUBLIC_READER, MEMBER):
        for query in ("lung", "nodule scan", '"heart filter"', "im* OR dose", "brain NOT lung", "topic:scan", ""):
            response, expected = (search(each, query, reader=reader, page_size=50) for each in (engine, fresh))
            assert (response.total, response.page_total) == (expected.total, expected.page_total)
            assert response.facets == expected.facets
            assert response.hits == expected.hits
        for prefix in ("l", "no", "he"):
            assert engine.suggest(prefix, reader=reader) == fresh.suggest(prefix, reader=reader)
    assert engine.check() == ()


def test_threads_share_an_engine(engine):
    add(
        engine,
        *(document(f"r{number}", "Lung", passages=(page(1, f"nodule{number % 5} lung"),)) for number in range(50)),
    )
    problems: list[BaseException] = []

    def ask(number: int) -> None:
        reader = Reader(audiences=frozenset({"public", f"person:{number}"}), today=date(2026, 1, 1 + number))
        try:
            for round_number in range(20):
                assert search(engine, f"nodule{round_number % 5}", reader=reader).total == 10
                assert search(engine, "lung nod*", reader=reader).page_total == 50
                assert engine.suggest("nod", reader=reader) == ()
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []
