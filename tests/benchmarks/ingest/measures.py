"""The figures of a run, from what was read: words found, titles and authors right, verdicts, speed, recognised text."""

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from publications.suggestions import SuggestedMetadata
from tests.benchmarks.ingest.comparing import (
    NamesFound,
    compare_names,
    folded,
    is_same_title,
    share_found,
    word_f1,
)
from tests.benchmarks.ingest.data import DocumentSet, Truth
from tests.benchmarks.ingest.readers import HUB, EngineMissing, Reading, recognise, wall_seconds
from tests.benchmarks.ingest.verdicts import is_right
from tests.benchmarks.results import Row

ABSTRACT_RIGHT = 0.9
"""From this word F1 on an abstract counts as right for `all_three`; published ones often differ from printed ones."""

Readings = Mapping[str, Reading]
"""What an engine made of each document of a set, by file name."""


class Measured:
    """One set as one engine read it."""

    def __init__(self, documents: DocumentSet, engine: str, readings: Readings) -> None:
        self.set = documents.name
        self.engine = engine
        self.pairs = [
            (truth, readings[truth.path.name]) for truth in documents.documents if truth.path.name in readings
        ]

    def rows(self) -> Iterator[Row]:
        """Every measure that this set can tell about this engine."""
        yield from self.text_rows()
        yield from self.verdict_rows()
        yield from self.speed_rows()
        if self.engine == HUB:
            yield from self.description_rows()

    def row(self, measure: str, value: float) -> Row:
        return Row("ingest", self.set, measure, self.engine, round(value, 4))

    # Text

    def text_rows(self) -> Iterator[Row]:
        """How many words of abstracts can be found in the text, and how many abstracts wholly."""
        found = [share_found(truth.abstract, reading.text) for truth, reading in self.pairs if truth.abstract]
        if total := sum(wanted for _there, wanted in found):
            yield self.row("abstract_words_found", sum(there for there, _wanted in found) / total)
            yield self.row("abstracts_complete", share(there == wanted for there, wanted in found))

    def verdict_rows(self) -> Iterator[Row]:
        """Odd and office files as their manifest says, and crashes on any file."""
        judged = [(truth, reading) for truth, reading in self.pairs if truth.expect]
        if judged:
            yield self.row("verdict_right", share(is_right_reading(truth, reading) for truth, reading in judged))
        yield self.row("crashed", share(reading.outcome == "crash" for _truth, reading in self.pairs))

    def speed_rows(self) -> Iterator[Row]:
        """Pages with text per processor second; odd files say nothing about speed."""
        sound = [reading for truth, reading in self.pairs if not truth.expect and truth.is_pdf]
        pages = sum(len(reading.pages) for reading in sound)
        seconds = sum(reading.cpu_seconds for reading in sound)
        if pages and seconds:
            yield self.row("pages_per_cpu_s", pages / seconds)

    # What is suggested

    @cached_property
    def described(self) -> list[tuple[Truth, SuggestedMetadata]]:
        return [(truth, reading.suggested or SuggestedMetadata()) for truth, reading in self.pairs]

    def description_rows(self) -> Iterator[Row]:
        """How often title, authors, abstract and the rest were right, and what a form costs."""
        titled = [(truth.title, title_of(suggested)) for truth, suggested in self.described if truth.title]
        if titled:
            yield self.row("title_exact", share(folded(true) == folded(found) for true, found in titled))
            yield self.row("title_95", share(is_same_title(found, true) for true, found in titled))
        yield from self.author_rows()
        abstracts = [word_f1(abstract_of(s), truth.abstract) for truth, s in self.described if truth.abstract]
        if abstracts:
            yield self.row("abstract_f1", sum(abstracts) / len(abstracts))
            yield self.row("all_three", share(has_all_three(truth, s) for truth, s in self.described if truth.abstract))
        yield from self.field_rows()
        costs = [r.describing_cpu_seconds for truth, r in self.pairs if truth.title and not truth.expect]
        if costs:
            yield self.row("form_cpu_s", sum(costs) / len(costs))
            yield self.row("form_cpu_max_s", max(costs))

    def author_rows(self) -> Iterator[Row]:
        compared = [compare_names(authors_of(s), truth.authors) for truth, s in self.described if truth.authors]
        if not compared:
            return
        right = sum(names.right for names in compared)
        yield self.row("author_precision", right / max(1, sum(names.found for names in compared)))
        yield self.row("author_recall", right / sum(names.true for names in compared))
        yield self.row("authors_all", share(names.is_whole for names in compared))

    def field_rows(self) -> Iterator[Row]:
        """DOI, year and language, where the description has them."""
        for measure, name, length in (
            ("doi_right", "doi", None),
            ("year_right", "year", 4),
            ("language_right", "language", None),
        ):
            field = "issued" if name == "year" else name
            known = [(getattr(truth, name), value_of(s, field)[:length]) for truth, s in self.described]
            known = [(true, found) for true, found in known if true]
            if known and not any(truth.expect for truth, _s in self.described):
                yield self.row(measure, share(true == found for true, found in known))


