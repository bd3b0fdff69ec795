"""Transactions: documents in and out, and the commit that makes them visible in one step."""

import math
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from whoosh.codec.whoosh3 import W3Segment
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import TOC

from search.documents import SearchDocument
from search.engines.whoosh.building import SegmentBuilder
from search.engines.whoosh.codec import FACTS, WORDS, ArrayCodec
from search.engines.whoosh.folder import (
    FileSum,
    manifest_path,
    read_manifest,
    remove_leftovers,
    replace_file,
    write_manifest,
)
from search.engines.whoosh.merging import merge_segments
from search.engines.whoosh.schema import make_schema
from search.engines.whoosh.segments import Segment

INDEX_NAME = "MAIN"
MEMORY_BYTES = 200 << 20
"""A segment is written when the documents in memory would take so much to write."""
MOST_SPELLINGS = 400_000
"""So many spellings at most are kept from one segment to the next: with what is known of their words, 230 MB."""
MOST_CHARACTERS = 20 * MOST_SPELLINGS
SEGMENTS_PER_TIER = 6
"""Segments of like size are merged when there are this many: an entry is rewritten once for each power of it."""
MAX_QUICK_ENTRIES = 2_000
"""A commit merges segments only up to this size: some tens of milliseconds. Bigger ones wait for `merge`."""


def toc_name(commit: int) -> str:
    """The file name of the table of contents of a commit."""
    return f"_{INDEX_NAME}_{commit}.toc"


def read_toc(generation: Path, commit: int) -> TOC:
    """The table of contents of a commit."""
    return TOC.read(FileStorage(str(generation), supports_mmap=False), INDEX_NAME, gen=commit)


def latest_commit_number(generation: Path) -> int | None:
    """The number of the newest commit in the folder of a generation; None if there is none."""
    return max(_commit_numbers(generation), default=None)


def _commit_numbers(generation: Path) -> list[int]:
    return [
        int(name.removeprefix(f"_{INDEX_NAME}_").removesuffix(".toc"))
        for name in (path.name for path in generation.iterdir())
        if name.startswith(f"_{INDEX_NAME}_") and name.endswith(".toc")
    ]


def create_index(generation: Path) -> None:
    """Write an empty first commit into the folder of a new generation."""
    publish(generation, [], commit=0)


def new_segment() -> W3Segment:
    """A segment that has no files yet, with a name that no other has."""
    return W3Segment(ArrayCodec(), INDEX_NAME)


class NewSegments:
    """Documents on their way into one folder: a segment is written whenever memory is full.

    other_words: words that other segments have; Dutch compounds are made of such.
    """

    def __init__(self, folder: Path, *, other_words: Iterable[frozenset[str]] = ()) -> None:
        self._folder = folder
        self._other_words = tuple(other_words)
        self._builder = SegmentBuilder()
        self._current = new_segment()
        self._places: dict[str, tuple[W3Segment, range]] = {}
        self.written: list[W3Segment] = []

    def has(self, record_id: str) -> bool:
        """Whether a document with this id was added."""
        return record_id in self._places

    def add(self, document: SearchDocument) -> None:
        """Take a document in, in place of one with its id."""
        self.delete(document.id)
        self._places[document.id] = (self._current, self._builder.add(document))
        if self._builder.size_bytes > MEMORY_BYTES:
            self.flush()

    def delete(self, record_id: str) -> None:
        """Take back what was added under this id."""
        if place := self._places.pop(record_id, None):
            segment, entries = place
            for entry in entries:
                segment.delete_document(entry)

    def flush(self) -> None:
        """Write what is in memory as a segment."""
        if self._builder.entry_count:
            self._current.set_doc_count(self._builder.entry_count)
            self._builder.write(
                self._folder / self._current.make_filename(WORDS),
                self._folder / self._current.make_filename(FACTS),
                is_known=lambda word: any(word in words for words in self._other_words),
            )
            self.written.append(self._current)
        spellings = self._builder.spellings
        is_small = len(spellings) <= MOST_SPELLINGS and spellings.characters <= MOST_CHARACTERS
        self._builder = SegmentBuilder(spellings if is_small else None)
        self._current = new_segment()


