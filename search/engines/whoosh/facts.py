"""What a segment knows of its entries and records besides their words: one array for each thing known.

`FactTable` holds it on the way to a file, of new documents or of segments that are merged; `Facts` reads it back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search.engines.whoosh.arrays import Array, ArrayFile, ArrayWriter, Strings
from search.engines.whoosh.lexicon import LAST_CHARACTER
from search.engines.whoosh.rows import VALUE_FIELDS, ZONES
from search.engines.whoosh.schema import term_bytes, term_text, terms_bytes, terms_texts
from search.engines.whoosh.sorted_arrays import ranges

Numbers = NDArray[np.int32]
ENTRY_FACTS = ("record", "length", "file", "page", "audiences", "open_from")
"""record: the number, in this segment, of the record that an entry belongs to. file, page: 0 for metadata.
audiences: the number of a set of audiences. open_from: a day as a number, 0 for never."""
RECORD_FACTS = ("entry", "year", "issued", "available")
"""entry: the metadata entry; those of the passages follow it. Dates are numbers (see `rows`)."""

KnownName = tuple[str, str, str]
"""What a reader may be completing: (kind, text, key)."""


@dataclass
class ValueTable:
    """The values of one field: how many each record has, and their codes one record after the other."""

    counts: Numbers
    codes: Numbers
    labels: list[str]


@dataclass
class NameTable:
    """Names and titles, numbered, and the words in them."""

    names: list[KnownName]
    records: Array
    """Rows of a name and a record that has it, in order, each once."""
    words: list[str]
    """In order."""
    words_in_names: Array
    """Rows of a word and a name that it stands in, in order, each once."""


@dataclass
class FactTable:
    """The facts of a segment that is to be written."""

    entries: Mapping[str, Array]
    """By the names of ENTRY_FACTS."""
    records: Mapping[str, Array]
    """By the names of RECORD_FACTS."""
    audience_sets: list[frozenset[str]]
    ids: list[str]
    sort_titles: list[str]
    zones: Numbers
    """A row for each record: where each field of ZONES begins and ends in its metadata entry."""
    values: Mapping[str, ValueTable]
    names: NameTable


def write_facts(writer: ArrayWriter, table: FactTable) -> None:
    """Write all of it but the contents."""
    for name in ENTRY_FACTS:
        writer.add(f"entry.{name}", np.asarray(table.entries[name], np.int32))
    for name in RECORD_FACTS:
        writer.add(f"record.{name}", np.asarray(table.records[name], np.int32))
    writer.add("zones", np.asarray(table.zones, np.int32).reshape(-1))
    ids = terms_bytes(table.ids)
    writer.add_strings("ids", ids)
    writer.add("ids.order", np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int32))
    titles = terms_bytes(table.sort_titles)
    writer.add_strings("titles", titles)
    writer.add("titles.beginnings", np.frombuffer(b"".join(t[:8].ljust(8, b"\0") for t in titles), ">u8").astype("u8"))
    for field in VALUE_FIELDS:
        _write_values(writer, f"values.{field}", table.values[field])
    _write_names(writer, table.names)
    writer.notes["audience_sets"] = [sorted(audiences) for audiences in table.audience_sets]


def _write_values(writer: ArrayWriter, name: str, values: ValueTable) -> None:
    """Codes are written in the order of their labels."""
    labels = terms_bytes(values.labels)
    order = sorted(range(len(labels)), key=labels.__getitem__)
    ranks = np.empty(len(labels), np.int32)
    ranks[order] = np.arange(len(labels), dtype=np.int32)
    writer.add_strings(f"{name}.labels", [labels[code] for code in order])
    writer.add(f"{name}.starts", np.concatenate([[0], np.cumsum(values.counts)]).astype(np.int32))
    writer.add(f"{name}.codes", ranks[values.codes])


def _write_names(writer: ArrayWriter, table: NameTable) -> None:
    for part, column in zip(
        ("kinds", "texts", "keys"), zip(*table.names, strict=True) if table.names else ((), (), ()), strict=True
    ):
        writer.add_strings(f"names.{part}", terms_bytes(column))
    _write_grouped(writer, ("names.records.starts", "names.records"), table.records, count=len(table.names))
    writer.add_strings("names.words", terms_bytes(table.words))
    _write_grouped(writer, ("names.words.starts", "names.words.names"), table.words_in_names, count=len(table.words))


def _write_grouped(writer: ArrayWriter, names: tuple[str, str], pairs: Array, *, count: int) -> None:
    """Write pairs that are in order and of which the first numbers go up to `count`: where the second numbers of each
    begin, and those.
    """
    pairs = np.asarray(pairs, np.int32).reshape(-1, 2)
    starts, seconds = names
    writer.add(starts, np.searchsorted(pairs[:, 0], np.arange(count + 1)).astype(np.int32))
    writer.add(seconds, pairs[:, 1])


class Values:
    """The values of one field, by record, as codes of sorted labels."""

    def __init__(self, file: ArrayFile, field: str) -> None:
        self.labels: Strings = file.strings(f"values.{field}.labels")
        self.starts: Numbers = file[f"values.{field}.starts"]
        self.codes: Numbers = file[f"values.{field}.codes"]

    @cached_property
    def is_single(self) -> bool:
        """Whether every record has exactly one."""
        return bool(np.array_equal(self.starts, np.arange(len(self.starts), dtype=np.int32)))


class Names:
    """The names and titles in a segment, by the words in them."""

    def __init__(self, file: ArrayFile) -> None:
        self._file = file
        self._parts = [file.strings(f"names.{part}") for part in ("kinds", "texts", "keys")]
        self._words = file.strings("names.words")

    def __len__(self) -> int:
        return len(self._parts[0])

    def name(self, number: int) -> KnownName:
        """The name with this number."""
        kind, text, key = (term_text(part[number]) for part in self._parts)
        return kind, text, key

    def all(self) -> list[KnownName]:
        """Every name, by number."""
        kinds, texts, keys = (terms_texts(part.slice(0, len(part))) for part in self._parts)
        return list(zip(kinds, texts, keys, strict=True))

    def records(self, number: int) -> Numbers:
        """The records that have the name."""
        starts = self._file["names.records.starts"]
        return self._file["names.records"][starts[number] : starts[number + 1]]

    def most_used(self, numbers: Numbers, most: int) -> Numbers:
        """Of these names, at most so many of each kind: those that most records have."""
        if len(numbers) <= most:
            return numbers
        counts = np.diff(self._file["names.records.starts"])
        kept = []
        for kind in np.unique(self._kinds[numbers]):
            alike = numbers[self._kinds[numbers] == kind]
            kept.append(alike[np.argsort(-counts[alike], kind="stable")[:most]])
        return np.sort(np.concatenate(kept))

    @cached_property
    def _kinds(self) -> Array:
        return np.unique(self._parts[0].slice(0, len(self)), return_inverse=True)[1]

    def table(self) -> NameTable:
        """All of it, as it was written."""
        words = terms_texts(self._words.slice(0, len(self._words)))
        return NameTable(
            names=self.all(),
            records=self._pairs("names.records.starts", "names.records"),
            words=words,
            words_in_names=self._pairs("names.words.starts", "names.words.names"),
        )

    def _pairs(self, starts: str, seconds: str) -> Array:
        counts = np.diff(self._file[starts])
        owners = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        return np.stack([owners, self._file[seconds]], axis=1)

    def with_word_beginning(self, prefix: str) -> Numbers:
        """The names in which a word begins so, each once, in order."""
        first = self._words.bisect(term_bytes(prefix))
        last = self._words.bisect(term_bytes(prefix + LAST_CHARACTER))
        starts = self._file["names.words.starts"]
        return np.unique(self._file["names.words.names"][starts[first] : starts[last]])


class Facts:
    """The facts of a segment, read back."""

    def __init__(self, file: ArrayFile) -> None:
        self._file = file
        self.entries: dict[str, Numbers] = {name: file[f"entry.{name}"] for name in ENTRY_FACTS}
        self.records: dict[str, Numbers] = {name: file[f"record.{name}"] for name in RECORD_FACTS}
        self.audience_sets = [frozenset(audiences) for audiences in file.notes["audience_sets"]]
        self.ids: Strings = file.strings("ids")
        self.titles: Strings = file.strings("titles")
        self._contents: Strings = file.strings("contents")
        self.title_beginnings: Array = file["titles.beginnings"]
        self.zones: Array = file["zones"].reshape(len(self.ids), 2 * len(ZONES))
        self.values = {field: Values(file, field) for field in VALUE_FIELDS}
        self.names = Names(file)
        self.has_passages = len(self.entries["record"]) > len(self.ids)

    def records_with_id(self, record_id: str) -> list[int]:
        """The records with this id: two where it was added twice in one transaction, the later one last."""
        wanted = term_bytes(record_id)
        order = self._file["ids.order"]
        low, high = 0, len(order)
        while low < high:
            middle = (low + high) // 2
            if self.ids[order[middle]] < wanted:
                low = middle + 1
            else:
                high = middle
        found = []
        while low < len(order) and self.ids[order[low]] == wanted:
            found.append(int(order[low]))
            low += 1
        return sorted(found)

    def entries_of(self, records: Iterable[int]) -> list[int]:
        """The entries of these records: of each its metadata, then its passages."""
        firsts = self.records["entry"]
        ends = np.append(firsts[1:], len(self.entries["record"]))
        wanted = np.fromiter(records, np.int64)
        return ranges(firsts[wanted], ends[wanted] - firsts[wanted]).tolist()

    def all_ids(self) -> list[str]:
        """The ids of all records, by number."""
        return terms_texts(self.ids.slice(0, len(self.ids)))

    def all_titles(self) -> list[str]:
        """The titles as sorted by, by number."""
        return terms_texts(self.titles.slice(0, len(self.titles)))

    def all_labels(self, field: str) -> list[str]:
        """The values that a field has, by code."""
        labels = self.values[field].labels
        return terms_texts(labels.slice(0, len(labels)))

    def content(self, entry: int) -> bytes:
        """What was kept of an entry, packed."""
        return self._contents[entry]
