"""Who made a record, as its page shows them: names in order, each with the numbers of its affiliations."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from publications.models import Contribution, ContributionAffiliation, Organisation, Person, Record

MOST_AUTHORS = 8
"""Of a longer list the first few are shown, and the others on demand."""
AUTHORS_OF_MANY = 6
MOST_AFFILIATIONS = 6


@dataclass(frozen=True)
class Author:
    """One name, as printed."""

    name: str
    url: str = ""
    """Their page on this hub, "" where they have none."""
    orcid: str = ""
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class AffiliationLine:
    """An affiliation as printed, with the organisation's name in it as a link: before, linked, after."""

    number: int
    before: str
    linked: str
    after: str
    url: str = ""


@dataclass(frozen=True)
class Byline:
    """The authors with their affiliations, and the others by what they did."""

    authors: tuple[Author, ...]
    affiliations: tuple[AffiliationLine, ...]
    others: tuple[tuple[str, tuple[Author, ...]], ...]
    """Role in words, and who had it."""

    @property
    def is_long(self) -> bool:
        """Whether some of the names are shown on demand."""
        return len(self.authors) > MOST_AUTHORS

    @property
    def first_authors(self) -> tuple[Author, ...]:
        """Those shown at once."""
        return self.authors[:AUTHORS_OF_MANY] if self.is_long else self.authors

    @property
    def later_authors(self) -> tuple[Author, ...]:
        """Those shown on demand."""
        return self.authors[AUTHORS_OF_MANY:] if self.is_long else ()

    @property
    def has_many_affiliations(self) -> bool:
        """Whether the affiliations are shown on demand."""
        return len(self.affiliations) > MOST_AFFILIATIONS


def byline_of(record: Record) -> Byline:
    """The byline of a record; no query where contributions, people and affiliations were prefetched."""
    numbers: dict[tuple[int | None, str], int] = {}
    lines: list[AffiliationLine] = []
    authors = []
    for contribution in record.creators:
        own_numbers = []
        for affiliation in contribution.affiliations.all():
            key = (affiliation.organisation_id, affiliation.name.strip().casefold())
            if key not in numbers:
                numbers[key] = len(numbers) + 1
                lines.append(_affiliation_line(affiliation, numbers[key], record=record))
            own_numbers.append(numbers[key])
        authors.append(_author(contribution, record=record, numbers=dict.fromkeys(own_numbers)))
    return Byline(tuple(authors), tuple(lines), _others(record))


def _others(record: Record) -> tuple[tuple[str, tuple[Author, ...]], ...]:
    by_role = sorted(record.contributors, key=lambda contribution: contribution.role)
    return tuple(
        (str(contributions[0].get_role_display()), tuple(_author(c, record=record) for c in contributions))
        for _role, group in groupby(by_role, key=lambda contribution: contribution.role)
        if (contributions := list(group))
    )


def _author(contribution: Contribution, *, record: Record, numbers: Iterable[int] = ()) -> Author:
    known = contribution.organisation if contribution.is_organisation else contribution.person
    return Author(
        name=contribution.name,
        url=_address(known, record=record),
        orcid=getattr(known, "orcid", ""),
        numbers=tuple(numbers),
    )


def _address(known: Person | Organisation | None, *, record: Record) -> str:
    """Everybody on a live record has a page; on the preview of a draft, those whom an editor listed."""
    return known.get_absolute_url() if known and (record.live or known.is_listed) else ""


def _affiliation_line(affiliation: ContributionAffiliation, number: int, *, record: Record) -> AffiliationLine:
    """Links the organisation's name where it stands in what was printed, else all of it."""
    printed = str(affiliation).strip()
    url = _address(affiliation.organisation, record=record)
    if affiliation.organisation and url:
        for name in sorted(affiliation.organisation.all_names, key=len, reverse=True):
            before, found, after = printed.partition(name)
            if found:
                return AffiliationLine(number, before, found, after, url)
    return AffiliationLine(number, "", printed, "", url)
