"""The spellings in the texts that were read, each numbered the first time, and the words that it stands for.

Reading cuts a text at its spaces and looks each piece up in a dictionary. Which words a piece is, "model," for
instance, is worked out later, for many at once, and mostly without a step of Python for each: most are a plain word or
plain words joined by hyphens.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Sequence
from itertools import count, islice
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from search.analysis import ANALYZERS, Analyzer
from search.analysis.tokens import JOINERS, MAX_JOINED_PARTS, MAX_TERM_LENGTH, apart, spellings
from search.engines.whoosh.lexicon import KnownKeys, WordFacts, signatures
from search.engines.whoosh.sorted_arrays import ranges

T = TypeVar("T", bound=Hashable)

_JOINED = re.compile(r"[a-z0-9]+(?:[-/][a-z0-9]+)+")
_DECIMAL = re.compile(r"[0-9]+(?:[.,][0-9]+)+[a-z]*")
_POSSESSIVE = "'s"
_NO_NUMBERS = np.zeros(0, np.int32)


class Numbering(defaultdict[T, int]):
    """Things numbered in the order in which they are first asked for."""

    def __init__(self) -> None:
        super().__init__(count().__next__)

    def of(self, things: Sequence[T]) -> NDArray[np.int32]:
        """The numbers of these."""
        return np.fromiter(map(self.__getitem__, things), np.int32, len(things))


class _Words:
    """Words in spellings, not yet in order: of which spelling, which word, how far from its beginning."""

    def __init__(self) -> None:
        self._columns: tuple[list[NDArray[np.int32]], ...] = ([_NO_NUMBERS], [_NO_NUMBERS], [_NO_NUMBERS])

    def add(self, spellings: NDArray[np.int32], words: NDArray[np.int32], offsets: NDArray[np.int32]) -> None:
        for column, numbers in zip(self._columns, (spellings, words, offsets), strict=True):
            column.append(numbers)

    def in_order(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
        spellings, words, offsets = (np.concatenate(column) for column in self._columns)
        order = np.argsort(spellings, kind="stable")
        return spellings[order], words[order], offsets[order]


class Spellings:
    """Every spelling that was read.

    Segments that are written one after the other share them: half of what a segment reads was read for the last one.
    """

    def __init__(self) -> None:
        self._numbers = Numbering[bytes]()
        self._words = Numbering[str]()
        self._starts = _NO_NUMBERS
        """Where the words of each spelling begin in the two arrays below."""
        self._counts = _NO_NUMBERS
        self._word_numbers = _NO_NUMBERS
        self._offsets = _NO_NUMBERS
        self.widths = _NO_NUMBERS
        """By spelling, how many positions it takes. Those of the last texts are there after `learn`."""
        self.characters = 0
        """How long all spellings are together that were learned: a page of base64 is one."""
        self._signatures = np.zeros(0, np.uint64)
        self._keys = {analyzer.name: KnownKeys(analyzer) for analyzer in ANALYZERS if analyzer.stems}

    def __len__(self) -> int:
        return len(self._numbers)

    def read(self, text: str) -> NDArray[np.int32]:
        """The spellings in a text, by number."""
        return self._numbers.of(spellings(text))

    def learn(self) -> None:
        """Find out which words the spellings are that were read since the last time."""
        first = len(self.widths)
        new = [spelling.decode() for spelling in islice(self._numbers, first, None)]
        self.characters += sum(map(len, new))
        widths = np.ones(len(new), np.int32)
        found = _Words()
        shapes = _Shapes(new)
        self._learn_plain(shapes.plain, found)
        self._learn_joined(shapes.joined, found, widths)
        self._learn_others(shapes.others, found, widths)
        owners, words, offsets = found.in_order()
        counts = np.bincount(owners, minlength=len(new)).astype(np.int32)
        starts = len(self._word_numbers) + np.cumsum(counts, dtype=np.int32) - counts
        self._starts = np.concatenate([self._starts, starts])
        self._counts = np.concatenate([self._counts, counts])
        self._word_numbers = np.concatenate([self._word_numbers, words])
        self._offsets = np.concatenate([self._offsets, offsets])
        self.widths = np.concatenate([self.widths, widths])
        new_words = list(islice(self._words, len(self._signatures), None))
        self._signatures = np.concatenate([self._signatures, signatures(new_words)])

    def words(self) -> list[str]:
        """Every word, in order of its number."""
        return list(self._words)

    def facts(self, numbers: NDArray[np.int32], words: Sequence[str], analyzer: Analyzer) -> WordFacts:
        """What is written of these words, which will be numbered in this order, beside themselves."""
        keys = self._keys[analyzer.name].table(numbers, words) if analyzer.stems else None
        return WordFacts(keys, self._signatures[numbers])

    def speaks(self, analyzer: Analyzer) -> NDArray[np.bool_]:
        """By number, whether a word says something, which stop words do not."""
        says = np.ones(len(self._words), np.bool_)
        says[[number for word in analyzer.stop_words if (number := self._words.get(word)) is not None]] = False
        return says

    def words_in(self, spellings: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
        """How many words each of these stands for; then, one after the other, their numbers and how far from the
        beginning of the spelling each stands.
        """
        counts = self._counts.take(spellings)
        chosen = ranges(self._starts.take(spellings), counts)
        return counts, self._word_numbers.take(chosen), self._offsets.take(chosen)

    def _learn_plain(self, plain: "_Shape", found: _Words) -> None:
        owners = np.array(plain.owners, np.int32)
        found.add(owners, self._words.of(plain.spellings), np.zeros_like(owners))

    def _learn_joined(self, joined: "_Shape", found: _Words, widths: NDArray[np.int32]) -> None:
        """The parts of plain words joined by hyphens or slashes, and all of each written together."""
        if not joined.owners:
            return
        owners = np.array(joined.owners, np.int32)
        lines = "\n".join(joined.spellings).replace("/", "-")
        counts = np.array([line.count("-") + 1 for line in lines.split("\n")], np.int32)
        parts = self._words.of(lines.replace("\n", "-").split("-"))
        firsts = np.cumsum(counts) - counts
        found.add(np.repeat(owners, counts), parts, np.arange(len(parts), dtype=np.int32) - np.repeat(firsts, counts))
        wholes = self._words.of(lines.replace("-", "").split("\n"))
        found.add(owners, wholes, np.zeros_like(owners))
        widths[owners] = counts

    def _learn_others(self, others: "_Shape", found: _Words, widths: NDArray[np.int32]) -> None:
        owners, words, offsets = [], [], []
        for owner, spelling in zip(others.owners, others.spellings, strict=True):
            terms, widths[owner] = apart(spelling)
            owners += [owner] * len(terms)
            words += [term for term, _ in terms]
            offsets += [offset for _, offset in terms]
        found.add(np.array(owners, np.int32), self._words.of(words), np.array(offsets, np.int32))


class _Shape:
    """Spellings of one shape, without what stands around their words, and whose they are."""

    def __init__(self) -> None:
        self.owners: list[int] = []
        self.spellings: list[str] = []

    def add(self, owner: int, spelling: str) -> None:
        self.owners.append(owner)
        self.spellings.append(spelling)


class _Shapes:
    """Spellings by shape: plain words, plain words joined, and everything else."""

    def __init__(self, new: list[str]) -> None:
        words = [spelling.strip(JOINERS) for spelling in new]
        self.plain, self.joined, self.others = _Shape(), _Shape(), _Shape()
        self.plain.owners = [owner for owner, word in enumerate(words) if _is_plain(word)]
        self.plain.spellings = [words[owner] for owner in self.plain.owners]
        is_left = np.ones(len(new), np.bool_)
        is_left[self.plain.owners] = False
        for owner in np.flatnonzero(is_left).tolist():
            self._take(owner, new[owner], words[owner])

    def _take(self, owner: int, spelling: str, word: str) -> None:
        if len(word) > MAX_TERM_LENGTH or not word.isascii():
            self.others.add(owner, spelling)
        elif word.endswith(_POSSESSIVE) and word[:-2].isalnum():
            self.plain.add(owner, word[:-2])
        elif _DECIMAL.fullmatch(word):
            self.plain.add(owner, word.replace(",", "."))
        elif _JOINED.fullmatch(word) and word.count("-") + word.count("/") < MAX_JOINED_PARTS:
            self.joined.add(owner, word)
        else:
            self.others.add(owner, spelling)


def _is_plain(word: str) -> bool:
    return word.isalnum() and word.isascii() and len(word) <= MAX_TERM_LENGTH
