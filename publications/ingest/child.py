"""The reading process: `python -m publications.ingest.child`, started by `sandbox.py` and by nothing else.

It takes one job from standard input, binds itself to the job's limits, and answers in lines of JSON, one as soon as
it is known, so that what was read survives a kill. It never imports Django: it starts in 0.15 s.
"""

import ctypes
import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from publications.ingest.limits import Limits, Stopped

Work = Callable[..., Iterator[dict[str, Any]]]

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38


def main() -> None:
    job = json.load(sys.stdin.buffer)
    die_with_parent(job["parent"])
    answers = take_output()
    limits = Limits(**job["limits"])
    work = load_work(job["work"])
    restrict(limits)
    for message in run(work, job["arguments"], limits):
        send(answers, message)
    # Skips the destructors of libraries that have just met a hostile file.
    os._exit(0)


def run(work: Work, arguments: dict[str, Any], limits: Limits) -> Iterator[dict[str, Any]]:
    """What the work tells, and at last how it ended. Anything may be raised, not only the libraries' own errors."""
    try:
        yield from work(limits=limits, **arguments)
    except Stopped as stop:
        yield {"end": stop.outcome, "why": stop.why}
    except MemoryError:
        yield {"end": "limit", "why": "memory"}
    except Exception as error:
        yield {"end": "unreadable", "why": describe(error)}
    else:
        yield {"end": "done", "why": ""}


def describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]


def load_work(name: str) -> Work:
    """The function that does the named work; each imports only the library that it needs."""
    match name:
        case "pypdf":
            from publications.ingest.pdf import read_pages

            return read_pages
        case "pdfium":
            from publications.ingest.pdfium import read_pages

            return read_pages
        case "page":
            from publications.ingest.pdfium import read_page

            return read_page
        case "package":
            from publications.ingest.packages import read_package

            return read_package
    raise ValueError(f"There is no work called {name}.")


def die_with_parent(parent: int) -> None:
    """Linux: be killed when the process that started this one is gone; and never gain rights by running a program."""
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def take_output() -> int:
    """A descriptor of its own for the answers; what libraries print to standard output or error goes nowhere."""
    answers = os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    logging.disable(logging.CRITICAL)
    return answers


def restrict(limits: Limits) -> None:
    """Bind this process: memory, CPU, no file written, no core dumped, no process started."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the wall limit of the parent still holds there.
        return
    set_limit(resource.RLIMIT_AS, limits.memory_bytes)
    set_limit(resource.RLIMIT_CPU, limits.cpu_seconds)
    set_limit(resource.RLIMIT_FSIZE, 0)
    set_limit(resource.RLIMIT_CORE, 0)
    set_limit(resource.RLIMIT_NPROC, 0)


def set_limit(kind: int, value: int) -> None:
    import resource

    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    # macOS refuses limits of the address space.
    with suppress(ValueError, OSError):
        # The second number is final: the process cannot raise it again.
        resource.setrlimit(kind, (value, value + 1 if kind == resource.RLIMIT_CPU else value))


def send(answers: int, message: dict[str, Any]) -> None:
    line = memoryview(json.dumps(message, ensure_ascii=False).encode() + b"\n")
    while line:
        line = line[os.write(answers, line) :]


if __name__ == "__main__":
    main()
