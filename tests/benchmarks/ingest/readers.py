"""Who reads: the hub, by the functions of its own pipeline, and its peers, each in processes with the same limits."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import util
from pathlib import Path
from typing import Any

from publications.ingest.descriptive.describing import describe_file
from publications.ingest.limits import Limits
from publications.ingest.reading import DocumentText, read_document
from publications.ingest.recogniser import find_recogniser, recognise_page
from publications.ingest.sandbox import running_server
from publications.suggestions import SuggestedMetadata
from tests.benchmarks.ingest.peer import MODULES, PASSWORDS, died_of_limit

HUB = "hub"
PEERS = ("pypdf", "pdfium", "poppler", "pdfminer")
ENGINES = (HUB, *PEERS)
OUTCOMES = {"ready": "text", "partial": "text"}


class EngineMissing(Exception):
    """This engine cannot be measured here; the message says why."""


@dataclass(frozen=True)
class Reading:
    """What came of a document: `outcome` is a word of `verdicts`, `pages` what can be searched of each page."""

    outcome: str
    pages: tuple[str, ...] = ()
    is_cut_off: bool = False
    cpu_seconds: float = 0.0
    suggested: SuggestedMetadata | None = None
    describing_cpu_seconds: float = 0.0

    @property
    def text(self) -> str:
        return "\n".join(self.pages)


# --- The hub


def read_with_hub(path: Path) -> Reading:
    """Read and describe a document as the pipeline does, each step in processes with limits."""
    try:
        with cpu_spent() as reading_cost:
            text = read_document(path, name=path.name, limits=Limits())
        with cpu_spent() as describing_cost:
            suggested = describe_file(path, text, limits=Limits())
    except Exception:
        return Reading("crash")
    return replace(
        reading_of(text),
        cpu_seconds=reading_cost[0],
        suggested=suggested,
        describing_cpu_seconds=describing_cost[0],
    )


def reading_of(text: DocumentText) -> Reading:
    outcome = OUTCOMES.get(text.status, text.status)
    pages = tuple(
        "\n".join([page.text, *page.running, page.notes, page.raw_words]) if page.status == "text" else ""
        for page in text.pages
    )
    return Reading("crash" if outcome == "failed" else outcome, pages, is_cut_off=text.status == "partial")


@contextmanager
def cpu_spent() -> Iterator[list[float]]:
    """Processor seconds of this process and of the processes that read for it, once the block is done."""
    spent: list[float] = []
    before = time.process_time() + server_seconds()
    yield spent
    spent.append(time.process_time() + server_seconds() - before)


def server_seconds() -> float:
    """What the fork server and all its jobs have used so far; it waits for each, so the kernel adds them up."""
    status = Path(f"/proc/{running_server().process.pid}/stat")
    if not status.exists():  # Linux only; elsewhere only this process is counted
        return 0.0
    fields = status.read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def wall_seconds(paths: Sequence[Path], *, workers: int) -> float:
    """How long the hub takes to read documents, so many at once, as a bulk import does."""
    started = time.monotonic()
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(lambda path: read_document(path, limits=Limits()), paths))
    return time.monotonic() - started


def recognise(path: Path, pages: int) -> tuple[str, float]:
    """The text of a scan's pages by Tesseract, and the processor seconds. Raises EngineMissing where there is none."""
    recogniser = find_recogniser()
    if recogniser.problem:
        raise EngineMissing(recogniser.problem)
    with cpu_spent() as cost:
        texts = [recognise_page(path, number, recogniser=recogniser).text for number in range(1, pages + 1)]
    return "\n".join(texts), cost[0]


# --- Peers


def find_peers(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Those of the peers that can be measured here, and a note on each that cannot."""
    there, notes = [], []
    for name in names:
        is_there = shutil.which("pdftotext") if name == "poppler" else util.find_spec(MODULES[name].partition(".")[0])
        if is_there:
            there.append(name)
        else:
            notes.append(f"{name}: not measured; it is not installed here.")
    return there, notes


def read_with_peer(engine: str, paths: Sequence[Path]) -> Iterator[Reading]:
    """Read documents with a peer, one after the other, each in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.ingest.peer", engine],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        for path in paths:
            process.stdin.write(f"{path.resolve()}\n")
            process.stdin.flush()
            yield reading_of_peer(json.loads(process.stdout.readline()))
        process.stdin.close()


def reading_of_peer(answer: dict[str, Any]) -> Reading:
    pages = tuple(answer["pages"])
    has_text = any(page.strip() for page in pages)
    is_limited = died_of_limit(answer["signal"]) or "MemoryError" in answer["error"] or "Limit" in answer["error"]
    if answer["signal"] and not is_limited:
        outcome = "crash"
    elif has_text:
        outcome = "text"
    elif is_limited:
        outcome = "limit"
    elif any(word in answer["error"].lower() for word in PASSWORDS):
        outcome = "password"
    else:
        outcome = "unreadable" if answer["error"] else "no_text"
    return Reading(outcome, pages, is_cut_off=has_text and is_limited, cpu_seconds=answer["cpu_seconds"])
