"""Documents in memory on their way to a segment.

Reading a text costs a regular expression and one look into a dictionary for each word; what that dictionary does not
know yet is taken apart once. Positions, frequencies and the order of postings are worked out with numpy when the
segment is written.
"""

from array import array
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.analysis import ANALYZERS, get_analyzer
from search.analysis.tokens import fold, is_plain, pieces, take_apart, width_of
from search.documents import FIELDS, Passage, SearchDocument, Text
from search.engines.whoosh.arrays import ArrayWriter, distinct, ranges
from search.engines.whoosh.facts import FactTable, KnownName, ValueTable, write_facts
from search.engines.whoosh.lexicon import KnownKeys, write_lexicon
from search.engines.whoosh.postings import Occurrences, write_postings
from search.engines.whoosh.rows import (
    POSITION_GAP,
    VALUE_FIELDS,
    ZONES,
    available_number,
    completable_names,
    identifiers,
    issued_number,
    metadata_content,
    passage_content,
    sort_title,
    values,
    zoned_texts,
)
from search.engines.whoosh.schema import IDENTIFIERS, words_field

# What a piece read, a spelling known and an entry cost at the worst moment, when the segment is written (measured).
_BYTES_A_PIECE = 56
_BYTES_A_SPELLING = 400
_BYTES_AN_ENTRY = 400

IsKnown = Callable[[str], bool]
_ANALYZER_NUMBERS = {analyzer.name: number for number, analyzer in enumerate(ANALYZERS)}
_VALUE_FIELDS = [field for field in FIELDS if field.name in VALUE_FIELDS]


