"""Whoosh: how segments are written, merged and read back."""

import gc
import sys
import threading
import time
import weakref
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.documents import Name, Passage, SearchDocument, Text
from search.engines.whoosh import rebuilding, writing
from search.engines.whoosh.arrays import ArrayFile, ArrayWriter, ranges, stable_order
from search.engines.whoosh.engine import WhooshEngine
from search.engines.whoosh.folder import IndexFolder
from search.engines.whoosh.labels import LabelBook
from search.engines.whoosh.lexicon import signatures
from search.engines.whoosh.results import answer
from search.engines.whoosh.writing import SEGMENTS_PER_TIER, segments_to_merge
from search.errors import IndexMissing, SearchError
from search.queries import parse
from search.requests import FacetCount, Reader, SearchRequest, SearchResponse, Sort


def segment(live: int, deleted: int = 0) -> SimpleNamespace:
    return SimpleNamespace(doc_count=lambda: live, deleted_count=lambda: deleted)


def document(record_id: str, title: str = "Paper", **values) -> SearchDocument:
    text = f"page of {record_id} low-dose " + " ".join(f"word{number}" for number in range(50))
    passages = tuple(Passage(1, "f", n, f"{text} sheet{n}", "en") for n in range(1, 4))
    values = {"topics": (Name("Imaging", "imaging"),), "year": 2000 + len(record_id), **values}
    return SearchDocument(record_id, "publication", Text(title, "en"), passages=passages, **values)


def new_engine(path, documents=()) -> WhooshEngine:
    engine = WhooshEngine(path)
    with engine.rebuild(documents):
        pass
    return engine


QUESTIONS = [
    "",
    "page",
    "word1 word2 sheet2",
    '"word1 word2"',
    '"low dose word0"',
    "title:paper",
    "topic:imaging AND NOT sheet9",
    "wor* AND papr~",
    "he?rt OR pap*r",
    "year:2002-2003",
    "r7",
]


def answers(engine: WhooshEngine) -> list[SearchResponse]:
    """What an engine answers to every question, without the time it took."""
    requests = [SearchRequest(parse(q), sort=sort, page_size=100) for q in QUESTIONS for sort in Sort]
    return [
        SearchResponse(r.total, r.hits, r.facets, r.page_total)
        for r in (engine.search(request) for request in requests)
    ]


# Arrays ------------------------------------------------------------------------------------------------------


def test_arrays_and_tables_are_read_back_as_written(tmp_path):
    with ArrayWriter(tmp_path / "a") as writer:
        writer.add("small", np.array([1, 2, 3], np.uint16))
        slot = writer.reserve("parts", np.int32, 10)
        writer.add_strings("words", [b"", b"arm", b"lung"])
        slot.append(np.array([7, 8], np.int32))
        slot.append(np.array([9], np.int32))
        writer.notes["audiences"] = ["public"]

    file = ArrayFile(tmp_path / "a")

    assert file["small"].tolist() == [1, 2, 3]
    assert file["parts"].tolist() == [7, 8, 9]
    assert file.read("parts", 1, 3).tolist() == [8, 9]
    assert file.strings("words").slice(0, 3) == [b"", b"arm", b"lung"]
    assert [file.strings("words").find(word) for word in (b"", b"arm", b"leg", b"zzz")] == [0, 1, -1, -1]
    assert file.notes == {"audiences": ["public"]}


def test_a_file_that_was_not_finished_is_no_file_of_arrays(tmp_path):
    with pytest.raises(ZeroDivisionError), ArrayWriter(tmp_path / "a") as writer:
        writer.add("small", np.array([1, 2, 3], np.uint16))
        raise ZeroDivisionError

    with pytest.raises(ValueError):
        ArrayFile(tmp_path / "a")


def test_more_than_there_is_room_for_is_refused(tmp_path):
    with ArrayWriter(tmp_path / "a") as writer:
        slot = writer.reserve("parts", np.int32, 1)

        with pytest.raises(ValueError):
            slot.append(np.array([1, 2], np.int32))


