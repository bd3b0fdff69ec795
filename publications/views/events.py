"""Events: the page of one, and the index of those to come and those that were."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from publications.calendars import MEDIA_TYPE, to_calendar
from publications.models import Event, EventPartner, Organisation, Record
from publications.models.bilingual import local_text
from publications.models.records import RecordQuerySet
from publications.models.versions import listed
from publications.views.addresses import find_shown, lead_to
from publications.views.event_filters import narrow_events
from publications.views.photos import SMALL, WIDE, photos_of
from publications.views.programmes import Day, people_speaking, place_in_series, programme_of
from publications.views.summaries import PersonInRecords, page_counts, people_of, topics_of
from publications.vocabularies import RecordType

RECORDS_PER_PAGE = 25
PAST_PER_PAGE = 20


@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a published event; an old address leads to it."""
    found = find_shown(Event.objects.live().select_related("cover", "series"), slug)
    if found.slug != slug:
        return lead_to(found.get_absolute_url())
    return render(request, "publications/event.html", event_context(found, page=request.GET.get("page")))


@require_safe
def event_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """A published event for a calendar; an old address leads to it."""
    found = find_shown(Event.objects.live(), slug)
    if found.slug != slug:
        return lead_to(reverse("publications:event_calendar", args=[found.slug]))
    return as_calendar([found], name=str(local_text(found, "title")), file_name=found.slug)


@require_safe
def events_calendar(request: HttpRequest) -> HttpResponse:
    """The events to come as a calendar that other calendars can follow."""
    return as_calendar(Event.objects.live().upcoming(), name=f"{settings.SITE_NAME}: {_('Events')}", file_name="events")


def as_calendar(events: Iterable[Event], *, name: str, file_name: str) -> HttpResponse:
    """The events in iCalendar's form, with the name under which a browser would keep it."""
    response = HttpResponse(to_calendar(events, key=file_name, name=name, made=timezone.now()), content_type=MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'inline; filename="{file_name}.ics"'
    return response


@dataclass(frozen=True)
class Outcome:
    """What came of an event, in numbers."""

    publications: int
    presentations: int
    outcomes: int
    pages: int

    @property
    def records(self) -> int:
        """All of them."""
        return self.publications + self.presentations + self.outcomes


def event_context(event: Event, *, page: str | None = None) -> dict[str, Any]:
    """What the page of an event shows; the event may be a draft that was never saved."""
    now = timezone.now()
    records = Record.objects.listed().filter(event_id=event.pk) if event.pk else Record.objects.none()
    # What was shown there comes before what was written about it.
    ordered = records.order_by("record_type", "title", "pk").for_listing()
    programme = programme_of(event)
    outcomes = ordered.filter(record_type=RecordType.EVENT_OUTCOME)
    others = ordered.exclude(record_type=RecordType.EVENT_OUTCOME)
    return {
        "event": event,
        "is_over": bool(event.starts) and (event.ends or event.starts) < now,
        "outcome": outcome_of(records),
        "outcome_records": outcomes,
        "records": Paginator(others, RECORDS_PER_PAGE).get_page(page),
        "programme": programme,
        "photos": photos_of(event, WIDE, SMALL),
        "series": place_in_series(event),
        "people": _people_there(records, programme),
        "topics": topics_of(records, years=range(0)),
        "partners": _shown_partners(event),
        "next_event": next_event(event, now=now),
    }


def _people_there(records: RecordQuerySet, programme: Iterable[Day]) -> list[PersonInRecords]:
    """Those who speak, and those who contributed to most of the records; with how many of them."""
    by_records = {item.person.pk: item for item in people_of(records)}
    speaking = [person for person in people_speaking(programme) if person.pk not in by_records]
    return [*by_records.values(), *(PersonInRecords(person, 0) for person in speaking)]


def outcome_of(records: QuerySet[Record]) -> Outcome:
    """How many records of each kind there are, and how many pages."""
    counts = dict(records.order_by().values_list("record_type").annotate(number=Count("pk")))
    return Outcome(
        publications=counts.get(RecordType.PUBLICATION, 0),
        presentations=counts.get(RecordType.PRESENTATION, 0),
        outcomes=counts.get(RecordType.EVENT_OUTCOME, 0),
        pages=sum(page_counts(records).values()),
    )


def _shown_partners(event: Event) -> list[EventPartner]:
    """The organisations there that are shown on the site, each with its role; in a preview, those of the form."""
    chosen = list(event.partners.all())
    shown = Organisation.objects.visible().in_bulk({partner.organisation_id for partner in chosen})
    partners = [partner for partner in chosen if partner.organisation_id in shown]
    for partner in partners:
        partner.organisation = shown[partner.organisation_id]
    return partners


def next_event(event: Event, *, now: datetime) -> Event | None:
    """The first published event to come after this one, or after now where this one is over."""
    begin = max(event.starts or now, now)
    return Event.objects.live().upcoming().exclude(pk=event.pk).filter(starts__gte=begin).first()


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """The events to come, the next one first, and those that were, the latest first; filters narrow both."""
    narrowed = narrow_events(request.GET)
    counted = Event.objects.live().annotate(record_count=Count("records", filter=listed("records__")))
    shown = counted.filter(pk__in=narrowed.keys) if narrowed.is_narrowed else counted
    context = {
        "upcoming": shown.upcoming(),
        "past": Paginator(shown.past(), PAST_PER_PAGE).get_page(request.GET.get("page")),
        "filters": [one for one in narrowed.filters if one.choices],
        "is_narrowed": narrowed.is_narrowed,
        "total": len(narrowed.keys),
    }
    return render(request, "publications/events_index.html", context)
