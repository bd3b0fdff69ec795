"""Several segments made into one, without what is deleted and without reading any text again.

Words are sorted, so the postings of a run of words are one slice of each segment: they are read, put in order and
written run by run, in a bounded amount of memory.
"""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Segment

from search.analysis import Analyzer
from search.engines.whoosh.arrays import Array, ArrayWriter
from search.engines.whoosh.codec import FACTS, WORDS
from search.engines.whoosh.facts import ENTRY_FACTS, FactTable, KnownName, NameTable, ValueTable, write_facts
from search.engines.whoosh.lexicon import KeyTable, WordFacts, write_lexicon, write_words
from search.engines.whoosh.postings import InvertedField
from search.engines.whoosh.rows import VALUE_FIELDS
from search.engines.whoosh.schema import term_text
from search.engines.whoosh.segments import Segment
from search.engines.whoosh.sorted_arrays import distinct_pairs, ranges, stable_order

# Positions that are put in order at once: some 100 MB.
RUN_POSITIONS = 2_000_000
_COPY_BYTES = 16 << 20
_NO_PAIRS = np.zeros((0, 2), np.int32)


@dataclass(frozen=True)
class Source:
    """A segment that is merged, and where what is left of it goes."""

    segment: Segment
    is_live: NDArray[np.bool_]
    """By entry."""
    numbers: NDArray[np.int32]
    """By entry, its number in the new segment; of no meaning for deleted ones."""
    is_live_record: NDArray[np.bool_]
    record_numbers: NDArray[np.int32]


def merge_segments(
    folder: Path, chosen: Sequence[tuple[Segment, W3Segment]], merged: W3Segment, *, others: Sequence[Segment] = ()
) -> W3Segment:
    """Write these segments, without their deleted entries, as the files of `merged` into a folder.

    others: the segments that stay beside it; Dutch compounds are made of their words too.
    """
    sources = list(_sources(chosen))
    with ArrayWriter(folder / merged.make_filename(WORDS)) as writer:
        _merge_words(writer, sources, others)
    with ArrayWriter(folder / merged.make_filename(FACTS)) as writer:
        write_facts(writer, _merge_facts(sources))
        _merge_contents(writer, sources)
    merged.set_doc_count(sum(int(source.is_live.sum()) for source in sources))
    return merged


def delete_late(chosen: Sequence[tuple[W3Segment, W3Segment]], merged: W3Segment) -> None:
    """Delete in the merged segment what was deleted while it was being written.

    chosen: each segment as it was merged, and as it is now.
    """
    base = 0
    for then, now in chosen:
        is_live = live_entries(then)
        numbers = base + np.cumsum(is_live) - 1
        for entry in set(now.deleted_docs()) - set(then.deleted_docs()):
            merged.delete_document(int(numbers[entry]))
        base += int(is_live.sum())


def live_entries(segment: W3Segment) -> NDArray[np.bool_]:
    """Whether each entry of a segment is still there."""
    is_live = np.ones(segment.doc_count_all(), np.bool_)
    is_live[list(segment.deleted_docs())] = False
    return is_live


def _sources(chosen: Sequence[tuple[Segment, W3Segment]]) -> Iterator[Source]:
    entries = records = 0
    for segment, meta in chosen:
        is_live = live_entries(meta)
        # A record goes with all its entries.
        is_live_record = is_live[segment.facts.records["entry"]]
        yield Source(
            segment,
            is_live,
            (entries + np.cumsum(is_live) - 1).astype(np.int32),
            is_live_record,
            (records + np.cumsum(is_live_record) - 1).astype(np.int32),
        )
        entries += int(is_live.sum())
        records += int(is_live_record.sum())


# Words -------------------------------------------------------------------------------------------------------


