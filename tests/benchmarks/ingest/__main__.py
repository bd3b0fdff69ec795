"""`make bench-ingest`: how well documents are read and described, beside other readers of PDFs.

Read `data` (what is read) and `readers` (who reads) first, then what is measured: `measures`, with `comparing` and
`verdicts`. `report` makes the tables. Our engine is called "hub".
"""

import argparse
import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knowledge_hub.settings")
django.setup()

from tests.benchmarks.ingest.data import DataError, DocumentSet, read_sets  # noqa: E402
from tests.benchmarks.ingest.measures import EngineMissing, Measured, Readings, recognition_rows, wall_rows  # noqa: E402
from tests.benchmarks.ingest.readers import ENGINES, HUB, find_peers, read_with_hub, read_with_peer  # noqa: E402
from tests.benchmarks.ingest.report import make_tables  # noqa: E402
from tests.benchmarks.machine import describe_machine, program_version, versions  # noqa: E402
from tests.benchmarks.progress import say, steps  # noqa: E402
from tests.benchmarks.results import Report, Results, Row, write_section  # noqa: E402

SECTION = "bench-ingest"
PACKAGES = ("pypdf", "pypdfium2", "pdfminer.six")
PROGRAMS = {"poppler": ("pdftotext", "-v"), "tesseract": ("tesseract", "--version")}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print the tables. Returns the code to exit with."""
    options = _parser().parse_args(arguments)
    try:
        sets = read_sets(options.folder, most=options.most)
    except DataError as error:
        say(str(error))
        return 2
    results, notes = _measure(options, sets)
    report = Report(_command(), results.versions, make_tables(results), tuple(notes))
    sys.stdout.write(report.as_text() + "\n")
    if options.markdown:
        write_section(options.markdown, SECTION, report.as_markdown())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench-ingest", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="the folder of the sets")
    parser.add_argument("--engines", nargs="*", choices=ENGINES, default=list(ENGINES), help="which of them")
    parser.add_argument("--most", type=int, help="of each set, only the first so many documents")
    parser.add_argument("--no-scans", action="store_true", help="recognise no text, which takes seconds a page")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    parser.add_argument("--markdown", type=Path, help="write the tables into this page")
    return parser


def _measure(options: argparse.Namespace, sets: Sequence[DocumentSet]) -> tuple[Results, list[str]]:
    """All rows that were asked for, written to the JSON file after each set; and what is to be said about them."""
    peers, notes = find_peers([name for name in options.engines if name != HUB])
    engines = [HUB, *peers] if HUB in options.engines else peers
    load_before = os.getloadavg()[0]
    results = Results(_versions())
    for documents in sets:
        for engine in engines:
            readings = _read(documents, engine)
            results.rows += Measured(documents, engine, readings).rows()
            if engine == HUB:
                results.rows += _of_the_hub(options, documents, readings, notes)
        if options.json:
            results.write_json(options.json)
    notes += [f"Documents: {', '.join(map(_told, sets))}.", *NOTES]
    notes.append(f"Load average of the machine: {load_before:.1f} before, {os.getloadavg()[0]:.1f} after.")
    return results, notes


def _told(documents: DocumentSet) -> str:
    without = f" (and {documents.missing} that are not there)" if documents.missing else ""
    return f"{documents.name} {len(documents.documents)}{without}"


def _read(documents: DocumentSet, engine: str) -> Readings:
    """What an engine makes of a set; peers are not asked about what is no PDF."""
    truths = [truth for truth in documents.documents if engine == HUB or truth.is_pdf]
    paths = [truth.path for truth in truths]
    label = f"{documents.name}, {engine}"
    if engine == HUB:
        return {path.name: read_with_hub(path) for path in steps(paths, label)}
    read = read_with_peer(engine, paths)
    return {path.name: next(read) for path in steps(paths, label)}


def _of_the_hub(
    options: argparse.Namespace, documents: DocumentSet, readings: Readings, notes: list[str]
) -> Iterator[Row]:
    yield from wall_rows(documents, readings)
    if options.no_scans:
        return
    try:
        yield from recognition_rows(documents)
    except EngineMissing as error:
        notes.append(f"Scans were not recognised: {error}")


NOTES = (
    "hub: the pipeline's own functions, each step in processes with limits; its text is what is searched, cleaned and"
    " raw words of it. Costs are of all its processes.",
    "Peers give their text as it comes, under the same limits of memory and less processor time, each document in a"
    " process of its own that has the library loaded.",
    "Words are compared in lower case. A title is right where 95 % of its letters are; a name where it is nearly the"
    " same or has the same family name and first letter; all three with an abstract of word F1 ≥ 0.9.",
    "Peers have no say in what is suggested for a record: they give text only.",
)


def _versions() -> dict[str, str]:
    found = versions(*PACKAGES)
    for name, command in PROGRAMS.items():
        if version := program_version(*command):
            found[name] = version
    return found | {"machine": describe_machine(), "date": date.today().isoformat()}


def _command() -> str:
    """What was typed: the Makefile hands it on."""
    return os.environ.get("BENCH_COMMAND") or shlex.join(["python", "-m", "tests.benchmarks.ingest", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
