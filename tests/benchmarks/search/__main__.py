"""`make bench-search`: how well and how fast our engine and its peers search the same documents.

Read `data` (what is searched), `workload` (what is asked) and `engines` (who answers) first, then what is measured:
`quality`, and for each of the `loads` `indexing` (with `worker`) and `speed`. `report` makes the tables, `goals` one of
them.
"""

import argparse
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from tests.benchmarks.machine import describe_machine, versions
from tests.benchmarks.progress import say
from tests.benchmarks.results import Report, Results, Row, write_section
from tests.benchmarks.search.data import Collection, DataError, Item, mixed_items, read_abstracts, read_collections
from tests.benchmarks.search.engines import ENGINES, EngineMissing, get_engine_class
from tests.benchmarks.search.engines.base import Engine
from tests.benchmarks.search.loads import (
    FEW,
    MOST_FOR_SLOW,
    Effort,
    abstract_loads,
    describe_repetition,
    measure_load,
    page_load,
)
from tests.benchmarks.search.report import make_tables

SECTION = "bench-search"
PACKAGES = ("numpy", "ir-measures")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print the tables. Returns the code to exit with."""
    options = _parser().parse_args(arguments)
    try:
        collections = read_collections(options.folder)
        results, notes = _measure(options, collections)
    except DataError as error:
        say(str(error))
        return 2
    except subprocess.CalledProcessError as error:
        say(f"Measuring stopped: {shlex.join(map(str, error.cmd))} ended with code {error.returncode}.")
        return 1
    report = Report(_command(), results.versions, make_tables(results), tuple(notes))
    sys.stdout.write(report.as_text() + "\n")
    if options.markdown:
        write_section(options.markdown, SECTION, report.as_markdown())
    return 0


def _parser() -> argparse.ArgumentParser:
    effort = Effort()
    parser = argparse.ArgumentParser(prog="make bench-search", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="the folder of the collections")
    parser.add_argument("--sizes", type=number, nargs="*", default=[1000, 10_000, 100_000], help="numbers of abstracts")
    parser.add_argument("--pages", type=number, default=100_000, help="number of full pages, 0 for none")
    parser.add_argument("--engines", nargs="*", choices=ENGINES, default=list(ENGINES), help="which of them")
    parser.add_argument("--no-quality", action="store_true", help="measure speed only")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    parser.add_argument("--markdown", type=Path, help="write the tables into this page")
    parser.add_argument("--queries", type=int, default=effort.queries, help="queries of each kind")
    parser.add_argument("--repeats", type=int, default=effort.repeats, help="rounds of all queries")
    parser.add_argument("--slow-queries", type=int, default=effort.slow_queries, help="of each kind, for slow engines")
    parser.add_argument("--builds", type=int, default=effort.builds, help="times that a small index is built")
    parser.add_argument("--starts", type=int, default=effort.starts, help="new processes that open an index")
    parser.add_argument("--updates", type=int, default=effort.updates, help="documents that are added one by one")
    return parser


def number(text: str) -> int:
    """A number of things; argparse says what is wrong with any other text."""
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is less than nothing")
    return value


def _measure(options: argparse.Namespace, collections: Sequence[Collection]) -> tuple[Results, list[str]]:
    """All rows that were asked for, written to the JSON file after each part; and what is to be said about them."""
    load_before = os.getloadavg()[0]
    engines, notes = _engines(options.engines)
    results = Results(_versions(engines))
    for rows in _parts(options, collections, engines, notes):
        results.rows += rows
        if options.json:
            results.write_json(options.json)
    # Above the number of processors, others were at work too, and times say less.
    notes.append(f"Load average of the machine: {load_before:.1f} before, {os.getloadavg()[0]:.1f} after.")
    return results, notes


def _parts(
    options: argparse.Namespace, collections: Sequence[Collection], engines: Sequence[type[Engine]], notes: list[str]
) -> Iterator[list[Row]]:
    if not options.no_quality:
        yield _quality(collections, engines, notes)
    items = mixed_items(collections, read_abstracts(options.folder))
    own = [query for collection in collections for query in collection.queries.values()]
    effort = Effort(
        queries=options.queries,
        repeats=options.repeats,
        slow_queries=options.slow_queries,
        builds=options.builds,
        starts=options.starts,
        updates=options.updates,
    )
    notes += _notes_on_speed(items, effort)
    with tempfile.TemporaryDirectory(prefix="bench-search-") as folder:
        for load in abstract_loads(items, sorted(set(options.sizes) - {0}), Path(folder)):
            notes += filter(None, [describe_repetition(load, items)])
            yield measure_load(load, engines, own, effort)
        if options.pages:
            load = page_load(items, options.pages, Path(folder))
            notes += filter(None, [describe_repetition(load, items)])
            yield measure_load(load, engines, own, effort)


def _engines(names: Sequence[str]) -> tuple[list[type[Engine]], list[str]]:
    """Those of the engines that can be measured here, and a note on each: how it is set up, or why it is left out."""
    engines, notes = [], []
    for name in names:
        try:
            engine = get_engine_class(name)
        except EngineMissing as error:
            notes.append(f"{name}: not measured; {error}.")
            continue
        engines.append(engine)
        notes.append(f"{name}: {engine.setting}.")
    return engines, notes


def _quality(collections: Sequence[Collection], engines: Sequence[type[Engine]], notes: list[str]) -> list[Row]:
    try:
        from tests.benchmarks.search.quality import measure_quality
    except ModuleNotFoundError as error:
        notes.append(f"Ranking was not measured: {error.name} is not installed.")
        return []
    return measure_quality(collections, engines)


def _notes_on_speed(items: Sequence[Item], effort: Effort) -> list[str]:
    return [
        f"Documents: {len(items):,} texts in a fixed random order; year, type and topic made up where they have none.",
        "A page: the first ten, the exact total, facets of year, type and topic, ten quotations with marked words.",
        f"{effort.queries} queries of each kind in {effort.repeats} rounds after one to warm up, the engines in turns"
        " in one process; the median of each query counts.",
        f"whoosh-stock and postgres are slow: asked {effort.slow_queries} queries of each kind, once after warming up,"
        f" and left out above {MOST_FOR_SLOW:,} documents.",
        f"Indexes of up to {FEW:,} documents are built {effort.builds} times, the engines in turns; the median counts.",
        "A ratio compares the queries that both answered, so it is not always the quotient of the columns.",
        "fts5 and postgres have no fuzzy words; tantivy does not mark those it finds.",
        "Peers are spared the stop words of free text: with them they ranked worse and read nearly every document.",
        "Full pages: a record of ours has ten; for peers each is a document. whoosh-stock is left out there.",
        "Indexing, opening, adding: each engine in processes of its own. Opening is without imports, and the system has"
        " the files in its cache.",
    ]


def _versions(engines: Sequence[type[Engine]]) -> dict[str, str]:
    found = versions(*(engine.package for engine in engines if engine.package), *PACKAGES)
    for engine in engines:
        found |= engine.versions()
    return found | {"machine": describe_machine(), "date": date.today().isoformat()}


def _command() -> str:
    """What was typed: the Makefile hands it on."""
    return os.environ.get("BENCH_COMMAND") or shlex.join(["python", "-m", "tests.benchmarks.search", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
