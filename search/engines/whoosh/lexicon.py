"""The words of one field of a segment: which there are, which belong to a typed word, begin like it or are near it.

Words stand in order of their bytes. Beside them is a table from a digest of each key of the analyzer to the words
that have it, one from the parts of Dutch compounds to the compounds, and for each word a signature of its letters,
which tells most words apart without looking at them.
"""

from collections.abc import Callable, Collection, Iterable, Sequence, Sized
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.analysis import Analyzer
from search.engines.whoosh.arrays import Array, ArrayFile, ArrayWriter, Strings
from search.engines.whoosh.schema import term_bytes, term_text, terms_bytes, terms_texts
from search.engines.whoosh.sorted_arrays import ranges

Numbers = NDArray[np.int64]
LAST_CHARACTER = "\U0010ffff"
MAX_KNOWN_FORMS = 20_000
_LETTER_BITS = 5
_BASE = np.uint64(0x9E3779B97F4A7C15)
_STIRS = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)
_NONE = np.zeros(0, np.int64)


@dataclass(frozen=True)
class KeyTable:
    """Pairs of the digest of a key and the number of a word that has it."""

    digests: NDArray[np.uint64]
    words: NDArray[np.int32]

    @classmethod
    def of(cls, keys_of_words: Sequence[Collection[str]]) -> "KeyTable":
        """The table of the keys of words that are numbered in their order."""
        counts = _sizes(keys_of_words)
        owners = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        return cls(digests(list(chain.from_iterable(keys_of_words))), owners)

    def write(self, writer: ArrayWriter, name: str) -> None:
        """Write it in order of the digests; that of words with the same one is of no meaning."""
        order = np.argsort(self.digests)
        writer.add(f"{name}.digests", self.digests[order])
        writer.add(f"{name}.words", self.words[order])


class KnownKeys:
    """The keys of words for one analyzer, worked out once: a segment has most of the words of the last one.

    Words are called by numbers that stay the same, from 0 without gaps.
    """

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._starts = np.zeros(0, np.int64)
        self._counts = np.zeros(0, np.int64)
        """How many keys each word has; 0 for a word that was not asked for yet, as every word has one."""
        self._digests = np.zeros(0, np.uint64)

    def table(self, numbers: NDArray[np.int32], words: Sequence[str]) -> KeyTable:
        """Those of these words, which will be numbered in this order."""
        self._learn(numbers, words)
        counts = self._counts[numbers]
        found = self._digests[ranges(self._starts[numbers], counts)]
        return KeyTable(found, np.repeat(np.arange(len(words), dtype=np.int32), counts))

    def _learn(self, numbers: NDArray[np.int32], words: Sequence[str]) -> None:
        missing = int(numbers.max(initial=-1)) + 1 - len(self._counts)
        if missing > 0:
            self._starts = np.concatenate([self._starts, np.zeros(missing, np.int64)])
            self._counts = np.concatenate([self._counts, np.zeros(missing, np.int64)])
        places = np.flatnonzero(self._counts[numbers] == 0)
        keys = self._analyzer.work_out_keys([words[place] for place in places.tolist()])
        counts = _sizes(keys)
        numbers = numbers[places]
        self._starts[numbers] = len(self._digests) + np.cumsum(counts) - counts
        self._counts[numbers] = counts
        self._digests = np.concatenate([self._digests, digests(list(chain.from_iterable(keys)))])


@dataclass(frozen=True)
class WordFacts:
    """What is written of the words of a field beside themselves: signatures, and keys if their analyzer has such."""

    keys: KeyTable | None
    signatures: NDArray[np.uint64]


def write_words(writer: ArrayWriter, name: str, words: list[str]) -> None:
    """Write the sorted terms of a field in which they are looked up as they are."""
    writer.add_strings(f"{name}.words", terms_bytes(words))


def write_lexicon(
    writer: ArrayWriter,
    name: str,
    words: list[str],
    facts: WordFacts,
    *,
    analyzer: Analyzer,
    is_word: Callable[[str], bool],
) -> None:
    """Write the sorted words of a field of texts.

    is_word: whether the collection has a word, in this segment or another; compounds are taken apart into such.
    """
    write_words(writer, name, words)
    if facts.keys is not None:
        facts.keys.write(writer, f"{name}.keys")
    if analyzer.split_compound:
        KeyTable.of([analyzer.part_keys(word, is_word) for word in words]).write(writer, f"{name}.parts")
    writer.add(f"{name}.signatures", facts.signatures)
    writer.add(f"{name}.lengths", np.fromiter(map(len, words), np.uint8, len(words)))


def digests(keys: Sequence[str]) -> NDArray[np.uint64]:
    """A number of 64 bits for each key, the same in every process and on every machine.

    Its bytes are the digits of a number to the base _BASE, modulo 2⁶⁴; what comes of that is stirred as in splitmix64.
    """
    if not keys:
        return np.zeros(0, np.uint64)
    # A zero byte behind each, which none has in it, says where it ends.
    characters = np.frombuffer(term_bytes("\0".join(keys) + "\0"), np.uint8)
    sizes = np.diff(np.flatnonzero(characters == 0), prepend=-1)
    starts = np.cumsum(sizes) - sizes
    places = np.arange(len(characters)) - np.repeat(starts, sizes)
    powers = np.full(int(sizes.max()), _BASE, np.uint64).cumprod(dtype=np.uint64)
    found = np.add.reduceat(characters * powers[places], starts)
    for shift, factor in _STIRS:
        found = (found ^ (found >> shift)) * factor
    return found ^ (found >> np.uint64(31))