class Transaction:
    """Documents added to and deleted from one generation; nothing is visible before `commit`.

    known: the opened segments of the last commit, by id, to find what is to be replaced.
    """

    def __init__(self, generation: Path, known: Mapping[str, Segment]) -> None:
        self._generation = generation
        self._known = known
        self._commit = latest_commit_number(generation) or 0
        self._old: list[W3Segment] = list(read_toc(generation, self._commit).segments)
        self._new = NewSegments(generation, other_words=(segment.compound_words for segment in known.values()))
        self.touched: set[str] = set()
        self.changed: frozenset[str] = frozenset()

    def add(self, document: SearchDocument) -> None:
        self.delete(document.id)
        self._new.add(document)

    def delete(self, record_id: str) -> None:
        self.touched.add(record_id)
        self._new.delete(record_id)
        for segment in self._old:
            for entry in self._known[segment.segment_id()].entries_of(record_id):
                if not segment.is_deleted(entry):
                    segment.delete_document(entry)

    def commit(self) -> None:
        """Make all of it visible. The caller holds the writer's lock."""
        self._new.flush()
        segments = [segment for segment in (*self._old, *self._new.written) if segment.doc_count()]
        chosen = segments_to_merge(segments, most=MAX_QUICK_ENTRIES)
        if chosen:
            others = [segment for segment in segments if segment not in chosen]
            merged = merge(self._generation, chosen, others=others, known=self._known)
            segments = [*others, merged]
        publish(self._generation, segments, commit=self._commit + 1)
        remove_others(self._generation, self._commit + 1)


def merge(
    folder: Path,
    segments: Sequence[W3Segment],
    *,
    others: Sequence[W3Segment],
    known: Mapping[str, Segment],
    into: Path | None = None,
) -> W3Segment:
    """Write these segments of a folder as one, beside the others; into another folder, if one is named."""

    def opened(meta: W3Segment) -> Segment:
        return known.get(meta.segment_id()) or Segment(folder, meta)

    chosen = [(opened(meta), meta) for meta in segments]
    return merge_segments(into or folder, chosen, new_segment(), others=[opened(meta) for meta in others])


def publish(generation: Path, segments: Sequence[W3Segment], *, commit: int) -> None:
    """Write the manifest, then the table of contents: with its renaming the commit is done."""
    known = read_manifest(generation, commit - 1) if commit else {}
    memory = RamStorage()
    TOC(make_schema(), list(segments), commit).write(memory, INDEX_NAME)
    content = memory.files[toc_name(commit)]
    names = [segment.make_filename(ending) for segment in segments for ending in (WORDS, FACTS)]
    sums = {name: known.get(name) or FileSum.of(generation / name) for name in names}
    sums[toc_name(commit)] = FileSum(len(content), zlib.crc32(content))
    write_manifest(generation, commit, sums)
    replace_file(generation / toc_name(commit), content)


def remove_others(generation: Path, commit: int) -> None:
    """Remove every file that a commit does not name. The caller holds the writer's lock."""
    keep = (*read_manifest(generation, commit), manifest_path(generation, commit).name)
    # The older first: see `Commit.is_latest`.
    for number in sorted(_commit_numbers(generation)):
        if number != commit:
            (generation / toc_name(number)).unlink(missing_ok=True)
    remove_leftovers(generation, keep=keep)


def segments_to_merge(segments: Iterable[Any], *, most: int | None = None) -> list[Any]:
    """Tiers of like size that are full, and segments of which more than half is deleted; up to `most` entries each."""
    tiers: dict[int, list[Any]] = {}
    worn = []
    for segment in segments:
        count = segment.doc_count()
        if not count or (most is not None and count > most):
            continue
        tiers.setdefault(int(math.log(count, SEGMENTS_PER_TIER)), []).append(segment)
        if segment.deleted_count() > count:
            worn.append(segment)
    full = [segment for tier in tiers.values() if len(tier) >= SEGMENTS_PER_TIER for segment in tier]
    return full + [segment for segment in worn if segment not in full]
