"""Texts in memory, each read once: as the numbers of its spellings, one text after the other; and where they stand."""

from array import array

import numpy as np
from numpy.typing import NDArray

from search.analysis import ANALYZERS, get_analyzer
from search.engines.whoosh.sorted_arrays import ranges
from search.engines.whoosh.spellings import Spellings

_AT_ONCE = 1 << 17
"""Texts wait until there are so many characters: most are short, and reading them one by one costs as much again."""
_REPEATED = 256
"""Of up to so many characters are names and titles, which come again."""
_ANALYZER_NUMBERS = {analyzer.name: number for number, analyzer in enumerate(ANALYZERS)}


class Texts:
    """Texts by number, in the order in which they came."""

    def __init__(self, spellings: Spellings) -> None:
        self._spellings = spellings
        self._count = 0
        self._waiting: list[str] = []
        self._waiting_characters = 0
        self._known: dict[str, int] = {}
        self._read = array("i")
        self._lengths = array("i")

    def add(self, text: str) -> int:
        """Take a text in; returns its number."""
        is_repeated = len(text) <= _REPEATED
        if is_repeated and (known := self._known.get(text)) is not None:
            return known
        number = self._count
        self._count += 1
        if is_repeated:
            self._known[text] = number
        self._waiting.append(text)
        self._waiting_characters += len(text)
        if self._waiting_characters > _AT_ONCE:
            self.read_all()
        return number

    def read_all(self) -> None:
        """Read what is waiting: the following know all texts only then."""
        numbers, lengths = self._spellings.read(self._waiting)
        self._read.frombytes(numbers.tobytes())
        self._lengths.frombytes(lengths.tobytes())
        self._waiting.clear()
        self._waiting_characters = 0

    @property
    def spelling_count(self) -> int:
        """How many spellings were read."""
        return len(self._read)

    def lengths(self, texts: NDArray[np.int32]) -> NDArray[np.int32]:
        """How many spellings each of these texts has."""
        return as_numpy(self._lengths)[texts]

    def spellings_of(self, texts: NDArray[np.int32]) -> NDArray[np.int32]:
        """The spellings of these texts, one text after the other."""
        lengths = as_numpy(self._lengths)
        starts = np.cumsum(lengths, dtype=np.int32) - lengths
        return as_numpy(self._read)[ranges(starts[texts], lengths[texts])]


class Placement:
    """Which text stands in which entry and how it is analysed, place by place; a title counts twice in two places."""

    def __init__(self) -> None:
        self._rows = array("i")

    def add(self, entry: int, text: int, language: str) -> None:
        """Place a text of an entry after all others; entries come in order."""
        self._rows.extend((entry, text, _ANALYZER_NUMBERS[get_analyzer(language).name]))

    def __len__(self) -> int:
        return len(self._rows) // 3

    def columns(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
        """By place, the entry, the text and the number of its analyzer."""
        entries, texts, analyzers = as_numpy(self._rows).reshape(-1, 3).T
        return entries, texts, analyzers


def as_numpy(column: "array[int]") -> NDArray[np.int32]:
    """What was collected, as an array."""
    return np.frombuffer(column, np.int32) if len(column) else np.zeros(0, np.int32)