def _sizes(things: Sequence[Sized]) -> NDArray[np.int64]:
    return np.fromiter(map(len, things), np.int64, len(things))


def signatures(words: list[str]) -> NDArray[np.uint64]:
    """For each word, 32 bits for the letters in it and 32 for those that it has twice or more.

    A letter more or less turns over one bit at most, so words k edits apart differ in at most 2k bits.
    """
    letters = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), np.uint32)
    lengths = np.fromiter(map(len, words), np.int64, len(words))
    owners = np.repeat(np.arange(len(words), dtype=np.uint32), lengths)
    pairs = (owners << _LETTER_BITS) | (letters & 31)
    pairs.sort()
    is_first = np.ones(len(pairs), np.bool_)
    is_first[1:] = pairs[1:] != pairs[:-1]
    is_second = np.zeros(len(pairs), np.bool_)
    is_second[1:] = is_first[:-1] & ~is_first[1:]
    bits = np.uint64(1) << (pairs & 31).astype(np.uint64)
    bits[is_second] <<= np.uint64(32)
    bits[~(is_first | is_second)] = 0
    found = np.zeros(len(words), np.uint64)
    has_letters = lengths > 0
    starts = (np.cumsum(lengths) - lengths)[has_letters]
    found[has_letters] = np.bitwise_or.reduceat(bits, starts) if len(starts) else 0
    return found


class Lexicon:
    """The words of a field, read back."""

    def __init__(self, file: ArrayFile, name: str, analyzer: Analyzer | None) -> None:
        self.analyzer = analyzer
        self.words: Strings = file.strings(f"{name}.words")
        self._file = file
        self._name = name
        self._forms: dict[str, Numbers] = {}
        self._compounds: dict[str, Numbers] = {}

    def __len__(self) -> int:
        return len(self.words)

    def text(self, number: int) -> str:
        """The word with this number."""
        return term_text(self.words[number])

    def texts(self, numbers: Iterable[int]) -> list[str]:
        """The words with these numbers."""
        if isinstance(numbers, range):
            return terms_texts(self.words.slice(numbers.start, numbers.stop))
        return [term_text(self.words[number]) for number in numbers]

    def find(self, word: str) -> int:
        """The number of a word; -1 if it is not there."""
        return self.words.find(term_bytes(word))

    def __contains__(self, word: str) -> bool:
        return self.find(word) >= 0

    def beginning_with(self, prefix: str) -> range:
        """The numbers of the words with this beginning."""
        return range(self.words.bisect(term_bytes(prefix)), self.words.bisect(term_bytes(prefix + LAST_CHARACTER)))

    def forms(self, term: str) -> Numbers:
        """The words that are forms of this one."""
        found = self._forms.get(term)
        if found is None:
            found = self._forms[term] = self._find_forms(term)
            _keep_small(self._forms)
        return found

    def key_table(self) -> KeyTable:
        """Its words by their keys."""
        return KeyTable(self._file[f"{self._name}.keys.digests"], self._file[f"{self._name}.keys.words"])

    def compounds(self, term: str) -> Numbers:
        """The compounds of which this word is a part."""
        if self.analyzer is None or not self.analyzer.split_compound:
            return _NONE
        found = self._compounds.get(term)
        if found is None:
            found = self._compounds[term] = self._look_up("parts", self.analyzer.keys(term))
            _keep_small(self._compounds)
        return found

    def near(self, word: str, distance: int) -> list[tuple[int, int]]:
        """The numbers of the words at most so many edits away, with how many."""
        own = signatures([word])[0]
        alike = np.flatnonzero(np.bitwise_count(self.letters ^ own) <= 2 * distance)
        close = np.abs(self.lengths[alike].astype(np.int16) - len(word)) <= distance
        candidates = alike[close].tolist()
        hits = process.extract(word, self.texts(candidates), scorer=OSA.distance, score_cutoff=distance, limit=None)
        return [(candidates[place], int(edits)) for _, edits, place in hits]

    @cached_property
    def lengths(self) -> Array:
        """How many letters each word has."""
        return self._file[f"{self._name}.lengths"]

    @cached_property
    def letters(self) -> Array:
        """Which letters each word has."""
        return self._file[f"{self._name}.signatures"]

    def _find_forms(self, term: str) -> Numbers:
        if self.analyzer is None or not self.analyzer.keys_of:
            number = self.find(term)
            return np.array([number] if number >= 0 else [], np.int64)
        keys = self.analyzer.keys(term)
        found = self._look_up("keys", keys)
        # Two keys may have one digest, if hardly ever.
        return np.array([n for n in found.tolist() if not keys.isdisjoint(self.analyzer.keys(self.text(n)))], np.int64)

    def _look_up(self, table: str, keys: Iterable[str]) -> Numbers:
        known = self._file[f"{self._name}.{table}.digests"]
        wanted = digests(list(keys))
        starts, ends = np.searchsorted(known, wanted), np.searchsorted(known, wanted, side="right")
        words = self._file[f"{self._name}.{table}.words"]
        found = [words[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        return np.unique(np.concatenate(found)).astype(np.int64) if found else _NONE


def _keep_small(known: dict[str, Numbers]) -> None:
    if len(known) > MAX_KNOWN_FORMS:
        known.clear()
