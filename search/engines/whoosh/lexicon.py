"""The words of one field of a segment: which there are, which belong to a typed word, begin like it or are near it.

Words stand in order of their bytes. Beside them is a table from a digest of each key of the analyzer to the words
that have it, one from the parts of Dutch compounds to the compounds, and for each word a signature of its letters,
which tells most words apart without looking at them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.analysis import Analyzer
from search.engines.whoosh.arrays import Array, ArrayFile, ArrayWriter, Strings, stable_order
from search.engines.whoosh.schema import term_bytes, term_text

Numbers = NDArray[np.int64]
LAST_CHARACTER = "\U0010ffff"
MAX_KNOWN_FORMS = 20_000
_LETTER_BITS = 5
_NONE = np.zeros(0, np.int64)


@dataclass(frozen=True)
class KeyTable:
    """Pairs of the digest of a key and the number of a word that has it."""

    digests: NDArray[np.uint64]
    words: NDArray[np.int32]

    @classmethod
    def of(cls, digests_of_words: Sequence[tuple[int, ...]]) -> "KeyTable":
        counts = np.fromiter(map(len, digests_of_words), np.int64, len(digests_of_words))
        digests = np.fromiter(chain.from_iterable(digests_of_words), np.uint64, int(counts.sum()))
        return cls(digests, np.repeat(np.arange(len(counts), dtype=np.int32), counts))

    def write(self, writer: ArrayWriter, name: str) -> None:
        """Write it in order of the digests."""
        order = np.argsort(self.digests, kind="stable")
        writer.add(f"{name}.digests", self.digests[order])
        writer.add(f"{name}.words", self.words[order])


class KeyDigests(dict[str, tuple[int, ...]]):
    """The digests of the keys of words for one analyzer, each worked out once: a segment has most words of the last."""

    def __init__(self, analyzer: Analyzer) -> None:
        super().__init__()
        self._analyzer = analyzer

    def __missing__(self, word: str) -> tuple[int, ...]:
        found = self[word] = tuple([digest(key) for key in self._analyzer.keys(word)])
        return found


def write_lexicon(
    writer: ArrayWriter,
    name: str,
    words: list[bytes],
    *,
    analyzer: Analyzer | None,
    is_word: Callable[[str], bool],
    keys: KeyTable | KeyDigests | None = None,
) -> None:
    """Write the sorted words of a field.

    analyzer: None for a field whose terms are no words. is_word: whether the collection has a word, in this segment
    or another; compounds are taken apart into such. keys: those of the words, or of words before, where they are known.
    """
    writer.add_strings(f"{name}.words", words)
    if analyzer is None:
        return
    texts = [term_text(word) for word in words]
    if analyzer.stems:
        if not isinstance(keys, KeyTable):
            known = KeyDigests(analyzer) if keys is None else keys
            keys = KeyTable.of([known[text] for text in texts])
        keys.write(writer, f"{name}.keys")
    if analyzer.split_compound:
        parts = [tuple([digest(key) for key in analyzer.part_keys(text, is_word)]) for text in texts]
        KeyTable.of(parts).write(writer, f"{name}.parts")
    writer.add(f"{name}.signatures", signatures(texts))
    writer.add(f"{name}.lengths", np.fromiter(map(len, texts), np.uint8, len(texts)))


def digest(key: str) -> int:
    """A number for a key, the same in every process."""
    return int.from_bytes(blake2b(term_bytes(key), digest_size=8).digest(), "little")


def signatures(words: list[str]) -> NDArray[np.uint64]:
    """For each word, 32 bits for the letters in it and 32 for those that it has twice or more.

    A letter more or less turns over one bit at most, so words k edits apart differ in at most 2k bits.
    """
    letters = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), np.uint32)
    lengths = np.fromiter(map(len, words), np.int64, len(words))
    owners = np.repeat(np.arange(len(words), dtype=np.uint32), lengths)
    pairs = (owners << _LETTER_BITS) | (letters & 31)
    pairs = pairs[stable_order(pairs)]
    is_first = np.ones(len(pairs), np.bool_)
    is_first[1:] = pairs[1:] != pairs[:-1]
    is_second = np.zeros(len(pairs), np.bool_)
    is_second[1:] = is_first[:-1] & ~is_first[1:]
    bits = (pairs & 31).astype(np.uint64)
    found = np.zeros(len(words), np.uint64)
    np.bitwise_or.at(found, pairs[is_first] >> _LETTER_BITS, np.uint64(1) << bits[is_first])
    np.bitwise_or.at(found, pairs[is_second] >> _LETTER_BITS, np.uint64(1) << (bits[is_second] + np.uint64(32)))
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
            return [term_text(word) for word in self.words.slice(numbers.start, numbers.stop)]
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
        alike = np.flatnonzero(np.bitwise_count(self._signatures ^ own) <= 2 * distance)
        close = np.abs(self.lengths[alike].astype(np.int16) - len(word)) <= distance
        candidates = alike[close].tolist()
        hits = process.extract(word, self.texts(candidates), scorer=OSA.distance, score_cutoff=distance, limit=None)
        return [(candidates[place], int(edits)) for _, edits, place in hits]

    @cached_property
    def lengths(self) -> Array:
        """How many letters each word has."""
        return self._file[f"{self._name}.lengths"]

    @cached_property
    def _signatures(self) -> Array:
        return self._file[f"{self._name}.signatures"]

    def _find_forms(self, term: str) -> Numbers:
        if self.analyzer is None or not self.analyzer.stems:
            number = self.find(term)
            return np.array([number] if number >= 0 else [], np.int64)
        keys = self.analyzer.keys(term)
        found = self._look_up("keys", keys)
        # Two keys may have one digest, if hardly ever.
        return np.array([n for n in found.tolist() if not keys.isdisjoint(self.analyzer.keys(self.text(n)))], np.int64)

    def _look_up(self, table: str, keys: Iterable[str]) -> Numbers:
        digests = self._file[f"{self._name}.{table}.digests"]
        wanted = np.array([digest(key) for key in keys], np.uint64)
        starts, ends = np.searchsorted(digests, wanted), np.searchsorted(digests, wanted, side="right")
        words = self._file[f"{self._name}.{table}.words"]
        found = [words[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        return np.unique(np.concatenate(found)).astype(np.int64) if found else _NONE


def _keep_small(known: dict[str, Numbers]) -> None:
    if len(known) > MAX_KNOWN_FORMS:
        known.clear()
