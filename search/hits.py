"""Records found, as result pages show them: with the pages that have words of the question, and what is quoted."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from publications.access import User, may_read_file
from publications.models import FilePage, Record, RecordFile, Topic
from publications.vocabularies import AccessRight, PageStatus
from search.mentions import Mention, find_mentions
from search.queries import Query
from search.requests import Hit, PageMatch

LEVELS = ((7, "l4"), (4, "l3"), (2, "l2"), (1, "l1"))
"""From how many words on a page its cell has which grey (look: 1, 2–3, 4–6, 7 and more)."""


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
    mentions: tuple[Mention, ...]
    """Names with words of the question that nothing else shows."""
    quotations: tuple[Quotation, ...]
    files: tuple[FileMatches, ...]
    thumbnail: RecordFile | None
    """The file whose first page this reader may see."""
    is_closed: bool
    """Whether there are files, and this reader may open none of them."""

    @property
    def shown_texts(self) -> tuple[str, ...]:
        """The HTML in which a reader sees marks: the title, and words of pages or else of the abstract."""
        return self.title, *([quotation.text for quotation in self.quotations] or [self.abstract])


def view_hits(hits: Iterable[Hit], asked: str, *, query: Query, user: User, today: date) -> tuple[ResultHit, ...]:
    """The records found that are live now, in order.

    asked: the question whose words their pages mark ("?q=…"). query: what was typed.
    """
    found = tuple(hits)
    # Asked of the database again: the index may still hold a record that has just been taken offline.
    records = {
        record.pid: record for record in Record.objects.live().for_listing().filter(pid__in=[hit.id for hit in found])
    }
    page_states = _load_page_states(records.values())
    views = tuple(
        _view_hit(hit, records[hit.id], page_states, asked, user=user, today=today)
        for hit in found
        if hit.id in records
    )
    mentions = find_mentions(query, {view.record: view.shown_texts for view in views})
    return tuple(replace(view, mentions=mentions.get(view.record, ())) for view in views)


def _load_page_states(records: Iterable[Record]) -> dict[int, list[str]]:
    """For each file of these records, the state of each of its pages in order; one query."""
    states: dict[int, list[str]] = defaultdict(list)
    rows = FilePage.objects.filter(file__record__in=list(records)).order_by("file_id", "number")
    for file_id, status in rows.values_list("file_id", "status"):
        states[file_id].append(status)
    return states


def _view_hit(
    hit: Hit, record: Record, page_states: Mapping[int, list[str]], asked: str, *, user: User, today: date
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
        mentions=(),
        quotations=tuple(
            Quotation(
                file=passage.file_name,
                page=passage.page,
                text=passage.text,
                url=page_url(by_number[passage.file], passage.page, asked),
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
            if (view := view_file_matches(file, hit.pages, page_states.get(file.pk, []), asked, quoted=quoted)).pages
        ),
        thumbnail=next((file for file in readable if file.has_page_images), None),
        is_closed=bool(files) and not readable,
    )


def view_file_matches(
    file: RecordFile,
    matches: Iterable[PageMatch],
    page_states: list[str],
    asked: str,
    *,
    quoted: Iterable[tuple[int, int]] = (),
) -> FileMatches:
    """Which pages of one file have words of the question, as a strip and as links."""
    on_pages = {match.page: match.occurrences for match in matches if match.file == file.number}
    unread = {PageStatus.NO_TEXT, PageStatus.UNREADABLE}
    links = tuple(PageLink(page, page_url(file, page, asked), count) for page, count in sorted(on_pages.items()))
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


def page_url(file: RecordFile, page: int, asked: str) -> str:
    """Where a page is read, with the question whose words it marks: "?q=…", "" for none."""
    return file.page_url(page) + asked
