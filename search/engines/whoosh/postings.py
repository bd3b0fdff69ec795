"""The postings of a term as numpy arrays, decoded from Whoosh's blocks and kept while they are in use.

Whoosh reads postings one by one in Python; on a whole array the same work takes a hundredth of the time.
"""

import io
import pickle
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3TermInfo
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile

from search.engines.whoosh.schema import term_bytes

Integers = NDArray[np.int64]
_HEADER_BYTES = 4
_LENGTH_BYTES = 4


class MappedFile(BufferFile):
    """A file in memory that any number of threads may read: nothing moves a common position."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            empty = path.stat().st_size == 0
            self.file = io.BytesIO() if empty else mmap(file.fileno(), 0, access=ACCESS_READ)
        self.onclose = None
        self.is_real = False
        self.is_closed = False
        self._name = path.name

    def get(self, position: int, length: int) -> bytes:
        if isinstance(self.file, io.BytesIO):
            return b""
        return self.file[position : position + length]


class MappedStorage(FileStorage):
    """A Whoosh storage to read from."""

    def open_file(self, name: str, **options: Any) -> MappedFile:
        return MappedFile(Path(self.folder) / name)


@dataclass(frozen=True)
class Postings:
    """Where a term occurs: documents in order, how often in each, and the positions of one document after the other."""

    documents: Integers
    frequencies: Integers
    positions: Integers

    @property
    def size_bytes(self) -> int:
        return self.documents.nbytes + self.frequencies.nbytes + self.positions.nbytes


def read_postings(terms: Any, field: str, term: str) -> Postings | None:
    """The postings of a term from a Whoosh terms reader; None if it does not occur."""
    value = terms._tindex.get(terms._keycoder(field, term_bytes(term)))
    if value is None:
        return None
    offset, _ = W3TermInfo.from_bytes(value).extent()
    return _decode(terms._postfile, offset + _HEADER_BYTES)


def _decode(file: MappedFile, position: int) -> Postings:
    documents, frequencies, positions = [], [], []
    is_last = False
    while not is_last:
        length = file.get_int(position)
        is_last = length < 0
        block = file.get(position + _LENGTH_BYTES, abs(length))
        position += _LENGTH_BYTES + abs(length)
        ids, weights, values = _read_block(block)
        documents.append(np.cumsum(np.array(ids, np.int64)))
        frequencies.append(_frequencies(weights, len(ids)))
        positions.append(np.frombuffer(b"".join(values or ()), np.uint32))
    return Postings(
        np.concatenate(documents),
        np.concatenate(frequencies),
        np.concatenate(positions).astype(np.int64),
    )


def _read_block(block: bytes) -> tuple[tuple[int, ...], Any, tuple[bytes, ...] | None]:
    """Document numbers as steps, weights (None for all 1, a number for all the same) and positions of a block."""
    stream = io.BytesIO(block)
    # The index folder is as trusted as the code: only this application writes it.
    info = pickle.load(stream)  # noqa: S301
    data = block[stream.tell() :]
    compression = info[3]
    ids, weights, values = pickle.loads(zlib.decompress(data) if compression else data)  # noqa: S301
    return ids, weights, values


def _frequencies(weights: Any, count: int) -> Integers:
    if weights is None:
        return np.ones(count, np.int64)
    if isinstance(weights, float):
        return np.full(count, int(weights), np.int64)
    return np.array(weights).astype(np.int64)


class PostingsCache:
    """Postings in use, up to a number of bytes; the least recently used go first. Threads share it."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._bytes = 0
        self._postings: OrderedDict[tuple[str, str, str], Postings | None] = OrderedDict()
        self._lock = Lock()

    def get(self, segment_id: str, terms: Any, field: str, term: str) -> Postings | None:
        """The postings of a term in a segment, from the cache or read now."""
        key = (segment_id, field, term)
        with self._lock:
            if key in self._postings:
                self._postings.move_to_end(key)
                return self._postings[key]
        postings = read_postings(terms, field, term)
        with self._lock:
            if key not in self._postings:
                self._postings[key] = postings
                self._bytes += _cost(postings)
            while self._bytes > self.max_bytes and len(self._postings) > 1:
                self._bytes -= _cost(self._postings.popitem(last=False)[1])
        return postings


def _cost(postings: Postings | None) -> int:
    return 200 + (postings.size_bytes if postings else 0)
