"""People: the page of one, and the index of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language_info
from django.views.decorators.http import require_safe

from publications.models import Collection, Contribution, Event, EventSpeaker, Person, Record
from publications.models.records import RecordQuerySet
from publications.models.versions import listed
from publications.views.addresses import find_shown, lead_to
from publications.views.alphabet import alphabet_key
from publications.views.graphs import MOST_AROUND, Graph, Neighbour, draw_graph, ties_of_people
from publications.views.summaries import (
    Employer,
    PersonInRecords,
    activity_of,
    find_employers,
    latest_first,
    people_of,
    shown_affiliations,
    topics_of,
    with_employers,
)
from publications.vocabularies import LANGUAGES, ContributorRole

RECORDS_PER_PAGE = 10
PEOPLE_PER_PAGE = 100
MOST_EVENTS = 5


@require_safe
def person(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a person who is shown on the site; an old address leads to it."""
    found = find_shown(Person.objects.visible().select_related("photo"), slug)
    if found.slug != slug:
        return lead_to(found.get_absolute_url())
    return render(request, "publications/person.html", person_context(found, page=request.GET.get("page")))


def person_context(person: Person, *, page: str | None = None) -> dict[str, Any]:
    """What the page of a person shows: only what is public, and only live records."""
    today = timezone.localdate()
    records = records_of_person(person)
    activity = activity_of(records, today=today)
    years = range(activity.first_year, activity.last_year + 1) if activity.bars else range(0)
    coauthors = with_employers(people_of(records, leave_out=person))
    shown = Paginator(latest_first(records).for_listing(), RECORDS_PER_PAGE).get_page(page)
    return {
        "person": person,
        "affiliations": shown_affiliations().filter(person=person),
        "languages": language_names(person.languages) if person.shows_languages else [],
        "roles": person.role_names if person.shows_about else [],
        "activity": activity,
        "topics": topics_of(records, years=years),
        "coauthors": coauthors,
        "graph": draw_coauthors(person, records, coauthors),
        "records": shown,
        "listed": [(record, part_in(record, person)) for record in shown],
        "events": events_of_person(person, records)[:MOST_EVENTS],
        "collections": Collection.objects.live().filter(curators=person),
    }


def draw_coauthors(person: Person, records: RecordQuerySet, coauthors: Sequence[PersonInRecords]) -> Graph | None:
    """Those a person made most records with, drawn."""
    neighbours = [
        Neighbour(item.person.pk, item.person.name, item.person.get_absolute_url(), item.records)
        for item in coauthors[:MOST_AROUND]
    ]
    return draw_graph(person.name, neighbours, ties_of_people(records, [neighbour.key for neighbour in neighbours]))


def records_of_person(person: Person) -> RecordQuerySet:
    """The live records that the person contributed to."""
    return Record.objects.listed().filter(pk__in=Contribution.objects.filter(person=person).values("record_id"))


def events_of_person(person: Person, records: RecordQuerySet) -> QuerySet[Event]:
    """The published events at which the person speaks, and those that a record of theirs comes from."""
    speaks = EventSpeaker.objects.filter(person=person).values("session__event")
    return Event.objects.live().filter(Q(pk__in=speaks) | Q(pk__in=records.order_by().values("event")))


def part_in(record: Record, person: Person) -> str:
    """What the person did for a record, in words, where they did not write it: "Editor"."""
    roles = [c.role for c in record.contributions.all() if c.person_id == person.pk]
    if ContributorRole.CREATOR in roles:
        return ""
    return ", ".join(str(ContributorRole(role).label) for role in dict.fromkeys(roles))


def language_names(codes: str) -> list[str]:
    """The names of the languages of a list such as "nl, en, fy"; what is no code stays as it is."""
    return [_language_name(code.strip()) for code in codes.split(",") if code.strip()]


def _language_name(code: str) -> str:
    known = dict(LANGUAGES).get(code.lower())
    if known:
        return str(known)
    try:
        return str(get_language_info(code.lower())["name_translated"])
    except KeyError:
        return code


# The index ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """One line of the index: "Hoeven, Marieke van der", at H."""

    letter: str
    name: str
    person: Person
    employer: Employer | None


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who is shown, from A to Z as a Dutch index has them: van der Hoeven stands at H."""
    keys = sorted(
        (index_key(family_name, given_name), pk)
        for pk, family_name, given_name in Person.objects.visible().values_list("pk", "family_name", "given_name")
    )
    letters = list(dict.fromkeys(key[0] for key, _pk in keys))
    letter = request.GET.get("letter", "").upper()
    chosen = [pk for key, pk in keys if not letter or key[0] == letter]
    page = Paginator(chosen, PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    context = {"letters": letters, "letter": letter, "total": len(keys), "page_of_people": page}
    return render(request, "publications/people_index.html", context | {"entries": _entries(list(page))})


def _entries(pks: list[int]) -> list[Entry]:
    counted = Person.objects.annotate(
        record_count=Count("contributions__record", filter=listed("contributions__record__"), distinct=True)
    )
    found, employers = counted.in_bulk(pks), find_employers(pks)
    return [
        Entry(
            letter=index_key(person.family_name, person.given_name)[0],
            name=index_name(person.family_name, person.given_name),
            person=person,
            employer=employers.get(pk),
        )
        for pk in pks
        if (person := found.get(pk))
    ]


def split_particles(family_name: str) -> tuple[str, str]:
    """The particles before a name, and the name: ("van der", "Hoeven")."""
    words = family_name.split()
    first = next((place for place, word in enumerate(words) if not word[0].islower() and word[0] not in "'’"), 0)
    return " ".join(words[:first]), " ".join(words[first:])


def index_name(family_name: str, given_name: str) -> str:
    """As an index has it: "Hoeven, Marieke van der"."""
    particles, name = split_particles(family_name)
    rest = " ".join(part for part in (given_name, particles) if part)
    return f"{name}, {rest}" if rest else name


def index_key(family_name: str, given_name: str) -> tuple[str, str]:
    """The letter under which a name stands, and its place there."""
    return alphabet_key(index_name(family_name, given_name))
