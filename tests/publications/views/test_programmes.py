from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from publications.merging import merge_organisations, merge_people, undo_merge
from publications.models import Event, EventPartner, EventSession, EventSpeaker, MergeLog
from tests.factories import (
    ContributionAffiliationFactory,
    EventFactory,
    EventOutcomeFactory,
    EventSeriesFactory,
    EventSessionFactory,
    EventSpeakerFactory,
    OrganisationFactory,
    PersonFactory,
    PresentationFactory,
    RecordFileFactory,
)

pytestmark = pytest.mark.django_db
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def page_of(client: Client, event: Event) -> BeautifulSoup:
    return BeautifulSoup(client.get(event.get_absolute_url()).content, "html.parser")


def lines(page: BeautifulSoup) -> list[str]:
    return [" ".join(line.get_text(" ", strip=True).split()) for line in page.select(".programme > li")]


def test_programme_shows_times_speakers_and_what_they_showed(client: Client) -> None:
    starts = datetime(2026, 11, 12, 9, 30, tzinfo=AMSTERDAM)
    event = EventFactory(starts=starts, ends=starts + timedelta(hours=7))
    person, slides = PersonFactory(given_name="Ada", family_name="Wiggers"), PresentationFactory(title="How little")
    RecordFileFactory(record=slides, pages=("one", "two"))
    EventSessionFactory(event=event, title_en="Coffee", starts=starts, is_break=True, sort_order=0)
    talk = EventSessionFactory(
        event=event,
        title_en="How little is enough?",
        starts=starts + timedelta(minutes=30),
        ends=starts + timedelta(minutes=75),
        record=slides,
        sort_order=1,
    )
    hospital = OrganisationFactory(name_en="Noorderbreedte")
    EventSpeakerFactory(
        session=talk, name="A. Wiggers", person=person, affiliation="NMC", organisation=hospital, sort_order=0
    )
    EventSpeakerFactory(session=talk, name="Hedwig Oosterbaan", role="chair", sort_order=1)

    page = page_of(client, event)

    assert lines(page) == [
        "09:30 Coffee",
        "10:00–10:45 How little is enough? A. Wiggers , NMC Chair: Hedwig Oosterbaan 2 slides : How little",
    ]
    links = [link["href"] for link in page.select(".programme a")]
    assert links == [person.get_absolute_url(), hospital.get_absolute_url(), slides.get_absolute_url()]


def test_days_of_a_longer_event_are_told_apart(client: Client) -> None:
    starts = datetime(2026, 10, 8, 9, 30, tzinfo=AMSTERDAM)
    event = EventFactory(starts=starts, ends=starts + timedelta(days=1, hours=7))
    for place, hours in enumerate((0, 24)):
        EventSessionFactory(event=event, starts=starts + timedelta(hours=hours), sort_order=place)

    headings = [heading.get_text() for heading in page_of(client, event).select(".programme-day")]

    assert headings == ["Thursday 8 October", "Friday 9 October"]


def test_speaker_who_is_deleted_or_hidden_stays_as_printed(client: Client) -> None:
    gone, hidden = PersonFactory(), PersonFactory(is_listed=False)
    session = EventSessionFactory(speakers=[gone, hidden])
    names = [gone.name, hidden.name]
    gone.delete()

    page = page_of(client, session.event)

    assert [speaker.get_text(strip=True) for speaker in page.select(".speaker")] == names
    assert page.select(".speaker a") == []


def test_talks_follow_a_merge_and_come_back_when_it_is_undone() -> None:
    kept, merged = PersonFactory(), PersonFactory()
    talk = EventSpeakerFactory(person=merged, name="M. Hoeven")

    merge_people(kept, merged)
    talk.refresh_from_db()
    followed = (talk.person, talk.name)
    undo_merge(MergeLog.objects.get(), user=None)
    talk.refresh_from_db()

    assert (followed, talk.person) == ((kept, "M. Hoeven"), merged)


