"""Who wrote what: papers to index, and titles of others as questions, whose right answers are their authors."""

import gzip
import json
import random
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search.documents import Name, SearchDocument, Text

LANGUAGE = "en"
ARXIV, FIELDS = "arxiv", "fields"
LEFT_OUT = "-left-out"
LEAST_PAPERS = 2
"""An author of the paper that asks is a right answer who wrote at least so many of the indexed ones."""
MOST_QUESTIONS = 600
FIELD_SIZES = range(500, 1501)
"""So many abstracts has a field whose set is asked by itself."""
FIELD_MONTHS = 3
MOST_LEFT_OUT = 100
MOST_PAPERS_AROUND = 1500
"""So many papers a set has at most whose papers are left out in turns: the others are indexed anew for each of them."""
SEED = 2022

WHERE_TO_GET_DATA = """\
A folder of expert questions holds
  *.csl.json       papers as CSL-JSON, with title, abstract, author and issued: all of them are indexed
  queries*.jsonl   {"_id": "1", "query": "a title", "experts": ["Ada Lovelace"]} on each line
Abstracts, beside it, are *.jsonl(.gz) with _id, title, text, authors, month ("2026-05") and, for sets by field,
category.
Proceedings make such a set: index the volumes of some years, ask the titles of the next one. Those of MIDL, CC BY 4.0:
https://proceedings.mlr.press"""


class DataError(Exception):
    """The data cannot be used; the message says which and what to do."""


@dataclass(frozen=True)
class Paper:
    """A paper that is indexed; its authors as `name_key` has them."""

    id: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    year: int | None

    def document(self) -> SearchDocument:
        """The paper as our engine indexes it. Authors are not among its words, as for every peer."""
        return SearchDocument(
            id=self.id,
            type="publication",
            title=Text(self.title, LANGUAGE),
            language=LANGUAGE,
            abstracts=(Text(self.abstract, LANGUAGE),) if self.abstract else (),
            creators=tuple(Name("", key) for key in self.authors),
            year=self.year,
        )


@dataclass(frozen=True)
class ExpertSet:
    """Papers, questions by id, and for each the experts that are right."""

    name: str
    papers: tuple[Paper, ...]
    questions: dict[str, str]
    experts: dict[str, frozenset[str]]


