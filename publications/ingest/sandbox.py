"""Run one reading job in one process with limits, and listen to it page by page.

The process is a fresh interpreter (`child.py`), not a fork: the hub's own processes have threads, which a fork may
leave holding locks. It starts in 0.15 s, gets no environment and so no secrets, and dies with its parent.
"""

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from publications.ingest.limits import Limits

PROJECT_DIR = Path(__file__).resolve().parents[2]
CHUNK_BYTES = 1 << 16
# What an interpreter may need to find itself; nothing else of the environment reaches a job.
KEPT_ENVIRONMENT = ("LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH")

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
    """Do the named work (see `child.load_work`) in a process of its own; safe to call from several threads at once.

    on_message: gets each answer as soon as it is there; what it raises ends the job and travels up.
    """
    process = start()
    listener = Listener(limits=limits, on_message=on_message or (lambda message: None))
    try:
        ask(process, {"parent": os.getpid(), "work": work, "arguments": arguments, "limits": asdict(limits)})
        stopped = listen(process, listener, limits=limits)
    finally:
        status, cpu_seconds = finish(process)
    outcome, why = stopped or listener.end or died(status, heard=listener.heard)
    return Ending(outcome, why, cpu_seconds)


def start() -> subprocess.Popen[bytes]:
    """A reading process in a session of its own, waiting for its job."""
    return subprocess.Popen(
        [sys.executable, "-P", "-s", "-m", "publications.ingest.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=environment(),
        start_new_session=True,
        bufsize=0,
    )


def environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    search_path = [str(PROJECT_DIR), *filter(None, [kept.get("PYTHONPATH")])]
    return kept | {"PYTHONPATH": os.pathsep.join(search_path), "PYTHONUTF8": "1"}


def ask(process: subprocess.Popen[bytes], job: Message) -> None:
    try:
        process.stdin.write(json.dumps(job).encode())
        process.stdin.close()
    except BrokenPipeError:  # It died at once; `died` says so.
        pass


class Listener:
    """Takes the bytes that a job writes, passes on its messages, and keeps how it said that it ended."""

    def __init__(self, *, limits: Limits, on_message: Callable[[Message], None]) -> None:
        self.limits = limits
        self.on_message = on_message
        self.received = 0
        self.heard = False
        self.end: tuple[str, str] | None = None
        self._rest = bytearray()

    def take(self, chunk: bytes) -> None:
        self.received += len(chunk)
        self._rest += chunk
        if b"\n" not in chunk:
            return
        *lines, rest = self._rest.split(b"\n")
        self._rest = bytearray(rest)
        for line in lines:
            message = json.loads(line)
            self.heard = True
            if "end" in message:
                self.end = (str(message["end"]), str(message["why"]))
            else:
                self.on_message(message)

    @property
    def has_too_much(self) -> bool:
        return self.received > self.limits.output_bytes


def listen(process: subprocess.Popen[bytes], listener: Listener, *, limits: Limits) -> tuple[str, str] | None:
    """Pass on what the process writes until it closes its end. Says which limit made it stop listening, if one did."""
    deadline = time.monotonic() + limits.wall_seconds
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                return "limit", "wall"
            if not selector.select(left):
                continue
            chunk = os.read(process.stdout.fileno(), CHUNK_BYTES)
            if not chunk:
                return None
            listener.take(chunk)
            if listener.has_too_much:
                return "limit", "output"


def finish(process: subprocess.Popen[bytes]) -> tuple[int, float]:
    """End the process and all it started. Returns its exit status (negative: the signal) and its CPU seconds."""
    process.stdin.close()
    process.stdout.close()
    # It has closed its output or is past a limit: nothing it still does can matter.
    with suppress(PermissionError):  # macOS, where it is over already
        os.killpg(process.pid, signal.SIGKILL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_utime + usage.ru_stime


def died(status: int, *, heard: bool) -> tuple[str, str]:
    """Why a process ended that did not say so itself."""
    if -status == signal.SIGXCPU:
        return "limit", "cpu"
    if -status == signal.SIGKILL:
        return "limit", "killed"
    if status < 0:
        return "crashed", signal.Signals(-status).name
    return ("crashed" if heard else "failed"), f"exit {status}"
