"""Numpy arrays by name in one file: written once from front to back, then mapped into memory and never changed.

The arrays come first, each at a multiple of eight bytes, then a directory of them in JSON, then where that begins.
"""

import json
import os
import struct
from collections.abc import Iterable
from contextlib import suppress
from itertools import pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
_ALIGNMENT = 8
_FOOT = struct.Struct("<Q8s")
_MAGIC = b"HUBARRAY"


class Slot:
    """Room for one array in a file that is being written: filled from front to back, perhaps not to its end."""

    def __init__(self, descriptor: int, offset: int, dtype: np.dtype[Any], capacity: int) -> None:
        self._descriptor = descriptor
        self.offset = offset
        self.dtype = dtype
        self.capacity = capacity
        self.length = 0

    def append(self, array: Array) -> None:
        """Write the next part of the array."""
        if self.length + len(array) > self.capacity:
            raise ValueError("More is written into an array than there is room for.")
        write_at(self._descriptor, array, self.offset + self.length * self.dtype.itemsize, dtype=self.dtype)
        self.length += len(array)


def write_at(descriptor: int, array: Array, offset: int, *, dtype: np.dtype[Any]) -> None:
    """Write an array to a place in a file; an error of the disk is raised, never a part left out."""
    data = memoryview(np.ascontiguousarray(array, dtype).view(np.uint8).reshape(-1).data)
    while len(data):
        written = os.pwrite(descriptor, data, offset)
        data, offset = data[written:], offset + written


class ArrayWriter:
    """Writes a file of arrays. As a context manager it closes the file, whole if there was no exception."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        self._slots: dict[str, Slot] = {}
        self._end = 0
        self.notes: dict[str, Any] = {}
        """Small values that are kept beside the arrays, as JSON."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if kind is None:
                self._write_directory()
                os.fsync(self._descriptor)
        finally:
            os.close(self._descriptor)

    def add(self, name: str, array: Array) -> None:
        """Write an array of one dimension."""
        self.reserve(name, array.dtype, len(array)).append(array)

    def reserve(self, name: str, dtype: Any, capacity: int) -> Slot:
        """Make room for an array that is written in parts, among others."""
        kind = np.dtype(dtype)
        slot = self._slots[name] = Slot(self._descriptor, self._end, kind, capacity)
        self._end += -(-capacity * kind.itemsize // _ALIGNMENT) * _ALIGNMENT
        return slot

    def add_strings(self, name: str, strings: Iterable[bytes]) -> None:
        """Write a table that `ArrayFile.strings` reads."""
        items = list(strings)
        offsets = np.zeros(len(items) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, items), np.int64, len(items)), out=offsets[1:])
        self.add(f"{name}.bytes", np.frombuffer(b"".join(items), np.uint8))
        self.add(f"{name}.offsets", offsets)

    def _write_directory(self) -> None:
        arrays = {name: (slot.dtype.str, slot.offset, slot.length) for name, slot in self._slots.items()}
        directory = json.dumps({"arrays": arrays, "notes": self.notes}).encode()
        content = directory + _FOOT.pack(self._end, _MAGIC)
        write_at(self._descriptor, np.frombuffer(content, np.uint8), self._end, dtype=np.dtype(np.uint8))


class Strings:
    """A table of byte strings, by number."""

    def __init__(self, content: Array, offsets: Array) -> None:
        # Python reads single numbers from a memoryview three times as fast as from an array.
        self._content = content.data
        self._offsets = offsets.data

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, number: int) -> bytes:
        return bytes(self._content[self._offsets[number] : self._offsets[number + 1]])

    def slice(self, start: int, stop: int) -> list[bytes]:
        """The strings from `start` up to `stop`."""
        offsets = self._offsets[start : stop + 1].tolist()
        if len(offsets) < 2:
            return []
        content = bytes(self._content[offsets[0] : offsets[-1]])
        first = offsets[0]
        return [content[a - first : b - first] for a, b in pairwise(offsets)]

    def bisect(self, string: bytes) -> int:
        """Where the string stands in a sorted table, or would stand."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self[middle] < string:
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, string: bytes) -> int:
        """The number of the string in a sorted table; -1 if it is not there."""
        number = self.bisect(string)
        return number if number < len(self) and self[number] == string else -1


class ArrayFile:
    """A file of arrays, mapped into memory; any number of threads may read it.

    Raises ValueError for a file that is no whole file of arrays.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size < _FOOT.size:
                raise ValueError(f"{path.name} is cut short.")
            self._map = mmap(file.fileno(), 0, access=ACCESS_READ)
        start, magic = _FOOT.unpack(self._map[size - _FOOT.size :])
        if magic != _MAGIC:
            raise ValueError(f"{path.name} is no file of arrays.")
        directory = json.loads(self._map[start : size - _FOOT.size])
        self._arrays: dict[str, tuple[str, int, int]] = directory["arrays"]
        self.notes: dict[str, Any] = directory["notes"]

    def __contains__(self, name: str) -> bool:
        return name in self._arrays

    def __getitem__(self, name: str) -> Array:
        dtype, offset, length = self._arrays[name]
        return np.frombuffer(self._map, dtype, length, offset)

    def read(self, name: str, start: int, stop: int) -> Array:
        """A part of an array as a copy: what is read once, from end to end, need not stay in memory."""
        dtype, offset, _ = self._arrays[name]
        size = np.dtype(dtype).itemsize
        with self._path.open("rb") as file:
            file.seek(offset + start * size)
            return np.fromfile(file, dtype, stop - start)

    def strings(self, name: str) -> Strings:
        return Strings(self[f"{name}.bytes"], self[f"{name}.offsets"])

    def close(self) -> None:
        """Let go of the file, unless arrays of it are still in use."""
        with suppress(BufferError):
            self._map.close()
