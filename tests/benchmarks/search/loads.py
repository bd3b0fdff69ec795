"""The loads under which speed and cost are measured: so many abstracts, so many full pages."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median

from tests.benchmarks.progress import say
from tests.benchmarks.results import Row
from tests.benchmarks.search.data import (
    PAGE_CHARACTERS,
    PAGES_PER_RECORD,
    Item,
    read_items,
    records_with_pages,
    repeated,
    write_items,
)
from tests.benchmarks.search.engines import OURS
from tests.benchmarks.search.engines.base import Engine
from tests.benchmarks.search.goals import ABSTRACTS, PAGES
from tests.benchmarks.search.indexing import Index, build_index, measure_start, measure_update
from tests.benchmarks.search.speed import ALL, measure_pages, page_values
from tests.benchmarks.search.workload import SAMPLE, Question, draw_questions

FEW = 10_000
MOST_FOR_SLOW = 100_000
"""Of more documents slow engines would take half an hour."""


@dataclass(frozen=True)
class Effort:
    """How much is measured: more takes longer and scatters less."""

    queries: int = 30
    """Questions of each kind."""
    repeats: int = 3
    """Rounds of all questions."""
    slow_queries: int = 10
    """Questions of each kind for slow engines, in one round."""
    builds: int = 3
    """How often an index of few documents is built: it takes seconds, in which another machine's work shows."""
    starts: int = 5
    updates: int = 20


@dataclass(frozen=True)
class Load:
    """A number of documents: the first `items` items of a file."""

    set: str
    documents: int
    file: Path
    items: int

    def sample(self) -> list[Item]:
        """Items from all over the load, as many as are needed to draw words from."""
        wanted = SAMPLE // PAGES_PER_RECORD if self.set == PAGES else SAMPLE
        step = max(1, self.items // wanted)
        return list(islice(read_items(self.file, self.items), 0, None, step))


def abstract_loads(items: list[Item], sizes: Sequence[int], folder: Path) -> Iterator[Load]:
    """A load for each size, all from one file, so that the smaller ones are parts of the larger."""
    file = folder / ABSTRACTS
    write_items(file, islice(repeated(items), max(sizes, default=0)))
    for size in sizes:
        yield Load(ABSTRACTS, size, file, size)
    file.unlink()


def page_load(items: list[Item], pages: int, folder: Path) -> Load:
    """Records of ten pages each, so many pages in all."""
    file = folder / PAGES
    write_items(file, records_with_pages(items, pages))
    return Load(PAGES, pages, file, -(-pages // PAGES_PER_RECORD))


def measure_load(load: Load, engines: Sequence[type[Engine]], own: Sequence[str], effort: Effort) -> list[Row]:
    """Build every engine's index, open it in new processes, ask all of them in turns, and add to each."""
    chosen = [engine for engine in engines if _is_measured(engine, load)]
    questions = draw_questions(load.sample(), own, effort.queries)
    folder = load.file.with_name(f"{load.set}-{load.documents}")
    indexes = [Index(engine, folder / engine.name) for engine in chosen]
    try:
        return [
            Row("search", load.set, measure, engine, round(value, 4), load.documents, kind)
            for engine, kind, measure, value in _measure(load, indexes, questions, effort)
        ]
    finally:
        for index in indexes:
            index.instance().remove()
        shutil.rmtree(folder, ignore_errors=True)


def _is_measured(engine: type[Engine], load: Load) -> bool:
    if not engine.kinds or (load.set == PAGES and not engine.indexes_pages):
        return False
    return load.documents <= MOST_FOR_SLOW or not engine.is_slow


def _measure(
    load: Load, indexes: Sequence[Index], questions: Sequence[Question], effort: Effort
) -> Iterator[tuple[str, str, str, float]]:
    """Engine, kind, measure and value of everything that is measured under a load."""
    title = f"{load.documents:,} {load.set}"
    first_text = next((question.text for question in questions if question.kind == "common"), "measurement")
    for index, costs in zip(indexes, _build(load, indexes, effort.builds if load.documents <= FEW else 1), strict=True):
        costs |= measure_start(index, first_text, effort.starts)
        yield from ((index.engine.name, ALL, measure, value) for measure, value in costs.items())
    say(f"Searching {title}")
    with ExitStack() as stack:
        engines = [index.instance() for index in indexes]
        for engine in engines:
            engine.open()
            stack.callback(engine.close)
        timings = measure_pages(engines, questions, repeats=effort.repeats, slow=effort.slow_queries)
    yield from page_values(timings, OURS)
    say(f"Adding to {title}")
    for index in indexes:
        costs = measure_update(index, effort.updates, with_pages=load.set == PAGES)
        yield from ((index.engine.name, ALL, measure, value) for measure, value in costs.items())


def _build(load: Load, indexes: Sequence[Index], rounds: int) -> list[dict[str, float]]:
    """Build every index, one after the other, so many times: of each measure of each index the median."""
    costs: list[list[dict[str, float]]] = [[] for _ in indexes]
    for _ in range(rounds):
        for index, measured in zip(indexes, costs, strict=True):
            say(f"Indexing {load.documents:,} {load.set} with {index.engine.name}")
            index.instance().remove()
            measured.append(build_index(index, load.file, load.items))
    return [{measure: median(one[measure] for one in measured) for measure in measured[0]} for measured in costs]


def describe_repetition(load: Load, items: Sequence[Item]) -> str:
    """A sentence where a load needed more texts than there are; "" where it did not."""
    there = len(items)
    if load.set == PAGES:
        characters = sum(len(item.title) + len(item.text) for item in items)
        times = load.documents * PAGE_CHARACTERS / characters
    else:
        times = load.documents / there
    if times <= 1:
        return ""
    return f"{load.documents:,} {load.set}: the {there:,} texts were used {times:.1f} times, again with new ids."
