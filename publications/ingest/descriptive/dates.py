"""Dates as documents print them, in the languages of the site, and which of them is the date of publication."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from publications.ingest.descriptive.labels import read_fields
from publications.ingest.descriptive.layout import Layout, Line
from publications.ingest.descriptive.vocabulary import months
from publications.metadata import parse_partial_date

EARLIEST, LATEST = 1950, 2100


@cache
def patterns() -> tuple[re.Pattern[str], ...]:
    """Day, month and year in the orders that are in use; each pattern names what it finds."""
    month = "|".join(sorted(map(re.escape, months()), key=len, reverse=True))
    day, year = r"(?P<day>\d{1,2})", r"(?P<year>(?:19|20)\d\d)"
    written = [
        rf"(?<!\d){day}(?:st|nd|rd|th|\.)?\s*(?:of\s+)?(?P<month>{month})\b\.?,?\s*{year}",
        rf"(?<![^\W\d_])(?P<month>{month})\.?\s+{day}(?:st|nd|rd|th)?,?\s+{year}",
        rf"(?<![^\W\d_])(?P<month>{month})\.?,?\s+{year}",
        r"(?<!\d)(?P<year>(?:19|20)\d\d)-(?P<number>\d{2})-(?P<day>\d{2})(?!\d)",
        r"(?<!\d)(?P<day>\d{1,2})[-/.](?P<number>\d{1,2})[-/.](?P<year>(?:19|20)\d\d)(?!\d)",
        r"(?<![\d.,:/–-])(?P<year>(?:19[5-9]|20[0-4])\d)(?![\d–/-]|\.\d)",
    ]
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in written)


def find_date(text: str) -> str:
    """The most precise date in a text, as ISO 8601; "" where there is none."""
    for pattern in patterns():
        for match in pattern.finditer(text):
            if iso := as_iso(match.groupdict()):
                return iso
    return ""


def as_iso(parts: dict[str, str | None]) -> str:
    """The date of a match of one of the patterns, "" for a day that no calendar has."""
    year, day = int(parts["year"] or 0), parts.get("day")
    number = int(parts.get("number") or 0) or months().get((parts.get("month") or "").casefold(), 0)
    iso = f"{year:04}" + (f"-{number:02}" if number else "") + (f"-{int(day):02}" if number and day else "")
    try:
        parse_partial_date(iso)
    except ValueError:
        return ""
    return iso if EARLIEST <= year <= LATEST else ""


@dataclass(frozen=True)
class FoundDate:
    """A date of publication, and how sure it is from 0 to 1."""

    issued: str
    confidence: float


PUBLISHED = re.compile(
    r"(?:first |originally )?(?:published|issued|publication date|date of publication|published online|gepubliceerd|"
    r"publicatiedatum|datum van publicatie|uitgegeven)(?: on| op)?",
    re.IGNORECASE,
)
DATED = re.compile(r"(?:date|datum|dated|versiedatum|version date)", re.IGNORECASE)
ACCEPTED = re.compile(r"(?:accepted|available online|geaccepteerd)(?: on)?", re.IGNORECASE)
IN_SENTENCE = re.compile(r"published(?: online)?:?\s+(?P<rest>.{4,40})", re.IGNORECASE)
COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright|c ?⃝|⃝c|^c (?=(?:19|20)\d\d\b))", re.IGNORECASE)
EARLIER = re.compile(r"received|revised|ontvangen|submitted|ingediend", re.IGNORECASE)
FEW_WORDS = 6
EARLIER = re.compile(r"received|revised|ontvangen|submitted|ingediend", re.IGNORECASE)
FEW_WORDS = 6
STAMP = re.compile(r"arXiv:.*\]\s*(?P<date>\d{1,2}\s*\w{3}\s*\d{4})")


def find_issued(layout: Layout, front: Sequence[Line], *, citation_year: str = "") -> FoundDate | None:
    """The date of publication: as labelled, else of the citation, the copyright, the stamp of arXiv, or by itself."""
    labelled = {field.label: find_date(field.value) for page in layout.pages[:2] for field in read_fields(page)}
    for label, date in labelled.items():
        if date and PUBLISHED.fullmatch(label):
            return FoundDate(date, 0.95)
    for date, confidence in candidates(layout, front, labelled, citation_year):
        if date:
            return FoundDate(date, confidence)
    return None


def candidates(
    layout: Layout, front: Sequence[Line], labelled: dict[str, str], citation_year: str
) -> Iterator[tuple[str, float]]:
    lines = layout.first.lines
    for line in lines:
        if match := IN_SENTENCE.search(line.text):
            yield find_date(match["rest"]), 0.9
    yield citation_year, 0.9
    for line in lines:
        if COPYRIGHT.search(line.text):
            yield find_date(line.text), 0.85
    for text in layout.first.turned:
        if match := STAMP.search(text):
            yield find_date(match["date"]), 0.8
    yield from ((date, 0.8) for label, date in labelled.items() if DATED.fullmatch(label))
    yield from ((date_of_line(line), 0.7) for line in front)
    yield from ((date, 0.7) for label, date in labelled.items() if ACCEPTED.match(label))
    yield from ((find_date(line.text), 0.6) for line in lines if layout.first.is_at_edge(line))


def date_of_line(line: Line) -> str:
    """The date of a line that says little else: "Consultatieversie 19 maart 2026", "Nijmegen, June 2020"."""
    date = find_date(line.text)
    words = re.findall(r"[^\W\d_]{2,}", line.text)
    is_short = len(words) <= FEW_WORDS and not EARLIER.search(line.text)
    return date if is_short and len(date) > len("2020") else ""
