"""The programme of an event as its page shows it: by day, with those who speak and what they showed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import QuerySet, prefetch_related_objects
from django.utils import timezone

from publications.models import Event, EventSession, EventSpeaker, Organisation, Person, Record
from publications.models.bilingual import local_text
from publications.vocabularies import SpeakerRole


@dataclass(frozen=True)
class Speaking:
    """Somebody who speaks: as printed, with the person and the organisation that have a page on the site."""

    speaker: EventSpeaker
    person: Person | None
    organisation: Organisation | None

    @property
    def role(self) -> str:
        """What they do in words, where it is more than speaking."""
        return "" if self.speaker.role == SpeakerRole.SPEAKER else str(self.speaker.get_role_display())

    @property
    def is_organisation(self) -> bool:
        """Whether the printed name is that of the organisation."""
        return self.organisation is not None and self.speaker.name in self.organisation.all_names

    @property
    def affiliation(self) -> str:
        """Where they work: as printed, or in the reader's language where that is a name of the organisation."""
        printed = self.speaker.affiliation
        if self.organisation is None or self.is_organisation:
            return printed
        return str(local_text(self.organisation, "name")) if printed in ("", *self.organisation.all_names) else printed


@dataclass(frozen=True)
class Part:
    """A part of the programme; `record` where readers may know of it."""

    session: EventSession
    speaking: tuple[Speaking, ...]
    record: Record | None


@dataclass(frozen=True)
class Day:
    """The parts of one day; `day` is None where no times are given, or all are on one day."""

    day: date | None
    parts: tuple[Part, ...]


def programme_of(event: Event) -> tuple[Day, ...]:
    """The programme in the editor's order; in a preview that of the form. A fixed number of queries."""
    sessions: list[EventSession] = list(event.sessions.all())
    prefetch_related_objects([session for session in sessions if session.pk], "speakers")
    speakers = [speaker for session in sessions for speaker in session.speakers.all()]
    people = Person.objects.visible().in_bulk(_keys(speaker.person_id for speaker in speakers))
    organisations = Organisation.objects.visible().in_bulk(_keys(speaker.organisation_id for speaker in speakers))
    records = Record.objects.live().for_listing().in_bulk(_keys(session.record_id for session in sessions))
    parts = [
        Part(
            session,
            tuple(
                Speaking(speaker, people.get(speaker.person_id), organisations.get(speaker.organisation_id))
                for speaker in session.speakers.all()
            ),
            records.get(session.record_id),
        )
        for session in sessions
    ]
    return _by_day(parts)


def _keys(keys: Iterable[int | None]) -> list[int]:
    return [key for key in dict.fromkeys(keys) if key is not None]


def _by_day(parts: Sequence[Part]) -> tuple[Day, ...]:
    if len({_day_of(part) for part in parts} - {None}) < 2:
        return (Day(None, tuple(parts)),) if parts else ()
    return tuple(Day(day, tuple(found)) for day, found in groupby(parts, key=_day_of))


def _day_of(part: Part) -> date | None:
    return timezone.localtime(part.session.starts).date() if part.session.starts else None


def people_speaking(programme: Iterable[Day]) -> list[Person]:
    """Those with a page who speak, each once, in the order of the programme."""
    found = {s.person.pk: s.person for day in programme for part in day.parts for s in part.speaking if s.person}
    return list(found.values())


@dataclass(frozen=True)
class PlaceInSeries:
    """Which of its series an event is, and the others."""

    number: int
    others: QuerySet[Event]


def place_in_series(event: Event) -> PlaceInSeries | None:
    """The number that the editor gave, or the place among the published events of the series."""
    if event.series_id is None:
        return None
    others = Event.objects.live().filter(series_id=event.series_id).exclude(pk=event.pk).order_by("-starts")
    number = event.series_number
    if number is None:
        number = 1 + (others.filter(starts__lt=event.starts).count() if event.starts else others.count())
    return PlaceInSeries(number, others)
