"""`make lighthouse`: what Lighthouse thinks of the hub's pages, as on a desk and as on a phone.

Starts a hub of its own with the demo's content and the settings of production. Read `hub` and `pages`.
"""

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.goals import Goal, goals_table
from tests.benchmarks.lighthouse.hub import free_port, running_hub
from tests.benchmarks.lighthouse.pages import find_pages
from tests.benchmarks.machine import describe_machine, program_version, versions
from tests.benchmarks.progress import say, steps
from tests.benchmarks.results import Report, Results, Row, Table, write_section

SECTION = "lighthouse"
FOLDER = Path(__file__).parent
LIGHTHOUSE = FOLDER / "node_modules" / ".bin" / "lighthouse"
# What is drawn with software only takes no longer for being shown nowhere.
CHROMIUM_FLAGS = "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
FORMS: Mapping[str, tuple[str, ...]] = {"desktop": ("--preset=desktop",), "phone": ()}
"""Lighthouse's own presets; a phone with a slow network is what it takes without one."""
CATEGORIES = {
    "performance": "performance",
    "accessibility": "accessibility",
    "best-practices": "best practices",
    "seo": "SEO",
}
TRIES = 3
GOALS_OF = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
TIMINGS = {
    "largest-contentful-paint": "largest paint, ms",
    "cumulative-layout-shift": "layout shift",
    "total-byte-weight": "kB",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print the tables. Returns the code to exit with: 1 where a goal is missed."""
    options = _parser().parse_args(arguments)
    problem = _missing()
    if problem:
        say(problem)
        return 2
    results = Results(versions() | {"lighthouse": program_version(str(LIGHTHOUSE), "--version")} | _where())
    folder = nullcontext(str(options.folder)) if options.folder else tempfile.TemporaryDirectory(prefix="lighthouse-")
    with folder as name, running_hub(Path(name), port=options.port or free_port()) as site:
        for rows, complaints in _measure(site, options):
            results.rows += rows
            for complaint in complaints:
                say(complaint)
    if options.json:
        results.write_json(options.json)
    report = Report(_command(), results.versions, tuple(_tables(results)), NOTES)
    sys.stdout.write(report.as_text() + "\n")
    if options.markdown:
        write_section(options.markdown, SECTION, report.as_markdown())
    return 0 if all(row[-1] == "yes" for row in _goals(results)) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make lighthouse", description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", nargs="*", help="only these pages (home, search, record, person, event)")
    parser.add_argument("--forms", nargs="*", choices=FORMS, default=list(FORMS), help="as on which device")
    parser.add_argument("--runs", type=int, default=3, help="how often each page is looked at; the median counts")
    parser.add_argument("--folder", type=Path, help="keep the hub here, and start sooner the next time")
    parser.add_argument("--port", type=int, help="the hub's port (default: one that is free)")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    parser.add_argument("--markdown", type=Path, help="write the tables into this page")
    return parser


def _missing() -> str:
    """What has to be installed first, as a sentence."""
    if not shutil.which("node"):
        return "Lighthouse needs Node.js: apt-get install nodejs npm."
    if not LIGHTHOUSE.exists():
        return f"Lighthouse is not there: npm ci --prefix {FOLDER}."
    if not Path(_chromium()).exists():
        return "Lighthouse needs Chromium: CHROMIUM names it, /usr/bin/chromium by default."
    return ""


def _chromium() -> str:
    return os.environ.get("CHROMIUM") or "/usr/bin/chromium"


# Looking ---------------------------------------------------------------------------------------------------------


def _measure(site: str, options: argparse.Namespace) -> Iterator[tuple[list[Row], list[str]]]:
    """The figures of each page in each form, and what is to be said about it."""
    pages = {name: page for name, page in find_pages(site).items() if name in (options.pages or [name])}
    for form in options.forms:
        for name, address in steps(list(pages.items()), form.capitalize()):
            seen = [_look_at(address, FORMS[form]) for _run in range(options.runs)]
            yield (
                _rows(f"{name}, {form}", seen),
                sorted({f"{name}, {form}: {line}" for one in seen for line in _faults(one)}),
            )


def _look_at(address: str, preset: tuple[str, ...]) -> dict[str, Any]:
    """What Lighthouse writes about one page."""
    command = [
        str(LIGHTHOUSE), address, *preset, "--output=json", "--quiet",
        f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={CHROMIUM_FLAGS}",
    ]  # fmt: skip
    environment = os.environ | {"CHROME_PATH": _chromium()}
    for _try in range(TRIES):  # on a busy machine the browser may not start in time, or be too late to be measured
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        report: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {"runtimeError": done.stderr}
        if "runtimeError" not in report:
            return report
    raise LookupError(f"Lighthouse could not look at {address}: {report['runtimeError']}")


def _rows(name: str, seen: list[dict[str, Any]]) -> list[Row]:
    """The median of each figure; scores as Lighthouse shows them, of 100."""
    rows = [
        Row(SECTION, name, category, "hub", round(100 * median(one["categories"][category]["score"] for one in seen)))
        for category in CATEGORIES
    ]
    for timing in TIMINGS:
        value = median(one["audits"][timing]["numericValue"] for one in seen)
        rows.append(
            Row(SECTION, name, timing, "hub", round(value / 1000 if timing == "total-byte-weight" else value, 3))
        )
    return rows


def _faults(seen: dict[str, Any]) -> Iterator[str]:
    """Every audit that counts and was not passed, with the elements that failed it."""
    for category in CATEGORIES:
        for reference in seen["categories"][category]["auditRefs"]:
            audit = seen["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                items = (audit.get("details") or {}).get("items", [])
                where = [item.get("node", {}).get("snippet", "") for item in items][:3]
                yield f"{audit['title']} {audit.get('displayValue', '')} {' '.join(where)}".strip()


# For people ------------------------------------------------------------------------------------------------------

NOTES = (
    "Each page counts with the median of its runs. Desktop and phone are Lighthouse's own presets: the phone has a"
    " quarter of this machine's speed and a slow mobile network, both simulated.",
    "The hub serves itself on loopback, without a proxy in front.",
    "kB is all that is transferred, pictures of pages and photos included.",
)


def _tables(results: Results) -> Iterator[Table]:
    names = list(dict.fromkeys(row.set for row in results.rows))
    measures = CATEGORIES | TIMINGS
    lines = [(name, *(f"{results.value(set=name, measure=measure):g}" for measure in measures)) for name in names]
    yield Table("Pages as Lighthouse sees them", ("", *measures.values()), tuple(lines))
    goals = goals_table(GOALS, results)
    if goals:
        yield goals


def _lowest(category: str, results: Results) -> float | None:
    return min((row.value for row in results.find(measure=category)), default=None)


GOALS = tuple(
    Goal(
        f"{label}, the lowest", lambda results, category=category: _lowest(category, results), least=GOALS_OF[category]
    )
    for category, label in CATEGORIES.items()
)


def _goals(results: Results) -> list[tuple[str, ...]]:
    return [row for goal in GOALS if (row := goal.row(results))]


def _where() -> dict[str, str]:
    return {"machine": describe_machine(), "date": date.today().isoformat()}


def _command() -> str:
    """What was typed: the Makefile hands it on."""
    return os.environ.get("BENCH_COMMAND") or shlex.join(["python", "-m", "tests.benchmarks.lighthouse", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
