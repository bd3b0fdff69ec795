"""Records come, change and go; an index is built anew while others read."""

import threading

import pytest

from search.engines import get_engine
from search.errors import IndexLocked, IndexMissing
from search.queries import Word
from search.requests import (
    SearchRequest,
    SearchResponse,
)
from tests.search.engines.contract.samples import (
    PUBLIC_READER,
    add,
    document,
    found,
    page,
    search,
)

# Changes


def test_an_added_record_is_found_when_its_transaction_ends(engine):
    with engine.writer() as writer:
        writer.add(document("a", "Lung"))
        assert found(engine, "lung") == set()

    assert found(engine, "lung") == {"a"}


def test_a_record_added_again_replaces_the_old_one_with_its_pages(engine):
    add(engine, document("a", "Old title", passages=(page(1, "oldpage"), page(2, "oldpage"))), document("b", "Old"))
    add(engine, document("a", "New title", passages=(page(1, "newpage"),)))

    assert found(engine, "old") == {"b"}
    assert found(engine, "oldpage") == set()
    assert found(engine, "newpage") == {"a"}
    assert engine.status().records == 2
    assert engine.status().passages == 1


def test_the_last_word_of_a_transaction_counts(engine):
    add(engine, document("kept", "Kept"), document("dropped", "Dropped"))

    with engine.writer() as writer:
        writer.add(document("twice", "First"))
        writer.add(document("twice", "Second"))
        writer.add(document("gone", "Gone"))
        writer.delete("gone")
        writer.delete("dropped")
        writer.delete("never there")
        writer.delete("back")
        writer.add(document("back", "Back"))

    assert engine.record_ids() == {"kept", "twice", "back"}
    assert found(engine, "first OR gone OR dropped") == set()
    assert found(engine, "second") == {"twice"}
    assert search(engine, "kept").hits[0].score == pytest.approx(search(engine, "back").hits[0].score)


def test_deleted_records_leave_no_trace_in_scores_and_facets(engine, tmp_path):
    fresh = get_engine(engine.name, path=tmp_path / "fresh")
    stay = [document("a", "Lung nodules", year=2019), document("b", "Liver nodules", year=2020)]
    add(engine, *stay, *(document(f"x{number}", "Nodules nodules", year=2019) for number in range(10)))
    with engine.writer() as writer:
        for number in range(10):
            writer.delete(f"x{number}")
    with fresh.rebuild(stay):
        pass

    assert search(engine, "lung nodules").hits == search(fresh, "lung nodules").hits
    assert search(engine, "nodules").facets == search(fresh, "nodules").facets
    assert engine.suggest("nod", reader=PUBLIC_READER) == fresh.suggest("nod", reader=PUBLIC_READER)


def test_an_exception_in_a_transaction_leaves_the_index_as_it_was(engine):
    add(engine, document("a", "Lung"))

    with pytest.raises(RuntimeError, match="on purpose"), engine.writer() as writer:
        writer.delete("a")
        writer.add(document("b", "Liver"))
        raise RuntimeError("on purpose")

    assert engine.record_ids() == {"a"}
    assert engine.check() == ()
    add(engine, document("c", "Heart"))
    assert engine.record_ids() == {"a", "c"}


def test_a_transaction_without_changes_changes_nothing(engine):
    add(engine, document("a", "Lung"))

    with engine.writer():
        pass

    assert engine.record_ids() == {"a"}


def test_many_small_transactions_answer_as_one_big_one(engine, tmp_path):
    fresh = get_engine(engine.name, path=tmp_path / "fresh")
    documents = [
        document(
            f"r{number:02d}",
            f"Lung {'nodules ' * (number % 4)}",
            year=2000 + number % 7,
            passages=(page(1, f"page {number} lung"),),
        )
        for number in range(60)
    ]
    for item in documents:
        add(engine, item)
    with fresh.rebuild(documents):
        pass

    assert search(engine, "lung nodules page").hits == search(fresh, "lung nodules page").hits
    assert search(engine, "nodules").facets == search(fresh, "nodules").facets
    assert engine.check() == ()