@given(st.lists(st.one_of(st.integers(0, 2**32 - 1), st.sampled_from([0, 1, 65535, 65536, 2**32 - 1]))))
def test_numbers_are_put_in_order_and_equal_ones_left_in_theirs(numbers):
    keys = np.array(numbers, np.uint32)

    assert stable_order(keys).tolist() == sorted(range(len(numbers)), key=numbers.__getitem__)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5))), st.sampled_from([np.int32, np.int64]))
def test_ranges_follow_each_other(pairs, dtype):
    starts = np.array([start for start, _ in pairs], dtype)
    lengths = np.array([length for _, length in pairs], np.uint16)

    assert ranges(starts, lengths).tolist() == [n for start, length in pairs for n in range(start, start + length)]


@given(st.text("abcde1é", min_size=1, max_size=12), st.data())
def test_words_an_edit_apart_differ_in_two_letters_at_most(word, data):
    place = data.draw(st.integers(0, len(word) - 1))
    other = data.draw(
        st.sampled_from(
            [
                word[:place] + word[place + 1 :],
                word[:place] + "x" + word[place:],
                word[:place] + "x" + word[place + 1 :],
            ]
        )
    )

    one, two = signatures([word, other])

    assert np.bitwise_count(one ^ two) <= 2


# Merging -----------------------------------------------------------------------------------------------------


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


# Labels ------------------------------------------------------------------------------------------------------


def test_a_label_that_came_with_a_later_commit_is_in_no_record_of_an_earlier_one(tmp_path):
    engine = new_engine(tmp_path / "index", [document("without", topics=()), document("with")])
    before = engine._snapshot().view(Reader())
    request = SearchRequest(filters={"topic": ("later",)})
    assert answer(before, request).total == 0

    with engine.writer() as writer:
        writer.add(document("later", topics=(Name("Later", "later"),)))

    assert engine.search(request).total == 1
    assert answer(before, request).total == 0
    assert answer(before, SearchRequest()).facets["topic"] == (FacetCount("imaging", 1),)


def test_labels_are_forgotten_while_other_threads_number_them(tmp_path):
    segments = new_engine(tmp_path / "index", [document("r")])._snapshot().segments
    names = [f"field{number}" for number in range(400)]
    book = LabelBook(names)
    segments[0].facts.values |= dict.fromkeys(names, segments[0].facts.values["topic"])
    problems: list[Exception] = []
    is_done = threading.Event()

    def forget() -> None:
        try:
            while not is_done.is_set():
                book.forget(segments)
        except RuntimeError as error:
            problems.append(error)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=forget) for _ in range(2)]
        for thread in threads:
            thread.start()
        for name in names:
            book.join(name, segments)
    finally:
        is_done.set()
        for thread in threads:
            thread.join()
        sys.setswitchinterval(interval)

    assert problems == []


# Rebuilding --------------------------------------------------------------------------------------------------


@pytest.fixture
def helpers(monkeypatch) -> list[rebuilding._Helper]:
    """The helping processes that are started, which they are for a few documents already, on any machine."""
    monkeypatch.setattr(rebuilding, "ALONE_ENTRIES", 40)
    monkeypatch.setattr(rebuilding, "BATCH_SIZE", 5)
    monkeypatch.setattr(rebuilding.os, "sched_getaffinity", lambda pid: {0, 1})
    found: list[rebuilding._Helper] = []
    make = rebuilding._Helper.__init__
    monkeypatch.setattr(rebuilding._Helper, "__init__", lambda self, path: found.append(self) or make(self, path))
    return found


def until_helped(documents, helpers):
    """Documents one by one; those after the twentieth come when the helper waits for them."""
    for number, item in enumerate(documents):
        while number == 20 and not helpers[0]._is_waiting():
            time.sleep(0.01)
        yield item


def test_two_processes_build_the_same_index_as_one(tmp_path, helpers):
    documents = [document(f"r{number % 170}", f"Paper {number}") for number in range(200)]
    alone = new_engine(tmp_path / "alone", documents[:10])
    assert not helpers
    alone = new_engine(tmp_path / "alone", documents)
    helpers.clear()

    together = new_engine(tmp_path / "together", until_helped(documents, helpers))

    assert helpers[0]._ids
    assert together.status().records == 170
    assert together.status().segments == 1
    assert answers(together) == answers(alone)


