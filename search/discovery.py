"""Finding records: from a reader's question to records with their pages, in the form that page, API and feed show."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _

from publications.access import User, audiences_for, may_read_file
from publications.models import FilePage, Person, Record, RecordFile, Topic
from publications.vocabularies import AccessRight, PageStatus
from search.engines.base import Suggestion
from search.facets import ChosenFilter, FacetView, view_chosen, view_facets
from search.forms import Question
from search.indexing import get_search_engine
from search.queries import parse_leniently
from search.requests import FacetCount, Hit, PageMatch, Reader, SearchRequest, Sort

LEVELS = ((7, "l4"), (4, "l3"), (2, "l2"), (1, "l1"))
"""From how many words on a page its cell has which grey (look: 1, 2–3, 4–6, 7 and more)."""


def reader_of(user: User, *, today: date | None = None) -> Reader:
    """Who asks, as engines know them."""
    return Reader(audiences=audiences_for(user), today=today or timezone.localdate())


def level_of(occurrences: int) -> str:
    """The grey of a page with so many words found: "l0" to "l4"."""
    return next((level for least, level in LEVELS if occurrences >= least), "l0")


@dataclass(frozen=True)
class PageLink:
    """A page with words of the question."""

    number: int
    url: str
    occurrences: int


@dataclass(frozen=True)
class Quotation:
    """Words of a page: `text` is HTML with <mark>."""

    file: str
    page: int
    text: str
    url: str
    language: str
    kind: str
    is_recognised: bool


@dataclass(frozen=True)
class FileMatches:
    """One file of a hit: which of its pages have words of the question."""

    file: RecordFile
    cells: tuple[str, ...]
    """One for each page: "l0" to "l4", or "unread" where the page has no text."""
    pages: tuple[PageLink, ...]
    also_on: tuple[PageLink, ...]
    """The pages that are not quoted."""
    unreadable: tuple[int, ...]

    @property
    def page_count(self) -> int:
        """How many pages the file has."""
        return len(self.cells)


@dataclass(frozen=True)
class ResultHit:
    """A record found, with what a page shows of it."""

    record: Record
    score: float
    access: AccessRight
    """The access right in force today."""
    topics: tuple[Topic, ...]
    title: str
    """HTML, marked."""
    abstract: str
    """HTML, marked; "" where no word of the question stands in it."""
    quotations: tuple[Quotation, ...]
    files: tuple[FileMatches, ...]
    thumbnail: RecordFile | None
    """The file whose first page this reader may see."""
    is_closed: bool
    """Whether there are files, and this reader may open none of them."""


@dataclass(frozen=True)
class SortLink:
    """An order that results can have."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Results:
    """The answer to a question, ready to be shown."""

    question: Question
    total: int
    page_total: int
    hits: tuple[ResultHit, ...]
    facet_counts: Mapping[str, tuple[FacetCount, ...]]
    notes: tuple[str, ...] = ()
    took_ms: float = 0.0
    facets: tuple[FacetView, ...] = ()
    chosen: tuple[ChosenFilter, ...] = ()
    sorts: tuple[SortLink, ...] = ()
    suggestion: str | None = None

    @property
    def last_page(self) -> int:
        """The number of the last page of results, at least 1."""
        return max(1, -(-self.total // self.question.page_size))

    @property
    def pager(self) -> tuple[tuple[int, str] | None, ...]:
        """Page numbers with their links; None stands for a gap."""
        last, here = self.last_page, self.question.page
        wanted = sorted({1, last, *range(max(1, here - 2), min(last, here + 2) + 1)})
        links: list[tuple[int, str] | None] = []
        for before, number in zip([0, *wanted], wanted, strict=False):
            if number - before > 1:
                links.append(None)
            links.append((number, self.question.query_string(page=number) or "?"))
        return tuple(links)

    @property
    def previous_url(self) -> str:
        """The page of results before this one, "" on the first; from beyond the end it leads to the last."""
        before = min(self.question.page - 1, self.last_page)
        return (self.question.query_string(page=before) or "?") if before >= 1 else ""

    @property
    def next_url(self) -> str:
        """The next page of results, "" on the last."""
        return self.question.query_string(page=self.question.page + 1) if self.question.page < self.last_page else ""

    @property
    def clear_url(self) -> str:
        """The same words without filters."""
        return self.question.query_string(filters={}) or "?"


def find_records(question: Question, *, user: User, today: date | None = None) -> Results:
    """Find the records and pages that answer a question for this user.

    Raises IndexUnavailable where there is no index to ask.
    """
    reader = reader_of(user, today=today)
    query, note = parse_leniently(question.q)
    response = get_search_engine().search(
        SearchRequest(
            query=query,
            reader=reader,
            filters=question.engine_filters(),
            sort=question.sort,
            page=question.page,
            page_size=question.page_size,
        )
    )
    return Results(
        question=question,
        total=response.total,
        page_total=response.page_total,
        hits=_view_hits(response.hits, question, user=user, today=reader.today),
        facet_counts=response.facets,
        notes=(*question.notes, *((_(note),) if note else ())),
        took_ms=response.took_ms,
        facets=view_facets(response.facets, question),
        chosen=view_chosen(question),
        sorts=_view_sorts(question),
    )


def _view_sorts(question: Question) -> tuple[SortLink, ...]:
    labels = {Sort.RELEVANCE: _("Best match"), Sort.NEWEST: _("Newest"), Sort.TITLE: _("Title")}
    return tuple(
        SortLink(label, question.query_string(sort=sort) or "?", sort == question.sort)
        for sort, label in labels.items()
    )


def _view_hits(hits: Iterable[Hit], question: Question, *, user: User, today: date) -> tuple[ResultHit, ...]:
    found = tuple(hits)
    # Asked of the database again: the index may still hold a record that has just been taken offline.
    records = {
        record.pid: record for record in Record.objects.live().for_listing().filter(pid__in=[hit.id for hit in found])
    }
    page_states = _load_page_states(records.values())
    return tuple(
        _view_hit(hit, records[hit.id], page_states, question.q, user=user, today=today)
        for hit in found
        if hit.id in records
    )


def _load_page_states(records: Iterable[Record]) -> dict[int, list[str]]:
    """For each file of these records, the state of each of its pages in order; one query."""
    states: dict[int, list[str]] = defaultdict(list)
    rows = FilePage.objects.filter(file__record__in=list(records)).order_by("file_id", "number")
    for file_id, status in rows.values_list("file_id", "status"):
        states[file_id].append(status)
    return states


def _view_hit(
    hit: Hit, record: Record, page_states: Mapping[int, list[str]], q: str, *, user: User, today: date
) -> ResultHit:
    files = [file for file in record.files.all() if file.removed_at is None]
    readable = [file for file in files if may_read_file(user, file, today=today)]
    by_number = {file.number: file for file in readable}
    quoted = {(passage.file, passage.page) for passage in hit.passages}
    return ResultHit(
        record=record,
        score=hit.score,
        access=record.access_status(today=today),
        topics=tuple(tagged.tag for tagged in record.tagged_topics.all()),
        title=hit.highlights.get("title", ""),
        abstract=hit.highlights.get("abstract", ""),
        quotations=tuple(
            Quotation(
                file=passage.file_name,
                page=passage.page,
                text=passage.text,
                url=page_url(by_number[passage.file], passage.page, q),
                language=passage.language,
                kind=passage.kind,
                is_recognised=passage.is_recognised,
            )
            for passage in hit.passages
            if passage.file in by_number
        ),
        files=tuple(
            view
            for file in readable
            if (view := view_file_matches(file, hit.pages, page_states.get(file.pk, []), q, quoted=quoted)).pages
        ),
        thumbnail=next((file for file in readable if file.has_pages), None),
        is_closed=bool(files) and not readable,
    )


def view_file_matches(
    file: RecordFile,
    matches: Iterable[PageMatch],
    page_states: list[str],
    q: str,
    *,
    quoted: Iterable[tuple[int, int]] = (),
) -> FileMatches:
    """Which pages of one file have words of the question, as a strip and as links."""
    on_pages = {match.page: match.occurrences for match in matches if match.file == file.number}
    unread = {PageStatus.NO_TEXT, PageStatus.UNREADABLE}
    links = tuple(PageLink(page, page_url(file, page, q), count) for page, count in sorted(on_pages.items()))
    return FileMatches(
        file=file,
        cells=tuple(
            "unread" if status in unread else level_of(on_pages.get(number, 0))
            for number, status in enumerate(page_states, start=1)
        ),
        pages=links,
        also_on=tuple(link for link in links if (file.number, link.number) not in set(quoted)),
        unreadable=tuple(number for number, status in enumerate(page_states, start=1) if status in unread),
    )


def page_url(file: RecordFile, page: int, q: str) -> str:
    """Where a page is read, with the words to mark."""
    url = file.page_url(page)
    return f"{url}?{urlencode({'q': q})}" if q else url


@dataclass(frozen=True)
class Completion:
    """A completion of what was typed, with its own page where it has one."""

    text: str
    kind: str
    url: str | None


def suggest(text: str, *, user: User, limit: int = 8) -> tuple[Completion, ...]:
    """Completions for the search box: topics, people and titles, and words that this user may find."""
    suggestions = get_search_engine().suggest(text, reader=reader_of(user), limit=limit)
    return tuple(_view_suggestion(suggestion) for suggestion in suggestions)


def _view_suggestion(suggestion: Suggestion) -> Completion:
    url = None
    if suggestion.key and suggestion.kind == "topic":
        url = Topic(slug=suggestion.key).get_absolute_url()
    elif suggestion.key and suggestion.kind == "person":
        url = Person(slug=suggestion.key).get_absolute_url()
    elif suggestion.key and suggestion.kind == "title":
        url = Record(pid=suggestion.key).get_absolute_url()
    return Completion(suggestion.text, suggestion.kind, url)
