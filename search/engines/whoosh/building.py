"""Documents in memory on their way to a segment."""

from array import array
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.analysis import IsWord
from search.documents import Passage, SearchDocument
from search.engines.whoosh.arrays import ArrayWriter
from search.engines.whoosh.columns import ValueColumns
from search.engines.whoosh.facts import FactTable, KnownName, NameTable, write_facts
from search.engines.whoosh.inverting import Inverter
from search.engines.whoosh.lexicon import write_words
from search.engines.whoosh.postings import Occurrences, write_postings
from search.engines.whoosh.rows import (
    ZONES,
    available_number,
    completable_names,
    identifiers,
    issued_number,
    metadata_content,
    passage_content,
    searched_texts,
)
from search.engines.whoosh.schema import IDENTIFIERS
from search.engines.whoosh.sorted_arrays import distinct_pairs
from search.engines.whoosh.spellings import Spellings
from search.engines.whoosh.texts import Placement, Texts, as_numpy

# What a spelling that was read, a new one and an entry cost at most when the segment is written; texts as they are
# mostly take two thirds of it (measured). A spelling may be many words in a row without spaces, so a text costs no less
# than by its characters.
_BYTES_A_SPELLING = 56
_BYTES_A_CHARACTER = 9
_BYTES_A_NEW_SPELLING = 400
_BYTES_AN_ENTRY = 400

_ENTRY_COLUMNS = ("record", "file", "page", "audiences", "open_from")
_RECORD_COLUMNS = ("entry", "year", "issued", "available")
_ZONE_PLACES = {zone: 2 * number for number, zone in enumerate(ZONES)}