def test_a_helper_that_dies_ends_the_rebuild_and_leaves_the_old_index(tmp_path, helpers):
    engine = new_engine(tmp_path / "index", [document("old")])

    def documents():
        yield from until_helped((document(f"r{number}") for number in range(100)), helpers)
        helpers[0]._process.kill()

    with pytest.raises(SearchError, match="run it again"), engine.rebuild(documents()):
        pass

    assert engine.record_ids() == {"old"}
    with engine.rebuild([document("new")]):
        pass
    assert engine.record_ids() == {"new"}


def test_a_rebuild_that_is_stopped_after_its_switch_has_happened(tmp_path, monkeypatch):
    engine = new_engine(tmp_path / "index", [document("old")])
    switch_to = IndexFolder.switch_to

    def switch_and_stop(folder, generation):
        switch_to(folder, generation)
        raise KeyboardInterrupt

    monkeypatch.setattr(IndexFolder, "switch_to", switch_and_stop)

    with pytest.raises(KeyboardInterrupt), engine.rebuild([document("new")]):
        pass

    assert engine.record_ids() == {"new"}
    assert WhooshEngine(tmp_path / "index").record_ids() == {"new"}


def test_an_index_of_another_version_asks_to_be_made_anew(tmp_path):
    engine = new_engine(tmp_path / "index", [document("old")])
    old = engine.folder.current()
    old.rename(old.with_name("20250101T000000-1"))
    (tmp_path / "index" / "current").write_text("20250101T000000-1")

    with pytest.raises(IndexMissing, match="another version of the hub"):
        engine.search(SearchRequest())
    with engine.rebuild([document("new")]):
        pass
    assert engine.record_ids() == {"new"}


def test_a_word_that_stands_everywhere_is_counted_everywhere(tmp_path):
    documents = (
        SearchDocument(f"r{number:04d}", "publication", Text("lung " * (1 + number % 3))) for number in range(1000)
    )

    engine = new_engine(tmp_path / "index", documents)

    assert engine.search(SearchRequest(parse("lung"))).total == 1000
    assert engine.search(SearchRequest(parse('"lung lung lung"'))).total == 333
    assert "lung" in [suggestion.text for suggestion in engine.suggest("lun", reader=Reader())]


def test_long_spellings_are_not_kept_for_the_next_segment(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "MEMORY_BYTES", 1)
    monkeypatch.setattr(writing, "MOST_CHARACTERS", 1000)
    segments = writing.NewSegments(tmp_path)

    segments.add(document("1", "Short words"))
    kept = len(segments._builder.spellings)
    segments.add(document("2", "A" * 2000))

    assert kept > 0
    assert len(segments._builder.spellings) == 0


WRITTEN_TWICE = ["Verslagen van scans", "Low-dose scans of lungs", "Longscans bij kinderen", "Imaging the lung again"]


@pytest.mark.parametrize("most", [0, 1_000], ids=["spellings forgotten", "spellings kept"])
def test_segments_made_into_one_have_the_words_of_one_that_was_written_whole(tmp_path, monkeypatch, most):
    documents = [
        document(str(number), title, abstracts=(Text(f"{title} {number}", "nl" if number % 2 else "en"),))
        for number, title in enumerate(WRITTEN_TWICE * 2)
    ]
    whole = new_engine(tmp_path / "whole", documents)
    monkeypatch.setattr(writing, "MEMORY_BYTES", 1)
    monkeypatch.setattr(writing, "MOST_SPELLINGS", most)
    parts = new_engine(tmp_path / "parts", documents)

    def tables(engine: WhooshEngine) -> dict[str, list[tuple[int, str]]]:
        (segment,) = engine._read(lambda snapshot: snapshot.segments)
        return {
            name: sorted(zip(table.digests.tolist(), field.lexicon.texts(table.words.tolist()), strict=True))
            for name, field in segment.fields.items()
            if field.lexicon.analyzer and field.lexicon.analyzer.stems
            for table in [field.lexicon.key_table()]
        }

    assert tables(parts) == tables(whole)
    assert any(tables(whole).values())
    assert answers(parts) == answers(whole)
