"""What an engine indexes: a record as plain text and values, and each page of its files.

Every engine reads the same FIELDS table, so a new facet or searchable field is one line here and one in
`indexing.build_document`. Nothing in this module knows Django or the publications app.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

PUBLIC = "public"
"""The audience everybody belongs to."""


@dataclass(frozen=True)
class Text:
    """A text with the language it is written in (BCP 47; "und" where nobody knows)."""

    value: str
    language: str = "und"


@dataclass(frozen=True)
class Name:
    """Somebody or something a document mentions: its name for people, its key for filters and facets."""

    name: str
    """ "" where it is filtered by and counted, and not searched: a topic above those that a record has."""
    key: str = ""
    """What filters and facets know it by; the name itself where there is none."""
    alternatives: tuple[str, ...] = ()
    """Other labels under which it must be found: a topic's label in the other language, its synonyms."""


@dataclass(frozen=True)
class Passage:
    """The text of one page or slide of one file.

    Whoever belongs to one of `audiences` may read it; everybody may from `open_from` on.
    """

    file: int
    """Number of the file in its record, from 1."""
    file_name: str
    page: int
    """Number of the page in its file, from 1."""
    text: str
    language: str = "und"
    audiences: frozenset[str] = frozenset({PUBLIC})
    open_from: date | None = None
    is_recognised: bool = False
    """Whether the text comes from OCR, and may be misread."""
    kind: str = "page"
    """"page" or "slide": what a reader calls it."""
    raw_words: str = ""
    """Words as the file spells them that `text` has not: searched like it, never quoted or shown."""


@dataclass(frozen=True)
class SearchDocument:
    """A live record as an engine sees it: public metadata, and passages that each say who may read them."""

    id: str
    type: str
    title: Text
    language: str = "und"
    subtitle: Text | None = None
    translated_titles: tuple[Text, ...] = ()
    abstracts: tuple[Text, ...] = ()
    creators: tuple[Name, ...] = ()
    """In the order of the title page."""
    contributors: tuple[Name, ...] = ()
    organisations: tuple[Name, ...] = ()
    topics: tuple[Name, ...] = ()
    events: tuple[Name, ...] = ()
    collections: tuple[Name, ...] = ()
    identifiers: tuple[str, ...] = ()
    """DOI, ISBN, arXiv id: each found by itself, in full or bare."""
    year: int | None = None
    issued: str = ""
    """ISO 8601, as precise as known: sorts by date as text."""
    access: str = "open"
    """The access right as stored; an embargo that has passed counts as open on the day of the query."""
    available: date | None = None
    """The day an embargo ends."""
    container_title: str = ""
    version: str = "newest"
    """"older" where a later version of the work is live."""
    passages: tuple[Passage, ...] = ()
    stored: dict[str, object] = field(default_factory=dict)
    """Values handed back with a hit as they are (JSON): never searched, never filtered on."""

    @property
    def people(self) -> tuple[Name, ...]:
        """Creators, then contributors; whoever is both, once."""
        return tuple(dict.fromkeys((*self.creators, *self.contributors)))


class FieldKind(StrEnum):
    """How a field is searched."""

    TEXT = "text"
    NAMES = "names"
    KEYWORD = "keyword"
    NUMBER = "number"


@dataclass(frozen=True)
class Field:
    """One searchable thing about a record.

    name: as a reader types it (`title:word`) and as a filter is called.
    source: the attribute of SearchDocument it comes from.
    weight: how often its words count in the combined text that free words search; 0 keeps them out of it.
    """

    name: str
    kind: FieldKind
    source: str
    weight: int = 1
    queryable: bool = False
    facet: bool = False
    filter: bool = False


FIELDS: tuple[Field, ...] = (
    Field("title", FieldKind.TEXT, "title", weight=2, queryable=True),
    Field("subtitle", FieldKind.TEXT, "subtitle"),
    Field("translated_title", FieldKind.TEXT, "translated_titles"),
    Field("abstract", FieldKind.TEXT, "abstracts", queryable=True),
    Field("person", FieldKind.NAMES, "people", queryable=True, facet=True, filter=True),
    Field(
        "organisation",
        FieldKind.NAMES,
        "organisations",
        queryable=True,
        facet=True,
        filter=True,
    ),
    Field("topic", FieldKind.NAMES, "topics", queryable=True, facet=True, filter=True),
    Field("event", FieldKind.NAMES, "events", queryable=True, facet=True, filter=True),
    Field("collection", FieldKind.NAMES, "collections", weight=0, filter=True),
    Field("container_title", FieldKind.TEXT, "container_title"),
    Field("doi", FieldKind.KEYWORD, "identifiers", queryable=True),
    Field(
        "year",
        FieldKind.NUMBER,
        "year",
        weight=0,
        queryable=True,
        facet=True,
        filter=True,
    ),
    Field("type", FieldKind.KEYWORD, "type", weight=0, facet=True, filter=True),
    Field("language", FieldKind.KEYWORD, "language", weight=0, facet=True, filter=True),
    Field("access", FieldKind.KEYWORD, "access", weight=0, facet=True, filter=True),
    Field("version", FieldKind.KEYWORD, "version", weight=0, facet=True, filter=True),
)

QUERYABLE_FIELDS: frozenset[str] = frozenset(field.name for field in FIELDS if field.queryable)
FACET_FIELDS: tuple[str, ...] = tuple(field.name for field in FIELDS if field.facet)
NUMBER_FIELDS: frozenset[str] = frozenset(field.name for field in FIELDS if field.kind == FieldKind.NUMBER)
FILTER_FIELDS: frozenset[str] = frozenset(field.name for field in FIELDS if field.filter)