def test_only_one_writer_at_a_time(engine):
    with engine.writer(), pytest.raises(IndexLocked), engine.writer(wait_seconds=0.05):
        pass

    with engine.writer(wait_seconds=0.05) as writer:
        writer.add(document("a"))
    assert engine.record_ids() == {"a"}


# Building anew


def test_a_rebuild_replaces_everything_in_one_step(engine):
    add(engine, document("old", "Old"))
    generation = engine.status().generation

    with engine.rebuild([document("new", "New")]):
        assert engine.record_ids() == {"old"}

    assert engine.record_ids() == {"new"}
    assert engine.status().generation != generation


def test_another_engine_on_the_same_index_follows_a_rebuild(engine, tmp_path):
    reader = get_engine(engine.name, path=tmp_path / "index")
    add(engine, document("old", "Old"))
    assert reader.record_ids() == {"old"}

    with engine.rebuild([document("new", "New")]):
        pass

    assert reader.record_ids() == {"new"}
    assert found(reader, "new") == {"new"}


def test_a_failed_rebuild_leaves_the_old_index(engine):
    add(engine, document("old", "Old"))

    def documents():
        yield document("new", "New")
        raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError, match="on purpose"), engine.rebuild(documents()):
        pass

    assert engine.record_ids() == {"old"}
    add(engine, document("more", "More"))
    assert engine.record_ids() == {"old", "more"}


def test_updates_during_a_rebuild_are_told_and_not_lost(engine):
    add(engine, document("a", "Old"), document("b", "Old"), document("c", "Old"))

    def documents():
        yield document("a", "Old")
        yield document("b", "Old")
        with engine.writer() as writer:
            writer.add(document("a", "Newer"))
            writer.delete("b")
            writer.add(document("d", "Newer"))
        yield document("c", "Old")

    with engine.rebuild(documents()) as writer:
        assert writer.changed == {"a", "b", "d"}
        with pytest.raises(IndexLocked), engine.writer(wait_seconds=0.05):
            pass
        writer.add(document("a", "Newer"))
        writer.delete("b")
        writer.add(document("d", "Newer"))

    assert engine.record_ids() == {"a", "c", "d"}
    assert found(engine, "newer") == {"a", "d"}


def test_readers_go_on_during_a_rebuild(engine):
    add(engine, *(document(f"r{number}", "Lung") for number in range(20)))
    stop = threading.Event()
    totals: set[int] = set()
    problems: list[Exception] = []

    def read() -> None:
        while not stop.is_set():
            try:
                totals.add(search(engine, "lung").total)
            except Exception as error:
                problems.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for count in (30, 10, 25):
        with engine.rebuild([document(f"n{number}", "Lung") for number in range(count)]):
            pass
    stop.set()
    for thread in threads:
        thread.join()

    assert problems == []
    assert totals <= {20, 30, 10, 25}
    assert search(engine, "lung").total == 25


# Without an index


def test_without_an_index_everything_says_so(new_engine):
    for ask in (
        lambda: search(new_engine, "lung"),
        lambda: new_engine.match_pages("a", query=Word("a"), reader=PUBLIC_READER),
        lambda: new_engine.suggest("a", reader=PUBLIC_READER),
        new_engine.record_ids,
        new_engine.status,
        new_engine.check,
        lambda: new_engine.writer().__enter__(),
    ):
        with pytest.raises(IndexMissing, match="rebuild_index"):
            ask()


def test_an_empty_index_answers_with_nothing(engine):
    response = search(engine, "lung")

    no_values = dict.fromkeys(SearchRequest().facets, ())
    assert response == SearchResponse(total=0, facets=no_values, took_ms=response.took_ms)
    assert engine.suggest("lu", reader=PUBLIC_READER) == ()
    assert engine.record_ids() == frozenset()
    assert engine.check() == ()


def test_the_status_counts(engine):
    add(engine, document("a", passages=(page(1, "x"), page(2, "y"))), document("b"))

    status = engine.status()

    assert (status.records, status.passages) == (2, 2)
    assert status.size_bytes > 0
    assert status.segments >= 1
