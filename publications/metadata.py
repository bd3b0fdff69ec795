"""RecordMetadata: what is known of a record, as a plain value shaped after the DataCite kernel 4.6.

Imports, look-ups, extraction and forms produce it; citations, exports and JSON-LD consume it. `records.py` turns it
into rows and back. Nothing here knows the database.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, field

PARTIAL_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def parse_partial_date(text: str) -> tuple[int, ...]:
    """Year, month and day of an ISO 8601 date, as many as it gives.

    Raises ValueError for anything else, and for days that no calendar has.
    """
    match = PARTIAL_DATE.fullmatch(text.strip())
    if not match:
        raise ValueError(f"“{text}” is not a date: write 2019, 2019-06 or 2019-06-17.")
    parts = tuple(int(part) for part in match.groups() if part)
    if not 1000 <= parts[0] <= 9999:
        raise ValueError(f"“{text}” has no year between 1000 and 9999.")
    if len(parts) > 1 and not 1 <= parts[1] <= 12:
        raise ValueError(f"“{text}” has no month between 01 and 12.")
    if len(parts) > 2 and not 1 <= parts[2] <= monthrange(parts[0], parts[1])[1]:
        raise ValueError(f"“{text}” names a day that its month does not have.")
    return parts


@dataclass(frozen=True)
class Affiliation:
    """Where somebody worked at the time, as printed, with its ROR where known."""

    name: str
    ror: str = ""
    slug: str = ""
    """The organisation's address on this hub, "" where it has none."""


@dataclass(frozen=True)
class Agent:
    """A person or organisation with a role. An organisation has only `family_name`, and `is_organisation`."""

    family_name: str
    given_name: str = ""
    role: str = "Creator"
    orcid: str = ""
    ror: str = ""
    affiliations: tuple[Affiliation, ...] = ()
    is_organisation: bool = False
    slug: str = ""
    """The person's or organisation's address on this hub, "" where it has none."""

    @property
    def name(self) -> str:
        """As on a title page: "Marieke van der Hoeven"."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def sort_name(self) -> str:
        """As in a bibliography: "van der Hoeven, Marieke"."""
        return f"{self.family_name}, {self.given_name}" if self.given_name else self.family_name


@dataclass(frozen=True)
class FundingReference:
    """Who paid, and under which number."""

    funder_name: str
    funder_identifier: str = ""
    award_number: str = ""
    award_title: str = ""


@dataclass(frozen=True)
class RelatedIdentifier:
    """Another thing this record relates to, by a DataCite relationType."""

    identifier: str
    identifier_type: str
    relation_type: str
    title: str = ""


@dataclass(frozen=True)
class FileReference:
    """A file of a record, for those who link to it."""

    name: str
    url: str
    media_type: str
    size_bytes: int = 0
    checksum: str = ""
    """SHA-256 in hexadecimal."""
    is_open: bool = True


@dataclass(frozen=True)
class RecordMetadata:
    """What is known of one record. An empty string or tuple means unknown.

    resource_type: a value of vocabularies.ResourceType. language: BCP 47. issued: ISO 8601, as precise as known.
    title and abstract are in `language`; the translated ones in `translation_language`.
    """

    title: str
    resource_type: str = "other"
    pid: str = ""
    subtitle: str = ""
    translated_title: str = ""
    language: str = "und"
    agents: tuple[Agent, ...] = ()
    abstract: str = ""
    translated_abstract: str = ""
    translation_language: str = ""
    subjects: tuple[str, ...] = ()
    issued: str = ""
    publisher: str = ""
    container_title: str = ""
    series: str = ""
    volume: str = ""
    issue: str = ""
    page: str = ""
    edition: str = ""
    doi: str = ""
    isbn: str = ""
    issn: str = ""
    arxiv: str = ""
    pmid: str = ""
    url: str = ""
    """The landing page: on this hub for its own records, elsewhere for imported ones."""
    rights: str = ""
    """A value of vocabularies.Licence."""
    access_right: str = "open"
    available: str = ""
    """ISO 8601: the day an embargo ends."""
    version_type: str = ""
    peer_review: str = ""
    event_title: str = ""
    event_place: str = ""
    event_dates: str = ""
    """ISO 8601 interval: "2024-11-14" or "2024-11-14/2024-11-15"."""
    funding_references: tuple[FundingReference, ...] = ()
    related_identifiers: tuple[RelatedIdentifier, ...] = ()
    files: tuple[FileReference, ...] = field(default=())
    file_names: tuple[str, ...] = ()
    """Names of files as an imported bibliography gives them."""

    @property
    def creators(self) -> tuple[Agent, ...]:
        """The authors, in order."""
        return tuple(agent for agent in self.agents if agent.role == "Creator")

    @property
    def contributors(self) -> tuple[Agent, ...]:
        """Everybody else with a role, in order."""
        return tuple(agent for agent in self.agents if agent.role != "Creator")

    @property
    def year(self) -> int | None:
        """The year of `issued`."""
        return parse_partial_date(self.issued)[0] if self.issued else None
