"""The series, programmes and photos of the demo's events. Programmes name records, so they come after those."""

from django.core.files.base import ContentFile
from django.utils import timezone

from publications.demo.loading import demo_pid
from publications.demo.pictures import draw_picture
from publications.demo.things import DemoContent, DemoPhoto, DemoSession, DemoSpeaker
from publications.models import (
    Event,
    EventPhoto,
    EventSeries,
    EventSession,
    EventSpeaker,
    HubImage,
    Organisation,
    Person,
    Record,
)


def load_series(content: DemoContent) -> None:
    """The series that are missing."""
    known = set(EventSeries.objects.values_list("slug", flat=True))
    for series in content.series.values():
        if series.slug not in known:
            EventSeries.objects.create(slug=series.slug, title_en=series.title.en, title_nl=series.title.nl)


def load_programmes(content: DemoContent) -> None:
    """The programmes and photos of events that have none yet, published."""
    for event in Event.objects.filter(slug__in=content.events, sessions=None):
        demo = content.events[event.slug]
        if not demo.programme:
            continue
        event.sessions = [_session(part, place, content) for place, part in enumerate(demo.programme)]  # type: ignore[misc]
        event.photos = [_photo(photo, place) for place, photo in enumerate(demo.photos)]  # type: ignore[misc]
        event.save()
        event.save_revision().publish()


def _photo(demo: DemoPhoto, place: int) -> EventPhoto:
    image = HubImage.objects.create(
        title=demo.caption.en,
        alt_en=demo.alternative.en,
        alt_nl=demo.alternative.nl,
        file=ContentFile(draw_picture(demo.picture), f"{demo.picture.replace(' ', '-')}.jpg"),
    )
    return EventPhoto(sort_order=place, image=image, caption_en=demo.caption.en, caption_nl=demo.caption.nl)


def _session(part: DemoSession, place: int, content: DemoContent) -> EventSession:
    session = EventSession(
        sort_order=place,
        title_en=part.title.en,
        title_nl=part.title.nl,
        starts=timezone.make_aware(part.starts),
        ends=timezone.make_aware(part.ends) if part.ends else None,
        is_break=part.is_break,
        record=Record.objects.filter(pid=demo_pid(part.record)).first() if part.record else None,
    )
    session.speakers = [_speaker(speaker, number, content) for number, speaker in enumerate(part.speakers)]
    return session


def _speaker(demo: DemoSpeaker, place: int, content: DemoContent) -> EventSpeaker:
    if not demo.person:
        return EventSpeaker(sort_order=place, role=demo.role, name=demo.name)
    known = content.people[demo.person]
    now_at = next((row.organisation for row in known.affiliations if row.end_year is None), None)
    organisation = Organisation.objects.filter(slug=now_at).first() if now_at else None
    return EventSpeaker(
        sort_order=place,
        role=demo.role,
        name=known.name,
        affiliation=str(organisation or ""),
        person=Person.objects.filter(slug=demo.person).first(),
        organisation=organisation,
    )
