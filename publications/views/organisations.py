"""Organisations: the page of one, and the index of all by kind."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from publications.models import Event, EventPartner, EventSpeaker, Organisation, Person, Record
from publications.models.records import RecordQuerySet
from publications.views.addresses import find_shown, lead_to
from publications.views.graphs import MOST_AROUND, Graph, Neighbour, draw_graph, ties_of_organisations
from publications.views.summaries import (
    OrganisationInRecords,
    activity_of,
    latest_first,
    organisations_of,
    shown_affiliations,
    topics_of,
)
from publications.vocabularies import OrganisationKind

RECORDS_PER_PAGE = 10
ORGANISATIONS_PER_PAGE = 200
MOST_PEOPLE = 60
MOST_EVENTS = 10


@require_safe
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of an organisation that is shown on the site; an old address leads to it."""
    found = find_shown(Organisation.objects.visible().select_related("logo"), slug)
    if found.slug != slug:
        return lead_to(found.get_absolute_url())
    context = organisation_context(found, page=request.GET.get("page"))
    return render(request, "publications/organisation.html", context)


def organisation_context(organisation: Organisation, *, page: str | None = None) -> dict[str, Any]:
    """What the page of an organisation shows: its people, and the live records they wrote there."""
    records = records_of_organisation(organisation)
    activity = activity_of(records, today=timezone.localdate())
    years = range(activity.first_year, activity.last_year + 1) if activity.bars else range(0)
    people = people_of_organisation(organisation)
    partners = organisations_of(records, leave_out=organisation)
    return {
        "organisation": organisation,
        "activity": activity,
        "topics": topics_of(records, years=years),
        "partners": partners,
        "graph": draw_partners(organisation, records, partners),
        "people": people[:MOST_PEOPLE],
        "people_total": people.count(),
        "records": Paginator(latest_first(records).for_listing(), RECORDS_PER_PAGE).get_page(page),
        "events": with_roles(organisation, events_of_organisation(organisation)[:MOST_EVENTS]),
    }


def draw_partners(
    organisation: Organisation, records: RecordQuerySet, partners: Sequence[OrganisationInRecords]
) -> Graph | None:
    """The organisations that it made most records with, drawn."""
    neighbours = [
        Neighbour(
            item.organisation.pk,
            item.organisation.short_name or str(item.organisation),
            item.organisation.get_absolute_url(),
            item.records,
        )
        for item in partners[:MOST_AROUND]
    ]
    name = organisation.short_name or str(organisation)
    return draw_graph(name, neighbours, ties_of_organisations(records, [neighbour.key for neighbour in neighbours]))


def records_of_organisation(organisation: Organisation) -> RecordQuerySet:
    """The live records that it made, or that somebody made while working there."""
    return Record.objects.listed().filter(
        Q(pk__in=organisation.contributions.values("record_id"))
        | Q(pk__in=organisation.contribution_affiliations.values("contribution__record_id"))
    )


def events_of_organisation(organisation: Organisation) -> QuerySet[Event]:
    """The published events that it takes part in, or that somebody speaks at for it."""
    speaks = EventSpeaker.objects.filter(organisation=organisation).values("session__event")
    partner = EventPartner.objects.filter(organisation=organisation).values("event")
    return Event.objects.live().filter(Q(pk__in=partner) | Q(pk__in=speaks))


def with_roles(organisation: Organisation, events: Iterable[Event]) -> list[Event]:
    """The events, each with what the organisation is there in `roles`: "Organiser, Host"."""
    found = list(events)
    roles: dict[int, list[str]] = {event.pk: [] for event in found}
    for partner in EventPartner.objects.filter(organisation=organisation, event__in=found):
        roles[partner.event_id].append(str(partner.get_role_display()))
    for event in found:
        event.roles = ", ".join(roles[event.pk])
    return found


def people_of_organisation(organisation: Organisation) -> QuerySet[Person]:
    """The people who work or worked there and are shown, by name, with the years in `affiliations_here`.

    Whoever hides where they work is there only by what live records print.
    """
    here = shown_affiliations().filter(organisation=organisation)
    affiliated = Q(pk__in=here.order_by().values("person_id"))
    on_record = Q(
        pk__in=organisation.contribution_affiliations.filter(contribution__record__live=True).values(
            "contribution__person_id"
        )
    )
    return (
        Person.objects.visible()
        .filter(affiliated | on_record)
        .prefetch_related(Prefetch("affiliations", here, to_attr="affiliations_here"))
        .order_by("family_name", "given_name", "pk")
    )


@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """Every organisation that is shown, by kind: those who take part in the cluster first."""
    in_sight = Q(people__person__is_listed=True, people__person__shows_affiliations=True)
    shown = Organisation.objects.visible().annotate(
        people_count=Count("people__person", filter=in_sight, distinct=True)
    )
    page = Paginator(shown.order_by("kind", "name_en", "name_nl", "pk"), ORGANISATIONS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    groups = [
        (OrganisationKind(kind).label, list(group))
        for kind, group in groupby(page, key=lambda organisation: organisation.kind)
    ]
    return render(request, "publications/organisations_index.html", {"groups": groups, "page_of_organisations": page})
