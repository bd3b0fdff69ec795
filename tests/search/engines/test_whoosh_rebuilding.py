"""Whoosh: an index made anew, by one process or two, in one segment or many."""

import time

import pytest

from search.documents import SearchDocument, Text
from search.engines.whoosh import rebuilding, writing
from search.engines.whoosh.engine import WhooshEngine
from search.engines.whoosh.folder import IndexFolder
from search.errors import IndexMissing, SearchError
from search.queries import parse
from search.requests import Reader, SearchRequest
from tests.search.engines.papers import answers, document, new_engine


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
            if field.lexicon.analyzer and field.lexicon.analyzer.keys_of
            for table in [field.lexicon.key_table()]
        }

    assert tables(parts) == tables(whole)
    assert any(tables(whole).values())
    assert answers(parts) == answers(whole)
