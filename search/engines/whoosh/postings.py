"""The postings of a field: for each of its words, the entries that have it and where in them, as raw arrays.

Words, entries and positions follow each other in one array each, so the postings of a word are slices of it; nothing
is decoded. `write_postings` sorts what was read into this form with numpy.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.analysis import Analyzer
from search.engines.whoosh.arrays import Array, ArrayFile, ArrayWriter
from search.engines.whoosh.lexicon import Lexicon
from search.engines.whoosh.sorted_arrays import ranges, stable_order

# So often at most a word is counted, and its places kept, in one entry.
MAX_COUNT = (1 << 16) - 1


@dataclass(frozen=True)
class Postings:
    """Where a word occurs: entries in order, how often in each, and the positions of one entry after the other."""

    entries: Array
    counts: NDArray[np.uint16]
    positions: Array
    is_joined: bool = False
    """Whether these are the postings of several words, those of one after those of the other."""


@dataclass(frozen=True)
class Occurrences:
    """The words of a field as they were read, entry by entry: the number of each, its entry and its position."""

    words: NDArray[np.int32]
    entries: NDArray[np.int32]
    positions: NDArray[np.int32]


def position_type(largest: int) -> Any:
    """The smaller of two kinds of number that holds the positions."""
    return np.uint16 if largest < 1 << 16 else np.uint32


def write_postings(writer: ArrayWriter, name: str, found: Occurrences, *, word_count: int) -> None:
    """Write the postings of a field whose words are numbered in their order."""
    order = stable_order(found.words)
    words, entries, positions = (column.take(order) for column in (found.words, found.entries, found.positions))
    is_first = np.ones(len(words), np.bool_)
    is_first[1:] = (words[1:] != words[:-1]) | (entries[1:] != entries[:-1])
    starts = np.flatnonzero(is_first)
    counts = np.diff(starts, append=len(words))
    if len(counts) and counts.max() > MAX_COUNT:
        kept = np.arange(len(words)) - np.repeat(starts, counts) < MAX_COUNT
        positions, counts = positions[kept], np.minimum(counts, MAX_COUNT)
    owners = words[starts]
    edges = np.arange(word_count + 1)
    posting_starts = np.searchsorted(owners, edges)
    position_ends = np.concatenate([[0], np.cumsum(counts)])
    writer.add(f"{name}.starts", posting_starts.astype(np.int64))
    writer.add(f"{name}.position_starts", position_ends[posting_starts].astype(np.int64))
    writer.add(f"{name}.entries", entries[starts].astype(np.int32))
    writer.add(f"{name}.counts", counts.astype(np.uint16))
    writer.add(f"{name}.positions", positions.astype(position_type(int(positions.max(initial=0)))))


class InvertedField:
    """The words and postings of a field, read back."""

    def __init__(self, file: ArrayFile, name: str, analyzer: Analyzer | None = None) -> None:
        self._file = file
        self._name = name
        self.lexicon = Lexicon(file, name, analyzer)
        self._starts = file[f"{name}.starts"]
        self._position_starts = file[f"{name}.position_starts"]
        self._entries = file[f"{name}.entries"]
        self._counts = file[f"{name}.counts"]
        self._positions = file[f"{name}.positions"]

    def postings(self, word: int) -> Postings:
        """The postings of the word with this number."""
        start, stop = self._starts[word], self._starts[word + 1]
        first, last = self._position_starts[word], self._position_starts[word + 1]
        return Postings(self._entries[start:stop], self._counts[start:stop], self._positions[first:last])

    def joined_postings(self, words: Array) -> Postings:
        """The postings of these words, of one at least, as those of one; entries as numpy looks places up fastest."""
        parts = [self.postings(word) for word in words.tolist()]
        if len(parts) == 1:
            return Postings(parts[0].entries.astype(np.intp), parts[0].counts, parts[0].positions)
        entries, counts, positions = zip(*((part.entries, part.counts, part.positions) for part in parts), strict=True)
        return Postings(
            np.concatenate(entries, dtype=np.intp), np.concatenate(counts), np.concatenate(positions), is_joined=True
        )

    def postings_of(self, words: Array) -> tuple[Array, Array, Array]:
        """How many postings each of these words has; then their entries and counts, one word after the other."""
        starts = self._starts[words]
        sizes = self._starts[words + 1] - starts
        if len(words) and words[-1] - words[0] == len(words) - 1:
            chosen: Array | slice = slice(int(starts[0]), int(starts[-1] + sizes[-1]))
        else:
            chosen = ranges(starts, sizes)
        return sizes, self._entries[chosen], self._counts[chosen]

    def find(self, word: str) -> Postings | None:
        """The postings of a word; None if it does not occur."""
        number = self.lexicon.find(word)
        return None if number < 0 else self.postings(number)

    @property
    def posting_count(self) -> int:
        """How many postings there are."""
        return len(self._entries)

    @property
    def position_count(self) -> int:
        """How many positions there are."""
        return len(self._positions)

    @property
    def position_kind(self) -> np.dtype[Any]:
        """The kind of number that positions are kept as."""
        return self._positions.dtype

    def position_sizes(self) -> NDArray[np.int64]:
        """How many positions each word has."""
        sizes: NDArray[np.int64] = np.diff(self._position_starts)
        return sizes

    def read(self, start: int, stop: int) -> tuple[Array, Array, Array, Array]:
        """How many postings the words `start` to `stop` have; then their entries, counts and positions, as copies."""
        first, last = int(self._starts[start]), int(self._starts[stop])
        begin, end = int(self._position_starts[start]), int(self._position_starts[stop])
        return (
            np.diff(self._starts[start : stop + 1]),
            self._file.read(f"{self._name}.entries", first, last),
            self._file.read(f"{self._name}.counts", first, last),
            self._file.read(f"{self._name}.positions", begin, end),
        )
