"""Things numbered in the order in which they are first asked for; spellings many thousands at a time."""

import random
from collections import defaultdict
from collections.abc import Hashable, Sequence
from itertools import count
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T", bound=Hashable)

_SPACE = ord(" ")
_WORD_BYTES = 8
_WORD_BITS = 8 * _WORD_BYTES
_SHORT = 2 * _WORD_BYTES
# By length up to _SHORT, which bytes belong to the spelling, of the first eight and of the last.
_FIRST_BYTES = np.array([(1 << 8 * min(size, 8)) - 1 for size in range(_SHORT + 1)], np.uint64)
_LAST_BYTES = np.array([(1 << 8 * max(size - 8, 0)) - 1 for size in range(_SHORT + 1)], np.uint64)
_FEWEST_SLOTS = 1 << 12
_ROOMY = 2
"""A table has at least so many slots for each of its spellings: most stand where they are looked for first."""
_FREE = -1


class Numbering(defaultdict[T, int]):
    """Things by number."""

    def __init__(self) -> None:
        super().__init__(count().__next__)

    def of(self, things: Sequence[T]) -> NDArray[np.int32]:
        """The numbers of these."""
        return np.fromiter(map(self.__getitem__, things), np.int32, len(things))


class SpellingNumbers(Numbering[bytes]):
    """Spellings by number. None has a space or a zero byte in it."""

    def __init__(self) -> None:
        super().__init__()
        self._table = _Table()

    def in_line(self, line: bytes) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """The numbers of the spellings between the spaces of a line, and where each begins.

        The same as `of(line.split())`, of long lines with known spellings in two thirds of the time.
        """
        starts, lengths = _find_spellings(line)
        is_short = lengths <= _SHORT
        numbers = np.full(len(starts), -1, np.int32)
        short = _Short.of(line, starts[is_short], lengths[is_short])
        numbers[is_short] = self._table.find(short)
        places = np.flatnonzero(numbers < 0)
        ends = starts[places] + lengths[places]
        numbers[places] = self.of([line[a:b] for a, b in zip(starts[places].tolist(), ends.tolist(), strict=True)])
        is_unknown = np.zeros(len(starts), np.bool_)
        is_unknown[places] = True
        unknown = np.flatnonzero(is_unknown[is_short])
        found, firsts = np.unique(numbers[is_short][unknown], return_index=True)
        self._table.add(short.only(unknown[firsts]), found)
        return numbers, starts


def _find_spellings(line: bytes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the spellings in a line begin, and how long they are."""
    is_inside = np.zeros(len(line) + 2, np.bool_)
    np.not_equal(np.frombuffer(line, np.uint8), _SPACE, out=is_inside[1:-1])
    edges = np.flatnonzero(is_inside[1:] != is_inside[:-1])
    starts = edges[::2]
    return starts, edges[1::2] - starts


class _Short(NamedTuple):
    """Spellings of up to sixteen bytes, each as two numbers: its first eight bytes and the rest, zeros behind them."""

    first: NDArray[np.uint64]
    last: NDArray[np.uint64]

    @classmethod
    def of(cls, line: bytes, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> "_Short":
        """Those that begin at these places in a line and are so long."""
        room = 3 * _WORD_BYTES
        words = np.frombuffer(line + b" " * (room - len(line) % _WORD_BYTES), f"<u{_WORD_BYTES}")
        # A spelling begins anywhere in a word: its bytes are the end of that and the beginning of the next.
        places = starts // _WORD_BYTES
        shifts = (starts % _WORD_BYTES * 8).astype(np.uint64)
        rests = np.uint64(_WORD_BITS - 1) - shifts
        one = np.uint64(1)
        begin, middle, end = words[places], words[places + 1], words[places + 2]
        first = (begin >> shifts) | (middle << one << rests)
        last = (middle >> shifts) | (end << one << rests)
        return cls(first & _FIRST_BYTES[lengths], last & _LAST_BYTES[lengths])

    def only(self, chosen: NDArray[np.int64]) -> "_Short":
        """Some of them."""
        return _Short(self.first[chosen], self.last[chosen])


class _Table:
    """Short spellings and their numbers, in a hash table: one whose slot is taken has the next free one."""

    def __init__(self) -> None:
        # Drawn anew each time, so that nobody can make a text of which all words want the same slot.
        self._factors = [np.uint64(random.getrandbits(_WORD_BITS) | 1) for _ in range(3)]
        self._slots = np.full(_FEWEST_SLOTS, _FREE, np.int32)
        self._count = 0
        self._known = _Short(np.zeros(0, np.uint64), np.zeros(0, np.uint64))
        """By number, the spelling; anything for numbers of others."""

    def find(self, wanted: _Short) -> NDArray[np.int32]:
        """The numbers of these spellings, -1 for one that is not there."""
        slots = self._first_slots(wanted)
        found = self._slots[slots]
        left = np.flatnonzero(self._is_other(found, wanted))
        slots = slots[left]
        while len(left):
            slots = self._next(slots)
            found[left] = numbers = self._slots[slots]
            is_other = self._is_other(numbers, wanted.only(left))
            left, slots = left[is_other], slots[is_other]
        return found

    def add(self, new: _Short, numbers: NDArray[np.int32]) -> None:
        """Put in spellings that are not there, each once; their numbers are in order."""
        if not len(numbers):
            return
        self._know(new, numbers)
        self._count += len(numbers)
        if _ROOMY * self._count > len(self._slots):
            before = self._slots[self._slots != _FREE]
            self._slots = np.full(1 << (2 * _ROOMY * self._count).bit_length(), _FREE, np.int32)
            self._put(before)
        self._put(numbers)

    def _know(self, new: _Short, numbers: NDArray[np.int32]) -> None:
        size = int(numbers[-1]) + 1
        if size > len(self._known.first):
            room = np.zeros(2 * size - len(self._known.first), np.uint64)
            self._known = _Short(*(np.concatenate([column, room]) for column in self._known))
        self._known.first[numbers], self._known.last[numbers] = new

    def _put(self, numbers: NDArray[np.int32]) -> None:
        slots = self._first_slots(self._known.only(numbers.astype(np.intp)))
        while len(numbers):
            is_free = self._slots[slots] == _FREE
            self._slots[slots[is_free]] = numbers[is_free]
            # Of several that wanted a slot, one has it now.
            left = np.flatnonzero(self._slots[slots] != numbers)
            numbers, slots = numbers[left], self._next(slots[left])

    def _first_slots(self, spellings: _Short) -> NDArray[np.int64]:
        """Where they stand if nobody else does. The highest bits of a product depend on all bits of its factors."""
        stirred = (spellings.first * self._factors[0]) ^ (spellings.last * self._factors[1])
        stirred ^= stirred >> np.uint64(_WORD_BITS // 2)
        stirred *= self._factors[2]
        slots: NDArray[np.int64] = (stirred >> np.uint64(_WORD_BITS + 1 - len(self._slots).bit_length())).view(np.int64)
        return slots

    def _next(self, slots: NDArray[np.int64]) -> NDArray[np.int64]:
        return (slots + 1) & (len(self._slots) - 1)

    def _is_other(self, numbers: NDArray[np.int32], wanted: _Short) -> NDArray[np.bool_]:
        """Whether a number is that of another spelling than the wanted one, and not free."""
        if not self._count:
            return np.zeros(len(numbers), np.bool_)
        known = self._known.only(numbers.astype(np.intp))
        is_other = known.first != wanted.first
        is_other |= known.last != wanted.last
        is_other &= numbers != _FREE
        return is_other
