"""What is asked of an engine, and what it answers: plain values on both sides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from search.documents import FACET_FIELDS, PUBLIC
from search.queries import Everything, Query


class Sort(StrEnum):
    """The orders a result can have."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    TITLE = "title"


@dataclass(frozen=True)
class YearRange:
    """Years from first to last, both included."""

    first: int
    last: int


FilterValue = str | int | YearRange


@dataclass(frozen=True)
class Reader:
    """Who asks, and when: all an engine needs to know about rights."""

    audiences: frozenset[str] = frozenset({PUBLIC})
    today: date = field(default_factory=date.today)


@dataclass(frozen=True)
class SearchRequest:
    """One question to an engine.

    filters: by the name of a Field; the values of one filter are alternatives, filters narrow each other.
    An empty query (Everything) with Sort.RELEVANCE lists the newest first.
    """

    query: Query = field(default_factory=Everything)
    reader: Reader = field(default_factory=Reader)
    filters: Mapping[str, tuple[FilterValue, ...]] = field(default_factory=dict)
    records: tuple[str, ...] | None = None
    """Only these records, by id; None for all. An empty tuple finds nothing."""
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    page_size: int = 10
    facets: tuple[str, ...] = FACET_FIELDS
    facet_size: int = 20
    """How many values of each facet to return, most frequent first; of years all, since a row of bars has no gaps."""
    passages_per_hit: int = 3
    fragment_length: int = 200
    """About how many characters a quoted passage or abstract has."""


@dataclass(frozen=True)
class PageMatch:
    """A page that this reader may read and that has words of the query."""

    file: int
    page: int
    occurrences: int
    """How many times words and phrases of the query stand on it."""


@dataclass(frozen=True)
class PassageHit:
    """A quoted part of a page: `text` is HTML, escaped, with <mark> around the words that match."""

    file: int
    file_name: str
    page: int
    text: str
    score: float
    language: str = "und"
    is_recognised: bool = False
    kind: str = "page"


@dataclass(frozen=True)
class Hit:
    """A record that matches.

    highlights: HTML by field name ("title", "abstract"), only where something is marked; an abstract is cut to about
    the length of a fragment.
    """

    id: str
    score: float
    stored: Mapping[str, object] = field(default_factory=dict)
    highlights: Mapping[str, str] = field(default_factory=dict)
    passages: tuple[PassageHit, ...] = ()
    """The best pages first; at most as many as the request asks for."""
    pages: tuple[PageMatch, ...] = ()
    """Every readable page that matches, in the order of files and pages."""


@dataclass(frozen=True)
class FacetCount:
    """How many of the records found have this value, the facet's own filter left out."""

    value: str
    count: int


@dataclass(frozen=True)
class SearchResponse:
    """The answer. Totals, facets, passages and pages count only what the reader may know."""

    total: int
    hits: tuple[Hit, ...] = ()
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    page_total: int = 0
    """How many readable pages match, over all records found."""
    took_ms: float = 0.0


@dataclass(frozen=True)
class RankedRecord:
    """A record that answers a question, and how well: as a whole and by its best part (`SearchEngine.rank`)."""

    id: str
    score: float


@dataclass(frozen=True)
class Ranking:
    """The records that answer a question best, with nothing quoted; total and facets count all that match."""

    total: int
    records: tuple[RankedRecord, ...] = ()
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    took_ms: float = 0.0
