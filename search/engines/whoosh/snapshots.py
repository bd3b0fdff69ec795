"""The index as one commit left it, over all segments, and as one reader may see it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.index import TOC

from search.engines.whoosh.folder import check_sizes, find_damage, read_manifest
from search.engines.whoosh.postings import Integers, MappedStorage, PostingsCache
from search.engines.whoosh.segments import VALUE_FIELDS, Facts, Segment, Values
from search.engines.whoosh.writing import INDEX_NAME
from search.errors import IndexDamaged
from search.requests import Reader

Mask = NDArray[np.bool_]
Scores = NDArray[np.float64]

K1 = 1.5
B = 0.6
MAX_VIEWS = 16


class Snapshot:
    """One commit: segments side by side, entries and records numbered through. Nothing in it changes."""

    def __init__(self, generation: Path, commit: int, segments: list[Segment], deleted: list[frozenset[int]]) -> None:
        self.generation = generation
        self.commit = commit
        self.segments = segments
        facts = [segment.facts for segment in segments]
        self.entry_bases = _bases([segment.count for segment in segments])
        self.record_bases = _bases([len(fact.record_ids) for fact in facts])
        self.record_ids = [record_id for fact in facts for record_id in fact.record_ids]
        self.record_of = self._joined(facts, lambda fact, base: fact.record_of + base)
        self.lengths = self._joined(facts, lambda fact, _: fact.lengths)
        self.is_passage = self._joined(facts, lambda fact, _: fact.is_passage.astype(np.int64)).astype(np.bool_)
        self.files = self._joined(facts, lambda fact, _: fact.files)
        self.pages = self._joined(facts, lambda fact, _: fact.pages)
        self.open_from = self._joined(facts, lambda fact, _: fact.open_from)
        self.years = self._joined(facts, lambda fact, _: fact.years)
        self.issued = self._joined(facts, lambda fact, _: fact.issued)
        self.available = self._joined(facts, lambda fact, _: fact.available)
        self.live_entries = _live_entries(segments, deleted)
        self.live_records = np.zeros(len(self.record_ids), np.bool_)
        self.live_records[self.record_of[self.live_entries]] = True
        self._views: dict[tuple[frozenset[str], date], View] = {}
        self._lock = Lock()

    def _joined(self, facts: list[Facts], read: Callable[[Facts, int], Integers]) -> Integers:
        arrays = [read(fact, base) for fact, base in zip(facts, self.record_bases, strict=True)]
        return np.concatenate(arrays) if arrays else np.zeros(0, np.int64)

    @cached_property
    def number_of(self) -> dict[str, int]:
        """The number of each record in the index, by id."""
        return {self.record_ids[number]: number for number in np.flatnonzero(self.live_records).tolist()}

    @cached_property
    def values(self) -> dict[str, Values]:
        """The values of each field over all segments."""
        return {field: self._join_values(field) for field in VALUE_FIELDS}

    def _join_values(self, field: str) -> Values:
        labels: dict[str, int] = {}
        records, codes = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for segment, base in zip(self.segments, self.record_bases, strict=True):
            values = segment.facts.values[field]
            numbers = np.array([labels.setdefault(label, len(labels)) for label in values.labels], np.int64)
            records.append(values.records + base)
            codes.append(numbers[values.codes])
        return Values(np.concatenate(records), np.concatenate(codes), tuple(labels))

    @cached_property
    def title_ranks(self) -> Integers:
        """The place of each record when sorted by title, then id."""
        titles = [title for segment in self.segments for title in segment.facts.sort_titles]
        order = sorted(range(len(titles)), key=lambda number: (titles[number], self.record_ids[number]))
        return _ranks(np.array(order, np.int64))

    @cached_property
    def newest_ranks(self) -> Integers:
        """The place of each record when sorted by date, the newest first, then by title and id."""
        return _ranks(np.lexsort((self.title_ranks, -self.issued)))

    def segment_of(self, entry: int) -> tuple[Segment, int]:
        """The segment that holds an entry, and the entry's number there."""
        index = int(np.searchsorted(self.entry_bases, entry, side="right")) - 1
        return self.segments[index], entry - self.entry_bases[index]

    def content(self, entry: int) -> dict[str, Any]:
        segment, local = self.segment_of(entry)
        return segment.content(local)

    def metadata_entry(self, record: int) -> int:
        index = int(np.searchsorted(self.record_bases, record, side="right")) - 1
        local = record - self.record_bases[index]
        return int(self.segments[index].facts.metadata_entries[local]) + self.entry_bases[index]

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


