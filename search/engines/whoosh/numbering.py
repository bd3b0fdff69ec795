"""Things numbered in the order in which they are first asked for; spellings many thousands at a time."""

import random
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from itertools import count
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T", bound=Hashable)

_SPACE = ord(" ")
_WORD_BYTES = 8
_WORD_BITS = 8 * _WORD_BYTES
_HALF_A_WORD = np.uint64(_WORD_BITS // 2)
_SHORT = 2 * _WORD_BYTES
# By length up to _SHORT, which bytes belong to the spelling, of the first eight and of the last.
_FIRST_BYTES = np.array([(1 << 8 * min(size, 8)) - 1 for size in range(_SHORT + 1)], np.uint64)
_LAST_BYTES = np.array([(1 << 8 * max(size - 8, 0)) - 1 for size in range(_SHORT + 1)], np.uint64)
_FEWEST_SLOTS = 1 << 12
_ROOMY = 2
"""A table has at least so many slots for each of its spellings: most stand where they are looked for first."""
_UNKNOWN = _FREE = -1
_PART_BYTES = 1 << 18
_NO_NUMBERS = np.zeros(0, np.int32)
_NO_PLACES = np.zeros(0, np.int64)


class Numbering(defaultdict[T, int]):
    """Gives each thing its number."""

    def __init__(self) -> None:
        super().__init__(count().__next__)

    def of(self, things: Sequence[T]) -> NDArray[np.int32]:
        """The numbers of these."""
        return np.fromiter(map(self.__getitem__, things), np.int32, len(things))


class SpellingNumbers(Numbering[bytes]):
    """Gives each spelling its number; not for several threads at once."""

    def __init__(self) -> None:
        super().__init__()
        self._table = _Table()

    def in_line(self, line: bytes) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """The numbers of the spellings between the spaces of a line without zero bytes, and where each begins.

        The same as `of(line.split())`, of thousands of spellings that are known in two thirds of the time.
        """
        numbers, starts = [_NO_NUMBERS], [_NO_PLACES]
        for first, part in _parts(line):
            found, places = self._in_part(part)
            numbers.append(found)
            starts.append(places + first)
        return np.concatenate(numbers), np.concatenate(starts)

    def _in_part(self, line: bytes) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        starts, lengths = _find_spellings(line)
        numbers = np.full(len(starts), _UNKNOWN, np.int32)
        short = np.flatnonzero(lengths <= _SHORT)
        spellings = _Short.of(line, starts[short], lengths[short])
        numbers[short] = self._table.find(spellings)
        unknown = np.flatnonzero(numbers == _UNKNOWN)
        begins, ends = starts[unknown].tolist(), (starts + lengths)[unknown].tolist()
        is_unknown = numbers[short] == _UNKNOWN
        numbers[unknown] = self.of([line[begin:end] for begin, end in zip(begins, ends, strict=True)])
        found, firsts = np.unique(numbers[short][is_unknown], return_index=True)
        self._table.add(spellings.only(np.flatnonzero(is_unknown)[firsts]), found)
        return numbers, starts


def _parts(line: bytes) -> Iterator[tuple[int, bytes]]:
    """The line cut at spaces into parts, each with the place where it begins.

    What is looked up at once takes up to seventy times its own memory, and finds nothing of what is new in itself.
    """
    first = 0
    while len(line) - first > _PART_BYTES and (space := line.find(b" ", first + _PART_BYTES)) >= 0:
        yield first, line[first:space]
        first = space
    yield first, line[first:]


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
        self._spellings = _Short(np.zeros(0, np.uint64), np.zeros(0, np.uint64))
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
        self._keep(new, numbers)
        self._count += len(numbers)
        if _ROOMY * self._count > len(self._slots):
            before = self._slots[self._slots != _FREE]
            self._slots = np.full(1 << (2 * _ROOMY * self._count).bit_length(), _FREE, np.int32)
            self._put(before)
        self._put(numbers)

    def _keep(self, new: _Short, numbers: NDArray[np.int32]) -> None:
        size = int(numbers[-1]) + 1
        if size > len(self._spellings.first):
            room = np.zeros(2 * size - len(self._spellings.first), np.uint64)
            self._spellings = _Short(*(np.concatenate([column, room]) for column in self._spellings))
        self._spellings.first[numbers], self._spellings.last[numbers] = new

    def _put(self, numbers: NDArray[np.int32]) -> None:
        slots = self._first_slots(self._spellings.only(numbers.astype(np.intp)))
        while len(numbers):
            is_free = self._slots[slots] == _FREE
            self._slots[slots[is_free]] = numbers[is_free]
            # Of several that wanted a slot, one has it now.
            left = np.flatnonzero(self._slots[slots] != numbers)
            numbers, slots = numbers[left], self._next(slots[left])

    def _first_slots(self, spellings: _Short) -> NDArray[np.int64]:
        """Where they stand if nobody else does. Only the highest bits of a product depend on all bits of its factors,
        so they are brought down before the next one.
        """
        stirred = spellings.first * self._factors[0]
        stirred ^= stirred >> _HALF_A_WORD
        stirred ^= spellings.last
        stirred *= self._factors[1]
        stirred ^= stirred >> _HALF_A_WORD
        stirred *= self._factors[2]
        slots: NDArray[np.int64] = (stirred >> np.uint64(_WORD_BITS + 1 - len(self._slots).bit_length())).view(np.int64)
        return slots

    def _next(self, slots: NDArray[np.int64]) -> NDArray[np.int64]:
        return (slots + 1) & (len(self._slots) - 1)

    def _is_other(self, numbers: NDArray[np.int32], wanted: _Short) -> NDArray[np.bool_]:
        """Whether a number is that of another spelling than the wanted one, and not free."""
        if not self._count:
            return np.zeros(len(numbers), np.bool_)
        known = self._spellings.only(numbers.astype(np.intp))
        is_other = known.first != wanted.first
        is_other |= known.last != wanted.last
        is_other &= numbers != _FREE
        return is_other
