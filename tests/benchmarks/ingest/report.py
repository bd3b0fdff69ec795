"""The rows of a run as tables for people, and what ingest was set to reach."""

from collections.abc import Sequence
from functools import partial

from tests.benchmarks.goals import Goal, goals_table
from tests.benchmarks.ingest.readers import HUB
from tests.benchmarks.results import Results, Table

NONE = "–"
SPEED = "pages_per_cpu_s"
DESCRIBED = {
    "title_exact": "title exact",
    "title_95": "title ≥ 95 %",
    "author_precision": "authors P",
    "author_recall": "authors R",
    "authors_all": "whole list",
    "abstract_f1": "abstract F1",
    "all_three": "all three",
    "doi_right": "DOI",
    "year_right": "year",
    "language_right": "language",
    "form_cpu_s": "CPU s",
    "form_cpu_max_s": "CPU s, most",
}
TEXT = {
    "abstract_words_found": "words of abstracts found",
    "abstracts_complete": "abstracts wholly found",
    "verdict_right": "odd and office files as their manifest says",
    "crashed": "crashed",
    SPEED: "pages per CPU second",
    "pages_per_wall_s": "pages per second, all cores",
}


def make_tables(results: Results) -> tuple[Table, ...]:
    """Each measure of reading by set and engine, then what was suggested, scans, and the goals."""
    tables = [reading_table(results, measure) for measure in TEXT if any(results.find(measure=measure))]
    tables += [described_table(results), scans_table(results), goals_table(GOALS, results)]
    return tuple(table for table in tables if table is not None and table.rows)


def reading_table(results: Results, measure: str) -> Table:
    """Sets by engines."""
    rows = list(results.find(measure=measure))
    engines = tuple(dict.fromkeys(row.engine for row in rows))
    sets = dict.fromkeys(row.set for row in rows)
    digits = 1 if measure.startswith("pages") else 4 if measure == "abstract_words_found" else 3
    lines = [
        (name, *(shown(results.value(measure=measure, set=name, engine=engine), digits) for engine in engines))
        for name in sets
    ]
    return Table(f"Reading: {TEXT[measure]}", ("set", *engines), tuple(lines))


def described_table(results: Results) -> Table:
    """Sets by what the hub suggested for them."""
    measures = [measure for measure in DESCRIBED if any(results.find(measure=measure))]
    sets = dict.fromkeys(row.set for row in results.rows if row.measure in DESCRIBED)
    lines = [
        (name, *(shown(results.value(measure=measure, set=name, engine=HUB), 3) for measure in measures))
        for name in sets
    ]
    return Table("What is suggested for a record", ("set", *(DESCRIBED[m] for m in measures)), tuple(lines))


def scans_table(results: Results) -> Table:
    lines = [
        (row.set, shown(row.value, 3), shown(results.value(measure="ocr_cpu_s", set=row.set, engine=HUB), 2))
        for row in results.find(measure="ocr_f1", engine=HUB)
    ]
    return Table("Recognised text of scans", ("set", "word F1", "CPU s a page"), tuple(lines))


def shown(value: float | None, digits: int) -> str:
    return NONE if value is None else f"{value:.{digits}f}"


# --- Goals


def worst(results: Results, *, measure: str, sets: Sequence[str] = ()) -> float | None:
    """The lowest value over sets; over those of one kind where their names are said to begin so."""
    values = [row.value for row in results.find(measure=measure, engine=HUB) if row.set.startswith(tuple(sets) or "")]
    return min(values, default=None)


def most(results: Results, *, measure: str) -> float | None:
    return max((row.value for row in results.find(measure=measure, engine=HUB)), default=None)


def author_f1(results: Results, *, sets: Sequence[str] = ()) -> float | None:
    precision = worst(results, measure="author_precision", sets=sets)
    recall = worst(results, measure="author_recall", sets=sets)
    if precision is None or recall is None:
        return None
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


PAPERS, OTHERS = ("midl",), ("other",)
GOALS = (
    Goal("words of abstracts found", partial(worst, measure="abstract_words_found"), least=0.997),
    Goal("abstracts wholly found", partial(worst, measure="abstracts_complete"), least=0.85),
    Goal("papers of MIDL: title ≥ 95 % alike", partial(worst, measure="title_95", sets=PAPERS), least=0.97),
    Goal("papers of MIDL: author F1", partial(author_f1, sets=PAPERS), least=0.98),
    Goal("papers of MIDL: whole lists of authors", partial(worst, measure="authors_all", sets=PAPERS), least=0.92),
    Goal("papers of MIDL: abstract F1", partial(worst, measure="abstract_f1", sets=PAPERS), least=0.98),
    Goal("papers of MIDL: all three", partial(worst, measure="all_three", sets=PAPERS), least=0.88),
    Goal("other layouts: title ≥ 95 % alike", partial(worst, measure="title_95", sets=OTHERS), least=0.97),
    Goal("other layouts: author F1", partial(author_f1, sets=OTHERS), least=0.97),
    Goal("other layouts: DOI", partial(worst, measure="doi_right", sets=OTHERS), least=0.97),
    Goal("odd files as their manifest says", partial(worst, measure="verdict_right"), least=0.97),
    Goal("crashed", partial(most, measure="crashed"), most=0),
    Goal("CPU seconds for a form, on average", partial(most, measure="form_cpu_s"), most=2),
    Goal("pages per CPU second", partial(worst, measure=SPEED), least=25),
    Goal("recognised text: word F1", partial(worst, measure="ocr_f1"), least=0.9),
)
