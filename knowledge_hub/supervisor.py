"""Keep the hub's processes running: start them together, start one again that ends, and stop all of them at once.

For one machine without systemd or containers, and for `make demo`. A worker ends when a write lock lasts over 20 s
(measured with django-tasks-db) and must be started again by somebody.
"""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from types import FrameType

logger = logging.getLogger(__name__)

STOP_SECONDS = 15
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
STEADY_SECONDS = 30.0
"""A process that ran so long is well again: the next pause is short."""

LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
PR_SET_PDEATHSIG = 1


def end_with_parent(parent_id: int) -> None:
    """In a new process: ask the kernel to end it when its parent is gone, however that died."""
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent_id:  # gone before the kernel was asked
            os._exit(1)


@dataclass
class Program:
    """One process to keep running."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = FIRST_PAUSE_SECONDS
    start_after: float = field(default=0.0)

    def start(self) -> None:
        """Start it in a group of its own, so that Ctrl-C reaches only the supervisor, which stops all in order."""
        self.started_at = time.monotonic()
        # Nothing else runs in the supervisor's process, so it may do something between fork and exec.
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            self.command,
            start_new_session=True,
            preexec_fn=partial(end_with_parent, os.getpid()),
        )

    def look_after(self) -> None:
        """Start it if it is not running and its pause is over; pauses grow while it keeps ending at once."""
        now = time.monotonic()
        if self.process and self.process.poll() is not None:
            logger.warning("%s ended with code %s", self.name, self.process.returncode)
            self.signal_group(signal.SIGKILL)  # children that it left behind may hold its port
            steady = now - self.started_at > STEADY_SECONDS
            self.pause = FIRST_PAUSE_SECONDS if steady else min(self.pause * 2, LONGEST_PAUSE_SECONDS)
            self.start_after = now + self.pause
            self.process = None
        if self.process is None and now >= self.start_after:
            self.start()

    def signal_group(self, number: int) -> None:
        """Send a signal to it and its children, also to those that outlived it."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


def stop(programs: Sequence[Program]) -> None:
    """Ask all to end, and end those that do not."""
    for program in programs:
        program.signal_group(signal.SIGTERM)
    give_up_at = time.monotonic() + STOP_SECONDS
    for program in programs:
        if program.process:
            with suppress(subprocess.TimeoutExpired):
                program.process.wait(max(0.1, give_up_at - time.monotonic()))
            program.signal_group(signal.SIGKILL)
            program.process.wait()


def supervise(programs: Sequence[Program]) -> None:
    """Run the programs until this process is told to stop."""
    stopping = False

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask_to_stop)
    try:
        while not stopping:
            for program in programs:
                program.look_after()
            time.sleep(0.2)
    finally:
        stop(programs)


def worker_programs() -> list[Program]:
    """The workers, each with its queue, and the clock: indexing must not wait behind the reading of files, nor that
    behind the recognition of scans.
    """
    manage = [sys.executable, "manage.py"]
    worker = [*manage, "run_worker", "--verbosity", "0"]
    return [
        Program("index worker", [*worker, "index", "--interval", "0.2"]),
        Program("default worker", [*worker, "default"]),
        Program("recognition worker", [*worker, "recognition"]),
        Program("clock", [*manage, "run_due", "--every", "60"]),
    ]


def web_program(*, port: int, address: str = "127.0.0.1", threads: int = 12) -> Program:
    """The web server: one process with threads, so that one search engine's caches serve all requests."""
    return Program(
        "web server",
        [
            sys.executable,
            "-m",
            "gunicorn",
            "knowledge_hub.wsgi:application",
            f"--bind={address}:{port}",
            "--workers=1",
            f"--threads={threads}",
            "--max-requests=5000",
            "--max-requests-jitter=500",
            "--timeout=60",
            # A question in any script with its filters, encoded: the 4094 that gunicorn allows are soon full.
            "--limit-request-line=8190",
            "--log-level=warning",
        ],
    )