def test_draft_of_before_a_merge_names_what_was_kept() -> None:
    people, organisations = (PersonFactory(), PersonFactory()), (OrganisationFactory(), OrganisationFactory())
    event = EventFactory()
    event.partners.set([EventPartner(organisation=one, role="host") for one in organisations])
    event.sessions = [EventSession(title_en="Talk", speakers=[EventSpeaker(name="M.", person=people[1])])]
    event.save()
    event.save_revision()

    merge_people(*people)
    merge_organisations(*organisations)
    draft = Event.objects.get(pk=event.pk).get_latest_revision_as_object()

    assert [speaker.person_id for speaker in draft.sessions.all()[0].speakers.all()] == [people[0].pk]
    assert [(one.organisation, one.role) for one in draft.partners.all()] == [(organisations[0], "host")]


def test_draft_that_names_a_deleted_person_keeps_the_printed_name() -> None:
    person = PersonFactory()
    event = EventFactory()
    event.sessions = [EventSession(title_en="Talk", speakers=[EventSpeaker(name="As printed", person=person)])]
    event.save()
    event.save_revision()
    person.delete()

    draft = Event.objects.get(pk=event.pk).get_latest_revision_as_object()

    assert [(s.name, s.person) for s in draft.sessions.all()[0].speakers.all()] == [("As printed", None)]


def test_record_that_is_a_draft_is_not_told_of(client: Client) -> None:
    session = EventSessionFactory(record=PresentationFactory(live=False, title="Secret slides"))

    answer = client.get(session.event.get_absolute_url())

    assert "Secret slides" not in answer.content.decode()


def test_place_in_a_series_is_counted_or_said(client: Client) -> None:
    series, now = EventSeriesFactory(title_en="Image Days"), timezone.now()
    first, _draft, third = (
        EventFactory(series=series, starts=now - timedelta(days=days), live=days != 200) for days in (300, 200, 100)
    )
    said = EventFactory(series=series, series_number=9, starts=now)

    found = [client.get(event.get_absolute_url()).context["series"] for event in (first, third, said)]

    assert [place.number for place in found] == [1, 2, 9]
    assert list(found[0].others) == [said, third]
    assert "Number 2 of the series Image Days" in page_of(client, third).get_text()


def test_everything_of_an_event_is_two_clicks_from_everything_else(client: Client) -> None:
    event = EventFactory()
    author, speaker, partner, employer = PersonFactory(), PersonFactory(), OrganisationFactory(), OrganisationFactory()
    slides = PresentationFactory(event=event, creators=[author])
    outcome = EventOutcomeFactory(event=event)
    ContributionAffiliationFactory(contribution=slides.contributions.get(), organisation=employer)
    talk = EventSessionFactory(event=event)
    EventSpeakerFactory(session=talk, person=speaker, name=speaker.name, affiliation="There", organisation=employer)
    event.partners.set([EventPartner(organisation=partner)])
    event.save()
    things = [event, slides, outcome, author, speaker, partner, employer]
    addresses = {thing.get_absolute_url() for thing in things}

    leads_to = {
        address: {
            link["href"].split("#")[0] for link in BeautifulSoup(client.get(address).content, "html.parser").main("a")
        }
        for address in addresses
    }

    for address in addresses:
        one_click = leads_to[address] & addresses
        two_clicks = one_click.union(*(leads_to[there] for there in one_click))
        assert addresses <= two_clicks | {address}, address


def test_page_takes_the_same_queries_for_one_and_for_three_parts(
    client: Client, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    def add(number: int) -> Event:
        event = EventFactory(series=EventSeriesFactory())
        for _ in range(number):
            slides = PresentationFactory(event=event, creators=[PersonFactory()])
            talk = EventSessionFactory(event=event, record=slides)
            EventSpeakerFactory(session=talk, person=PersonFactory(), organisation=OrganisationFactory())
            EventFactory(series=event.series)
        return event

    one, three = add(1), add(3)
    client.get(one.get_absolute_url())

    with django_assert_max_num_queries(60) as counted:
        client.get(one.get_absolute_url())
    with django_assert_num_queries(len(counted)):
        client.get(three.get_absolute_url())
