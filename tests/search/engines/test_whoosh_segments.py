"""Whoosh: how segments are merged, cached and read."""

from types import SimpleNamespace

import numpy as np

from search.documents import Passage, SearchDocument, Text
from search.engines.whoosh.engine import WhooshEngine
from search.engines.whoosh.writing import SEGMENTS_PER_TIER, segments_to_merge
from search.queries import parse
from search.requests import SearchRequest


def segment(live: int, deleted: int = 0) -> SimpleNamespace:
    return SimpleNamespace(doc_count=lambda: live, deleted_count=lambda: deleted)


def document(record_id: str) -> SearchDocument:
    text = f"page of {record_id} " + " ".join(f"word{number}" for number in range(50))
    return SearchDocument(
        record_id, "publication", Text("Paper"), passages=tuple(Passage(1, "f", n, text) for n in range(1, 4))
    )


def test_a_full_tier_is_merged_and_a_big_segment_left_alone():
    small = [segment(10) for _ in range(SEGMENTS_PER_TIER)]
    big = [segment(5000), segment(90_000)]

    assert segments_to_merge([*big, *small]) == small
    assert segments_to_merge([*big, *small[1:]]) == []


def test_a_segment_of_mostly_deleted_entries_is_merged():
    worn = segment(10, deleted=11)

    assert segments_to_merge([segment(5000), worn, segment(10, deleted=9)]) == [worn]


def test_a_huge_segment_is_never_rewritten():
    assert segments_to_merge([segment(60_000, deleted=70_000) for _ in range(20)]) == []


def test_many_commits_keep_few_segments(tmp_path):
    engine = WhooshEngine(tmp_path / "index")
    with engine.rebuild(()):
        pass

    for number in range(40):
        with engine.writer() as writer:
            writer.add(document(f"r{number}"))

    assert engine.status().segments < 2 * SEGMENTS_PER_TIER
    assert engine.status().records == 40
    assert engine.status().passages == 120


def test_a_commit_leaves_what_is_known_of_other_segments(tmp_path):
    engine = WhooshEngine(tmp_path / "index")
    with engine.rebuild(document(f"r{number}") for number in range(10)):
        pass
    before = engine._snapshot().segments[0]

    with engine.writer() as writer:
        writer.add(document("new"))
        writer.delete("r3")

    assert engine._snapshot().segments[0] is before
    assert len(engine.record_ids()) == 10


def test_a_small_cache_changes_no_answer(tmp_path):
    engine = WhooshEngine(tmp_path / "index")
    with engine.rebuild(document(f"r{number}") for number in range(10)):
        pass
    tight = WhooshEngine(tmp_path / "index", cache_megabytes=0)
    request = SearchRequest(parse('page word* "word1 word2" wrod3~'))

    assert tight.search(request).hits == engine.search(request).hits
    assert tight._cache._bytes < 20_000


def test_postings_longer_than_a_block_are_read_whole(tmp_path):
    engine = WhooshEngine(tmp_path / "index")
    documents = (
        SearchDocument(f"r{number:04d}", "publication", Text("lung " * (1 + number % 3))) for number in range(1000)
    )
    with engine.rebuild(documents):
        pass

    postings = engine._snapshot().segments[0].postings("title_und", "lung")

    assert postings is not None
    assert np.array_equal(postings.documents, np.arange(1000))
    assert np.array_equal(postings.frequencies, 1 + np.arange(1000) % 3)
    assert len(postings.positions) == postings.frequencies.sum()
    assert engine.search(SearchRequest(parse("lung"))).total == 1000
    assert engine.search(SearchRequest(parse('"lung lung lung"'))).total == 333
