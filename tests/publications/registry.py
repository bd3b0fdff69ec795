"""A registry of DOIs for tests: a real HTTP server on this machine that answers what a test lays out for it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.core.cache import cache


class Handler(BaseHTTPRequestHandler):
    """Answers what the test has laid out for a path, and 404 for any other."""

    server: "Server"

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["User-Agent"]))
        answer = self.server.answers.get(self.path)
        if answer is None:
            self.send(404, b"Resource not found.")
        elif callable(answer):
            answer(self)
        else:
            self.send(200, json.dumps(answer).encode())

    def send(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    """A registry: what it answers to which path, and what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Any] = {}
        self.asked: list[tuple[str, str]] = []

    def handle_error(self, *args: Any) -> None:
        """Clients that hang up are what is tested here."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def serving() -> Iterator[Server]:
    with Server() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def registry(settings: Any) -> Iterator[Server]:
    """Crossref and DataCite in one, and look-ups switched on."""
    with serving() as server:
        settings.LOOKUPS_ENABLED = True
        settings.LOOKUP_CROSSREF_URL = settings.LOOKUP_DATACITE_URL = server.url
        settings.LOOKUP_CONTACT = "hub@example.org"
        cache.clear()
        yield server
        cache.clear()
