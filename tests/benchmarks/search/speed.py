"""How fast each engine shows a page of results: query by query in turn, in one process, on the same questions."""

import gc
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median

import numpy as np

from tests.benchmarks.progress import steps
from tests.benchmarks.search.data import SEED
from tests.benchmarks.search.engines.base import Engine
from tests.benchmarks.search.workload import KINDS, Question, few_of_each_kind

ALL = "all"
PERCENTILES = {"p50": 50, "p95": 95, "p99": 99}
# Measures of their own besides the page's.
NAMED_KINDS = ("and", "phrase")

Times = dict[Question, list[float]]


@dataclass
class Timings:
    """What one engine took for each question, in milliseconds a round, and how many documents it found."""

    engine: str
    times: Times = field(default_factory=dict)
    totals: dict[Question, int] = field(default_factory=dict)

    def medians(self, kind: str) -> dict[Question, float]:
        """The median time of each question of a kind."""
        return {question: median(times) for question, times in self.times.items() if kind in (ALL, question.kind)}


Value = tuple[str, str, str, float]
"""Engine, kind, measure, value."""


def measure_pages(
    engines: Sequence[Engine], questions: Sequence[Question], *, repeats: int, slow: int
) -> list[Timings]:
    """Ask every engine each question that it can answer, in turns, `repeats` times after a round to warm up.

    Slow engines get the first `slow` questions of each kind, in one round.
    """
    timings = {engine.name: Timings(engine.name) for engine in engines}
    few = few_of_each_kind(questions, slow)
    order = random.Random(SEED)
    for engine in engines:
        _warm_up(engine, few if engine.is_slow else questions)
    gc.collect()
    gc.freeze()
    rounds = [(number, question) for number in range(repeats) for question in order.sample(questions, len(questions))]
    for number, question in steps(rounds, "Asking"):
        for engine in order.sample(engines, len(engines)):
            if question.kind in engine.kinds and (not engine.is_slow or (number == 0 and question in few)):
                _ask(engine, question, timings[engine.name])
    gc.unfreeze()
    return list(timings.values())


def _warm_up(engine: Engine, questions: Sequence[Question]) -> None:
    for question in steps(questions, f"Warming up {engine.name}"):
        if question.kind in engine.kinds:
            engine.page(question)


def _ask(engine: Engine, question: Question, timings: Timings) -> None:
    started = time.perf_counter()
    page = engine.page(question)
    timings.times.setdefault(question, []).append((time.perf_counter() - started) * 1000)
    timings.totals[question] = page.total


def page_values(timings: Sequence[Timings], ours: str) -> Iterator[Value]:
    """The percentiles of each engine and kind over the questions, and how often peers take as long as we do.

    A ratio compares the questions that both answered; it is above 1 where we are faster.
    """
    reference = next((one for one in timings if one.engine == ours), None)
    for one in timings:
        for kind in (*KINDS, ALL):
            medians = one.medians(kind)
            if not medians:
                continue
            yield one.engine, kind, "page_queries", len(medians)
            yield one.engine, kind, "page_found", fmean(one.totals[question] for question in medians)
            for share, value in _percentiles(medians.values()).items():
                yield one.engine, kind, f"page_{share}_ms", value
                if kind in NAMED_KINDS:
                    yield one.engine, kind, f"{kind}_{share}_ms", value
            if reference and one is not reference:
                yield from ((one.engine, kind, *ratio) for ratio in _ratios(medians, reference.medians(kind)))


def _ratios(theirs: dict[Question, float], ours: dict[Question, float]) -> Iterator[tuple[str, float]]:
    shared = [question for question in theirs if question in ours]
    if not shared:
        return
    of_theirs = _percentiles(theirs[question] for question in shared)
    of_ours = _percentiles(ours[question] for question in shared)
    for share in PERCENTILES:
        yield f"page_{share}_ratio", of_theirs[share] / of_ours[share]


def _percentiles(times: Iterable[float]) -> dict[str, float]:
    values = list(times)
    return {name: float(np.percentile(values, share)) for name, share in PERCENTILES.items()}