def _merge_words(writer: ArrayWriter, sources: list[Source], others: Sequence[Segment]) -> None:
    """Write all fields; those with compounds last, when it is known which words there are to make them of."""
    compounding: dict[str, tuple[Analyzer, list[str], WordFacts]] = {}
    for name, field in sources[0].segment.fields.items():
        merged = _merge_postings(writer, name, sources)
        analyzer = field.lexicon.analyzer
        if analyzer is None:
            write_words(writer, name, merged.words())
        elif analyzer.split_compound:
            compounding[name] = analyzer, merged.words(), merged.facts()
        else:
            write_lexicon(writer, name, merged.words(), merged.facts(), analyzer=analyzer, is_word=_never)
    known: list[Set[str]] = [{word for _, words, _ in compounding.values() for word in words}]
    known += [segment.compound_words for segment in others]
    for name, (analyzer, words, facts) in compounding.items():
        write_lexicon(
            writer, name, words, facts, analyzer=analyzer, is_word=lambda word: any(word in own for own in known)
        )


def _never(word: str) -> bool:
    return False


@dataclass(frozen=True)
class _MergedField:
    """The words of a field of several segments, in order, and which of them are left."""

    fields: Sequence[InvertedField]
    all_words: list[bytes]
    places: Sequence[NDArray[np.int64]]
    """By field and word, the number of the word among all."""
    used: NDArray[np.bool_]

    def words(self) -> list[str]:
        """Those that are left."""
        return [term_text(word) for word, is_used in zip(self.all_words, self.used.tolist(), strict=True) if is_used]

    def facts(self) -> WordFacts:
        """Their keys and signatures. A word has the same in every segment."""
        signatures = np.zeros(len(self.all_words), np.uint64)
        for field, own in zip(self.fields, self.places, strict=True):
            signatures[own] = field.lexicon.letters
        analyzer = self.fields[0].lexicon.analyzer
        has_keys = analyzer is not None and bool(analyzer.keys_of)
        return WordFacts(self._keys() if has_keys else None, signatures[self.used])

    def _keys(self) -> KeyTable:
        numbers = np.cumsum(self.used) - 1
        is_new = self.used.copy()
        digests, words = [], []
        for field, own in zip(self.fields, self.places, strict=True):
            table = field.lexicon.key_table()
            merged = own[table.words]
            chosen = is_new[merged]
            digests.append(table.digests[chosen])
            words.append(numbers[merged[chosen]].astype(np.int32))
            is_new[own] = False
        return KeyTable(np.concatenate(digests), np.concatenate(words))


def _merge_postings(writer: ArrayWriter, name: str, sources: list[Source]) -> _MergedField:
    """Write the postings of a field; returns the words that are left."""
    fields = [source.segment.fields[name] for source in sources]
    tables = [field.lexicon.words.slice(0, len(field.lexicon)) for field in fields]
    words = sorted(set().union(*tables))
    numbers = {word: number for number, word in enumerate(words)}
    places = [np.fromiter(map(numbers.__getitem__, table), np.int64, len(table)) for table in tables]
    del tables, numbers
    used = _FieldMerger(writer, name, sources, places, word_count=len(words)).write()
    return _MergedField(fields, words, places, used)


