"""The spellings in the texts that were read, each numbered the first time, and the words that it stands for.

Reading cuts texts at their spaces and looks the number of each piece up. Which words a piece is, "model," for
instance, is worked out later, for many at once, and mostly without a step of Python for each: most are a plain word or
plain words joined by hyphens.
"""

import re
from collections.abc import Sequence
from itertools import islice, pairwise
from string import ascii_lowercase, digits
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.analysis import ANALYZERS, Analyzer
from search.analysis.tokens import JOINERS, MAX_JOINED_PARTS, MAX_TERM_LENGTH, apart, spelled, spellings
from search.engines.whoosh.lexicon import KnownKeys, WordFacts, signatures
from search.engines.whoosh.numbering import Numbering, SpellingNumbers
from search.engines.whoosh.sorted_arrays import ranges, sums

_DECIMAL = re.compile(r"[0-9]+(?:[.,][0-9]+)+[a-z]*")
_POSSESSIVE = "'s"
_END = "\0"  # which no spelling has
_ALPHANUMERIC, _JOINT, _POINT, _APOSTROPHE, _OTHER = 1, 2, 4, 8, 16
_KINDS = np.full(256, _OTHER, np.uint8)
"""By byte, which kind of character it is, or is part of."""
for _characters, _kind in (
    (ascii_lowercase + digits, _ALPHANUMERIC),
    ("-/", _JOINT),
    (".,", _POINT),
    ("'", _APOSTROPHE),
    (_END, 0),
):
    _KINDS[np.frombuffer(_characters.encode(), np.uint8)] = _kind
