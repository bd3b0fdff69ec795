"""`make bench-experts`: how well and how fast people are found, beside plain votes on the same papers.

Read `data` (what is asked), `engines` (who answers) and `measures`.
"""

import argparse
import os
import shlex
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

from tests.benchmarks.experts.data import (
    ARXIV,
    FIELDS,
    LEFT_OUT,
    DataError,
    ExpertSet,
    leave_out_each,
    read_abstracts,
    read_expert_set,
    read_fields,
    repeated,
)
from tests.benchmarks.experts.engines import FINDERS, OurFinder, rank_all
from tests.benchmarks.experts.measures import LABELS, MEASURES, chance_of, judge, mean
from tests.benchmarks.goals import Goal, goals_table
from tests.benchmarks.machine import describe_machine, versions
from tests.benchmarks.progress import say, steps
from tests.benchmarks.results import Report, Results, Row, Table, write_section

SECTION = "bench-experts"
BENCH = "experts"
OURS, PEER = "whoosh", "votes-fts5"
CHANCE = "ndcg@10_p"
MOST_TIMED = 150
ROUNDS = 3
PERCENTILES = {"p50": 50, "p95": 95}
CLOCKS = {"page": time.perf_counter, "cpu": time.process_time}
"""What is on the wall, and what of it this process had: all of it on a machine of one's own."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print the tables. Returns the code to exit with."""
    options = _parser().parse_args(arguments)
    results = Results(versions("numpy", "whoosh-reloaded") | _where())
    try:
        for rows in _measure(options):
            results.rows += rows
            if options.json:
                results.write_json(options.json)
    except DataError as error:
        say(str(error))
        return 2
    report = Report(_command(), results.versions, tuple(_tables(results)), NOTES)
    sys.stdout.write(report.as_text() + "\n")
    if options.markdown:
        write_section(options.markdown, SECTION, report.as_markdown())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench-experts", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="the folder of papers and questions")
    parser.add_argument("--abstracts", type=Path, help="abstracts with authors: a larger set, and the one for speed")
    parser.add_argument("--sizes", type=int, nargs="*", default=[], help="numbers of abstracts to measure speed at")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    parser.add_argument("--markdown", type=Path, help="write the tables into this page")
    return parser


def _measure(options: argparse.Namespace) -> Iterator[list[Row]]:
    proceedings = read_expert_set(options.folder)
    yield _quality(proceedings.name, [proceedings])
    if left_out := leave_out_each(proceedings):
        yield _quality(left_out[0].name, left_out)
    if options.abstracts and options.abstracts.is_file():
        abstracts = read_abstracts(options.abstracts)
        yield _quality(abstracts.name, [abstracts])
        if fields := read_fields(options.abstracts):
            yield _quality(FIELDS, fields)
        for size in options.sizes:
            yield _speed(abstracts, size)


def _quality(name: str, expert_sets: Sequence[ExpertSet]) -> list[Row]:
    """Every measure of every finder over the questions of all sets, each of which is indexed by itself.

    Their ids differ from set to set. With that, how likely the peers' distance to ours is by chance.
    """
    rows, judged = [], {finder.name: {measure: {} for measure in MEASURES} for finder in FINDERS}
    say(f"Asking {sum(len(one.questions) for one in expert_sets):,} questions of {name}")
    for expert_set in steps(expert_sets, "Indexing and asking"):
        with tempfile.TemporaryDirectory(prefix="bench-experts-") as folder:
            for make in FINDERS:
                finder = make(expert_set.papers, Path(folder))
                for measure, values in judge(rank_all(finder, expert_set), expert_set.experts).items():
                    judged[finder.name][measure] |= values
    for engine, measured in judged.items():
        rows += [_row(name, measure, engine, mean(measured[measure])) for measure in MEASURES]
        if engine != OURS:
            chance = chance_of(judged[OURS]["ndcg@10"], measured["ndcg@10"])
            rows.append(_row(name, CHANCE, engine, chance))
    return rows


