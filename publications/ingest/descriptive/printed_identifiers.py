"""DOI, arXiv id, ISBN and ISSN as printed on the first pages, and which of several DOIs is the document's own."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from publications.errors import InvalidIdentifier
from publications.identifiers import find_doi, parse_arxiv, parse_doi, parse_isbn, parse_issn
from publications.ingest.descriptive.headings import is_running_text
from publications.ingest.descriptive.layout import Layout, Line, Page

COLOPHON_PAGES = 4
EDGE = 0.13


@dataclass(frozen=True)
class Candidate:
    """A DOI on a page, and how much speaks for it being the document's own."""

    doi: str
    score: int


# The DOI of something that goes with the document, or that it writes about.
OF_ANOTHER = re.compile(
    r"\b(?:code|data|dataset|software|archived?|repository|supplement\w*|replicat\w*|reproduc\w* of|reviewed?|figshare|"
    r"available (?:at|from|on|in|under)|source|references?|based on|comment on|correction to|erratum)\b",
    re.IGNORECASE,
)
LABELLED = re.compile(r"(?:\bdoi\b\s*[:.]?|doi\.org/)\s*(?:https?:\s*//(?:dx\.)?doi\.org/)?\s*10\.", re.IGNORECASE)
LABEL = re.compile(r"(?:article |digital object identifier|doi)(?: doi)?\s*:?", re.IGNORECASE)
REFERENCE = re.compile(r"^\s*(?:\[\d{1,3}\]|\d{1,3}\.\s|references\b|literatuur\b)", re.IGNORECASE)
ACCEPTED = 2
NEAR = 6
NEAR = 6


def find_own_doi(layout: Layout, front: Sequence[Line]) -> str:
    """The DOI that the first page gives as its own, "" where none or several are as likely."""
    inside = {id(line) for line in front}
    candidates: dict[str, int] = {}
    for place, line in enumerate(layout.first.lines):
        for doi in dois_of(line, layout.first.lines[place + 1 :], layout.first):
            score = score_of(line, doi, layout.first.lines[:place], layout, is_front=id(line) in inside)
            candidates[doi] = max(candidates.get(doi, score), score)
    best = max(candidates.values(), default=0)
    chosen = [doi for doi, score in candidates.items() if score == best]
    return chosen[0] if best >= ACCEPTED and len(chosen) == 1 else ""


def dois_of(line: Line, following: Sequence[Line], page: Page) -> Iterator[str]:
    """The DOI of a line, whole where it goes on in the next one or where a link has all of it."""
    # A line may break behind "https:", and letters may stand apart.
    doi = find_doi(re.sub(r"(?<=doi\.org/) | (?=/)", "", line.text))
    if not doi:
        return
    for _, _, address in page.links:
        linked = find_doi(address)
        if linked.startswith(doi):
            yield linked
            return
    ends_line = line.text.rstrip().casefold().endswith((doi, doi + ".", doi + "/"))
    below = next((one for one in following if one.overlaps(line.left, line.right)), None)
    if ends_line and line.text.rstrip()[-1] in "./-_" and below and below.baseline - line.baseline < 1.6 * line.size:
        yield find_doi(line.text.rstrip() + below.text.split()[0])
        return
    yield doi


def score_of(line: Line, doi: str, above: Sequence[Line], layout: Layout, *, is_front: bool) -> int:
    """How much speaks for a DOI being the document's own: a label, a line or a place for it alone."""
    text = line.text
    score = 0
    if LABELLED.search(text):
        score += 2
    if len(text) < len(doi) + 25:
        score += 1
    if any(LABEL.fullmatch(one.text) for one in above[-NEAR:] if one.overlaps(line.left, line.right)):
        score += 2
    is_edge = line.baseline < EDGE * layout.first.height or line.baseline > (1 - EDGE) * layout.first.height
    score += 1 if is_edge or is_front or layout.is_in_margin(line) else -2
    if OF_ANOTHER.search(text) or REFERENCE.match(text):
        score -= 4
    elif is_running_text(line) and not is_edge:
        score -= 1
    return score


# --- arXiv, ISBN, ISSN

ARXIV = re.compile(r"arXiv:\s*(?P<id>\d{4}\.\d{4,5}|[a-z\-]+(?:\.[A-Z]{2})?/\d{7})", re.IGNORECASE)
ISBN = re.compile(
    r"ISBN(?:-1[03])?(?:\s*\([^)]*\))?[\s:]*(?P<id>(?:97[89][\s\-–]?)?(?:\d[\s\-–]?){9}[\dX])", re.IGNORECASE
)
ISSN = re.compile(r"ISSN[\s:]*(?:\([^)]*\)\s*)?(?P<id>\d{4}[\-–]\d{3}[\dX])", re.IGNORECASE)


def find_arxiv(layout: Layout) -> str:
    """The arXiv id stamped beside the text or printed at the top of the first page."""
    own = [*layout.first.turned, *(line.text for line in layout.first.lines if layout.first.is_at_edge(line))]
    return first_valid(own, ARXIV, parse_arxiv)


def find_isbn(layout: Layout) -> str:
    """The first ISBN on the first pages that its check digit confirms."""
    return first_valid([line.text for page in layout.pages[:COLOPHON_PAGES] for line in page.lines], ISBN, parse_isbn)


def find_issn(layout: Layout) -> str:
    """The first ISSN on the first pages that its check digit confirms."""
    return first_valid([line.text for page in layout.pages[:COLOPHON_PAGES] for line in page.lines], ISSN, parse_issn)


def first_valid(texts: Sequence[str], pattern: re.Pattern[str], parse: Callable[[str], str]) -> str:
    for text in texts:
        for match in pattern.finditer(text):
            try:
                return parse(match["id"].replace("–", "-"))
            except InvalidIdentifier:
                continue
    return ""


def valid_doi(text: str) -> str:
    """The DOI in a property of the file, "" where that has none."""
    try:
        return parse_doi(text.strip())
    except InvalidIdentifier:
        return find_doi(text)
