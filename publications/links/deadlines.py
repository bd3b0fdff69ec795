"""The end of looking at one link, whatever a site does."""

import socket
import threading
import time
from contextlib import suppress

from urllib3.exceptions import HTTPError


class TimeIsUp(HTTPError):
    """Looking at a link took too long in all."""


class Deadline:
    """A moment at which connections are cut off.

    A timeout of a socket counts from the last byte, so a site that sends one now and then could hold us for ever.
    """

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds
        self._watched: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._cut_off)
        self._timer.daemon = True

    def __enter__(self) -> "Deadline":
        self._timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._timer.cancel()
        self._timer.join()
        for connection in self._watched:
            connection.close()

    def check(self) -> None:
        """Raises TimeIsUp from that moment on."""
        if time.monotonic() >= self._ends:
            raise TimeIsUp

    def watch(self, connection: socket.socket) -> None:
        """Cut this connection off at that moment; raises TimeIsUp, and closes it, where that is over."""
        # A second handle on the same connection: TLS takes the first one for itself.
        self._watched.append(connection.dup())
        try:
            self.check()
        except TimeIsUp:
            connection.close()
            raise

    def _cut_off(self) -> None:
        for connection in list(self._watched):
            with suppress(OSError):  # the site may have gone first
                connection.shutdown(socket.SHUT_RDWR)
