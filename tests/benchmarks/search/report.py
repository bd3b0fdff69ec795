"""The rows of a run as tables for people."""

from tests.benchmarks.goals import goals_table
from tests.benchmarks.results import Results, Table
from tests.benchmarks.search.engines import OURS
from tests.benchmarks.search.goals import GOALS
from tests.benchmarks.search.speed import ALL
from tests.benchmarks.search.workload import KINDS

NONE = "–"

QUALITY = {"ndcg@10": "nDCG@10", "recall@100": "Recall@100"}
INDEX = {
    "index_cpu_s": "indexing, CPU seconds",
    "index_wall_s": "indexing, wall seconds",
    "index_rss_mib": "indexing, peak memory, MiB",
    "index_size_mib": "size on disk, MiB",
    "visible_ms": "one document added until found, ms",
    "cold_start_ms": "open and first page in a new process, ms",
}


def make_tables(results: Results) -> tuple[Table, ...]:
    """All tables that the rows can fill: quality, then speed and index for each load, then the goals."""
    loads = dict.fromkeys((row.set, row.documents) for row in results.rows if row.documents is not None)
    tables = [_quality_table(results, measure) for measure in QUALITY if any(results.find(measure=measure))]
    for set_name, documents in loads:
        of_load = Results({}, list(results.find(set=set_name, documents=documents)))
        title = f"{documents:,} {set_name}"
        if any(of_load.find(measure="page_p50_ms")):
            tables.append(_speed_table(of_load, title))
        tables.append(_index_table(of_load, title))
    goals = goals_table(GOALS, results)
    return (*tables, goals) if goals else tuple(tables)


def _quality_table(results: Results, measure: str) -> Table:
    """Collections by engines."""
    rows = list(results.find(measure=measure))
    engines = tuple(dict.fromkeys(row.engine for row in rows))
    lines = []
    for name in dict.fromkeys(row.set for row in rows):
        values = (results.value(measure=measure, set=name, engine=engine) for engine in engines)
        lines.append((name, *(NONE if value is None else f"{value:.3f}" for value in values)))
    # The mean stands last, whichever engine was measured first.
    lines.sort(key=lambda line: line[0] == "mean")
    return Table(f"Ranking quality: {QUALITY[measure]}", ("collection", *engines), tuple(lines))


def _speed_table(of_load: Results, title: str) -> Table:
    """Kinds of queries by engines: the median and the 95th percentile, and how many times as long each peer takes."""
    engines = tuple(dict.fromkeys(row.engine for row in of_load.find(measure="page_p50_ms")))
    peers = tuple(dict.fromkeys(row.engine for row in of_load.find(measure="page_p50_ratio")))
    lines = []
    for kind in (*KINDS, ALL):
        times = [_pair(of_load, engine, kind, "_ms") for engine in engines]
        ratios = [_pair(of_load, peer, kind, "_ratio") for peer in peers]
        if any(cell != NONE for cell in times):
            lines.append((kind, *times, *ratios))
    for measure, label in (("page_queries", "queries asked"), ("page_found", "found, mean")):
        values = [of_load.value(measure=measure, engine=engine, kind=ALL) for engine in engines]
        lines.append((label, *(f"{value:,.0f}" for value in values), *("" for _ in peers)))
    header = ("p50 / p95, ms", *engines, *_compared(peers))
    return Table(f"A page of results, {title}", header, tuple(lines))


def _index_table(of_load: Results, title: str) -> Table:
    """What building, keeping, opening and changing an index costs, and how many times as much each peer takes."""
    engines = tuple(dict.fromkeys(row.engine for row in of_load.find(measure="index_wall_s")))
    peers = tuple(engine for engine in engines if engine != OURS) if OURS in engines else ()
    lines = []
    for measure, label in INDEX.items():
        values = {engine: of_load.value(measure=measure, engine=engine) for engine in engines}
        ratios = [_ratio(values[peer], values[OURS]) for peer in peers]
        lines.append((label, *(_number(values[engine]) for engine in engines), *ratios))
    return Table(f"The index, {title}", ("", *engines, *_compared(peers)), tuple(lines))


def _compared(peers: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{peer} ÷ ours" for peer in peers)


def _pair(of_load: Results, engine: str, kind: str, unit: str) -> str:
    """The median and the 95th percentile in one cell."""
    values = [of_load.value(measure=f"page_{share}{unit}", engine=engine, kind=kind) for share in ("p50", "p95")]
    return NONE if None in values else " / ".join(map(_number, values))


def _ratio(theirs: float | None, ours: float | None) -> str:
    return NONE if theirs is None or not ours else _number(theirs / ours)


def _number(value: float | None) -> str:
    """Three figures at least where there are so many."""
    if value is None:
        return NONE
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
