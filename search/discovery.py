"""Finding records: from a reader's question to records with their pages, in the form that page, API and feed show."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from publications.access import User, audiences_for
from publications.models import Person, Record, Topic
from search.engines.base import Suggestion
from search.errors import IndexUnavailable
from search.facets import ChosenFilter, FacetView, view_chosen, view_facets
from search.forms import NEWEST_VERSIONS, Question
from search.hits import ResultHit, view_hits
from search.indexing import get_search_engine
from search.narrowing import narrow
from search.queries import Respelling
from search.requests import FacetCount, Reader, SearchRequest, Sort
from search.understanding import find_spelling, understand
from search.widening import Label


def reader_of(user: User, *, today: date | None = None) -> Reader:
    """Who asks, as engines know them."""
    return Reader(audiences=audiences_for(user), today=today or timezone.localdate())


@dataclass(frozen=True)
class SortLink:
    """An order that results can have."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What every answer to a question has, whatever it lists, ready to be shown."""

    question: Question
    total: int
    notes: tuple[str, ...] = ()
    took_ms: float = 0.0
    facets: tuple[FacetView, ...] = ()
    chosen: tuple[ChosenFilter, ...] = ()
    spelling: Respelling | None = None
    """The question as it may have been meant."""
    older_versions: int = 0
    """How many older versions of works match."""
    other_words: tuple[Label, ...] = ()
    """What else the topics of the question are called; searched too, if the question is widened."""

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
    def spelling_url(self) -> str:
        """The question as it may have been meant, filters kept."""
        return self.question.query_string(q=str(self.spelling))

    @property
    def widening_url(self) -> str:
        """The same question without the other words, or with them where they are off."""
        return self.question.query_string(is_widened=not self.question.is_widened)

    @property
    def versions_url(self) -> str:
        """The same question with older versions, or without them where they are among the results."""
        return self.question.query_string(has_all_versions=not self.question.has_all_versions) or "?"

    @property
    def clear_url(self) -> str:
        """The same words without filters."""
        return self.question.query_string(filters={}) or "?"


@dataclass(frozen=True, kw_only=True)
class Results(Answer):
    """The records that answer a question."""

    page_total: int
    hits: tuple[ResultHit, ...]
    facet_counts: Mapping[str, tuple[FacetCount, ...]]
    sorts: tuple[SortLink, ...] = ()


def find_records(question: Question, *, user: User, today: date | None = None) -> Results:
    """Find the records and pages that answer a question for this user.

    Raises IndexUnavailable where there is no index to ask.
    """
    reader = reader_of(user, today=today)
    understood = understand(question.q, is_widened=question.is_widened)
    response = get_search_engine().search(
        SearchRequest(
            query=understood.query,
            reader=reader,
            **narrow(question, reader=reader),
            sort=question.sort,
            page=question.page,
            page_size=question.page_size,
        )
    )
    # A switch of its own, and no facet to choose values from.
    facets = {name: counts for name, counts in response.facets.items() if name not in NEWEST_VERSIONS}
    return Results(
        question=question,
        total=response.total,
        page_total=response.page_total,
        hits=view_hits(response.hits, question.words_only, query=understood.typed, user=user, today=reader.today),
        facet_counts=facets,
        notes=(*question.notes, *understood.notes),
        took_ms=response.took_ms,
        facets=view_facets(facets, question),
        chosen=view_chosen(question),
        sorts=_view_sorts(question),
        spelling=find_spelling(question.q, understood, reader=reader),
        older_versions=sum(count.count for count in response.facets.get("version", ()) if count.value == "older"),
        other_words=understood.other_words,
    )


def _view_sorts(question: Question) -> tuple[SortLink, ...]:
    """The orders to choose from. Where nothing was asked nothing matches best: the newest come first."""
    labels = {Sort.RELEVANCE: _("Best match"), Sort.NEWEST: _("Newest"), Sort.TITLE: _("Title")}
    current = question.sort
    if not question.q:
        del labels[Sort.RELEVANCE]
        current = Sort.NEWEST if current == Sort.RELEVANCE else current
    return tuple(
        SortLink(label, question.query_string(sort=sort) or "?", sort == current) for sort, label in labels.items()
    )


MOST_SIMILAR = 5
LIKELY_SIMILAR = 8
"""So many are looked at: those further down the order have little in common any more."""


def find_similar(record: Record, *, user: User, leave_out: Collection[str] = ()) -> tuple[Record, ...]:
    """The live records most like this one by their words, best first, but those with these PIDs.

    Nothing where there is no index to ask: a page about a record is complete without them.
    """
    try:
        pids = get_search_engine().similar(record.pid, reader=reader_of(user), limit=LIKELY_SIMILAR)
    except IndexUnavailable:
        return ()
    wanted = [pid for pid in pids if pid not in leave_out and pid != record.pid][:MOST_SIMILAR]
    found = {found.pid: found for found in Record.objects.listed().for_listing().filter(pid__in=wanted)}
    return tuple(found[pid] for pid in wanted if pid in found)


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
