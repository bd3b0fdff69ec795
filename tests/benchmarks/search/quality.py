"""How well each engine ranks, judged by people: nDCG@10 and Recall@100 on every collection."""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import fmean

import ir_measures

from tests.benchmarks.progress import say
from tests.benchmarks.results import Row
from tests.benchmarks.search.data import Collection
from tests.benchmarks.search.engines.base import Engine

MEASURES = {"ndcg@10": ir_measures.nDCG @ 10, "recall@100": ir_measures.R @ 100}
DEPTH = 100
MEAN = "mean"

Run = dict[str, list[str]]
"""By query, what was found, the best first."""


def measure_quality(collections: Sequence[Collection], engines: Iterable[type[Engine]]) -> list[Row]:
    """A row for each collection, engine and measure, and those of the set "mean": the mean over the collections."""
    rows = []
    for engine in engines:
        judged = []
        for collection in collections:
            say(f"Ranking {collection.name} with {engine.name}")
            judged.append(judge(rank(collection, engine), collection.qrels))
            rows += [_row(collection.name, measure, engine, value) for measure, value in judged[-1].items()]
        for measure in MEASURES if judged else ():
            rows.append(_row(MEAN, measure, engine, fmean(values[measure] for values in judged)))
    return rows


def rank(collection: Collection, engine_class: type[Engine]) -> Run:
    """The best hundred documents for each judged query."""
    with tempfile.TemporaryDirectory(prefix="bench-quality-") as folder:
        engine = engine_class(Path(folder) / "index")
        try:
            engine.build(collection.items)
            engine.open()
            run = {query: engine.rank(collection.queries[query], DEPTH) for query in collection.qrels}
            engine.close()
        finally:
            engine.remove()
    return run


def judge(run: Run, qrels: dict[str, dict[str, int]]) -> dict[str, float]:
    """The means over all judged queries; a query that found nothing counts as 0."""
    # Scores that fall with the place keep the engine's order where it gave two documents the same score.
    scored = {query: {found: float(-place) for place, found in enumerate(ids)} for query, ids in run.items()}
    values = ir_measures.calc_aggregate(list(MEASURES.values()), qrels, scored)
    return {name: float(values[measure]) for name, measure in MEASURES.items()}


def _row(set_name: str, measure: str, engine: type[Engine], value: float) -> Row:
    return Row("search", set_name, measure, engine.name, round(value, 4))
