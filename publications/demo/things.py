"""What the demo consists of, as plain values: people, works, events and so on, which name each other by slug."""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class Bilingual:
    """A text in English and Dutch; "" where there is no translation yet."""

    en: str = ""
    nl: str = ""


@dataclass(frozen=True)
class DemoTopic:
    """A topic with its labels, other words for it, a definition, and the topic it falls under."""

    slug: str
    label: Bilingual
    definition: Bilingual = Bilingual()
    synonyms_en: tuple[str, ...] = ()
    synonyms_nl: tuple[str, ...] = ()
    broader: str = ""


@dataclass(frozen=True)
class DemoOrganisation:
    """An organisation. `kind` is a value of OrganisationKind; `is_invented` is false for the real partners."""

    slug: str
    name: Bilingual
    kind: str
    city: str
    description: Bilingual
    ror: str = ""
    is_partner: bool = False
    is_invented: bool = True


@dataclass(frozen=True)
class DemoAffiliation:
    """Where a person worked, and when. No end year: still there."""

    organisation: str
    start_year: int
    end_year: int | None = None


@dataclass(frozen=True)
class DemoPerson:
    """An invented person. `languages` are BCP 47 codes; `family_name` holds the particles."""

    slug: str
    given_name: str
    family_name: str
    position: Bilingual
    biography: Bilingual
    affiliations: tuple[DemoAffiliation, ...]
    languages: tuple[str, ...]
    orcid: str = ""
    has_consented: bool = False
    """Whether this person has agreed to get questions through the hub."""

    @property
    def name(self) -> str:
        """As on a title page."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True)
class DemoSpeaker:
    """Somebody in a programme: a person of the demo, or only a name. `role` is a value of SpeakerRole."""

    person: str = ""
    name: str = ""
    role: str = "speaker"


@dataclass(frozen=True)
class DemoSession:
    """A part of a programme; `record` is what was shown there."""

    title: Bilingual
    starts: datetime
    ends: datetime | None = None
    is_break: bool = False
    record: str = ""
    speakers: tuple[DemoSpeaker, ...] = ()


@dataclass(frozen=True)
class DemoPhoto:
    """A picture of an event, drawn by `pictures.py`: its text alternative, and what stands below it."""

    picture: str
    alternative: Bilingual
    caption: Bilingual


@dataclass(frozen=True)
class DemoSeries:
    """Events of one name."""

    slug: str
    title: Bilingual


@dataclass(frozen=True)
class DemoEvent:
    """An event. `kind` is a value of EventKind; times are local (Europe/Amsterdam). Its outcomes name it themselves."""

    slug: str
    title: Bilingual
    kind: str
    starts: datetime
    ends: datetime
    place: str
    city: str
    summary: Bilingual
    description: Bilingual
    address: str = ""
    organisers: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    matches: int | None = None
    matches_consent: str = ""
    series: str = ""
    series_number: int | None = None
    programme: tuple[DemoSession, ...] = ()
    photos: tuple[DemoPhoto, ...] = ()


@dataclass(frozen=True)
class DemoItem:
    """A record in a collection, with the curator's reason."""

    record: str
    note: Bilingual


@dataclass(frozen=True)
class DemoCollection:
    """A curator's choice of records, in reading order; and a rule that adds to them, but for those left out."""

    slug: str
    title: Bilingual
    summary: Bilingual
    introduction: Bilingual
    curator: str
    items: tuple[DemoItem, ...]
    rule: str = ""
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class DemoFunder:
    """Who paid, and how much, as it is shown; its contribution is "" for the invented funder."""

    slug: str
    name: Bilingual
    contribution: Bilingual
    is_invented: bool = False


@dataclass(frozen=True)
class DemoProject:
    """What was done with the money."""

    slug: str
    title: Bilingual
    description: Bilingual
    funders: tuple[str, ...]
    start_year: int | None = None
    end_year: int | None = None
    partners: tuple[str, ...] = ()
    award_number: str = ""


@dataclass(frozen=True)
class DemoNumber:
    """A result in one number: "20", "new partners"."""

    number: Bilingual
    label: Bilingual


