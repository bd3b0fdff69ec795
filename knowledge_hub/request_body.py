"""A request whose body ends early is not taken for a whole one.

Django's parser of uploads takes what it gets: an upload cut off by a lost connection would be a file like any other,
only shorter. Web servers in front often hold back what is incomplete; this does not lean on that.
"""

from collections.abc import Callable, Iterable
from typing import Any

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]


class IncompleteBody(OSError):
    """The connection ended before the body did. Django answers as to any request that can no longer be read."""


class WholeBody:
    """A request's body that raises IncompleteBody where it ends before it has given all that was announced."""

    def __init__(self, body: Any, *, announced: int) -> None:
        self._body = body
        self._missing = announced

    def read(self, size: int = -1) -> bytes:
        """So many bytes, or all that is left."""
        wanted = self._missing if size < 0 else min(size, self._missing)
        pieces = []
        while wanted > 0:
            piece = self._count(self._body.read(wanted))
            pieces.append(piece)
            wanted -= len(piece)
        return b"".join(pieces)

    def readline(self, size: int = -1) -> bytes:
        """The next line, or its first `size` bytes."""
        wanted = self._missing if size < 0 else min(size, self._missing)
        return self._count(self._body.readline(wanted)) if wanted else b""

    def _count(self, data: bytes) -> bytes:
        if not data:
            raise IncompleteBody(f"{self._missing} bytes of the request never came")
        self._missing -= len(data)
        return data


def with_whole_bodies(application: Application) -> Application:
    """The application, given bodies that must be whole."""

    def checked(environ: Environ, start_response: Any) -> Iterable[bytes]:
        announced = environ.get("CONTENT_LENGTH") or "0"
        if announced.isdigit() and int(announced):
            environ["wsgi.input"] = WholeBody(environ["wsgi.input"], announced=int(announced))
        return application(environ, start_response)

    return checked
