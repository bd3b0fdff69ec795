"""Whoosh: how segments are written and merged."""

import gc
import weakref
from types import SimpleNamespace

from search.documents import Name, SearchDocument
from search.engines.whoosh import writing
from search.engines.whoosh.engine import WhooshEngine
from search.engines.whoosh.segments import Segment
from search.engines.whoosh.writing import SEGMENTS_PER_TIER, merge, read_toc, segments_to_merge
from search.queries import parse
from search.requests import SearchRequest
from tests.search.engines.papers import answers, document, new_engine


def segment(live: int, deleted: int = 0) -> SimpleNamespace:
    return SimpleNamespace(doc_count=lambda: live, deleted_count=lambda: deleted)


def test_a_full_tier_is_merged_and_other_sizes_left_alone():
    small = [segment(10) for _ in range(SEGMENTS_PER_TIER)]
    big = [segment(5000), segment(90_000)]

    assert segments_to_merge([*big, *small]) == small
    assert segments_to_merge([*big, *small[1:]]) == []


def test_a_segment_of_mostly_deleted_entries_is_merged():
    worn = segment(10, deleted=11)

    assert segments_to_merge([segment(5000), worn, segment(10, deleted=9)]) == [worn]


def test_a_commit_leaves_big_segments_to_a_merge_of_their_own():
    big = [segment(60_000) for _ in range(SEGMENTS_PER_TIER)]

    assert segments_to_merge(big, most=2000) == []
    assert segments_to_merge(big) == big


def test_many_commits_keep_few_segments(tmp_path):
    engine = new_engine(tmp_path / "index")

    for number in range(40):
        with engine.writer() as writer:
            writer.add(document(f"r{number}"))

    assert engine.status().segments < 2 * SEGMENTS_PER_TIER
    assert engine.status().records == 40
    assert engine.status().passages == 120
    assert answers(engine) == answers(new_engine(tmp_path / "anew", [document(f"r{n}") for n in range(40)]))


def test_names_of_merged_segments_are_those_of_one_written_whole(tmp_path):
    def named(number: int) -> SearchDocument:
        people = (Name(f"Ada Person{number % 7}", f"p{number % 7}"), Name(f"Only Of{number}", f"q{number}"))
        return document(f"r{number}", f"Title number{number} of many", creators=people)

    engine = new_engine(tmp_path / "index", [named(number) for number in range(20)])
    for first in (20, 30):
        with engine.writer() as writer:
            writer.delete(f"r{first - 20}")
            writer.delete(f"r{first - 13}")
            for number in range(first, first + 10):
                writer.add(named(number))
    snapshot = engine._snapshot()
    segments = read_toc(snapshot.generation, snapshot.commit).segments
    merged = Segment(tmp_path, merge(snapshot.generation, segments, others=(), known={}, into=tmp_path))
    kept = [named(number) for number in range(40) if number not in (0, 7, 10, 17)]
    (whole,) = new_engine(tmp_path / "whole", kept)._snapshot().segments

    assert len(segments) == 3
    assert names_in(merged) == names_in(whole)


def names_in(segment: Segment) -> tuple[list, list]:
    """Names with the records that have them, and words with the names that they stand in."""
    table, ids = segment.facts.names.table(), segment.facts.all_ids()
    return (
        sorted((table.names[name], ids[record]) for name, record in table.records.tolist()),
        sorted((table.words[word], table.names[name]) for word, name in table.words_in_names.tolist()),
    )


def test_a_commit_leaves_what_is_known_of_other_segments(tmp_path):
    engine = new_engine(tmp_path / "index", [document(f"r{number}") for number in range(10)])
    before = engine._snapshot().segments[0]

    with engine.writer() as writer:
        writer.add(document("new"))
        writer.delete("r3")

    assert engine._snapshot().segments[0] is before
    assert len(engine.record_ids()) == 10


def test_a_commit_that_was_replaced_does_not_wait_for_the_garbage_collector(tmp_path):
    engine = new_engine(tmp_path / "index", [document("r")])
    engine.search(SearchRequest(parse("page")))
    before = weakref.ref(engine._snapshot())

    gc.disable()
    try:
        with engine.writer() as writer:
            writer.add(document("new"))
        engine.search(SearchRequest(parse("page")))

        assert before() is None
    finally:
        gc.enable()