class SegmentBuilder:
    """Takes documents in and writes them as one segment. `spellings`: those that another has read before it."""

    def __init__(self, spellings: Spellings | None = None) -> None:
        self.spellings = Spellings() if spellings is None else spellings
        self._known_before = len(self.spellings)
        self._texts = Texts(self.spellings)
        self._placement = Placement(self._texts)
        self._entries = array("i")
        """By entry and column of _ENTRY_COLUMNS."""
        self._records = array("i")
        """By record and column of _RECORD_COLUMNS."""
        self._audience_sets: dict[frozenset[str], int] = {}
        self._ids: list[str] = []
        self._titles = array("i")
        """By record, the text that it is sorted by."""
        self._zones = array("i")
        """By record and field of ZONES, the first place of its texts and the one after the last."""
        self._values = ValueColumns()
        self._names: dict[KnownName, int] = {}
        self._name_texts = array("i")
        self._names_of_records = array("i")
        """Pairs of a name and a record that has it."""
        self._identifiers: dict[str, list[int]] = {}
        self._contents: list[bytes] = []
        self._content_bytes = 0

    @property
    def entry_count(self) -> int:
        """How many entries were taken in."""
        return len(self._contents)

    @property
    def record_count(self) -> int:
        """How many records were taken in."""
        return len(self._ids)

    @property
    def size_bytes(self) -> int:
        """About how much memory writing this would take, beside the spellings that were known before."""
        new = len(self.spellings) - self._known_before
        return (
            self._content_bytes
            + max(self._placement.spellings * _BYTES_A_SPELLING, self._placement.characters * _BYTES_A_CHARACTER)
            + new * _BYTES_A_NEW_SPELLING
            + len(self._contents) * _BYTES_AN_ENTRY
        )

    def add(self, document: SearchDocument) -> range:
        """Take a document in; returns the numbers of its entries."""
        first = self.entry_count
        self._add_metadata(document)
        for passage in document.passages:
            self._add_passage(passage)
        return range(first, self.entry_count)

    def _add_metadata(self, document: SearchDocument) -> None:
        record, entry = self.record_count, self.entry_count
        zones = [0] * (2 * len(ZONES))
        for field, texts, weight in searched_texts(document):
            first = len(self._placement)
            numbers = [self._texts.add(text.value) for text in texts]
            for time in range(weight):
                for number, text in zip(numbers, texts, strict=True):
                    self._placement.add(entry, number, text.language)
                if (zone := _ZONE_PLACES.get(field)) is not None and not time:
                    zones[zone : zone + 2] = first, len(self._placement)
        self._zones.extend(zones)
        self._add_entry(metadata_content(document), record=record)
        self._add_record(document, record, entry)

    def _add_record(self, document: SearchDocument, record: int, entry: int) -> None:
        self._ids.append(document.id)
        self._titles.append(self._texts.add(document.title.value))
        self._records.extend((entry, document.year or 0, issued_number(document), available_number(document)))
        self._values.add(document)
        for name in completable_names(document):
            if (number := self._names.get(name)) is None:
                number = self._names[name] = len(self._names)
                _, text, _ = name
                self._name_texts.append(self._texts.add(text))
            self._names_of_records.extend((number, record))
        for identifier in identifiers(document):
            self._identifiers.setdefault(identifier, []).append(entry)

    def _add_passage(self, passage: Passage) -> None:
        for text in (passage.text, passage.raw_words):
            if text:
                self._placement.add(self.entry_count, self._texts.add(text), passage.language)
        self._add_entry(
            passage_content(passage),
            record=self.record_count - 1,
            file=passage.file,
            page=passage.page,
            audiences=frozenset(passage.audiences),
            open_from=passage.open_from.toordinal() if passage.open_from else 0,
        )

    def _add_entry(
        self,
        content: bytes,
        *,
        record: int,
        file: int = 0,
        page: int = 0,
        audiences: frozenset[str] = frozenset(),
        open_from: int = 0,
    ) -> None:
        audience = self._audience_sets.setdefault(audiences, len(self._audience_sets))
        self._entries.extend((record, file, page, audience, open_from))
        self._contents.append(content)
        self._content_bytes += len(content)

    def write(self, words_path: Path, facts_path: Path, *, is_known: IsWord) -> None:
        """Write the segment. `is_known`: whether another segment has a word; Dutch compounds are made of such."""
        self._texts.read_all()
        self.spellings.learn()
        inverted = Inverter(self.spellings, self._texts, self._placement, entry_count=self.entry_count)
        with ArrayWriter(words_path) as writer:
            lengths = inverted.write(writer, is_known=is_known)
            self._write_identifiers(writer)
        with ArrayWriter(facts_path) as writer:
            write_facts(writer, self._fact_table(inverted, lengths))
            writer.add_strings("contents", self._contents)

    def _write_identifiers(self, writer: ArrayWriter) -> None:
        ordered = sorted(self._identifiers)
        write_words(writer, IDENTIFIERS, ordered)
        entries = np.array([entry for i in ordered for entry in self._identifiers[i]], np.int32)
        counts = [len(self._identifiers[identifier]) for identifier in ordered]
        owners = np.repeat(np.arange(len(ordered), dtype=np.int32), np.array(counts, np.int64))
        write_postings(
            writer, IDENTIFIERS, Occurrences(owners, entries, np.zeros_like(entries)), word_count=len(ordered)
        )

    def _fact_table(self, inverted: Inverter, lengths: NDArray[np.int64]) -> FactTable:
        return FactTable(
            entries={**_columns(self._entries, _ENTRY_COLUMNS), "length": lengths},
            records=_columns(self._records, _RECORD_COLUMNS),
            audience_sets=list(self._audience_sets),
            ids=self._ids,
            sort_titles=self._sort_titles(),
            zones=inverted.zone_positions(as_numpy(self._zones).reshape(-1, 2)).reshape(
                self.record_count, 2 * len(ZONES)
            ),
            values=self._values.tables(),
            names=self._name_table(),
        )

    def _sort_titles(self) -> list[str]:
        """The titles as they are sorted by: their words, without case and accents."""
        titles = as_numpy(self._titles)
        return self.spellings.lines(self._texts.lengths(titles), self._texts.spellings_of(titles))

    def _name_table(self) -> NameTable:
        texts = as_numpy(self._name_texts)
        counts, words, _ = self.spellings.words_in(self._texts.spellings_of(texts))
        names = np.repeat(np.repeat(np.arange(len(texts)), self._texts.lengths(texts)), counts)
        ordered, places = self.spellings.sort(words)
        return NameTable(
            names=list(self._names),
            records=distinct_pairs(*as_numpy(self._names_of_records).reshape(-1, 2).T),
            words=[self.spellings.words()[word] for word in ordered.tolist()],
            words_in_names=distinct_pairs(places, names),
        )


def _columns(rows: "array[int]", names: Sequence[str]) -> dict[str, NDArray[np.int32]]:
    """A table that was written row by row, by the name of its columns."""
    return dict(zip(names, as_numpy(rows).reshape(-1, len(names)).T, strict=True))
