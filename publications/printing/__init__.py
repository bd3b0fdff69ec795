"""Lists to take along on paper, set as PDF by Typst: tagged for screen readers, as PDF/UA-1 asks.

What people wrote reaches Typst as data, never as its markup. Letters that its own fonts lack (Chinese, Arabic) come
from a font of the machine, where there is one.
"""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

SHEETS = Path(__file__).parent


@dataclass(frozen=True)
class PrintedEntry:
    """One work in a list; languages are BCP 47 codes, "" where unknown."""

    number: int
    title: str
    language: str
    facts: str
    """Who made it, when, and where it appeared."""
    address: str
    access: str
    note: str = ""
    note_language: str = ""


@dataclass(frozen=True)
class PrintedList:
    """A list with its heading. `made` is what is said of the day, `remark` what is missing; both may be ""."""

    title: str
    language: str
    kind: str
    address: str
    made: str
    kept_by: str
    summary: str
    entries: tuple[PrintedEntry, ...]
    remark: str = ""


def print_list(printed: PrintedList, *, now: datetime) -> bytes:
    """The list as a PDF; the same list at the same moment gives the same bytes."""
    fields = asdict(printed)
    for entry in fields["entries"]:
        entry["language"], entry["note_language"] = primary(entry["language"]), primary(entry["note_language"])
    data, made = json.dumps(fields), now.astimezone(UTC).replace(microsecond=0)
    try:
        return _compile(data, made=made, standards=["ua-1"])
    except typst.TypstError:
        # The standard forbids letters that no font here has. They come as boxes, the rest as it should.
        return _compile(data, made=made, standards=[])


def primary(language: str) -> str:
    """The part of a language's code that Typst knows: "nl" of "nl-BE"; "" for none and for several."""
    code = language.split("-")[0].lower()
    return code if code.isascii() and len(code) == 2 else ""


def _compile(data: str, *, made: datetime, standards: list[Any]) -> bytes:
    # One for each list, as a compiler keeps what it was given; the fonts are looked for once, which takes longer.
    compiler = typst.Compiler(SHEETS / "reading_list.typ", root=SHEETS, font_paths=_fonts(), sys_inputs={"list": data})
    pdf: Any = compiler.compile(format="pdf", pdf_standards=standards, timestamp=made)
    return bytes(pdf)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts()