def test_memory_that_is_full_is_written_in_the_middle_of_a_transaction(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "MEMORY_BYTES", 20_000)
    monkeypatch.setattr(writing, "MAX_QUICK_ENTRIES", 0)
    engine = new_engine(tmp_path / "index")

    with engine.writer() as writer:
        for number in range(30):
            writer.add(document(f"r{number}", "Draft"))
        for number in range(0, 30, 3):
            writer.add(document(f"r{number}"))
        for number in range(1, 30, 3):
            writer.delete(f"r{number}")
        for number in range(2, 30, 3):
            writer.add(document(f"r{number}"))

    truth = [document(f"r{number}") for number in range(30) if number % 3 != 1]
    assert engine.status().segments > 3
    assert answers(engine) == answers(new_engine(tmp_path / "anew", truth))


def test_a_merge_beside_the_writer_keeps_what_was_deleted_meanwhile(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "MAX_QUICK_ENTRIES", 0)
    engine = new_engine(tmp_path / "index")
    for number in range(SEGMENTS_PER_TIER):
        with engine.writer() as writer:
            for letter in "rst":
                writer.add(document(f"{letter}{number}"))
    with engine.writer() as writer:
        for number in range(SEGMENTS_PER_TIER):
            writer.delete(f"s{number}")
    merge = writing.merge

    def merge_slowly(*arguments, **options):
        merged = merge(*arguments, **options)
        with engine.writer() as writer:
            writer.delete("r1")
            writer.add(document("r2", "Other paper"))
        return merged

    monkeypatch.setattr("search.engines.whoosh.engine.merge", merge_slowly)

    assert engine.merge() == SEGMENTS_PER_TIER

    kept = {f"{letter}{number}" for letter in "rt" for number in range(SEGMENTS_PER_TIER)} - {"r1", "r2"}
    truth = [document("r2", "Other paper"), *(document(record_id) for record_id in kept)]
    assert engine.status().segments == 2
    assert answers(engine) == answers(new_engine(tmp_path / "anew", truth))
    assert engine.check() == ()
    assert engine.merge() == 0


def test_a_merge_that_a_rebuild_overtakes_changes_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "MAX_QUICK_ENTRIES", 0)
    engine = new_engine(tmp_path / "index")
    for number in range(SEGMENTS_PER_TIER):
        with engine.writer() as writer:
            writer.add(document(f"r{number}"))
    merge = writing.merge

    def merge_slowly(*arguments, **options):
        merged = merge(*arguments, **options)
        with engine.rebuild([document("new")]):
            pass
        return merged

    monkeypatch.setattr("search.engines.whoosh.engine.merge", merge_slowly)

    assert engine.merge() == 0
    assert engine.record_ids() == {"new"}


def test_a_merge_whose_segments_a_commit_takes_away_changes_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "MAX_QUICK_ENTRIES", 0)
    engine = new_engine(tmp_path / "index")
    for number in range(SEGMENTS_PER_TIER):
        with engine.writer() as writer:
            writer.add(document(f"r{number}"))
    merge = writing.merge

    def merge_late(*arguments, **options):
        monkeypatch.setattr(writing, "MAX_QUICK_ENTRIES", 2000)
        with WhooshEngine(tmp_path / "index").writer() as writer:
            writer.add(document("new"))
        return merge(*arguments, **options)

    monkeypatch.setattr("search.engines.whoosh.engine.merge", merge_late)

    assert engine.merge() == 0
    assert len(engine.record_ids()) == SEGMENTS_PER_TIER + 1
    assert engine.check() == ()
    assert not (engine.folder.current() / "merging").exists()


def test_what_a_killed_merge_left_is_removed_though_nothing_is_due_any_more(tmp_path):
    engine = new_engine(tmp_path / "index", [document("r")])
    left = engine.folder.current() / "merging"
    left.mkdir()
    (left / "half.words").write_bytes(b"half")

    assert engine.merge() == 0
    assert not left.exists()
