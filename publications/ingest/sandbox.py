"""Run one reading job in one process with limits, and listen to it page by page.

The process is forked by `forkserver.py`, which starts with the first job. The hub's processes cannot fork by
themselves, as their threads may hold locks; a new interpreter for each job costs 0.25 s, a fork of one that has the
libraries loaded 0.02 s.
"""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from publications.ingest.limits import Limits

PROJECT_DIR = Path(__file__).resolve().parents[2]
CHUNK_BYTES = 1 << 16
WAITING_JOBS = 128
START_ATTEMPTS = 3
FAREWELL_SECONDS = 10
# What an interpreter may need to find itself, and Tesseract its languages; nothing else of the environment, and so
# no secret, reaches a job.
KEPT_ENVIRONMENT = ("LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH", "TESSDATA_PREFIX")

Message = dict[str, Any]


@dataclass(frozen=True)
class Ending:
    """How a job ended.

    outcome: "done"; "limit", "password" or "unreadable" as the job said; "crashed" where it died on the file;
    "failed" where it never came to read anything.
    """

    outcome: str
    why: str = ""
    cpu_seconds: float = 0.0


def run_job(
    work: str, arguments: Message, *, limits: Limits, on_message: Callable[[Message], None] | None = None
) -> Ending:
    """Do the named work (one of `child.WORKS`) in a process of its own; safe to call from several threads at once.

    on_message: gets each answer as soon as it is there; what it raises ends the job and travels up.
    Raises ConnectionError where no process can be started at all.
    """
    listener = Listener(limits=limits, on_message=on_message or (lambda message: None))
    job = {"work": work, "arguments": arguments, "limits": asdict(limits)}
    with connect() as connection:
        # A server that has just died takes no job; the end of the connection says so below.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(json.dumps(job).encode() + b"\n")
        stopped = listen(connection, listener, limits=limits)
    outcome, why = stopped or listener.end or died(listener.exit_code, heard=listener.heard)
    return Ending(outcome, why, listener.cpu_seconds)


class Listener:
    """Takes the bytes that a job writes, passes on its messages, and keeps how it ended."""

    def __init__(self, *, limits: Limits, on_message: Callable[[Message], None]) -> None:
        self.limits = limits
        self.on_message = on_message
        self.received = 0
        self.heard = False
        self.end: tuple[str, str] | None = None
        self.exit_code: int | None = None
        self.cpu_seconds = 0.0
        self._rest = bytearray()

    def take(self, chunk: bytes) -> None:
        self.received += len(chunk)
        self._rest += chunk
        if b"\n" in chunk:
            *lines, rest = self._rest.split(b"\n")
            self._rest = bytearray(rest)
            for line in lines:
                self.take_message(parse(bytes(line)))

    def take_message(self, message: Message) -> None:
        if "exit" in message:
            self.exit_code, self.cpu_seconds = int(message["exit"]), float(message["cpu_seconds"])
        elif "end" in message:
            self.end = (str(message["end"]), str(message["why"]))
        elif message:
            self.heard = True
            self.on_message(message)

    @property
    def has_too_much(self) -> bool:
        return self.received > self.limits.output_bytes


def parse(line: bytes) -> Message:
    """The message in a line; an empty one for a line that a kill has cut short."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


def listen(connection: socket.socket, listener: Listener, *, limits: Limits) -> tuple[str, str] | None:
    """Pass on what the job says until it has ended. Says which limit of the hub's own ended it, if one did."""
    deadline = time.monotonic() + limits.wall_seconds
    while time.monotonic() < deadline:
        if not wait_for_input(connection, deadline - time.monotonic()):
            continue
        chunk = receive(connection)
        if not chunk:
            return None
        listener.take(chunk)
        if listener.has_too_much:
            hang_up(connection, listener)
            return "limit", "output"
    hang_up(connection, listener)
    return "limit", "wall"


def wait_for_input(connection: socket.socket, seconds: float) -> bool:
    # Not select(): a busy server has descriptors above its 1,024.
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return bool(poll.poll(max(seconds, 0) * 1000))


def receive(connection: socket.socket) -> bytes:
    try:
        return connection.recv(CHUNK_BYTES)
    except ConnectionResetError:
        return b""


def hang_up(connection: socket.socket, listener: Listener) -> None:
    """Have the job killed, skip what it still says, and hear how much CPU time it took."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
    deadline = time.monotonic() + FAREWELL_SECONDS
    tail = b""
    while wait_for_input(connection, deadline - time.monotonic()) and (chunk := receive(connection)):
        tail = (tail + chunk)[-CHUNK_BYTES:]
    listener.take_message(next((m for line in reversed(tail.splitlines()) if "exit" in (m := parse(line))), {}))


def died(exit_code: int | None, *, heard: bool) -> tuple[str, str]:
    """Why a job ended that did not say so itself."""
    if exit_code == -signal.SIGXCPU:
        return "limit", "cpu"
    if exit_code == -signal.SIGKILL:
        return "limit", "killed"
    if exit_code is not None and exit_code < 0:
        return "crashed", signal.Signals(-exit_code).name
    return ("crashed" if heard else "failed"), f"exit {exit_code}"


# --- The fork server of this process


@dataclass
class Server:
    """A running fork server, where it listens, and the pipe that it lives by: it ends when that is closed."""

    process: subprocess.Popen[bytes]
    address: Path
    pipe: int


_server: Server | None = None
_lock = threading.Lock()


def connect() -> socket.socket:
    """A connection to this process's fork server, which is started where there is none."""
    for _ in range(START_ATTEMPTS):
        server = running_server()
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(str(server.address))
        except OSError:  # It has just died.
            connection.close()
            server.process.kill()
            server.process.wait()
        else:
            return connection
    raise ConnectionError("The process that reads files does not start.")


def running_server() -> Server:
    global _server
    with _lock:
        if _server is not None and _server.process.poll() is not None:
            clear_away(_server)
            _server = None
        if _server is None:
            _server = start_server()
        return _server


def start_server() -> Server:
    """Start a fork server, listening at an address that only this user can reach."""
    address = Path(tempfile.mkdtemp(prefix="hub-")) / "reading"
    its_end, our_end = os.pipe()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(address))
        listener.listen(WAITING_JOBS)
        process = subprocess.Popen(  # noqa: S603  (this interpreter, this project, no shell)
            [sys.executable, "-P", "-s", "-m", "publications.ingest.forkserver", str(address)],
            stdin=its_end,
            stdout=listener.fileno(),
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=environment(),
            start_new_session=True,
        )
    os.close(its_end)
    return Server(process, address, our_end)


def environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    search_path = [str(PROJECT_DIR), *filter(None, [kept.get("PYTHONPATH")])]
    return kept | {"PYTHONPATH": os.pathsep.join(search_path), "PYTHONUTF8": "1"}


def stop_server() -> None:
    """End this process's fork server and all its jobs; the next job starts a new one."""
    global _server
    with _lock:
        if _server is not None:
            clear_away(_server)
        _server = None


def clear_away(server: Server) -> None:
    """End a server, and remove its address where it was killed before it could do so."""
    os.close(server.pipe)
    server.process.wait()
    server.address.unlink(missing_ok=True)
    with suppress(FileNotFoundError):
        server.address.parent.rmdir()


def _forget_server() -> None:
    """In a forked process: the server belongs to the parent, and the lock may be held by a thread that is not here."""
    global _server, _lock
    if _server is not None:
        os.close(_server.pipe)
    _server, _lock = None, threading.Lock()


atexit.register(stop_server)
os.register_at_fork(after_in_child=_forget_server)
