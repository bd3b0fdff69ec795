"""What a reading process does: take one job, bind itself to the job's limits, answer in lines of JSON.

Each answer is written as soon as it is known, so that what was read survives a kill. `forkserver.py` forks such a
process for each job; `sandbox.py` asks for it. Nothing here imports Django.
"""

import ctypes
import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from typing import Any

from publications.ingest.limits import Limits, Stopped

Work = Callable[..., Iterator[dict[str, Any]]]

WORKS = {
    "pypdf": "publications.ingest.pdf:read_pages",
    "pdfium": "publications.ingest.pdfium:read_pages",
    "page": "publications.ingest.pdfium:read_page",
    "package": "publications.ingest.packages:read_package",
    "pptx": "publications.ingest.office.slides:read_pages",
    "docx": "publications.ingest.office.documents:read_pages",
    "odp": "publications.ingest.office.opendocument:read_slides",
    "odt": "publications.ingest.office.opendocument:read_text",
    "layout": "publications.ingest.descriptive.typography:read_layout",
    "office_layout": "publications.ingest.descriptive.office:read_layout",
    "hidden": "publications.ingest.hidden:find_hidden",
    "scan": "publications.ingest.pdfium:draw_scan",
    "recognise": "publications.ingest.ocr:recognise_words",
}
"""Where each work is done: module and function. The fork server loads what is needed often, a job the rest."""

PR_SET_PDEATHSIG = 1
# A document is a hundred thousand small objects that nearly all live until the end: looking through them for garbage as
# often as Python does by itself costs 4 % of reading. Not never, as pages that are done with must be freed.
COLLECT_RARELY = (50_000, 20, 50)


def do_job(connection: socket.socket, *, parent: int) -> None:
    """Do the one job that comes in over the connection, within its limits."""
    os.setsid()
    die_with_parent(parent)
    with connection.makefile("rb") as lines:
        job = json.loads(lines.readline())
    limits = Limits(**job["limits"])
    restrict(limits)
    gc.set_threshold(*COLLECT_RARELY)
    for message in run(find_work(job["work"]), job["arguments"], limits):
        connection.sendall(json.dumps(message, ensure_ascii=False).encode() + b"\n")


def find_work(name: str) -> Work:
    """The function that does the named work; its module is loaded where the fork server has not done so."""
    module, _, function = WORKS[name].partition(":")
    work: Work = getattr(import_module(module), function)
    return work


def run(work: Work, arguments: dict[str, Any], limits: Limits) -> Iterator[dict[str, Any]]:
    """What the work tells, and at last how it ended. Anything may be raised, not only the libraries' own errors."""
    try:
        yield from work(limits=limits, **arguments)
    except Stopped as stop:
        yield {"end": stop.outcome, "why": stop.why}
    except MemoryError:
        yield {"end": "limit", "why": "memory"}
    except Exception as error:
        yield {"end": "unreadable", "why": f"{type(error).__name__}: {error}"[:200]}
    else:
        yield {"end": "done", "why": ""}


def die_with_parent(parent: int) -> None:
    """Linux: be killed when the process that forked this one is gone."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def restrict(limits: Limits) -> None:
    """Bind this process: memory, CPU, no core dumped; unless its work needs it, no file written, no process started."""
    import resource

    set_limit(resource.RLIMIT_AS, limits.memory_bytes)
    set_limit(resource.RLIMIT_CPU, limits.cpu_seconds)
    set_limit(resource.RLIMIT_FSIZE, limits.written_bytes)
    set_limit(resource.RLIMIT_CORE, 0)
    if not limits.may_start_programs:
        set_limit(resource.RLIMIT_NPROC, 0)
    os.nice(limits.niceness)


def set_limit(kind: int, value: int) -> None:
    """Lower a limit for good: a process cannot raise its hard limit again."""
    import resource

    # At the soft limit of CPU time comes SIGXCPU, which tells more than the SIGKILL at the hard one.
    highest = value + 1 if kind == resource.RLIMIT_CPU else value
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value, highest = min(value, hard), min(highest, hard)
    # macOS has no limit of the address space and refuses one.
    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (value, highest))