class _FieldMerger:
    """Writes the postings of one field."""

    def __init__(
        self, writer: ArrayWriter, name: str, sources: list[Source], places: list[NDArray[np.int64]], *, word_count: int
    ) -> None:
        self.writer = writer
        self.name = name
        self.sources = sources
        self.fields = [source.segment.fields[name] for source in sources]
        self.places = places
        """By source and word, the number of the word among those of all sources."""
        self.word_count = word_count
        self.posting_counts = np.zeros(word_count, np.int64)
        self.position_counts = np.zeros(word_count, np.int64)

    def write(self) -> NDArray[np.bool_]:
        """Write it; returns which words are left."""
        postings = sum(field.posting_count for field in self.fields)
        kinds = [field.position_kind for field in self.fields]
        entries = self.writer.reserve(f"{self.name}.entries", np.int32, postings)
        counts = self.writer.reserve(f"{self.name}.counts", np.uint16, postings)
        positions = self.writer.reserve(
            f"{self.name}.positions",
            max(kinds, key=lambda kind: kind.itemsize),
            sum(field.position_count for field in self.fields),
        )
        for first, last in self._runs():
            run = self._read_run(first, last)
            entries.append(run.entries)
            counts.append(run.counts)
            positions.append(run.positions)
        used = self.posting_counts > 0
        for ending, sizes in (("starts", self.posting_counts), ("position_starts", self.position_counts)):
            self.writer.add(f"{self.name}.{ending}", np.concatenate([[0], np.cumsum(sizes[used])]).astype(np.int64))
        return used

    def _runs(self) -> Iterator[tuple[int, int]]:
        """Runs of words with a bounded number of positions: the first, and the one after the last."""
        sizes = np.zeros(self.word_count, np.int64)
        for field, places in zip(self.fields, self.places, strict=True):
            sizes[places] += field.position_sizes()
        ends = np.cumsum(sizes)
        first = 0
        while first < self.word_count:
            done = ends[first - 1] if first else 0
            last = max(first + 1, int(np.searchsorted(ends, done + RUN_POSITIONS, side="right")))
            yield first, last
            first = last

    def _read_run(self, first: int, last: int) -> "_Run":
        parts = []
        for source, field, places in zip(self.sources, self.fields, self.places, strict=True):
            start, stop = np.searchsorted(places, [first, last])
            parts.append(_read_part(source, field, places[start:stop] - first, int(start), int(stop)))
        words = np.concatenate([part.words for part in parts])
        entries = np.concatenate([part.entries for part in parts])
        counts = np.concatenate([part.counts for part in parts])
        positions = np.concatenate([part.positions for part in parts])
        order = stable_order(words)
        starts = np.cumsum(counts, dtype=np.int32) - counts
        self.posting_counts[first:last] = np.bincount(words, minlength=last - first)
        self.position_counts[first:last] = np.bincount(words, weights=counts, minlength=last - first)
        counts = counts.take(order)
        return _Run(words, entries.take(order), counts, positions.take(ranges(starts.take(order), counts)))


@dataclass(frozen=True)
class _Run:
    """Postings of a run of words: the word of each, its entry, its count, and the positions of all."""

    words: NDArray[np.int64]
    entries: NDArray[np.int32]
    counts: NDArray[np.int32]
    positions: Array


def _read_part(source: Source, field: InvertedField, words: Array, start: int, stop: int) -> _Run:
    """The live postings of the words `start` to `stop` of one segment; `words` says what each is called."""
    sizes, entries, counts, positions = field.read(start, stop)
    owners = np.repeat(words, sizes)
    counts = counts.astype(np.int32)
    kept = source.is_live[entries]
    if not kept.all():
        positions = positions[np.repeat(kept, counts)]
        owners, entries, counts = owners[kept], entries[kept], counts[kept]
    return _Run(owners, source.numbers[entries], counts, positions)


# Facts -------------------------------------------------------------------------------------------------------


def _merge_facts(sources: list[Source]) -> FactTable:
    audiences: dict[frozenset[str], int] = {}
    entries: dict[str, list[Array]] = {name: [] for name in ENTRY_FACTS}
    for source in sources:
        facts = source.segment.facts
        codes = np.array([audiences.setdefault(names, len(audiences)) for names in facts.audience_sets], np.int32)
        own = {**facts.entries, "audiences": codes[facts.entries["audiences"]]}
        own["record"] = source.record_numbers[facts.entries["record"]]
        for name in ENTRY_FACTS:
            entries[name].append(own[name][source.is_live])
    return FactTable(
        entries={name: np.concatenate(parts) for name, parts in entries.items()},
        records={
            "entry": _join([s.numbers[s.segment.facts.records["entry"]][s.is_live_record] for s in sources]),
            **{
                name: _join([s.segment.facts.records[name][s.is_live_record] for s in sources])
                for name in ("year", "issued", "available")
            },
        },
        audience_sets=list(audiences),
        ids=[item for s in sources for item in _live(s.segment.facts.all_ids(), s)],
        sort_titles=[item for s in sources for item in _live(s.segment.facts.all_titles(), s)],
        zones=_join([s.segment.facts.zones[s.is_live_record] for s in sources]),
        values={field: _merge_values(sources, field) for field in VALUE_FIELDS},
        names=_merge_names(sources),
    )


