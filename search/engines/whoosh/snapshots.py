"""The index as one commit left it, over all segments, and as one reader may see it."""

import os
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.analysis import Analyzer
from search.engines.whoosh.arrays import Array
from search.engines.whoosh.facts import ENTRY_FACTS, RECORD_FACTS
from search.engines.whoosh.folder import FileSum, check_sizes, damage, find_damage, read_manifest
from search.engines.whoosh.labels import FieldValues, LabelBook
from search.engines.whoosh.merging import live_entries
from search.engines.whoosh.schema import term_text
from search.engines.whoosh.segments import Segment
from search.engines.whoosh.writing import latest_commit_number, read_toc, toc_name
from search.errors import IndexDamaged
from search.queries import Query
from search.requests import Reader

Mask = NDArray[np.bool_]
Scores = NDArray[np.float32]

K1 = 1.5
B = 0.6
MAX_VIEWS = 16


class Snapshot:
    """One commit: segments side by side, entries and records numbered through. Nothing in it changes."""

    def __init__(
        self, commit: "Commit", segments: list[Segment], is_live: list[Mask], labels: LabelBook, *, size_bytes: int
    ) -> None:
        self.generation = commit.generation
        self.commit = commit.number
        self.segments = segments
        self.labels = labels
        self.size_bytes = size_bytes
        facts = [segment.facts for segment in segments]
        self.entry_bases = _bases([segment.count for segment in segments])
        self.record_bases = _bases([len(fact.ids) for fact in facts])
        self.record_count = sum(len(fact.ids) for fact in facts)
        entries = {name: _join([fact.entries[name] for fact in facts]) for name in ENTRY_FACTS}
        records = {name: _join([fact.records[name] for fact in facts]) for name in RECORD_FACTS}
        self.record_of = _shifted([fact.entries["record"] for fact in facts], self.record_bases)
        self.lengths, self.files, self.pages = entries["length"], entries["file"], entries["page"]
        self.open_from = entries["open_from"]
        self.metadata_entries = _shifted([fact.records["entry"] for fact in facts], self.entry_bases)
        self.is_passage: Mask = np.ones(len(self.record_of), np.bool_)
        self.is_passage[self.metadata_entries] = False
        self.years, self.issued, self.available = records["year"], records["issued"], records["available"]
        self.live_entries: Mask = np.concatenate([np.zeros(0, np.bool_), *is_live])
        self.live_records: Mask = self.live_entries[self.metadata_entries]
        self.live_count = int(self.live_records.sum())
        self.is_flat = len(self.record_of) == self.record_count
        """Whether no record has passages: then entries and records have the same numbers."""
        self._views: dict[tuple[frozenset[str], date], View] = {}
        self._values: dict[str, FieldValues] = {}
        self._lock = Lock()

    def values(self, field: str) -> FieldValues:
        """The values of a field."""
        found = self._values.get(field)
        if found is None:
            found = self._values[field] = self.labels.join(field, self.segments)
        return found

    @cached_property
    def title_beginnings(self) -> Array:
        """The first letters of the title of each record, as a number that sorts like them."""
        return np.concatenate([np.zeros(0, np.uint64), *(s.facts.title_beginnings for s in self.segments)])

    @cached_property
    def entry_ends(self) -> Array:
        """For each record, the number after that of its last entry."""
        return np.append(self.metadata_entries[1:], len(self.record_of)).astype(np.int64)

    def number_of(self, record_id: str) -> int | None:
        """The number of a record; None if it is not in the index."""
        for segment, base in zip(self.segments, self.record_bases, strict=True):
            for record in segment.facts.records_with_id(record_id):
                if self.live_records[base + record]:
                    return base + record
        return None

    def record_id(self, record: int) -> str:
        """The id of a record."""
        segment, local = self._segment_of(record, self.record_bases)
        return term_text(segment.facts.ids[local])

    def sort_title(self, record: int) -> bytes:
        """What a record is sorted by among titles."""
        segment, local = self._segment_of(record, self.record_bases)
        return segment.facts.titles[local]

    def record_ids(self) -> frozenset[str]:
        """The id of every record in the index."""
        ids = [record_id for segment in self.segments for record_id in segment.facts.all_ids()]
        return frozenset(ids[number] for number in np.flatnonzero(self.live_records).tolist())

    def content(self, entry: int) -> dict[str, Any]:
        """What was kept of an entry: texts as they were."""
        segment, local = self._segment_of(entry, self.entry_bases)
        return segment.content(local)

    def _segment_of(self, number: int, bases: list[int]) -> tuple[Segment, int]:
        index = bisect_right(bases, number) - 1
        # An empty segment begins where the next one does.
        return self.segments[index], number - bases[index]

    def has_word(self, word: str, analyzer: Analyzer) -> bool:
        """Whether a word stands in any text of this analyzer."""
        return any(word in segment.field(analyzer).lexicon for segment in self.segments)

    def view(self, reader: Reader) -> "View":
        """The snapshot as this reader may see it."""
        key = (reader.audiences, reader.today)
        with self._lock:
            # The last used goes to the end; the first goes when there are too many.
            view = self._views.pop(key, None) or View(self, reader)
            self._views[key] = view
            while len(self._views) > MAX_VIEWS:
                del self._views[next(iter(self._views))]
        return view

    def forget_views(self) -> None:
        """Let go of what readers saw: views and snapshot hold each other, and would both stay long after their time."""
        with self._lock:
            self._views.clear()