_NO_NUMBERS = np.zeros(0, np.int32)


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
        self._numbers = SpellingNumbers()
        self._words = Numbering[str]()
        self._starts = _NO_NUMBERS
        """Where the words of each spelling begin in the two arrays below."""
        self._counts = _NO_NUMBERS
        self._word_numbers = _NO_NUMBERS
        self._offsets = _NO_NUMBERS
        self._is_whole = np.zeros(0, np.bool_)
        """Whether it is "lowdose", which "low-dose" is too."""
        self.widths = _NO_NUMBERS
        """By spelling, how many positions it takes. Those of the last texts are there after `learn`."""
        self.characters = 0
        """How long all spellings are together that were learned: a page of base64 is one."""
        self._texts: list[str] = []
        """By word, how it is written."""
        self._signatures = np.zeros(0, np.uint64)
        self._keys = {analyzer.name: KnownKeys(analyzer) for analyzer in ANALYZERS if analyzer.keys_of}

    def __len__(self) -> int:
        return len(self._numbers)

    def read(self, texts: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The spellings in these texts by number, one text after the other; and how many each text has."""
        lines = [spelled(text) for text in texts]
        numbers, starts = self._numbers.in_line(b" ".join([line or b"" for line in lines]))
        begins = sums(np.fromiter([len(line or b"") + 1 for line in lines], np.int32, len(lines)))
        counts = np.diff(np.searchsorted(starts, begins)).astype(np.int32)
        if odd := [place for place, line in enumerate(lines) if line is None]:
            read = [self._numbers.of(spellings(texts[place])) for place in odd]
            sizes = np.fromiter(map(len, read), np.int32, len(read))
            numbers = np.insert(numbers, np.repeat(np.cumsum(counts)[odd], sizes), np.concatenate(read))
            counts[odd] = sizes
        return numbers, counts

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
        # What is written together of the parts of a word stands after them, and where the first of them does.
        is_whole = np.zeros(len(words), np.bool_)
        is_whole[1:] = (owners[1:] == owners[:-1]) & (offsets[1:] <= offsets[:-1])
        self._is_whole = np.concatenate([self._is_whole, is_whole])
        self.widths = np.concatenate([self.widths, widths])
        new_words = list(islice(self._words, len(self._texts), None))
        self._texts += new_words
        self._signatures = np.concatenate([self._signatures, signatures(new_words)])

    def words(self) -> Sequence[str]:
        """Every word that was learned, by number; not to be changed."""
        return self._texts

    def facts(self, numbers: NDArray[np.int32], words: Sequence[str], analyzer: Analyzer) -> WordFacts:
        """What is written of these words, which will be numbered in this order, beside themselves."""
        keys = self._keys[analyzer.name].table(numbers, words) if analyzer.keys_of else None
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
        counts, chosen = self._find_words(spellings)
        return counts, self._word_numbers.take(chosen), self._offsets.take(chosen)

    def lines(self, lengths: NDArray[np.int32], spellings: NDArray[np.int32]) -> list[str]:
        """Texts, of which these are the lengths and the spellings, as their words with a space between."""
        counts, chosen = self._find_words(spellings)
        is_part = ~self._is_whole[chosen]
        words = [self._texts[word] for word in self._word_numbers[chosen[is_part]].tolist()]
        ends = sums(is_part)[sums(counts)[sums(lengths)]]
        return [" ".join(words[start:end]) for start, end in pairwise(ends.tolist())]

    def sort(self, words: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The different ones of these words, in the order of their letters; then all of them by their place in it."""
        is_used = np.zeros(len(self._texts), np.bool_)
        is_used[words] = True
        # Characters sort as their bytes in UTF-8 do.
        ordered = np.array(sorted(np.flatnonzero(is_used).tolist(), key=self._texts.__getitem__), np.int32)
        places = np.zeros(len(self._texts), np.int32)
        places[ordered] = np.arange(len(ordered), dtype=np.int32)
        return ordered, places.take(words)

    def _find_words(self, spellings: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """How many words each of these stands for, and where they are kept."""
        counts = self._counts.take(spellings)
        return counts, ranges(self._starts.take(spellings), counts)

    def _learn_plain(self, plain: "_Shape", found: _Words) -> None:
        found.add(plain.owners, self._words.of(plain.spellings), np.zeros_like(plain.owners))

    def _learn_joined(self, joined: "_Shape", found: _Words, widths: NDArray[np.int32]) -> None:
        """The parts of plain words joined by hyphens or slashes, and all of each written together."""
        owners = joined.owners
        if not len(owners):
            return
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
        for owner, spelling in zip(others.owners.tolist(), others.spellings, strict=True):
            terms, widths[owner] = apart(spelling)
            owners += [owner] * len(terms)
            words += [term for term, _ in terms]
            offsets += [offset for _, offset in terms]
        found.add(np.array(owners, np.int32), self._words.of(words), np.array(offsets, np.int32))


class _Shape(NamedTuple):
    """Spellings of one shape, without what stands around their words, and whose they are."""

    owners: NDArray[np.int32]
    spellings: list[str]


class _Shapes:
    """Spellings by shape: plain words, plain words joined by hyphens or slashes, and everything else."""

    def __init__(self, new: list[str]) -> None:
        words = [spelling.strip(JOINERS) for spelling in new]
        kinds, is_joinable = _look_at(words)
        is_plain = kinds == _ALPHANUMERIC
        is_joined = is_joinable & (kinds == _ALPHANUMERIC | _JOINT)
        for place in np.flatnonzero(
            (kinds == _ALPHANUMERIC | _POINT) | (kinds == _ALPHANUMERIC | _APOSTROPHE)
        ).tolist():
            if word := _as_plain_word(words[place]):
                words[place] = word
                is_plain[place] = True
        self.plain = _chosen(words, is_plain)
        self.joined = _chosen(words, is_joined)
        self.others = _chosen(new, ~(is_plain | is_joined))


def _look_at(words: list[str]) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The kinds of characters in each word, _OTHER for what is too long; and whether its joints are few and apart."""
    line = np.frombuffer("".join([f"{word}{_END}" for word in words]).encode(), np.uint8)
    ends = np.flatnonzero(line == ord(_END))
    sizes = np.diff(ends, prepend=-1) - 1
    characters = _KINDS[line]
    kinds = np.bitwise_or.reduceat(characters, ends - sizes) if words else characters
    kinds[sizes > MAX_TERM_LENGTH] = _OTHER
    joints = np.flatnonzero(characters == _JOINT)
    is_joinable = np.bincount(np.searchsorted(ends, joints), minlength=len(ends)) < MAX_JOINED_PARTS
    is_joinable[np.searchsorted(ends, joints[1:][np.diff(joints) == 1])] = False
    return kinds, is_joinable


def _as_plain_word(word: str) -> str:
    """The one word that is written with a point, a comma or an apostrophe: "3,5" is "3.5"; "" if it is not one."""
    if word.endswith(_POSSESSIVE):
        return word.removesuffix(_POSSESSIVE) if word.count("'") == 1 else ""
    return word.replace(",", ".") if _DECIMAL.fullmatch(word) else ""


def _chosen(spellings: list[str], is_chosen: NDArray[np.bool_]) -> _Shape:
    owners = np.flatnonzero(is_chosen).astype(np.int32)
    return _Shape(owners, [spellings[owner] for owner in owners.tolist()])