def _join(parts: list[Array]) -> Array:
    return np.concatenate(parts)


def _live(items: list[str], source: Source) -> list[str]:
    return [item for item, is_live in zip(items, source.is_live_record.tolist(), strict=True) if is_live]


def _merge_values(sources: list[Source], field: str) -> ValueTable:
    labels: dict[str, int] = {}
    counts, codes = [], []
    for source in sources:
        values = source.segment.facts.values[field]
        known = source.segment.facts.all_labels(field)
        used = np.zeros(len(known), np.bool_)
        sizes = np.diff(values.starts)
        kept = values.codes[np.repeat(source.is_live_record, sizes)]
        used[kept] = True
        numbers = np.zeros(len(known), np.int32)
        for code in np.flatnonzero(used).tolist():
            numbers[code] = labels.setdefault(known[code], len(labels))
        counts.append(sizes[source.is_live_record])
        codes.append(numbers[kept])
    return ValueTable(_join(counts), _join(codes), list(labels))


def _merge_names(sources: list[Source]) -> NameTable:
    """The names that a live record has, those records, and the words in them."""
    numbers: dict[KnownName, int] = {}
    words: dict[str, int] = {}
    records, words_in_names = [_NO_PAIRS], [_NO_PAIRS]
    for source in sources:
        table = source.segment.facts.names.table()
        own = table.records[source.is_live_record[table.records[:, 1]]]
        places = np.full(len(table.names), -1, np.int32)
        for number in np.unique(own[:, 0]).tolist():
            places[number] = numbers.setdefault(table.names[number], len(numbers))
        records.append(np.stack([places[own[:, 0]], source.record_numbers[own[:, 1]]], axis=1))
        own = table.words_in_names[places[table.words_in_names[:, 1]] >= 0]
        word_places = np.zeros(len(table.words), np.int32)
        for number in np.unique(own[:, 0]).tolist():
            word_places[number] = words.setdefault(table.words[number], len(words))
        words_in_names.append(np.stack([word_places[own[:, 0]], places[own[:, 1]]], axis=1))
    ordered = sorted(words)
    ranks = np.zeros(len(words), np.int32)
    ranks[[words[word] for word in ordered]] = np.arange(len(words), dtype=np.int32)
    pairs = np.concatenate(words_in_names)
    return NameTable(
        names=list(numbers),
        records=distinct_pairs(*np.concatenate(records).T),
        words=ordered,
        words_in_names=distinct_pairs(ranks[pairs[:, 0]], pairs[:, 1]),
    )


def _merge_contents(writer: ArrayWriter, sources: list[Source]) -> None:
    offsets = [source.segment.facts_file["contents.offsets"] for source in sources]
    sizes = np.concatenate([np.diff(table)[s.is_live] for table, s in zip(offsets, sources, strict=True)])
    writer.add("contents.offsets", np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64))
    slot = writer.reserve("contents.bytes", np.uint8, int(sizes.sum()))
    for table, source in zip(offsets, sources, strict=True):
        for first, last in _live_runs(source.is_live):
            start, end = int(table[first]), int(table[last])
            for at in range(start, end, _COPY_BYTES):
                slot.append(source.segment.facts_file.read("contents.bytes", at, min(at + _COPY_BYTES, end)))


def _live_runs(is_live: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs of live entries: the first, and the one after the last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], is_live.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
