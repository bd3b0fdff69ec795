"""One segment of an index, read back: postings, words, facts about its entries, and their contents.

A segment never changes once it is written (only which of its entries are deleted does, and that stands in the table
of contents), so whatever is worked out here is kept until the segment is merged away.
"""

import json
import struct
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from threading import RLock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import STORED_COLUMN
from whoosh.columns import VarBytesColumn
from whoosh.reading import SegmentReader

from search.analysis import Analyzer
from search.analysis.tokens import tokenize
from search.documents import FIELDS
from search.engines.whoosh.postings import Integers, MappedStorage, Postings, PostingsCache
from search.engines.whoosh.schema import words_field

VALUE_FIELDS: tuple[str, ...] = tuple(field.name for field in FIELDS if field.filter or field.facet)
MAX_KEYWORDS = 1000
LAST_CHARACTER = "\U0010ffff"
_KEY_AND_DATA_LENGTHS = struct.Struct("!II")
_DOCUMENT_COUNT = struct.Struct("!I")
_FLAGS_AND_WEIGHT_BYTES = 5
_FIELD_ID = struct.Struct("!H")


@dataclass(frozen=True)
class Values:
    """The values of one field: pairs of a record and the number of its value in `labels`."""

    records: Integers
    codes: Integers
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """What matching has to know about entries (metadata and passages) and records, as arrays."""

    record_of: Integers
    """The number, in this segment, of the record that an entry belongs to."""
    lengths: Integers
    is_passage: NDArray[np.bool_]
    files: Integers
    pages: Integers
    audiences: Integers
    """The number of each entry's set of audiences in `audience_sets`."""
    audience_sets: tuple[frozenset[str], ...]
    open_from: Integers
    """A day as a number; 0 for never."""
    record_ids: tuple[str, ...]
    metadata_entries: Integers
    """By record, its metadata entry."""
    years: Integers
    issued: Integers
    available: Integers
    sort_titles: tuple[str, ...]
    values: dict[str, Values]


@dataclass(frozen=True)
class Vocabulary:
    """The words of one analyzer in a segment, in order, and in how many entries each occurs."""

    words: list[str]
    counts: Integers
    by_key: dict[str, list[str]]
    """The forms that share a key of the analyzer."""

    def beginning_with(self, prefix: str) -> range:
        """The words with this beginning, as indexes."""
        return range(bisect_left(self.words, prefix), bisect_left(self.words, prefix + LAST_CHARACTER))


@dataclass(frozen=True)
class KnownName:
    """A name or title as (kind, text, key), its words, and the records that have it."""

    name: tuple[str, str, str]
    words: tuple[str, ...]
    records: list[int]


@dataclass(frozen=True)
class Names:
    """The names and titles in a segment."""

    names: list[KnownName]
    words: list[tuple[str, int]]
    """Each word with the index of a name, in order."""


class Segment:
    """One segment; threads may share it."""

    def __init__(self, storage: MappedStorage, schema: Any, segment: Any, cache: PostingsCache) -> None:
        self.id: str = segment.segment_id()
        self.count: int = segment.doc_count_all()
        self._reader = SegmentReader(storage, schema, segment)
        self._terms = self._reader._terms
        self._cache = cache
        self._lock = RLock()
        self._vocabularies: dict[str, Vocabulary] = {}
        # Opened now: once the segment is merged away, its files are gone.
        self._names = self._column("names", VarBytesColumn())
        self._contents = self._column("_stored", STORED_COLUMN)
        self.facts = _read_facts([json.loads(row) for row in self._column("facts", VarBytesColumn())])

    def _column(self, name: str, column: Any) -> Any:
        return self._reader._perdoc.column_reader(name, column)

    def postings(self, field: str, term: str) -> Postings | None:
        return self._cache.get(self.id, self._terms, field, term)

    def content(self, entry: int) -> dict[str, Any]:
        """What was stored with an entry: texts as they were."""
        content: dict[str, Any] = self._contents[entry]["content"]
        return content

    def entries_of(self, record_id: str) -> list[int]:
        """The entries of a record, deleted ones too."""
        postings = self.postings("record", record_id)
        return [] if postings is None else postings.documents.tolist()

    @cached_property
    def names(self) -> "Names":
        """What a reader may be completing, by the words in it."""
        return _read_names([json.loads(self._names[entry]) for entry in self.facts.metadata_entries.tolist()])

    @cached_property
    def keywords(self) -> list[str]:
        """The identifiers of the records, in order."""
        return [keyword for keyword, _ in _read_terms(self._terms, "doi")]

    def keywords_beginning(self, prefix: str) -> list[str]:
        start, end = bisect_left(self.keywords, prefix), bisect_left(self.keywords, prefix + LAST_CHARACTER)
        return self.keywords[start : min(end, start + MAX_KEYWORDS)]

    def forms(self, term: str, *, analyzer: Analyzer) -> list[str]:
        """The words of this segment that are forms of this one, in this analyzer's texts."""
        vocabulary = self.vocabulary(analyzer)
        return sorted({word for key in analyzer.keys(term) for word in vocabulary.by_key.get(key, ())})

    def vocabulary(self, analyzer: Analyzer) -> Vocabulary:
        with self._lock:
            if analyzer.name not in self._vocabularies:
                self._vocabularies[analyzer.name] = self._read_vocabulary(analyzer)
            return self._vocabularies[analyzer.name]

    def _read_vocabulary(self, analyzer: Analyzer) -> Vocabulary:
        words: list[str] = []
        counts: list[int] = []
        for word, count in _read_terms(self._terms, words_field("", analyzer.name)):
            words.append(word)
            counts.append(count)
        by_key: dict[str, list[str]] = {}
        for word in words:
            for key in analyzer.keys(word):
                by_key.setdefault(key, []).append(word)
        return Vocabulary(words, np.array(counts, np.int64), by_key)