def name_key(name: str) -> str:
    """A name for comparing: NFKD, ASCII, lower case, letters and single spaces."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return " ".join("".join(c for c in ascii_only if c.isalpha() or c.isspace()).split())


def read_expert_set(folder: Path) -> ExpertSet:
    """The set in a folder. Raises DataError where there is none, or a file is broken."""
    papers = [paper for path in sorted(folder.glob("*.csl.json")) for paper in _read_papers(path)]
    rows = [row for path in sorted(folder.glob("queries*.jsonl")) for row in _read_lines(path)]
    if not papers or not rows:
        raise DataError(f"There is no set of expert questions in {folder}.\n{WHERE_TO_GET_DATA}")
    try:
        questions = {str(row["_id"]): str(row["query"]) for row in rows}
        experts = {str(row["_id"]): frozenset(map(name_key, row["experts"])) for row in rows}
    except (KeyError, TypeError) as error:
        raise DataError(f"A question in {folder} has no {error}.\n{WHERE_TO_GET_DATA}") from error
    return ExpertSet(folder.resolve().name, tuple(papers), questions, experts)


def leave_out_each(whole: ExpertSet) -> tuple[ExpertSet, ...]:
    """The papers of a set ask the others: sets with all but one, whose title is asked and whose authors are right.

    So a small set has enough questions for a paired test. The others include later papers. Only a paper asks that has
    an author of LEAST_PAPERS others, and of more than MOST_LEFT_OUT such papers so many are drawn. Empty for a set too
    large to be indexed that often.
    """
    if len(whole.papers) > MOST_PAPERS_AROUND:
        return ()
    written = Counter(author for paper in whole.papers for author in paper.authors)
    right = {paper: frozenset(a for a in paper.authors if written[a] > LEAST_PAPERS) for paper in whole.papers}
    asking = [paper for paper in whole.papers if right[paper]]
    if len(asking) > MOST_LEFT_OUT:
        asking = random.Random(SEED).sample(asking, MOST_LEFT_OUT)
    return tuple(
        ExpertSet(
            whole.name + LEFT_OUT,
            tuple(other for other in whole.papers if other is not paper),
            {paper.id: paper.title},
            {paper.id: right[paper]},
        )
        for paper in asking
    )


def read_abstracts(path: Path) -> ExpertSet:
    """The same from abstracts with authors and months: the newest month asks all those before it."""
    whole = _who_wrote_next(ARXIV, _rows_with_authors(path), newest_months=1)
    chosen = random.Random(SEED).sample(sorted(whole.questions), min(MOST_QUESTIONS, len(whole.questions)))
    questions = {key: whole.questions[key] for key in chosen}
    return ExpertSet(ARXIV, whole.papers, questions, {key: whole.experts[key] for key in chosen})


def read_fields(path: Path) -> tuple[ExpertSet, ...]:
    """A set for each field of arXiv that is about as large as what a cluster writes: three months ask those before."""
    fields: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows_with_authors(path):
        fields[row.get("category", "")].append(row)
    small = {name: rows for name, rows in sorted(fields.items()) if name and len(rows) in FIELD_SIZES}
    sets = (_who_wrote_next(name, rows, newest_months=FIELD_MONTHS) for name, rows in small.items())
    return tuple(one for one in sets if one.questions)


def _rows_with_authors(path: Path) -> list[dict[str, Any]]:
    rows = [row for row in _read_lines(path) if row.get("authors")]
    if not rows:
        raise DataError(f"There are no abstracts with authors in {path}.")
    return rows


def _who_wrote_next(name: str, rows: list[dict[str, Any]], *, newest_months: int) -> ExpertSet:
    """The abstracts of the newest months ask all those before them."""
    since = sorted({row["month"] for row in rows})[-newest_months:][0]
    papers = tuple(
        Paper(row["_id"], row["title"], row["text"], _keys(row["authors"]), int(row["month"][:4]))
        for row in rows
        if row["month"] < since
    )
    written = Counter(author for paper in papers for author in paper.authors)
    questions, experts = {}, {}
    for row in rows:
        right = frozenset(key for key in map(name_key, row["authors"]) if written[key] >= LEAST_PAPERS)
        if row["month"] >= since and right:
            questions[row["_id"]], experts[row["_id"]] = row["title"], right
    return ExpertSet(name, papers, questions, experts)


def repeated(papers: tuple[Paper, ...], count: int) -> Iterator[Paper]:
    """So many papers: these, and then the same with new ids."""
    for number in range(count):
        paper = papers[number % len(papers)]
        turn = number // len(papers)
        yield Paper(f"{paper.id}~{turn}", paper.title, paper.abstract, paper.authors, paper.year)


def _keys(authors: Iterable[str]) -> tuple[str, ...]:
    return tuple(key for key in dict.fromkeys(map(name_key, authors)) if key)


def _read_papers(path: Path) -> Iterator[Paper]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"{path} is not JSON ({error}).") from error
    for place, row in enumerate(rows):
        authors = [
            author.get("literal") or " ".join(filter(None, map(author.get, NAME_PARTS)))
            for author in row.get("author", ())
        ]
        dates = row.get("issued", {}).get("date-parts") or [[None]]
        year = int(dates[0][0]) if dates[0] and dates[0][0] else None
        yield Paper(
            f"{path.name}-{row.get('id', place)}",
            row.get("title", ""),
            row.get("abstract", ""),
            _keys(authors),
            year,
        )


NAME_PARTS = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")


def _read_lines(path: Path) -> Iterator[dict[str, Any]]:
    opened: Any = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                yield json.loads(line)
            except ValueError as error:
                raise DataError(f"{path}, line {number}: not JSON ({error}).") from error
