"""Who stands on the records that vote, with which share: asked of the database, which knows who is live and shown."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce

from publications.models import Contribution, ContributionAffiliation, Event, Organisation, Person, Record
from publications.models.versions import listed
from publications.vocabularies import ContributorRole
from search.experts.questions import FIELDS, ExpertQuestion, Who
from search.experts.voting import CONTRIBUTOR, author_share

Pk = int


@dataclass
class Ballot:
    """A live record that votes: its title and year, whom it names with which share, and who stands first."""

    title: str
    year: int | None
    shares: dict[Pk, float] = field(default_factory=dict)
    first_author: Pk | None = None


Ballots = Mapping[str, Ballot]
"""By PID."""


def find_ballots(pids: Iterable[str], question: ExpertQuestion) -> Ballots:
    """The ballots of these records, in a fixed number of queries; records that are not live any more have none."""
    rows = Record.objects.live().filter(pid__in=list(pids)).values_list("pid", "title", "year")
    ballots = {pid: Ballot(title, year) for pid, title, year in rows}
    _name(ballots, question)
    return ballots


def count_named(pids: Iterable[str], question: ExpertQuestion) -> int:
    """How many the live ones among these records name of those who are asked for."""
    return len({candidate for ballot in find_ballots(pids, question).values() for candidate in ballot.shares})


def _name(ballots: Ballots, question: ExpertQuestion) -> None:
    NAMED[question.who](ballots)
    if (chosen := _chosen(question)) is not None:
        for ballot in ballots.values():
            ballot.shares = {pk: share for pk, share in ballot.shares.items() if pk in chosen}


def count_records(people: Collection[Pk]) -> dict[Pk, int]:
    """How many works each of these people contributed to: of each the newest live version."""
    on_works = Contribution.objects.filter(listed("record__"), person__in=people).order_by()
    return dict(
        on_works.values("person_id").annotate(number=Count("record", distinct=True)).values_list("person_id", "number")
    )


# Whom records name ----------------------------------------------------------------------------------------------------


def _name_people(ballots: Ballots) -> None:
    rows = (
        Contribution.objects.filter(record__pid__in=list(ballots))
        .order_by("record_id", "sort_order", "pk")
        .values_list("record__pid", "role", Coalesce("person__merged_into", "person"))
    )
    authors: defaultdict[str, list[Pk | None]] = defaultdict(list)
    for pid, role, person in rows:
        if role == ContributorRole.CREATOR:
            authors[pid].append(person)
        elif person is not None:
            ballots[pid].shares.setdefault(person, CONTRIBUTOR)
    for pid, people in authors.items():
        ballots[pid].first_author = people[0]
        for place, person in enumerate(people):
            if person is not None:
                share = author_share(place, authors=len(people))
                ballots[pid].shares[person] = max(share, ballots[pid].shares.get(person, 0.0))


def _name_organisations(ballots: Ballots) -> None:
    affiliated = ContributionAffiliation.objects.filter(contribution__record__pid__in=list(ballots)).values_list(
        "contribution__record__pid", Coalesce("organisation__merged_into", "organisation")
    )
    contributing = Contribution.objects.filter(record__pid__in=list(ballots)).values_list(
        "record__pid", Coalesce("organisation__merged_into", "organisation")
    )
    for pid, organisation in (*affiliated, *contributing):
        if organisation is not None:
            ballots[pid].shares[organisation] = 1.0


def _name_events(ballots: Ballots) -> None:
    rows = Record.objects.filter(pid__in=list(ballots), event__live=True).values_list("pid", "event_id")
    for pid, event in rows:
        ballots[pid].shares[event] = 1.0


NAMED = {Who.PEOPLE: _name_people, Who.ORGANISATIONS: _name_organisations, Who.EVENTS: _name_events}
MODELS: dict[Who, type[Person] | type[Organisation] | type[Event]] = {
    Who.PEOPLE: Person,
    Who.ORGANISATIONS: Organisation,
    Who.EVENTS: Event,
}


# Filters that narrow who is listed, not only which records vote -------------------------------------------------------


def _chosen(question: ExpertQuestion) -> frozenset[Pk] | None:
    """Those whom the filters leave: who was named, and people of the organisations named; None for everybody."""
    filters = question.filters
    chosen: frozenset[Pk] | None = None
    if slugs := filters.get(FIELDS[question.who]):
        chosen = frozenset(MODELS[question.who]._default_manager.filter(slug__in=slugs).values_list("pk", flat=True))
    if question.who == Who.PEOPLE and (slugs := filters.get("organisation")):
        there = _people_at(slugs)
        chosen = there if chosen is None else chosen & there
    return chosen


def _people_at(slugs: Collection[str]) -> frozenset[Pk]:
    """Who works or worked at one of these organisations, by what their profile shows or by a live record."""
    by_record = Contribution.objects.filter(record__live=True, affiliations__organisation__slug__in=slugs)
    people = Person.objects.filter(
        Q(affiliations__organisation__slug__in=slugs, shows_affiliations=True) | Q(pk__in=by_record.values("person_id"))
    )
    return frozenset(people.values_list(Coalesce(F("merged_into"), F("pk")), flat=True))