def share(answers: "Iterator[bool] | Sequence[bool]") -> float:
    """The share of answers that are yes; 0 for none."""
    counted = list(answers)
    return sum(counted) / len(counted) if counted else 0.0


def is_right_reading(truth: Truth, reading: Reading) -> bool:
    return is_right(truth, outcome=reading.outcome, is_cut_off=reading.is_cut_off, pages=reading.pages)


def value_of(suggested: SuggestedMetadata, field: str) -> str:
    suggestion = getattr(suggested, field)
    return suggestion.value if suggestion else ""


def title_of(suggested: SuggestedMetadata) -> str:
    return value_of(suggested, "title")


def abstract_of(suggested: SuggestedMetadata) -> str:
    return value_of(suggested, "abstract")


def authors_of(suggested: SuggestedMetadata) -> list[str]:
    return [author.agent.name for author in suggested.authors.value] if suggested.authors else []


def has_all_three(truth: Truth, suggested: SuggestedMetadata) -> bool:
    """Whether nobody would have to correct title, authors or abstract."""
    names: NamesFound = compare_names(authors_of(suggested), truth.authors)
    is_abstract = word_f1(abstract_of(suggested), truth.abstract) >= ABSTRACT_RIGHT
    return is_same_title(title_of(suggested), truth.title) and names.is_whole and is_abstract


# --- Whole runs of the hub


def recognition_rows(documents: DocumentSet) -> Iterator[Row]:
    """How well scans are recognised, and what a page costs. Raises EngineMissing without Tesseract."""
    scans = [truth for truth in documents.documents if truth.scanned]
    if not scans:
        return
    results = [recognise(truth.path, len(truth.scanned)) for truth in scans]
    scores = [word_f1(text, "\n".join(truth.scanned)) for (text, _cost), truth in zip(results, scans, strict=True)]
    pages = sum(len(truth.scanned) for truth in scans)
    yield Row("ingest", documents.name, "ocr_f1", HUB, round(sum(scores) / len(scores), 4))
    yield Row("ingest", documents.name, "ocr_cpu_s", HUB, round(sum(cost for _text, cost in results) / pages, 3))


def wall_rows(documents: DocumentSet, readings: Readings) -> Iterator[Row]:
    """Pages per second on the clock with every core at work, as a bulk import reads them."""
    paths = [truth.path for truth in documents.documents if not truth.expect and truth.is_pdf]
    pages = sum(len(readings[path.name].pages) for path in paths)
    if pages:
        seconds = wall_seconds(paths, workers=os.cpu_count() or 1)
        yield Row("ingest", documents.name, "pages_per_wall_s", HUB, round(pages / seconds, 2))


__all__ = ["EngineMissing", "Measured", "Readings", "recognition_rows", "wall_rows"]