class View:
    """What one reader may see of a snapshot: every number that a score or a count needs comes from here."""

    def __init__(self, snapshot: Snapshot, reader: Reader) -> None:
        self.snapshot = snapshot
        self.reader = reader
        self.today = reader.today.toordinal()
        self.readable: Mask = snapshot.live_entries & (~snapshot.is_passage | self._may_read(reader))
        self.reads_all = bool(self.readable.all())
        self.entry_lengths = np.where(self.readable, snapshot.lengths, 0)
        self.lengths = self._record_lengths()
        self.norms = _norms(self.lengths, snapshot.live_records)
        self.evaluated: tuple[Query, Any] | None = None
        """The last query with what was found (`results.evaluate`); threads overwrite it as a whole."""

    def _record_lengths(self) -> Array:
        if self.snapshot.is_flat:
            return self.entry_lengths
        return np.bincount(self.snapshot.record_of, weights=self.entry_lengths, minlength=self.snapshot.record_count)

    def _may_read(self, reader: Reader) -> Mask:
        """Whether each entry is for one of the reader's audiences, or for everybody since a day that has come."""
        snapshot = self.snapshot
        allowed = [np.zeros(0, np.bool_)]
        for segment in snapshot.segments:
            facts = segment.facts
            sets = np.array([not reader.audiences.isdisjoint(audiences) for audiences in facts.audience_sets], np.bool_)
            allowed.append(sets[facts.entries["audiences"]])
        is_open = (snapshot.open_from > 0) & (snapshot.open_from <= self.today)
        found: Mask = np.concatenate(allowed) | is_open
        return found

    @cached_property
    def entry_norms(self) -> Scores:
        """The same as `norms` for each entry, metadata or page, among all of them."""
        return _norms(self.entry_lengths, self.readable)

    @cached_property
    def page_norms(self) -> Scores:
        """The same as `norms` for each page by itself."""
        return _norms(self.entry_lengths, self.readable & self.snapshot.is_passage)


@dataclass(frozen=True)
class Commit:
    """Which commit of which generation: what a reader compares to notice a new one."""

    generation: Path
    number: int

    def is_latest(self) -> bool:
        """Whether there is no newer commit in the folder: asked before every search, and so by two looks at most.

        Commits are numbered without gaps, and of those that are replaced the older goes first: while a commit is there
        and the next is not, there was none after it.
        """
        own, following = self._tables
        return not os.path.exists(following) and os.path.exists(own)  # noqa: PTH110 (a third of what `Path` takes)

    @cached_property
    def _tables(self) -> tuple[str, str]:
        return str(self.generation / toc_name(self.number)), str(self.generation / toc_name(self.number + 1))


def latest_commit(generation: Path) -> Commit | None:
    """The newest commit in the folder of a generation; None if there is none."""
    number = latest_commit_number(generation)
    return None if number is None else Commit(generation, number)


def open_snapshot(commit: Commit, *, known: Mapping[str, Segment], labels: LabelBook) -> Snapshot:
    """Read a commit, with those of its segments that are `known` already.

    The files of a segment are read to their end and compared with their checksums the first time: what is damaged is
    not searched. Raises IndexDamaged, or FileNotFoundError where a file is gone, which may only mean that there is a
    newer commit.
    """
    sums = read_manifest(commit.generation, commit.number)
    check_sizes(commit.generation, sums)
    _check_sums(commit.generation, sums, known)
    try:
        toc = read_toc(commit.generation, commit.number)
        segments = [known.get(meta.segment_id()) or Segment(commit.generation, meta) for meta in toc.segments]
    except FileNotFoundError:
        raise
    except Exception as error:
        sentences = find_damage(commit.generation, sums)
        if not sentences:
            raise
        raise IndexDamaged(sentences[0]) from error
    labels.forget(segments)
    is_live = [live_entries(meta) for meta in toc.segments]
    return Snapshot(commit, segments, is_live, labels, size_bytes=sum(item.size_bytes for item in sums.values()))


def _check_sums(generation: Path, sums: Mapping[str, FileSum], known: Mapping[str, Segment]) -> None:
    for name, expected in sums.items():
        if name.split(".")[0] not in known and FileSum.of(generation / name) != expected:
            raise IndexDamaged(damage(generation / name, "does not read back as it was written"))


def _bases(counts: list[int]) -> list[int]:
    """Where each part begins when they are numbered through."""
    return [sum(counts[:index]) for index in range(len(counts))]


def _join(arrays: list[Array]) -> Array:
    return np.concatenate(arrays) if arrays else np.zeros(0, np.int32)


def _shifted(arrays: list[Array], bases: list[int]) -> Array:
    return _join([array + np.int32(base) for array, base in zip(arrays, bases, strict=True)])


def _norms(lengths: Array, counted: Mask) -> Scores:
    """What BM25 adds to a frequency: more for what is longer than the average."""
    average = lengths[counted].mean() if counted.any() else 1.0
    norms: Scores = (K1 * (1 - B + B * lengths / max(average, 1.0))).astype(np.float32)
    return norms
