"""The documents that are measured: folders with a metadata.json or manifest.json, and what these say is true.

What an entry says decides what is measured on it: authors and an abstract, what a correct reading does with a damaged
file, the text of a scan, the words of each slide.
"""

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILES = ("metadata.json", "manifest.json")
WHERE = (
    "{folder} has no folder of documents with a metadata.json or manifest.json. The developer sets are in "
    "../shared/data; others are laid out like them: docs/benchmarks.md says how. Name one with PAPERS=DIR."
)


class DataError(Exception):
    """The folder cannot be measured; the message says why."""


@dataclass(frozen=True)
class Slide:
    """What is on one slide or page."""

    number: int
    words: tuple[str, ...] = ()
    notes: str = ""


@dataclass(frozen=True)
class Truth:
    """A document and what is known of it; "" and () for what is not."""

    path: Path
    title: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""
    doi: str = ""
    year: str = ""
    language: str = ""
    expect: str = ""
    """What a correct reading does: a key of `verdicts.ALLOWED`."""
    words: tuple[str, ...] = ()
    """Words that the text has, all of them or `least_share`."""
    least_share: float = 1.0
    scanned: tuple[str, ...] = ()
    """The text of each page of a scan."""
    slides: tuple[Slide, ...] = ()

    @property
    def is_pdf(self) -> bool:
        return self.path.suffix.lower() == ".pdf"


@dataclass(frozen=True)
class DocumentSet:
    """A folder of documents, and how many more its description names that are not there."""

    name: str
    documents: tuple[Truth, ...]
    missing: int = 0


def read_sets(folder: Path, *, most: int | None = None) -> list[DocumentSet]:
    """The sets in a folder, or the one that it is, of each the first so many documents. Raises DataError for none."""
    found = [path for place in (folder, *sorted(folder.glob("*/"))) if (path := find_description(place))]
    if not found:
        raise DataError(WHERE.format(folder=folder))
    return [read_set(path, most=most) for path in found]


def find_description(folder: Path) -> Path | None:
    return next((folder / name for name in FILES if (folder / name).is_file()), None)


def read_set(path: Path, *, most: int | None = None) -> DocumentSet:
    """The documents that a description names. Raises DataError where it is none, or none of its files is there."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        entries = told.get("papers") or told["files"]
        named = [read_truth(path.parent, entry) for entry in entries]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{path} describes no documents ({type(error).__name__}: {error}).") from error
    documents = tuple(truth for truth in named if truth.path.is_file())
    if not documents:
        raise DataError(f"None of the files that {path} names is beside it.")
    return DocumentSet(path.parent.resolve().name, documents[:most], missing=len(named) - len(documents))


def read_truth(folder: Path, entry: Mapping[str, Any]) -> Truth:
    return Truth(
        path=folder / entry["file"],
        title=html.unescape(entry.get("title") or ""),
        authors=tuple(map(author_name, entry.get("authors") or ())),
        abstract=entry.get("abstract") or "",
        doi=(entry.get("doi") or "").lower(),
        year=str(entry.get("year") or ""),
        language=entry.get("language") or "",
        expect=entry.get("expect") or ("office" if entry.get("slides") or office_words(entry) else ""),
        words=tuple(entry.get("expect_words") or office_words(entry)),
        least_share=float(entry.get("min_share", 0.8 if entry.get("expect_words") else 1.0)),
        scanned=tuple(entry.get("ocr_truth") or ()),
        slides=tuple(map(read_slide, entry.get("slides") or ())),
    )


def office_words(entry: Mapping[str, Any]) -> list[str]:
    """The words that a description of an office file says are somewhere in it."""
    notes = entry["notes"] if isinstance(entry.get("notes"), list) else []
    header = [entry["header"]] if entry.get("header") else []
    return [*(entry.get("words") or ()), *(entry.get("table_words") or ()), *header, *notes]


def author_name(author: str | Mapping[str, str]) -> str:
    """The name as on a title page; a description may have the family name first, or apart."""
    if isinstance(author, Mapping):
        return f"{author.get('given') or ''} {author.get('family') or ''}".strip()
    # Some registries hand out entities that were escaped twice.
    name = html.unescape(html.unescape(author)).replace("\xa0", " ")
    family, comma, given = name.partition(", ")
    return f"{given} {family}" if comma else name


def read_slide(slide: Mapping[str, Any]) -> Slide:
    cells = [cell for row in slide.get("table") or () for cell in row]
    return Slide(slide["n"], (*slide["words"], *cells), slide.get("notes") or "")
