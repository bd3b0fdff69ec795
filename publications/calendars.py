"""Events as iCalendar (RFC 5545), for the calendars of those who come. Times are in the zone of the hub."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar
from icalendar import Event as CalendarEntry

from publications.models import Event
from publications.models.bilingual import local_text

MEDIA_TYPE = "text/calendar; charset=utf-8"
REFRESHED_AFTER = timedelta(hours=12)


def to_calendar(events: Iterable[Event], *, key: str, name: str, made: datetime) -> bytes:
    """The events as a calendar in the language of the reader.

    key: what this calendar is known by, on this hub.
    made: when this calendar was made; it stands where an event does not say when it was last published.
    """
    calendar = Calendar.new(
        prodid="-//Knowledge Hub//Events//EN", uid=f"{key}@{_host()}", name=name, refresh_interval=REFRESHED_AFTER
    )
    shown = list(events)
    for event in shown:
        calendar.add_component(_to_entry(event, made=made))
    if shown:
        years = [event.starts.year for event in shown] + [event.ends.year for event in shown if event.ends]
        # The years that matter: of all since 1970 the changes of the clock alone are 5 kB.
        calendar.add_missing_timezones(date(min(years) - 1, 1, 1), date(max(years) + 2, 1, 1))
    text: bytes = calendar.to_ical()
    return text


def _to_entry(event: Event, *, made: datetime) -> CalendarEntry:
    published = event.last_published_at or made
    starts, ends = _span(event)
    return CalendarEntry.new(
        # The address of an event may change, its key does not: a calendar must know it again.
        uid=f"event-{event.pk}@{_host()}",
        stamp=published,
        last_modified=published,
        summary=str(local_text(event, "title")),
        description=str(local_text(event, "summary")) or None,
        start=starts,
        end=ends,
        location=", ".join(filter(None, [event.place, event.address, event.city])) or None,
        url=f"{settings.BASE_URL}{event.get_absolute_url()}",
    )


def _host() -> str:
    return str(settings.BASE_URL.partition("://")[2])


def _span(event: Event) -> tuple[date, date | None]:
    """When it starts and ends: moments, or whole days where no hour is given."""
    starts = timezone.localtime(event.starts)
    if event.ends is None and starts.time() == time.min:
        return starts.date(), starts.date() + timedelta(days=1)
    return starts, timezone.localtime(event.ends) if event.ends else None
