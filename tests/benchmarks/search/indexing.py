"""What an index costs: to build, on disk, to open, and to add to. Each engine is measured in a process of its own."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.machine import PROJECT
from tests.benchmarks.search.engines.base import Engine

SAMPLING_SECONDS = 0.25
MIB = 2**20


@dataclass(frozen=True)
class Index:
    """An engine with the folder of its index."""

    engine: type[Engine]
    path: Path

    def instance(self) -> Engine:
        """The engine on this index, not opened."""
        return self.engine(self.path)


def build_index(index: Index, items: Path, count: int) -> dict[str, float]:
    """Build the index of the first items of a file: processor and clock time, memory, size on disk, by measure."""
    measured, sampled_mib = _run(index, task="build", items=str(items), count=count)
    values = {
        "index_cpu_s": measured["cpu_s"],
        "index_wall_s": measured["wall_s"],
        "index_size_mib": index.instance().size_bytes() / MIB,
    }
    if measured["rss_mib"] is not None:
        # Children are seen by the samples only, short peaks of the process itself by its own count only.
        values["index_rss_mib"] = max(measured["rss_mib"], sampled_mib)
    return values


def measure_start(index: Index, text: str, repeats: int) -> dict[str, float]:
    """The median time in which new processes open the index and show a first page."""
    times = [_run(index, task="start", text=text)[0]["cold_start_ms"] for _ in range(repeats)]
    return {"cold_start_ms": median(times)}


def measure_update(index: Index, repeats: int, *, with_pages: bool) -> dict[str, float]:
    """The median time until a document that is added to the index is found. The documents stay in it."""
    measured, _memory = _run(index, task="update", repeats=repeats, with_pages=with_pages)
    return {"visible_ms": median(measured["visible_ms"])}


def _run(index: Index, **order: object) -> tuple[dict[str, Any], float]:
    """Let a new process do a task: what it measured, and the most memory in MiB that it and its children had."""
    order |= {"engine": index.engine.name, "path": str(index.path)}
    command = [sys.executable, "-m", "tests.benchmarks.search.worker", json.dumps(order)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        peak = _Peak(process.pid)
        peak.start()
        output, _errors = process.communicate()
        peak.stop()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return json.loads(output.splitlines()[-1]), peak.kibibytes / 1024


class _Peak(threading.Thread):
    """Samples the memory of a process and its children; what they share is counted once."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.process = process
        self.kibibytes = 0
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(SAMPLING_SECONDS):
            self.kibibytes = max(self.kibibytes, sum(map(_proportional_kibibytes, _family(self.process))))

    def stop(self) -> None:
        self._ended.set()
        self.join()


def _family(process: int) -> Iterator[int]:
    """The process, its children and theirs."""
    yield process
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = path.read_text(encoding="utf-8").split()
        except OSError:
            continue
        for child in children:
            yield from _family(int(child))


def _proportional_kibibytes(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
