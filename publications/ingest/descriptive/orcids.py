"""Whose ORCID iD is linked: journals put its sign behind the author's name."""

from collections.abc import Sequence

from publications.errors import InvalidIdentifier
from publications.identifiers import parse_orcid
from publications.ingest.descriptive.authors import FoundAuthor
from publications.ingest.descriptive.layout import Line, Page


def find_orcids(authors: Sequence[FoundAuthor], page: Page) -> dict[int, str]:
    """The ORCID iD of each author behind whose name a link to one stands."""
    found: dict[int, str] = {}
    for left, top, address in page.links:
        if "orcid.org" not in address:
            continue
        try:
            orcid = parse_orcid(address.rstrip("/"))
        except InvalidIdentifier:
            continue
        place = author_before(left, top, authors, page)
        if place is not None:
            found.setdefault(place, orcid)
    return found


def author_before(left: float, top: float, authors: Sequence[FoundAuthor], page: Page) -> int | None:
    """The author whose name ends nearest before a link on their line."""
    ends = {
        place: end_of_name(author)
        for place, author in enumerate(authors)
        if author.line.page == page.number and is_on_line(top, author.line)
    }
    before = {place: end for place, end in ends.items() if end <= left + author_slack(authors[place].line)}
    return max(before, key=before.__getitem__, default=None)


def is_on_line(top: float, line: Line) -> bool:
    return -1.6 * line.size < top - line.baseline < 0.6 * line.size


def author_slack(line: Line) -> float:
    return 1.5 * line.size


def end_of_name(author: FoundAuthor) -> float:
    """About where on the line a name ends: letters are taken to be of one width."""
    line = author.line
    position = line.text.find(author.name)
    share = (position + len(author.name)) / max(len(line.text), 1) if position >= 0 else 0.0
    return line.left + share * (line.right - line.left)
