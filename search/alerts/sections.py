"""What a digest tells of each saved search, asked anew when it is sent: what its reader may not see is left out."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any

from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe

from publications.access import User
from publications.models import Record
from publications.templatetags.addresses import absolute
from publications.templatetags.hub import byline
from publications.views.summaries import Employer, find_employers
from search.alerts.digests import reader_behind
from search.alerts.looking import understand_question
from search.alerts.questions import question_of, title_of, url_of
from search.discovery import reader_of
from search.experts.asking import voters
from search.experts.candidates import MODELS, find_ballots
from search.experts.evidence import Evidence, best_words, pick_works, quote
from search.experts.finder import rank_candidates
from search.experts.questions import ExpertQuestion, Who
from search.forms import Question
from search.hits import view_hits
from search.indexing import get_search_engine
from search.models import Kind, SavedSearch, Subscriber
from search.narrowing import narrow
from search.requests import SearchRequest

MOST_RECORDS = 8
MOST_EXPERTS = 5
MOST_QUOTED = 2
"""Records quoted of one expert."""

Found = Mapping[str, Mapping[str, list[int]]]
"""As in `Digest.found`."""


@dataclass(frozen=True)
class Quoted:
    """A record that is new, with words of it."""

    evidence: Evidence
    has_opened: bool
    """Whether its reader knows it, and can open it only now."""

    @property
    def record(self) -> Record:
        """The record itself."""
        return self.evidence.record

    @property
    def url(self) -> str:
        """Where the words stand, with the host."""
        return absolute(self.evidence.url)

    @property
    def record_url(self) -> str:
        """The page of the record, with the host."""
        return absolute(self.record.get_absolute_url())

    @property
    def byline(self) -> str:
        """Who made the record, as plain text."""
        return unescape(strip_tags(byline(self.record, links=False)))

    @property
    def plain(self) -> str:
        """The words as plain text."""
        return " ".join(unescape(re.sub(r"</?mark>", "", self.evidence.text)).split())

    @property
    def bold(self) -> SafeString:
        """The words as HTML, those that were asked for in bold."""
        parts = re.split(r"(</?mark>)", self.evidence.text)
        tags = {"<mark>": "<b>", "</mark>": "</b>"}
        return mark_safe("".join(tags.get(part) or escape(unescape(part)) for part in parts))  # noqa: S308


@dataclass(frozen=True)
class Named:
    """Somebody, or an organisation or event, with new evidence."""

    thing: Any
    employer: Employer | None
    is_new: bool
    """Whether nothing named them in this answer before."""
    quoted: tuple[Quoted, ...]

    @property
    def url(self) -> str:
        """Their page, with the host."""
        return absolute(self.thing.get_absolute_url())


@dataclass(frozen=True)
class Section:
    """What is new for one saved search."""

    search: SavedSearch
    title: str
    url: str
    records: tuple[Quoted, ...] = ()
    experts: tuple[Named, ...] = ()
    total: int = 0
    """How many records, or people and the like, are new."""

    @property
    def more(self) -> int:
        """How many of them are not in the mail."""
        return self.total - len(self.records) - len(self.experts)

    @property
    def is_for_experts(self) -> bool:
        """Whether people and the like are listed."""
        return self.search.kind == Kind.EXPERTS


def find_sections(subscriber: Subscriber, found: Found, *, today: date) -> tuple[Section, ...]:
    """What of these finds the reader may see now, for each saved search that is still watched."""
    user = reader_behind(subscriber)
    searches = SavedSearch.objects.watched().filter(subscriber=subscriber, pk__in=list(found)).order_by("pk")
    sections = (_view(search, found[str(search.pk)], user, today) for search in searches.defer("known", "closed"))
    return tuple(section for section in sections if section.total)


def _view(search: SavedSearch, news: Mapping[str, list[int]], user: User, today: date) -> Section:
    keys = {*news["new"], *news["opened"]}
    live = dict(Record.objects.live().filter(pk__in=keys).values_list("pid", "pk"))
    opened = {pid for pid, pk in live.items() if pk in news["opened"]}
    section = Section(search, title_of(search), absolute(url_of(search, newest_first=True)))
    question = question_of(search)
    if isinstance(question, ExpertQuestion):
        return _with_experts(section, question, set(live), opened, user, today)
    return _with_records(section, question, set(live), opened, user, today)


def _with_records(
    section: Section, question: Question, pids: set[str], opened: set[str], user: User, today: date
) -> Section:
    understood = understand_question(question)
    reader = reader_of(user, today=today)
    narrowed = narrow(question, reader=reader)
    among = pids if narrowed["records"] is None else pids.intersection(narrowed["records"])
    request = SearchRequest(
        understood.query,
        reader=reader,
        filters=narrowed["filters"],
        records=tuple(among),
        page_size=MOST_RECORDS,
        passages_per_hit=1,
        facets=(),
    )
    response = get_search_engine().search(request)
    hits = view_hits(response.hits, question.words_only, query=understood.typed, user=user, today=today)
    records = tuple(Quoted(best_words(hit), hit.record.pid in opened) for hit in hits)
    # What the index still has and the site has not is among neither.
    total = response.total - (len(response.hits) - len(hits))
    return Section(section.search, section.title, section.url, records=records, total=total)


def _with_experts(
    section: Section, question: ExpertQuestion, pids: set[str], opened: set[str], user: User, today: date
) -> Section:
    reader = reader_of(user, today=today)
    understood = understand_question(question)
    ranking = get_search_engine().rank(voters(understood.query, reader=reader, **narrow(question, reader=reader)))
    ballots = find_ballots([record.id for record in ranking.records], question)
    standings = rank_candidates(ranking, ballots, question, year=today.year)
    things = _shown_things(question.who, [standing.candidate for standing in standings])
    fresh = [
        (standing.candidate, [pid for pid in standing.records if pid in pids], not pids.issuperset(standing.records))
        for standing in standings
        if standing.candidate in things and pids.intersection(standing.records)
    ]
    shown = fresh[:MOST_EXPERTS]
    works = {candidate: pick_works(new, ballots, most=MOST_QUOTED) for candidate, new, _known in shown}
    quoted, _ms = quote(_all(works), question, understood, reader=reader, user=user)
    employers = find_employers([candidate for candidate, *_rest in shown]) if question.who == Who.PEOPLE else {}
    named = tuple(
        Named(
            things[candidate],
            employers.get(candidate),
            is_new=not is_known,
            quoted=tuple(Quoted(quoted[pid], pid in opened) for pid in works[candidate] if pid in quoted),
        )
        for candidate, _new, is_known in shown
    )
    return Section(section.search, section.title, section.url, experts=named, total=len(fresh))


def _shown_things(who: Who, candidates: Iterable[int]) -> dict[int, Any]:
    """Those of them that the site shows."""
    model: Any = MODELS[who]
    shown = model.objects.live() if who == Who.EVENTS else model.objects.visible()
    return {thing.pk: thing for thing in shown.filter(pk__in=list(candidates))}


def _all(works: Mapping[int, tuple[str, ...]]) -> list[str]:
    return [pid for pids in works.values() for pid in pids]
