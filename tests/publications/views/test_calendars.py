from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from tests.factories import EventFactory

pytestmark = pytest.mark.django_db
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def entries(client: Client, address: str) -> list[Any]:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return list(Calendar.from_ical(answer.content).events)


def test_event_is_a_calendar_entry_in_the_zone_of_the_hub(client: Client, settings: Any) -> None:
    settings.BASE_URL = "https://hub.example"
    starts = datetime(2027, 2, 11, 11, 30, tzinfo=ZoneInfo("UTC"))
    event = EventFactory(
        title_nl="Regel; ruimte, en „meer”",
        summary_nl="Eén vraag.",
        starts=starts,
        ends=starts + timedelta(hours=4),
        place="De Weverij",
        city="Enschede",
    )

    [entry] = entries(client, f"/nl/events/{event.slug}.ics")

    assert (entry["SUMMARY"], entry["DESCRIPTION"]) == ("Regel; ruimte, en „meer”", "Eén vraag.")
    assert entry.start == datetime(2027, 2, 11, 12, 30, tzinfo=AMSTERDAM)
    assert entry["DTSTART"].params["TZID"] == "Europe/Amsterdam"
    assert entry.duration == timedelta(hours=4)
    assert entry["LOCATION"] == "De Weverij, Enschede"
    assert entry["URL"] == f"https://hub.example/nl/events/{event.slug}/"
    assert entry["UID"] == f"event-{event.pk}@hub.example"
    assert b"BEGIN:VTIMEZONE" in client.get(f"/en/events/{event.slug}.ics").content


def test_event_without_an_hour_takes_the_day(client: Client) -> None:
    event = EventFactory(starts=datetime(2027, 3, 5, tzinfo=AMSTERDAM))

    [entry] = entries(client, f"/en/events/{event.slug}.ics")

    assert (entry.start, entry.end) == (date(2027, 3, 5), date(2027, 3, 6))


def test_calendar_of_the_hub_holds_published_events_to_come(client: Client) -> None:
    now = timezone.now()
    EventFactory(starts=now - timedelta(days=3)), EventFactory(starts=now + timedelta(days=3), live=False)
    late, soon = (EventFactory(starts=now + timedelta(days=days)) for days in (9, 2))

    found = [entry["SUMMARY"] for entry in entries(client, "/en/events.ics")]

    assert found == [soon.title_en, late.title_en]


def test_old_address_of_a_calendar_leads_on_and_drafts_have_none(client: Client) -> None:
    event, draft = EventFactory(slug="old"), EventFactory(live=False)
    event.slug = "new"
    event.save()

    answer = client.get("/en/events/old.ics")

    assert (answer.status_code, answer["Location"]) == (301, "/en/events/new.ics")
    assert client.get(f"/en/events/{draft.slug}.ics").status_code == 404


def test_calendar_takes_the_same_queries_for_one_and_for_three_events(
    client: Client, django_assert_num_queries
) -> None:
    EventFactory(starts=timezone.now() + timedelta(days=1))
    client.get("/en/events.ics")
    with django_assert_num_queries(1):
        client.get("/en/events.ics")
    for _ in range(2):
        EventFactory(starts=timezone.now() + timedelta(days=1))

    with django_assert_num_queries(1):
        client.get("/en/events.ics")