def _speed(abstracts: ExpertSet, size: int) -> list[Row]:
    """What the engine and the votes take for a page of ten experts with their quotations."""
    with tempfile.TemporaryDirectory(prefix="bench-experts-") as folder:
        say(f"Indexing {size:,} abstracts")
        finder = OurFinder(tuple(repeated(abstracts.papers, size)), Path(folder))
        questions = list(abstracts.questions.values())[:MOST_TIMED]
        asked = questions + [max(question.split(), key=len) for question in questions]
        for question in steps(asked[:: len(asked) // 50 or 1], "Warming up"):
            finder.page(question)
        # In rounds, not three times in a row: what was just asked is still known.
        rounds = [[_time(finder, question) for question in steps(asked, "Asking")] for _ in range(ROUNDS)]
    taken = [[median(times) for times in zip(*of_one, strict=True)] for of_one in zip(*rounds, strict=True)]
    return [
        Row(
            BENCH, abstracts.name, f"{clock}_{name}_ms", OURS, round(float(np.percentile(times, share)), 2), size, "all"
        )
        for clock, times in zip(CLOCKS, zip(*taken, strict=True), strict=True)
        for name, share in PERCENTILES.items()
    ]


def _time(finder: OurFinder, question: str) -> list[float]:
    """What a page took by each of the clocks, in milliseconds."""
    started = [clock() for clock in CLOCKS.values()]
    finder.page(question)
    return [(clock() - start) * 1000 for clock, start in zip(CLOCKS.values(), started, strict=True)]


def _row(set_name: str, measure: str, engine: str, value: float) -> Row:
    return Row(BENCH, set_name, measure, engine, round(value, 5 if measure == CHANCE else 4))


# For people ----------------------------------------------------------------------------------------------------------

NOTES = (
    *(f"{make.name}: {make.setting}." for make in FINDERS),
    "Right answers are the authors of a later paper who had written two of the indexed ones, so most right answers"
    " are unknown: figures compare finders and say little by themselves.",
    "left-out: each paper an author of which wrote two others is taken out of the index, and its title asked.",
    "fields: every field of arXiv with 500 to 1,500 abstracts, about what a cluster writes, indexed by itself; the"
    " questions of all of them together.",
    "By chance: how likely a difference in nDCG@10 as large is between equals (paired randomisation test, two-sided).",
    "A page is ten experts, the records that speak for them and three quotations each: what the engine and the"
    " votes take of it. Half of the questions are titles, half their longest word alone.",
)


def _times(results: Results, set_name: str) -> float | None:
    ours, theirs = (results.value(set=set_name, measure="ndcg@10", engine=engine) for engine in (OURS, PEER))
    return None if ours is None or not theirs else ours / theirs


def _chance(results: Results, set_name: str) -> float | None:
    return results.value(set=set_name, measure=CHANCE, engine=PEER)


GOALS = (
    *(
        Goal(f"nDCG@10 on {name}, times plain votes", partial(_times, set_name=name), least=1.1)
        for name in ("experts", "experts" + LEFT_OUT, ARXIV, FIELDS)
    ),
    *(
        Goal(f"chance of the difference on {name}", partial(_chance, set_name=name), most=0.05)
        for name in ("experts" + LEFT_OUT, ARXIV, FIELDS)
    ),
    Goal(
        "page p95 at 100,000 abstracts, ms",
        lambda results: results.value(measure="page_p95_ms", engine=OURS, documents=100_000),
        most=50,
    ),
)


def _tables(results: Results) -> Iterator[Table]:
    for set_name in dict.fromkeys(row.set for row in results.rows if row.documents is None):
        of_set = Results({}, list(results.find(set=set_name, documents=None)))
        lines = []
        for engine in dict.fromkeys(row.engine for row in of_set.rows):
            values = [of_set.value(engine=engine, measure=measure) for measure in MEASURES]
            chance = of_set.value(engine=engine, measure=CHANCE)
            lines.append((engine, *(f"{value:.3f}" for value in values), "" if chance is None else f"{chance:.4f}"))
        yield Table(f"Finding experts: {set_name}", ("", *LABELS.values(), "by chance"), tuple(lines))
    timed = [row for row in results.rows if row.documents is not None]
    if timed:
        columns = [f"{clock}_{name}_ms" for clock in CLOCKS for name in PERCENTILES]
        lines = [
            (f"{size:,}", *(f"{results.value(documents=size, measure=measure):.1f}" for measure in columns))
            for size in dict.fromkeys(row.documents for row in timed)
        ]
        header = ("abstracts", "p50", "p95", "processor p50", "processor p95")
        yield Table("A page of experts, ms", header, tuple(lines))
    goals = goals_table(GOALS, results)
    if goals:
        yield goals


def _where() -> dict[str, str]:
    return {"machine": describe_machine(), "date": date.today().isoformat()}


def _command() -> str:
    """What was typed: the Makefile hands it on."""
    return os.environ.get("BENCH_COMMAND") or shlex.join(["python", "-m", "tests.benchmarks.experts", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
