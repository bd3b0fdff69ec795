"""The process that forks a reading process for each job: `python -m publications.ingest.forkserver`.

Loading pypdf, pdfium and Pillow takes 0.3 s, a fork of what has them loaded a few milliseconds. The hub's own
processes cannot fork safely, as their threads may hold locks; this one has a single thread, no environment and so no
secrets, and never opens a file that somebody uploaded. `sandbox.py` starts it, one for each process of the hub.

Standard input is a pipe that closes when the hub's process is gone; descriptor 1 is the socket that jobs arrive at.
"""

import gc
import json
import logging
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

# Loaded here so that a forked job has them: most files are PDFs.
from publications.ingest import packages, pdf, pdfium  # noqa: F401
from publications.ingest.child import do_job
from publications.ingest.descriptive import typography  # noqa: F401

HANG_UP = getattr(select, "POLLRDHUP", 0) | select.POLLHUP


@dataclass
class Job:
    """A reading process and the connection it answers on; `farewell` is what is left to say when it has ended."""

    pid: int
    connection: socket.socket
    farewell: bytes = b""


class ForkServer:
    """Accepts jobs, forks a process for each, kills it when the hub hangs up, and reports how it ended."""

    def __init__(self, listener: socket.socket, *, hub: int) -> None:
        self.listener = listener
        self.hub = hub
        self.jobs: dict[int, Job] = {}
        self.wake_up, ring = socket.socketpair()
        for end in (self.wake_up, ring):
            end.setblocking(False)
        self._ring = ring
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(ring.fileno(), warn_on_full_buffer=False)
        self.poll = select.poll()
        self.poll.register(hub, HANG_UP)
        self.poll.register(self.listener, select.POLLIN)
        self.poll.register(self.wake_up, select.POLLIN)

    def serve(self) -> None:
        """Work until the hub is gone."""
        while True:
            for descriptor, _ in self.poll.poll():
                if descriptor == self.hub:
                    return
                if descriptor == self.listener.fileno():
                    self.accept()
                elif descriptor == self.wake_up.fileno():
                    self.reap()
                elif job := self.jobs.get(descriptor):
                    self.attend(job)

    def accept(self) -> None:
        connection, _ = self.listener.accept()
        parent = os.getpid()
        try:
            pid = os.fork()
        except OSError:  # Too many processes: the hub reads that nothing came, and may try again.
            connection.close()
            return
        if not pid:
            self.become_child(connection, parent=parent)
        self.jobs[connection.fileno()] = Job(pid, connection)
        self.poll.register(connection, HANG_UP)

    def become_child(self, connection: socket.socket, *, parent: int) -> None:
        """In the forked process: let go of all that is the server's, do the job, and end."""
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for other in [self.listener, self.wake_up, self._ring, *(job.connection for job in self.jobs.values())]:
                other.close()
            os.close(self.hub)
            do_job(connection, parent=parent)
        finally:
            # Skips the destructors of libraries that have just met a hostile file.
            os._exit(0 if sys.exception() is None else 1)

    def reap(self) -> None:
        """Collect the processes that have ended, and how."""
        with suppress(BlockingIOError):
            self.wake_up.recv(4096)
        for job in self.jobs.values():
            if job.farewell:
                continue
            pid, status, usage = os.wait4(job.pid, os.WNOHANG)
            if pid:
                exit_code = os.waitstatus_to_exitcode(status)
                ended = {"exit": exit_code, "cpu_seconds": usage.ru_utime + usage.ru_stime}
                # The process may have been killed in the middle of a line.
                job.farewell = b"\n" + json.dumps(ended).encode() + b"\n"
                self.poll.register(job.connection, select.POLLOUT)

    def attend(self, job: Job) -> None:
        """The hub has hung up, or takes the farewell now."""
        if not job.farewell:
            kill(job.pid)
            self.poll.unregister(job.connection)
            return
        with suppress(OSError):
            job.connection.send(job.farewell, socket.MSG_DONTWAIT)
        self.poll.unregister(job.connection)
        del self.jobs[job.connection.fileno()]
        job.connection.close()

    def stop(self) -> None:
        for job in self.jobs.values():
            if not job.farewell:
                kill(job.pid)


def kill(pid: int) -> None:
    """End a process that was not waited for yet, and all that it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)


def main() -> None:
    """Take over the two descriptors, serve, and leave no process and no file behind."""
    address = Path(sys.argv[1])
    hub, listener = os.dup(0), socket.socket(fileno=os.dup(1))
    nowhere = os.open(os.devnull, os.O_RDWR)
    # What libraries print must not meet the answers.
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    logging.disable(logging.CRITICAL)
    # What is loaded by now lives as long as this process: no job need look through it, or copy it, to find garbage.
    gc.freeze()
    server = ForkServer(listener, hub=hub)
    try:
        server.serve()
    finally:
        server.stop()
        address.unlink(missing_ok=True)
        with suppress(OSError):
            address.parent.rmdir()


if __name__ == "__main__":
    main()