class Spellings(dict[str, int]):
    """The pieces of text that were read, numbered, and the words that each stands for.

    Segments that are written one after the other share them: half of what a segment reads was read for the last one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.words: dict[str, int] = {}
        self.starts = array("i", [0])
        """Where the words of each spelling begin in the two arrays below."""
        self.word_numbers = array("i")
        self.offsets = array("i")
        self.widths = array("i")
        self.known_keys = {analyzer.name: KnownKeys(analyzer) for analyzer in ANALYZERS if analyzer.stems}

    def __missing__(self, piece: str) -> int:
        words = self.words
        if is_plain(piece):
            self.word_numbers.append(words.setdefault(fold(piece), len(words)))
            self.offsets.append(0)
            self.widths.append(1)
        else:
            tokens = take_apart(piece)
            for term, position, _, _, _ in tokens:
                self.word_numbers.append(words.setdefault(term, len(words)))
                self.offsets.append(position)
            self.widths.append(width_of(tokens))
        self.starts.append(len(self.word_numbers))
        number = self[piece] = len(self)
        return number


class _Texts:
    """The texts that were read, in order: of which entry, for which analyzer, and the spellings in them."""

    def __init__(self, spellings: Spellings) -> None:
        self.spellings = spellings
        self.entries = array("i")
        self.analyzers = array("b")
        self.lengths = array("i")
        self.read = [array("i") for _ in ANALYZERS]
        """By analyzer, the spellings of its texts one after the other."""

    def add(self, entry: int, text: Text, weight: int = 1) -> None:
        analyzer = _ANALYZER_NUMBERS[get_analyzer(text.language).name]
        spellings = self.spellings
        numbers = array("i", [spellings[piece] for piece in pieces(text.value)])
        for _ in range(weight):
            self.entries.append(entry)
            self.analyzers.append(analyzer)
            self.lengths.append(len(numbers))
            self.read[analyzer].extend(numbers)

    def __len__(self) -> int:
        return len(self.entries)


class SegmentBuilder:
    """Takes documents in and writes them as one segment. `spellings`: those that another has read before it."""

    def __init__(self, spellings: Spellings | None = None) -> None:
        self.spellings = Spellings() if spellings is None else spellings
        self._known_before = len(self.spellings)
        self._texts = _Texts(self.spellings)
        self._entries: dict[str, array[int]] = {
            name: array("i") for name in ("record", "file", "page", "audiences", "open_from")
        }
        self._records: dict[str, array[int]] = {name: array("i") for name in ("entry", "year", "issued", "available")}
        self._audience_sets: dict[frozenset[str], int] = {}
        self._ids: list[str] = []
        self._titles: list[str] = []
        self._zones = array("i")
        """By record and field of ZONES, the first text and the one after the last."""
        self._values = {field: (array("i"), array("i"), dict[str, int]()) for field in VALUE_FIELDS}
        self._names: dict[KnownName, int] = {}
        self._name_pairs = array("i")
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
        read = sum(map(len, self._texts.read))
        known = len(self.spellings) - self._known_before
        return (
            self._content_bytes
            + read * _BYTES_A_PIECE
            + known * _BYTES_A_SPELLING
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
        zones = dict.fromkeys(ZONES, (0, 0))
        for zoned in zoned_texts(document):
            first = len(self._texts)
            for text in zoned.texts:
                self._texts.add(entry, text)
            if zoned.field in zones:
                zones[zoned.field] = (first, len(self._texts))
            for text in zoned.texts * (zoned.weight - 1):
                self._texts.add(entry, text)
        for start, end in zones.values():
            self._zones.extend((start, end))
        self._add_entry(metadata_content(document), record=record)
        self._add_record(document, record, entry)

    def _add_record(self, document: SearchDocument, record: int, entry: int) -> None:
        self._ids.append(document.id)
        self._titles.append(sort_title(document))
        facts = (entry, document.year or 0, issued_number(document), available_number(document))
        for column, value in zip(self._records.values(), facts, strict=True):
            column.append(value)
        for field in _VALUE_FIELDS:
            counts, codes, labels = self._values[field.name]
            found = values(document, field)
            counts.append(len(found))
            codes.extend([labels.setdefault(label, len(labels)) for label in found])
        for name in completable_names(document):
            self._name_pairs.extend((self._names.setdefault(name, len(self._names)), record))
        for identifier in identifiers(document):
            self._identifiers.setdefault(identifier, []).append(entry)

    def _add_passage(self, passage: Passage) -> None:
        self._texts.add(self.entry_count, Text(passage.text, passage.language))
        if passage.raw_words:
            self._texts.add(self.entry_count, Text(passage.raw_words, passage.language))
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
        for column, value in zip(self._entries.values(), (record, file, page, audience, open_from), strict=True):
            column.append(value)
        self._contents.append(content)
        self._content_bytes += len(content)

    def write(self, words_path: Path, facts_path: Path, *, is_known: IsKnown) -> None:
        """Write the segment. `is_known`: whether another segment has a word; Dutch compounds are made of such."""
        inverted = _Inverter(self._texts, self.entry_count)
        with ArrayWriter(words_path) as writer:
            inverted.write(writer, is_known=is_known)
            self._write_identifiers(writer)
        with ArrayWriter(facts_path) as writer:
            write_facts(writer, self._fact_table(inverted))
            writer.add_strings("contents", self._contents)

    def _write_identifiers(self, writer: ArrayWriter) -> None:
        ordered = sorted(self._identifiers)
        write_lexicon(writer, IDENTIFIERS, ordered, analyzer=None, is_word=_never)
        entries = np.array([entry for i in ordered for entry in self._identifiers[i]], np.int32)
        counts = [len(self._identifiers[identifier]) for identifier in ordered]
        owners = np.repeat(np.arange(len(ordered), dtype=np.int32), np.array(counts, np.int64))
        write_postings(
            writer, IDENTIFIERS, Occurrences(owners, entries, np.zeros_like(entries)), word_count=len(ordered)
        )

    def _fact_table(self, inverted: "_Inverter") -> FactTable:
        return FactTable(
            entries={**{name: _numpy(column) for name, column in self._entries.items()}, "length": inverted.lengths},
            records={name: _numpy(column) for name, column in self._records.items()},
            audience_sets=list(self._audience_sets),
            ids=self._ids,
            sort_titles=self._titles,
            zones=inverted.places(_numpy(self._zones).reshape(-1, 2)).reshape(self.record_count, 2 * len(ZONES)),
            values={
                field: ValueTable(_numpy(counts), _numpy(codes), list(labels))
                for field, (counts, codes, labels) in self._values.items()
            },
            names=list(self._names),
            name_pairs=_numpy(self._name_pairs).reshape(-1, 2),
        )


class _Inverter:
    """Turns texts into postings."""

    def __init__(self, texts: _Texts, entry_count: int) -> None:
        self._read = [_numpy(column) for column in texts.read]
        spellings = texts.spellings
        self._words = list(spellings.words)
        self._keys = spellings.known_keys
        self._widths = _numpy(spellings.widths)
        self._word_starts = _numpy(spellings.starts)
        self._word_numbers = _numpy(spellings.word_numbers)
        self._offsets = _numpy(spellings.offsets)
        self._entries = _numpy(texts.entries)
        self._analyzers = np.array(texts.analyzers, np.int8)
        self._lengths = _numpy(texts.lengths)
        self._text_widths = self._measure()
        self._text_starts = self._place()
        self.lengths = np.zeros(entry_count, np.int64)
        """By entry, how many of its words say something."""

    def write(self, writer: ArrayWriter, *, is_known: IsKnown) -> None:
        """Write the words and postings of each analyzer."""
        own = self._compound_words()
        for number, analyzer in enumerate(ANALYZERS):
            occurrences, words = self._invert(number)
            name = words_field(analyzer.name)
            write_lexicon(
                writer,
                name,
                words,
                analyzer=analyzer,
                is_word=lambda word: word in own or is_known(word),
                keys=self._keys[analyzer.name].table(words) if analyzer.stems else None,
            )
            write_postings(writer, name, occurrences, word_count=len(words))
            speaks = np.array([word not in analyzer.stop_words for word in words], np.bool_)
            self.lengths += np.bincount(occurrences.entries[speaks[occurrences.words]], minlength=len(self.lengths))

    def _compound_words(self) -> frozenset[str]:
        """Every word of the texts in which compounds are written as one, as `Segment.compound_words` has them."""
        used = np.zeros(len(self._words), np.bool_)
        for number, analyzer in enumerate(ANALYZERS):
            if analyzer.split_compound:
                spellings = distinct(self._read[number])
                counts = self._word_starts[spellings + 1] - self._word_starts[spellings]
                used[self._word_numbers[ranges(self._word_starts[spellings], counts)]] = True
        return frozenset(self._words[word] for word in np.flatnonzero(used).tolist())

    def places(self, texts: NDArray[np.int32]) -> NDArray[np.int32]:
        """From the first text and the one after the last of a zone to its first position and the one after its last."""
        places = np.zeros_like(texts)
        is_there = texts[:, 1] > texts[:, 0]
        first, last = texts[is_there, 0], texts[is_there, 1] - 1
        places[is_there, 0] = self._text_starts[first]
        places[is_there, 1] = self._text_starts[last] + self._text_widths[last]
        return places

    def _measure(self) -> NDArray[np.int32]:
        """How many positions each text takes."""
        widths = np.zeros(len(self._entries), np.int32)
        for number, read in enumerate(self._read):
            mine = self._analyzers == number
            owners = np.repeat(np.flatnonzero(mine), self._lengths[mine])
            widths += np.bincount(owners, weights=self._widths[read], minlength=len(widths)).astype(np.int32)
        return widths

    def _place(self) -> NDArray[np.int32]:
        """The first position of each text in its entry."""
        steps = self._text_widths.astype(np.int64) + POSITION_GAP
        before = np.cumsum(steps) - steps
        is_first = np.ones(len(before), np.bool_)
        is_first[1:] = self._entries[1:] != self._entries[:-1]
        firsts = np.flatnonzero(is_first)
        counts = np.diff(firsts, append=len(before))
        return (before - np.repeat(before[firsts], counts)).astype(np.int32)

    def _invert(self, number: int) -> tuple[Occurrences, list[str]]:
        """The occurrences of words in the texts of one analyzer, and the words in order."""
        read = self._read[number]
        mine = self._analyzers == number
        lengths = self._lengths[mine]
        widths = self._widths[read].astype(np.int64)
        before = np.cumsum(widths) - widths
        texts = np.repeat(np.flatnonzero(mine), lengths)
        # `before` counts through all texts; each text begins anew at its own place.
        ends = np.cumsum(lengths)
        bases = np.zeros(len(lengths), np.int64)
        begins = ends - lengths
        has_words = lengths > 0
        bases[has_words] = before[begins[has_words]]
        places = (before - np.repeat(bases, lengths) + self._text_starts[texts]).astype(np.int32)
        entries = self._entries[texts]
        counts = self._word_starts[read + 1] - self._word_starts[read]
        chosen = ranges(self._word_starts[read], counts)
        words = self._word_numbers[chosen]
        positions = np.repeat(places, counts) + self._offsets[chosen]
        used = np.zeros(len(self._words), np.bool_)
        used[words] = True
        # Characters sort as their bytes in UTF-8 do.
        ordered = sorted(np.flatnonzero(used).tolist(), key=self._words.__getitem__)
        ranks = np.zeros(len(self._words), np.int32)
        ranks[ordered] = np.arange(len(ordered), dtype=np.int32)
        return Occurrences(ranks[words], np.repeat(entries, counts), positions), [self._words[n] for n in ordered]


def _numpy(column: "array[int]") -> NDArray[np.int32]:
    return np.frombuffer(column, np.int32) if len(column) else np.zeros(0, np.int32)


def _never(word: str) -> bool:
    return False
