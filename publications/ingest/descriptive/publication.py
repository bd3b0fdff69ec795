"""Where a document was published, by the lines that say so: running headers, self-citations, properties."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from publications.ingest.descriptive.labels import read_fields
from publications.ingest.descriptive.layout import Layout, Line, clean

LONGEST_NAME = 120
YEAR = r"(?P<year>(?:19|20)\d\d)"
PAGES = r"(?P<page>e?\d{1,6}(?:\s?[-–]\s?e?\d{1,6})?)"
NAME = r"(?P<name>[^\W\d_][^\d()\[\]:;–]{2,110}?)"
# "Proceedings of Machine Learning Research 102:557–571, 2019"; "Clinical Science (2014) 126, 305–313"; and so on.
CITATIONS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{NAME},?\s+(?P<volume>\d{{1,4}})\s?(?:\((?P<issue>[\w\-–/]{{1,8}})\))?\s?:\s?{PAGES}[,;.]?\s*\(?{YEAR}?\)?",
        rf"{NAME},?\s+(?P<volume>\d{{1,4}})\((?P<issue>[\w\-–/]{{1,8}})\),\s*{PAGES}",
        rf"{NAME},?\s+(?P<volume>\d{{1,4}})\s*\({YEAR}\)\s*,?\s*{PAGES}",
        rf"{NAME},?\s*\({YEAR}\)\s*(?P<volume>\d{{1,4}})(?:\((?P<issue>\d{{1,4}})\))?\s*[,:]\s*{PAGES}",
        rf"{NAME},?\s+{YEAR}\s?;\s?(?P<volume>\d{{1,4}})(?:\((?P<issue>\d{{1,4}})\))?\s?:\s?{PAGES}",
        rf"{NAME},?\s+{YEAR},\s*(?P<volume>\d{{1,4}}),\s*(?:x\s+)?{PAGES}",
        rf"{NAME},?\s+(?:Volume|Vol\.)\s?(?P<volume>\d{{1,4}})(?:,?\s*(?:No\.|Issue|Number)\s?(?P<issue>\d{{1,4}}))?"
        rf"(?:,?\s*(?:pp\.|pages)\s?{PAGES})?.*?{YEAR}",
        rf"{NAME}\s+(?P<volume>\d{{1,3}})\.(?P<issue>\d{{1,3}})\s+\(#(?P<page>\d+)\)(?:.*?{YEAR})?$",
        rf"{NAME}\s+(?P<volume>\d{{1,3}})\.(?P<issue>\d{{1,3}})(?=\s+[–-]).*?{YEAR}$",
    )
)
PUBLISHED_IN = re.compile(r"(?:published in|gepubliceerd in|journal|tijdschrift|appeared in)", re.IGNORECASE)
NO_SERIAL = re.compile(
    r"\b(?:et al|doi|https?|arxiv|received|accepted|page|section|figure|table|version|preprint)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Venue:
    """The journal or book that a document stands in."""

    container_title: str
    volume: str = ""
    issue: str = ""
    page: str = ""
    year: str = ""
    confidence: float = 0.8


def find_venue(layout: Layout) -> Venue | None:
    """The journal or proceedings that the first page says it is of."""
    for field in read_fields(layout.first):
        if PUBLISHED_IN.fullmatch(field.label) and len(field.value) <= LONGEST_NAME:
            return read_citation(field.value) or Venue(field.value.strip(" .,"), confidence=0.85)
    for line in citing_lines(layout):
        for text in citation_texts(line):
            if venue := read_citation(text):
                return venue
    return None


def citing_lines(layout: Layout) -> Iterator[Line]:
    """The lines at the edges of the first page, from its top, then the small type at its foot."""
    page = layout.first
    yield from (line for line in page.lines if line.baseline < 0.12 * page.height)
    yield from (line for line in page.lines if line.baseline > 0.85 * page.height and line.look.size < layout.body_size)


def citation_texts(line: Line) -> Iterator[str]:
    """What a line may cite: from its words in italics on, as a citation sets the journal so; else the whole line."""
    for place, span in enumerate(line.spans):
        is_title = "i" in span.look.style and len(span.text.strip()) > 4 and not span.is_mark
        if is_title and any("i" not in other.look.style for other in line.spans):
            yield clean("".join(one.text for one in line.spans[place:]))
    yield line.text


def read_citation(text: str) -> Venue | None:
    """Journal, volume, issue, pages and year of a line that cites them."""
    for pattern in CITATIONS:
        match = pattern.match(text.strip())
        if match and is_serial_name(match["name"]):
            volume, issue, page, year = (part_of(match, name) for name in ("volume", "issue", "page", "year"))
            return Venue(match["name"].strip(" ,."), volume, issue, page, year)
    return None


def is_serial_name(name: str) -> bool:
    """Whether a name can be that of a journal: it begins with a capital and says nothing else."""
    words = name.split()
    capitals = sum(word[:1].isupper() for word in words)
    return bool(words) and words[0][:1].isupper() and 2 * capitals >= len(words) and not NO_SERIAL.search(name)


def part_of(match: re.Match[str], name: str) -> str:
    """A part of a citation, "" where this way of citing has none."""
    return (match.groupdict().get(name) or "").replace("–", "-").replace(" ", "")
