"""Transactions: documents in and out, and the commit that makes them visible in one step."""

import math
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import TOC, FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from search.documents import SearchDocument
from search.engines.whoosh.folder import (
    FileSum,
    manifest_path,
    read_manifest,
    remove_leftovers,
    replace_file,
    write_manifest,
)
from search.engines.whoosh.schema import entries, make_schema

INDEX_NAME = "MAIN"
# Segments of like size are merged when there are this many: an entry is rewritten once for each power of it.
SEGMENTS_PER_TIER = 6
# Bigger segments are left alone; one merge must not keep other writers waiting for minutes.
MAX_MERGED_ENTRIES = 50_000
POOL_MEGABYTES = 64


class ReadableSegment(Protocol):
    """What a transaction has to know about a segment that is there already."""

    def entries_of(self, record_id: str) -> list[int]: ...


def toc_name(commit: int) -> str:
    """The file name of the table of contents of a commit."""
    return f"_{INDEX_NAME}_{commit}.toc"


def create_index(generation: Path) -> None:
    """Write an empty first commit into the folder of a new generation."""
    _publish(generation, TOC(make_schema(), [], 0), {})


class Transaction:
    """Documents added to and deleted from one generation; nothing is visible before `commit`.

    segments: the segments of the last commit, by id, to find what is to be replaced.
    """

    def __init__(self, generation: Path, segments: Mapping[str, ReadableSegment]) -> None:
        self._generation = generation
        self._segments = segments
        self._writer = _Writer(FileIndex(FileStorage(str(generation)), indexname=INDEX_NAME))
        self._added: dict[str, range] = {}
        self.touched: set[str] = set()
        self.changed: frozenset[str] = frozenset()

    def add(self, document: SearchDocument) -> None:
        self.delete(document.id)
        first = self._writer.docnum
        for entry in entries(document):
            self._writer.add_document(**entry)
        self._added[document.id] = range(first, self._writer.docnum)

    def delete(self, record_id: str) -> None:
        self.touched.add(record_id)
        self._writer.withdrawn.update(self._added.pop(record_id, ()))
        for segment in self._writer.segments:
            known = self._segments.get(segment.segment_id())
            for entry in known.entries_of(record_id) if known else ():
                if not segment.is_deleted(entry):
                    segment.delete_document(entry)

    def commit(self) -> None:
        """Make all of it visible. The caller holds the writer's lock."""
        self._writer.commit(mergetype=_merge)
        sums = read_manifest(self._generation, self._writer.generation)
        commit = self._writer.generation
        remove_leftovers(self._generation, keep=(*sums, manifest_path(self._generation, commit).name))

    def cancel(self) -> None:
        """Forget all of it."""
        self._writer.cancel()


class Codec(W3Codec):
    """Whoosh's codec without lengths of fields: ours stand with the facts; looking for those took half the time."""

    length_stats = False


class _Writer(SegmentWriter):
    """Whoosh's writer with a commit of our own: sizes and checksums are written down before anything is visible."""

    def __init__(self, index: FileIndex) -> None:
        # Our own lock is held already; and several small files read faster than one that Whoosh copies into memory.
        super().__init__(index, _lk=False, limitmb=POOL_MEGABYTES, compound=False, codec=Codec())
        self.withdrawn: set[int] = set()
        """Entries of the new segment that were replaced or deleted in the same transaction."""

    def _commit_toc(self, segments: list[Any]) -> None:
        for entry in self.withdrawn:
            self.newsegment.delete_document(entry)
        segments = [segment for segment in segments if segment.doc_count()]
        generation = Path(self.storage.folder)
        known = read_manifest(generation, self.generation - 1)
        _publish(generation, TOC(self.schema, segments, self.generation), known)


def _publish(generation: Path, toc: TOC, known: Mapping[str, FileSum]) -> None:
    """Write the manifest, then the table of contents: with its renaming the commit is done."""
    memory = RamStorage()
    toc.write(memory, INDEX_NAME)
    content = memory.files[toc_name(toc.generation)]
    beginnings = tuple(f"{segment.segment_id()}." for segment in toc.segments)
    names = [path.name for path in generation.iterdir() if path.name.startswith(beginnings)] if beginnings else []
    sums = {name: known.get(name) or FileSum.of(generation / name, sync=True) for name in names}
    sums[toc_name(toc.generation)] = FileSum(len(content), zlib.crc32(content))
    write_manifest(generation, toc.generation, sums)
    replace_file(generation / toc_name(toc.generation), content)


def _merge(writer: SegmentWriter, segments: Iterable[Any]) -> list[Any]:
    """Rewrite into the new segment what should be merged; returns the segments that stay."""
    segments = list(segments)
    merged = segments_to_merge(segments)
    for segment in merged:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return [segment for segment in segments if segment not in merged]


def segments_to_merge(segments: list[Any]) -> list[Any]:
    """Tiers of like size that are full, and segments of which more than half is deleted."""
    tiers: dict[int, list[Any]] = {}
    chosen = []
    for segment in segments:
        count = segment.doc_count()
        if not 0 < count <= MAX_MERGED_ENTRIES:
            continue
        tiers.setdefault(int(math.log(count, SEGMENTS_PER_TIER)), []).append(segment)
        if segment.deleted_count() > count:
            chosen.append(segment)
    full = [segment for tier in tiers.values() if len(tier) >= SEGMENTS_PER_TIER for segment in tier]
    return full + [segment for segment in chosen if segment not in full]