@dataclass(frozen=True)
class DemoHome:
    """The texts of the home page."""

    headline: Bilingual
    introduction: Bilingual
    notice: Bilingual
    """That the people are invented."""
    tagline: Bilingual
    """What the hub is, in one sentence for the foot of every page."""
    example_queries_en: tuple[str, ...]
    example_queries_nl: tuple[str, ...]
    results: tuple[DemoNumber, ...]
    results_introduction: Bilingual


@dataclass(frozen=True)
class DemoNews:
    """A news item; the body is markup, for `markup.to_sections`."""

    slug: str
    title: Bilingual
    published: date
    summary: Bilingual
    body: Bilingual
    author: str = ""


@dataclass(frozen=True)
class DemoPage:
    """A plain page; the body is markup, for `markup.to_sections`."""

    slug: str
    title: Bilingual
    body: Bilingual
    summary: Bilingual = Bilingual()


@dataclass(frozen=True)
class DemoAgent:
    """Someone with a role in a record: a person of the hub, by slug, or a name. Affiliations are slugs."""

    person: str = ""
    given_name: str = ""
    family_name: str = ""
    role: str = "Creator"
    affiliations: tuple[str, ...] = ()
    affiliation_name: str = ""
    """An affiliation that the hub has no organisation for, as printed."""


@dataclass(frozen=True)
class DemoRelation:
    """A relation to another record of the hub, by slug, or to a thing elsewhere, by identifier."""

    relation_type: str
    record: str = ""
    identifier: str = ""
    identifier_type: str = ""
    title: str = ""


@dataclass(frozen=True)
class DemoFunding:
    """Who paid for a record: a funder of the hub by slug, or a name."""

    funder: str = ""
    funder_name: str = ""
    project: str = ""
    award_number: str = ""
    award_title: str = ""


@dataclass(frozen=True)
class DemoFile:
    """A file of a record, to be set as PDF. `layout` is article, manuscript, report or slides;
    `text` is markup.

    access_right: "" where the record's own holds.
    """

    name: str
    layout: str
    text: str
    title: str = ""
    """What is printed at the top, where it is not the record's title."""
    description: Bilingual = Bilingual()
    access_right: str = ""
    accent: str = "#1d4e6b"


@dataclass(frozen=True)
class DemoRecord:
    """A record: field names and values are those of RecordMetadata and vocabularies.py.

    title and abstract are in `language`; the translated ones in the other of Dutch and English.
    """

    slug: str
    title: str
    resource_type: str
    language: str
    issued: str
    creators: tuple[DemoAgent, ...]
    topics: tuple[str, ...]
    abstract: str
    subtitle: str = ""
    short_title: str = ""
    """For the running header."""
    translated_title: str = ""
    translated_abstract: str = ""
    contributors: tuple[DemoAgent, ...] = ()
    publisher: str = ""
    container_title: str = ""
    series: str = ""
    volume: str = ""
    issue: str = ""
    page: str = ""
    edition: str = ""
    doi: str = ""
    rights: str = ""
    access_right: str = "open"
    available: date | None = None
    version_type: str = ""
    peer_review: str = ""
    event: str = ""
    files: tuple[DemoFile, ...] = ()
    funding: tuple[DemoFunding, ...] = ()
    relations: tuple[DemoRelation, ...] = ()

    @property
    def year(self) -> int:
        """The year of `issued`."""
        return int(self.issued[:4])


@dataclass(frozen=True)
class DemoContent:
    """All of it. Mappings are by slug, in the order of the files."""

    home: DemoHome
    topics: dict[str, DemoTopic]
    organisations: dict[str, DemoOrganisation]
    people: dict[str, DemoPerson]
    funders: dict[str, DemoFunder]
    projects: dict[str, DemoProject]
    series: dict[str, DemoSeries]
    events: dict[str, DemoEvent]
    records: dict[str, DemoRecord]
    collections: dict[str, DemoCollection]
    news: dict[str, DemoNews] = field(default_factory=dict)
    pages: dict[str, DemoPage] = field(default_factory=dict)

    def records_of_event(self, slug: str) -> tuple[DemoRecord, ...]:
        """What came of an event: its talks and its outcomes."""
        return tuple(record for record in self.records.values() if record.event == slug)

    def agent_name(self, agent: DemoAgent) -> str:
        """The name of an author or contributor, as on a title page."""
        if agent.person:
            return self.people[agent.person].name
        return f"{agent.given_name} {agent.family_name}".strip()
