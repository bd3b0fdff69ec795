"""The process in which one engine is measured alone: `python -m tests.benchmarks.search.worker '{"task": "build", …}'`.

The last line that it prints is what it measured, as JSON. `indexing.py` starts it.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

from search.queries import Word
from tests.benchmarks.search.data import Item, read_items
from tests.benchmarks.search.engines import get_engine_class
from tests.benchmarks.search.engines.base import Engine
from tests.benchmarks.search.workload import Question

PATIENCE_SECONDS = 60.0


def build(engine: Engine, *, items: str, count: int) -> dict[str, float | None]:
    """Index the first items of a file: processor and clock time, and the most memory that this process had.

    Reading the file costs less than one hundredth of indexing it, for every engine alike.
    """
    started, used = time.perf_counter(), _cpu_seconds()
    engine.build(read_items(Path(items), count))
    cpu_seconds, wall_seconds = _cpu_seconds() - used, time.perf_counter() - started
    served = engine.server_process()
    if served is not None:
        cpu_seconds += _cpu_seconds_of(served)
    return {"cpu_s": cpu_seconds, "wall_s": wall_seconds, "rss_mib": None if served else _peak_mib()}


def start(engine: Engine, *, text: str) -> dict[str, float]:
    """Open the index in this new process and show a first page: milliseconds, without importing the modules."""
    started = time.perf_counter()
    engine.open()
    engine.page(Question("common", text, Word(text)))
    milliseconds = (time.perf_counter() - started) * 1000
    engine.close()
    return {"cold_start_ms": milliseconds}


def update(engine: Engine, *, repeats: int, with_pages: bool) -> dict[str, list[float]]:
    """Add documents one by one: milliseconds until a reader that had the index open finds each of them."""
    writer, reader = engine, type(engine)(engine.path)
    writer.open()
    reader.open()
    reader.page(Question("common", "measurement", Word("measurement")))
    milliseconds = []
    for number in range(repeats):
        item, question = _news(number, with_pages=with_pages)
        started = time.perf_counter()
        writer.add(item)
        _wait_until_found(reader, question)
        milliseconds.append((time.perf_counter() - started) * 1000)
    reader.close()
    writer.close()
    return {"visible_ms": milliseconds}


def _news(number: int, *, with_pages: bool) -> tuple[Item, Question]:
    """An item with a word that no other has, and the question for it."""
    word = f"zyxwv{number}"
    text = f"A measurement of {word} with a new protocol, and what became of it. " * 18
    pages = (text, text) if with_pages else ()
    item = Item(f"news-{number}", f"News of {word}", "" if pages else text, 2020, "publication", "news", pages)
    return item, Question("common", word, Word(word))


def _wait_until_found(reader: Engine, question: Question) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        reader.refresh()
        if reader.page(question).total:
            return
        if time.monotonic() > until:
            raise TimeoutError(f"{reader.name} did not show a new document within {PATIENCE_SECONDS:.0f} seconds.")


def _cpu_seconds() -> float:
    """Processor time of this process and of its children that have ended."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _cpu_seconds_of(process: int) -> float:
    """Processor time of another process on this machine; 0 where it runs on another, or is none of ours to see."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_mib() -> float | None:
    """The most memory that this process ever held. `ru_maxrss` would tell that of the parent it was forked from."""
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
    except OSError:
        return None
    peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(peak) / 1024


TASKS = {"build": build, "start": start, "update": update}


def main() -> None:
    """Do the task that the first argument describes."""
    order: dict[str, Any] = json.loads(sys.argv[1])
    engine = get_engine_class(order.pop("engine"))(Path(order.pop("path")))
    task = TASKS[order.pop("task")]
    sys.stdout.write(json.dumps(task(engine, **order)) + "\n")


if __name__ == "__main__":
    main()
