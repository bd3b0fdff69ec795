"""What a bench measured: rows for machines, tables for people, one JSON and one section of a page for both.

Every bench (search, ingest, experts) fills a `Results` and shows it as tables.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One number: what was measured, on what, of which engine."""

    bench: str
    set: str
    measure: str
    engine: str
    value: float
    documents: int | None = None
    """How many documents were searched; only where it is about speed or size."""
    kind: str | None = None
    """Of which kind the queries were, "all" for all of them; beside `documents` only."""


@dataclass
class Results:
    """The rows of one run, and the versions of what was run."""

    versions: dict[str, str]
    rows: list[Row] = field(default_factory=list)

    def find(self, **wanted: object) -> Iterator[Row]:
        """The rows with these values: `find(measure="ndcg@10", engine="fts5")`."""
        for row in self.rows:
            if all(getattr(row, name) == value for name, value in wanted.items()):
                yield row

    def value(self, **wanted: object) -> float | None:
        """The number of the one row with these values, None where nothing was measured."""
        return next((row.value for row in self.find(**wanted)), None)

    def write_json(self, path: Path) -> None:
        """Write versions and rows; what a row does not have is left out of it."""
        rows = [{name: value for name, value in asdict(row).items() if value is not None} for row in self.rows]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"versions": self.versions, "rows": rows}, indent=1) + "\n", encoding="utf-8")


@dataclass(frozen=True)
class Table:
    """A table for people: the first column names its rows, the others hold figures."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def as_text(self) -> str:
        """Columns in line, for a terminal."""
        lines = [self.header, *self.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.header))]
        shown = [self._line(line, widths) for line in lines]
        return "\n".join([self.title, "", shown[0], "-" * max(map(len, shown)), *shown[1:]])

    def as_markdown(self) -> str:
        """A heading with the table below it."""
        lines = [self.header, ("---", *["---:"] * (len(self.header) - 1)), *self.rows]
        return "\n".join([f"### {self.title}", "", *(f"| {' | '.join(line)} |" for line in lines)])

    @staticmethod
    def _line(cells: tuple[str, ...], widths: list[int]) -> str:
        first, *others = zip(cells, widths, strict=True)
        return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]).rstrip()


@dataclass(frozen=True)
class Report:
    """A run for people: what was run on which machine, what it measured, and what is to be known about that."""

    command: str
    versions: dict[str, str]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]

    def as_text(self) -> str:
        """For a terminal."""
        notes = "\n".join(["Notes", "", *(f"- {note}" for note in self.notes)])
        return "\n\n".join([*(table.as_text() for table in self.tables), notes, self._origin("")])

    def as_markdown(self) -> str:
        """For a section of a page."""
        notes = "\n".join(f"- {note}" for note in self.notes)
        return "\n\n".join([self._origin("`"), *(table.as_markdown() for table in self.tables), "### Notes", notes])

    def _origin(self, quote: str) -> str:
        about = dict(self.versions)
        when, where = about.pop("date", ""), about.pop("machine", "")
        programs = ", ".join(f"{name} {version}" for name, version in about.items())
        return f"{quote}{self.command}{quote}\n\n{when}, {where}; {programs}."


def write_section(path: Path, name: str, text: str) -> None:
    """Put the text between the marks of this name in a Markdown page; at its end where it has no such marks yet."""
    begin, end = f"<!-- {name}: written by make -->", f"<!-- end of {name} -->"
    page = path.read_text(encoding="utf-8") if path.exists() else ""
    before, found, rest = page.partition(begin)
    after = rest.partition(end)[2] if found else "\n"
    if not found and before and not before.endswith("\n\n"):
        before = before.rstrip("\n") + "\n\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{before}{begin}\n\n{text.strip()}\n\n{end}{after}", encoding="utf-8")