def _read_terms(terms: Any, field: str) -> list[tuple[str, int]]:
    """The terms of a field and in how many entries each occurs, in order, without an object for each."""
    table = terms._tindex
    field_id = terms._fieldmap.get(field)
    if field_id is None:
        return []
    beginning = _FIELD_ID.pack(field_id)
    position = table.closest_key_pos(beginning)
    if position is None:
        return []
    data = table.dbfile.get(position, table.endofdata - position)
    found = []
    at = 0
    while at < len(data):
        key_length, value_length = _KEY_AND_DATA_LENGTHS.unpack_from(data, at)
        key_at = at + _KEY_AND_DATA_LENGTHS.size
        value_at = key_at + key_length
        if data[key_at : key_at + 2] != beginning:
            break
        count = _DOCUMENT_COUNT.unpack_from(data, value_at + _FLAGS_AND_WEIGHT_BYTES)[0]
        found.append((data[key_at + 2 : value_at].decode("utf-8", "surrogatepass"), count))
        at = value_at + value_length
    return found


def _read_facts(rows: list[dict[str, Any]]) -> Facts:
    """The facts of a segment from the JSON of its entries."""
    metadata = [(entry, row) for entry, row in enumerate(rows) if "values" in row]
    # Two versions of a record may stand in one segment when it was added twice in a transaction; the entries between
    # one metadata entry and the next belong together.
    starts = np.array([entry for entry, _ in metadata], np.int64)
    audience_sets: dict[frozenset[str], int] = {}
    audiences = [audience_sets.setdefault(frozenset(row.get("audiences", ())), len(audience_sets)) for row in rows]
    return Facts(
        record_of=np.searchsorted(starts, np.arange(len(rows)), side="right") - 1,
        lengths=_numbers(rows, "length"),
        is_passage=np.array(["page" in row for row in rows], np.bool_),
        files=_numbers(rows, "file"),
        pages=_numbers(rows, "page"),
        audiences=np.array(audiences, np.int64),
        audience_sets=tuple(audience_sets),
        open_from=_numbers(rows, "open_from"),
        record_ids=tuple(row["record"] for _, row in metadata),
        metadata_entries=starts,
        years=np.array([row["year"] or 0 for _, row in metadata], np.int64),
        issued=np.array([row["issued"] for _, row in metadata], np.int64),
        available=np.array([row["available"] for _, row in metadata], np.int64),
        sort_titles=tuple(row["sort_title"] for _, row in metadata),
        values={field: _read_values([row["values"].get(field, []) for _, row in metadata]) for field in VALUE_FIELDS},
    )


def _read_names(rows: list[list[list[str]]]) -> Names:
    records: dict[tuple[str, str, str], list[int]] = {}
    for record, row in enumerate(rows):
        for kind, text, key in row:
            records.setdefault((kind, text, key), []).append(record)
    names = [
        KnownName(name, tuple(token.term for token in tokenize(name[1])), numbers) for name, numbers in records.items()
    ]
    return Names(names, sorted({(word, index) for index, name in enumerate(names) for word in name.words}))


def _numbers(rows: list[dict[str, Any]], name: str) -> Integers:
    return np.array([row.get(name, 0) for row in rows], np.int64)


def _read_values(values: list[list[str]]) -> Values:
    labels: dict[str, int] = {}
    pairs = [(record, labels.setdefault(value, len(labels))) for record, row in enumerate(values) for value in row]
    records, codes = np.array(pairs, np.int64).reshape(-1, 2).T
    return Values(records, codes, tuple(labels))
