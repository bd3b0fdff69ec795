"""Finding experts: from a question to people, organisations or events with the words that speak for them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from publications.access import User
from publications.models import Organisation, Person
from publications.views.summaries import Employer, find_employers
from search.discovery import Answer, reader_of
from search.experts.asking import voters
from search.experts.candidates import MODELS, Ballots, count_named, count_records, find_ballots
from search.experts.evidence import Evidence, of_one, pick_works, quote
from search.experts.questions import FIELDS, ExpertQuestion, Who
from search.experts.voting import VOTERS, Standing, Vote, count_votes
from search.facets import view_chosen, view_facets
from search.indexing import get_search_engine
from search.narrowing import narrow
from search.requests import Ranking
from search.understanding import find_spelling, understand
from search.widening import WEIGHT_BESIDE

MOST_LEVEL = 4


@dataclass(frozen=True)
class Expert:
    """Somebody, or an organisation or event, whom records that answer name."""

    thing: Any
    """A Person, an Organisation or an Event."""
    score: float
    """1.0 for the first."""
    records: int
    """How many of the records that vote name them."""
    years: tuple[int, ...]
    """The year of each of those that has one."""
    first_author_of: int
    evidence: tuple[Evidence, ...]
    axis: range = range(0)
    """The years of the strip: the same for all on a page."""
    employer: Employer | None = None
    """Where a person works, or last worked."""
    records_url: str = ""
    """The parameters of a search for the records that answer and name them."""
    shortlist_url: str = ""
    """The parameters of the same answer with them on the shortlist, or off it."""
    is_shortlisted: bool = False

    @property
    def slug(self) -> str:
        """Its name in addresses."""
        return str(self.thing.slug)

    @property
    def name(self) -> str:
        """What a reader knows it by."""
        return str(self.thing)

    @property
    def organisation(self) -> Organisation | None:
        """The same, without until when."""
        return self.employer.organisation if self.employer else None

    @property
    def first_year(self) -> int | None:
        """The year of the oldest of the records."""
        return min(self.years, default=None)

    @property
    def latest_year(self) -> int | None:
        """The year of the newest."""
        return max(self.years, default=None)

    @property
    def last_year_shown(self) -> int:
        """Where the strip ends."""
        return self.axis[-1]

    @property
    def cells(self) -> tuple[str, ...]:
        """The years of the axis as cells of a strip."""
        by_year = Counter(self.years)
        return tuple(f"l{min(by_year[year], MOST_LEVEL)}" for year in self.axis)

    @property
    def is_contactable(self) -> bool:
        """Whether the hub may pass a question on to them."""
        return isinstance(self.thing, Person) and self.thing.is_contactable


@dataclass(frozen=True)
class Tab:
    """A kind of answer, and how many there are of it."""

    label: str
    url: str
    count: int
    is_current: bool


@dataclass(frozen=True, kw_only=True)
class Experts(Answer):
    """The answer to a question for experts."""

    question: ExpertQuestion
    experts: tuple[Expert, ...]
    record_total: int
    """How many records answer; the best of them vote (`voting.VOTERS`)."""
    naming_total: int
    """How many of the records that vote name somebody, or something, of the kind that is asked for."""
    counts: dict[Who, int]
    """How many people, organisations and events there are."""

    voters = VOTERS
    """So many of the records vote at most."""

    @property
    def first_place(self) -> int:
        """The place of the first expert of this page."""
        return (self.question.page - 1) * self.question.page_size + 1

    @property
    def tabs(self) -> tuple[Tab, ...]:
        """Whom else the same question can be asked for."""
        return tuple(
            Tab(str(who.label), self.question.query_string(who=who) or "?", self.counts[who], who == self.question.who)
            for who in Who
        )


def find_experts(question: ExpertQuestion, *, user: User, today: date | None = None) -> Experts:
    """Who knows about what is asked, by what this user may read. Nobody for a question that asks nothing.

    Raises IndexUnavailable where there is no index to ask.
    """
    if not question.is_asked:
        return Experts(
            question=question, total=0, experts=(), record_total=0, naming_total=0, counts={}, notes=question.notes
        )
    reader = reader_of(user, today=today)
    understood = understand(question.q, is_widened=question.is_widened, alone=WEIGHT_BESIDE)
    ranking = get_search_engine().rank(
        voters(understood.query, reader=reader, **narrow(question, reader=reader), facets=question.facets)
    )
    ballots = find_ballots([record.id for record in ranking.records], question)
    standings = rank_candidates(ranking, ballots, question, year=reader.today.year)
    first = (question.page - 1) * question.page_size
    shown = standings[first : first + question.page_size]
    works = {standing.candidate: pick_works(standing.records, ballots) for standing in shown}
    quoted, quoting_ms = quote(
        [pid for pids in works.values() for pid in pids], question, understood, reader=reader, user=user
    )
    evidence = {pk: of_one(pids, quoted) for pk, pids in works.items()}
    return Experts(
        question=question,
        total=len(standings),
        experts=_view_experts(shown, ballots, evidence, question),
        record_total=ranking.total,
        naming_total=sum(bool(ballot.shares) for ballot in ballots.values()),
        counts=_count_all(ranking, question, total=len(standings)),
        notes=(*question.notes, *understood.notes),
        took_ms=ranking.took_ms + quoting_ms,
        facets=view_facets(ranking.facets, question),
        chosen=view_chosen(question),
        spelling=find_spelling(question.q, understood, reader=reader),
        other_words=understood.other_words,
    )


def rank_candidates(
    ranking: Ranking, ballots: Ballots, question: ExpertQuestion, *, year: int
) -> tuple[Standing[int], ...]:
    """Those whom the records name, the best first."""
    votes = [
        Vote(record.id, record.score, ballot.year, ballot.shares)
        for record in ranking.records
        if (ballot := ballots.get(record.id))
    ]
    named = {candidate for vote in votes for candidate in vote.shares}
    counts = count_records(named) if question.who == Who.PEOPLE else None
    return count_votes(votes, year=year, record_counts=counts)


def _count_all(ranking: Ranking, question: ExpertQuestion, *, total: int) -> dict[Who, int]:
    pids = [record.id for record in ranking.records]
    return {who: total if who == question.who else count_named(pids, replace(question, who=who)) for who in Who}


def _view_experts(
    shown: Sequence[Standing[int]],
    ballots: Ballots,
    evidence: dict[int, tuple[Evidence, ...]],
    question: ExpertQuestion,
) -> tuple[Expert, ...]:
    things = MODELS[question.who]._default_manager.in_bulk([standing.candidate for standing in shown])
    employers = find_employers(things) if question.who == Who.PEOPLE else {}
    dated = [year for standing in shown for pid in standing.records if (year := ballots[pid].year)]
    axis = range(min(dated), max(dated) + 1) if dated else range(0)
    return tuple(
        Expert(
            thing=things[standing.candidate],
            score=standing.score,
            records=len(standing.records),
            years=tuple(year for pid in standing.records if (year := ballots[pid].year)),
            first_author_of=sum(ballots[pid].first_author == standing.candidate for pid in standing.records),
            evidence=evidence[standing.candidate],
            axis=axis,
            employer=employers.get(standing.candidate),
            records_url=_records_url(question, things[standing.candidate].slug),
            shortlist_url=question.with_shortlisted(things[standing.candidate].slug) or "?",
            is_shortlisted=things[standing.candidate].slug in question.shortlist,
        )
        for standing in shown
        if standing.candidate in things
    )


def _records_url(question: ExpertQuestion, slug: str) -> str:
    return replace(question, filters=question.filters | {FIELDS[question.who]: (slug,)}).as_search
