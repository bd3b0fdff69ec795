"""A whole index anew, on two processors: part of the documents are read in a process of its own.

Documents come from one iterable, so this process hands batches over whenever the other one waits for work, and reads
the rest itself. At the end all segments are merged into one.
"""

import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from socket import socketpair

from whoosh.codec.whoosh3 import W3Segment

from search.documents import SearchDocument
from search.engines.whoosh.writing import NewSegments, merge
from search.errors import SearchError

BATCH_SIZE = 100
ALONE_ENTRIES = 10_000
"""Two processes learn most spellings twice, and what they write must be merged: for some ten thousand records or pages
that costs as much as it saves (measured)."""

# What is read is millions of small objects that all live until they are written: looking through them for garbage as
# often as Python does by itself is a twentieth of the work.
COLLECT_RARELY = (100_000, 50, 100)

HELPER_DIED = "The process that helped to build the index ended early. The old index is as it was; run it again."


def build_all(generation: Path, documents: Iterable[SearchDocument]) -> list[W3Segment]:
    """Read all documents into segments of a new generation, merged into one; none for no documents.

    A document whose id came before takes the place of the earlier one. Raises SearchError if the helping process dies.
    """
    with collecting_rarely():
        written = _read_all(generation, documents)
        segments = [segment for segment in written if segment.doc_count()]
        if len(segments) <= 1 and not any(segment.has_deletions() for segment in segments):
            return segments
        return [merge(generation, segments, others=(), known={})]


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """Let Python look for garbage rarely for a while."""
    before = gc.get_threshold()
    gc.set_threshold(*COLLECT_RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _read_all(generation: Path, documents: Iterable[SearchDocument]) -> list[W3Segment]:
    """Read all documents, in two processes if there are many; returns the segments that were written."""
    own = NewSegments(generation)
    helper: _Helper | None = None
    try:
        entries = 0
        for document in documents:
            if helper is None and entries >= ALONE_ENTRIES and len(os.sched_getaffinity(0)) > 1:
                helper = _Helper(generation)
            entries += 1 + len(document.passages)
            if helper is None or own.has(document.id) or not helper.takes(document):
                own.add(document)
        own.flush()
        return [*own.written, *(helper.finish() if helper else ())]
    finally:
        if helper:
            helper.end()


class _Helper:
    """The other process, and the batch that it is given next."""

    def __init__(self, generation: Path) -> None:
        self._is_idle = False
        self._batch: list[SearchDocument] = []
        self._ids: set[str] = set()
        # A fresh interpreter, not a fork: this process may have threads that hold locks.
        ours, theirs = socketpair()
        with theirs:
            command = [sys.executable, "-m", __spec__.name, str(theirs.fileno()), str(generation)]
            self._process = subprocess.Popen(  # noqa: S603
                command, pass_fds=[theirs.fileno()], env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
            )
        self._connection = Connection(ours.detach())

    def takes(self, document: SearchDocument) -> bool:
        """Take a document, unless it has enough to do; one with an id that it had before it always takes."""
        has_time = self._is_waiting() and len(self._batch) < BATCH_SIZE
        if not has_time and document.id not in self._ids:
            return False
        self._ids.add(document.id)
        self._batch.append(document)
        if len(self._batch) >= BATCH_SIZE and self._is_waiting():
            self._send(self._batch)
            self._batch, self._is_idle = [], False
        return True

    def finish(self) -> list[W3Segment]:
        """Give it the rest; returns the segments that it wrote."""
        self._send(self._batch)
        self._send(None)
        while True:
            answer = self._receive()
            if isinstance(answer, list):
                return answer

    def end(self) -> None:
        """See it off, whatever it is doing."""
        self._connection.close()
        self._process.kill()
        self._process.wait()

    def _is_waiting(self) -> bool:
        while not self._is_idle and self._connection.poll():
            self._receive()
            self._is_idle = True
        return self._is_idle

    def _send(self, batch: list[SearchDocument] | None) -> None:
        try:
            self._connection.send_bytes(pickle.dumps(batch, pickle.HIGHEST_PROTOCOL))
        except (BrokenPipeError, ConnectionResetError):
            raise SearchError(HELPER_DIED) from None

    def _receive(self) -> object:
        try:
            return self._connection.recv()
        except (EOFError, ConnectionResetError):
            raise SearchError(HELPER_DIED) from None


def _help(generation: Path, connection: Connection) -> None:
    """What the other process does: read batches until none is left, then say which segments there are."""
    segments = NewSegments(generation)
    connection.send(True)
    # From the process that started this one, over a socket that nobody else has.
    while (batch := pickle.loads(connection.recv_bytes())) is not None:  # noqa: S301
        for document in batch:
            segments.add(document)
        connection.send(True)
    segments.flush()
    connection.send(segments.written)


if __name__ == "__main__":
    gc.set_threshold(*COLLECT_RARELY)
    try:
        _help(Path(sys.argv[2]), Connection(int(sys.argv[1])))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        sys.exit("The process that asked for help has ended.")