class View:
    """What one reader may see of a snapshot: every number that a score or a count needs comes from here."""

    def __init__(self, snapshot: Snapshot, reader: Reader) -> None:
        self.snapshot = snapshot
        self.today = reader.today.toordinal()
        self.readable = snapshot.live_entries & (~snapshot.is_passage | self._may_read(reader))
        lengths = np.where(self.readable, snapshot.lengths, 0)
        self.entry_lengths = lengths
        self.lengths = np.bincount(snapshot.record_of, weights=lengths, minlength=len(snapshot.record_ids))
        self.records = int(snapshot.live_records.sum())
        self.norms = _norms(self.lengths, snapshot.live_records)

    def _may_read(self, reader: Reader) -> Mask:
        """Whether each entry is for one of the reader's audiences, or for everybody since a day that has come."""
        snapshot = self.snapshot
        allowed = [np.zeros(0, np.bool_)]
        for segment in snapshot.segments:
            facts = segment.facts
            sets = np.array([not reader.audiences.isdisjoint(audiences) for audiences in facts.audience_sets], np.bool_)
            allowed.append(sets[facts.audiences])
        is_open = (snapshot.open_from > 0) & (snapshot.open_from <= self.today)
        return np.concatenate(allowed) | is_open

    @cached_property
    def page_norms(self) -> Scores:
        """The same as `norms` for each page by itself."""
        return _norms(self.entry_lengths, self.readable & self.snapshot.is_passage)


@dataclass(frozen=True)
class Commit:
    """Which commit of which generation: what a reader compares to notice a new one."""

    generation: Path
    number: int


def latest_commit(generation: Path) -> Commit | None:
    """The newest commit in the folder of a generation; None if there is none."""
    numbers = [
        int(name.removeprefix(f"_{INDEX_NAME}_").removesuffix(".toc"))
        for name in (path.name for path in generation.iterdir())
        if name.startswith(f"_{INDEX_NAME}_") and name.endswith(".toc")
    ]
    return Commit(generation, max(numbers)) if numbers else None


def open_snapshot(commit: Commit, *, known: Mapping[str, Segment], cache: PostingsCache) -> Snapshot:
    """Read a commit, with those of its segments that are `known` already.

    Raises IndexDamaged, or FileNotFoundError where a file is gone, which may only mean that there is a newer commit.
    """
    sums = read_manifest(commit.generation, commit.number)
    check_sizes(commit.generation, sums)
    storage = MappedStorage(str(commit.generation))
    try:
        toc = TOC.read(storage, INDEX_NAME, gen=commit.number)
        segments = [
            known.get(segment.segment_id()) or Segment(storage, toc.schema, segment, cache) for segment in toc.segments
        ]
    except FileNotFoundError:
        raise
    except Exception as error:
        sentences = find_damage(commit.generation, sums)
        if not sentences:
            raise
        raise IndexDamaged(sentences[0]) from error
    deleted = [frozenset(segment.deleted_docs()) for segment in toc.segments]
    return Snapshot(commit.generation, commit.number, segments, deleted)


def _bases(counts: list[int]) -> list[int]:
    """Where each part begins when they are numbered through."""
    return [sum(counts[:index]) for index in range(len(counts))]


def _live_entries(segments: list[Segment], deleted: list[frozenset[int]]) -> Mask:
    masks = [np.zeros(0, np.bool_)]
    for segment, gone in zip(segments, deleted, strict=True):
        mask = np.ones(segment.count, np.bool_)
        mask[list(gone)] = False
        masks.append(mask)
    return np.concatenate(masks)


def _ranks(order: Integers) -> Integers:
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    return ranks


def _norms(lengths: Scores | Integers, counted: Mask) -> Scores:
    """What BM25 adds to a frequency: more for what is longer than the average."""
    average = lengths[counted].mean() if counted.any() else 1.0
    return K1 * (1 - B + B * lengths / max(average, 1.0))
