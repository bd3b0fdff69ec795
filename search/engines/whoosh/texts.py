"""Texts in memory, each read once: as the numbers of its spellings, one text after the other; and where they stand."""

from array import array
from collections import deque

import numpy as np
from numpy.typing import NDArray

from search.analysis import ANALYZERS, get_analyzer
from search.engines.whoosh.sorted_arrays import ranges
from search.engines.whoosh.spellings import Spellings

_AT_ONCE = 1 << 17
"""Texts wait until there are so many characters: most are short, and reading them one by one costs as much again."""
_RETURNING = 1000
"""Texts of up to so many characters may be titles, which have several uses, or names, which come again."""
_ANALYZER_NUMBERS = {analyzer.name: number for number, analyzer in enumerate(ANALYZERS)}


class Texts:
    """Texts by number, in the order in which they came."""

    def __init__(self, spellings: Spellings) -> None:
        self._spellings = spellings
        self._waiting: list[str] = []
        self._waiting_characters = 0
        self._known: dict[str, int] = {}
        self._read = array("i")
        self._lengths = array("i")
        self.characters = array("i")
        """By number, how long the text is."""

    def add(self, text: str) -> int:
        """Take a text in; returns its number."""
        may_return = len(text) <= _RETURNING
        if may_return and (known := self._known.get(text)) is not None:
            return known
        number = len(self.characters)
        self.characters.append(len(text))
        if may_return:
            self._known[text] = number
        self._waiting.append(text)
        self._waiting_characters += len(text)
        if self._waiting_characters > _AT_ONCE:
            self.read_all()
        return number

    def read_all(self) -> None:
        """Read what is waiting. Until then, nothing of it can be asked for."""
        numbers, lengths = self._spellings.read(self._waiting)
        self._read.frombytes(numbers.tobytes())
        self._lengths.frombytes(lengths.tobytes())
        self._waiting.clear()
        self._waiting_characters = 0

    def length(self, text: int) -> int | None:
        """How many spellings a text has; None for one that waits."""
        return self._lengths[text] if text < len(self._lengths) else None

    def lengths(self, texts: NDArray[np.int32]) -> NDArray[np.int32]:
        """How many spellings each of these texts has."""
        return as_numpy(self._lengths)[texts]

    def spellings_of(self, texts: NDArray[np.int32]) -> NDArray[np.int32]:
        """The spellings of these texts, one text after the other."""
        lengths = as_numpy(self._lengths)
        starts = np.cumsum(lengths, dtype=np.int32) - lengths
        return as_numpy(self._read)[ranges(starts[texts], lengths[texts])]


class Placement:
    """Which text stands in which entry and how it is analysed, place by place; what counts twice has two places."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._rows = array("i")
        self.characters = 0
        """How long the texts are together, in all their places."""
        self._spellings = 0
        self._unread: deque[int] = deque()
        """By place, the texts of which the spellings are not counted yet."""

    def add(self, entry: int, text: int, language: str) -> None:
        """Place a text of an entry after all others; entries come in order."""
        self._rows.extend((entry, text, _ANALYZER_NUMBERS[get_analyzer(language).name]))
        self._unread.append(text)
        self.characters += self._texts.characters[text]

    @property
    def spellings(self) -> int:
        """How many spellings stand in all places, but for those of the last texts, which wait to be read."""
        while self._unread and (length := self._texts.length(self._unread[0])) is not None:
            self._spellings += length
            self._unread.popleft()
        return self._spellings

    def __len__(self) -> int:
        return len(self._rows) // 3

    def columns(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
        """By place, the entry, the text and the number of its analyzer."""
        entries, texts, analyzers = as_numpy(self._rows).reshape(-1, 3).T
        return entries, texts, analyzers


def as_numpy(column: "array[int]") -> NDArray[np.int32]:
    """What was collected, as an array."""
    return np.frombuffer(column, np.int32) if len(column) else np.zeros(0, np.int32)
