"""Drafts may be older than a merge: what they name is followed to what it became when they are read."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models

from publications.models.organisations import Organisation
from publications.models.people import Person
from publications.models.topics import TaggedRecord, Topic

if TYPE_CHECKING:
    from publications.models.events import Event
    from publications.models.records import Record


def follow_merges(record: "Record") -> None:
    """Put what merged people, organisations and topics became in their places on a draft; saves nothing."""
    contributions = list(record.contributions.all())
    affiliations = [affiliation for c in contributions for affiliation in c.affiliations.all()]
    people = _became(Person, (c.person_id for c in contributions))
    organisations = _became(Organisation, (row.organisation_id for row in [*contributions, *affiliations]))
    for contribution in contributions:
        contribution.person_id = people.get(contribution.person_id, contribution.person_id)
    for row in [*contributions, *affiliations]:
        row.organisation_id = organisations.get(row.organisation_id, row.organisation_id)
    tagged = list(record.tagged_topics.all())
    topics = _became(Topic, (row.tag_id for row in tagged))
    if topics:
        kept = dict.fromkeys(topics.get(row.tag_id, row.tag_id) for row in tagged)
        record.tagged_topics = [TaggedRecord(tag_id=topic_id) for topic_id in kept]


def follow_merges_of_event(event: "Event") -> None:
    """Put what merged people and organisations became in their places on a draft; saves nothing."""
    speakers = [speaker for session in event.sessions.all() for speaker in session.speakers.all()]
    partners = list(event.partners.all())
    people = _became(Person, (speaker.person_id for speaker in speakers))
    organisations = _became(Organisation, (row.organisation_id for row in [*partners, *speakers]))
    for speaker in speakers:
        speaker.person_id = people.get(speaker.person_id, speaker.person_id)
        speaker.organisation_id = organisations.get(speaker.organisation_id, speaker.organisation_id)
    for partner in partners:
        partner.organisation_id = organisations.get(partner.organisation_id, partner.organisation_id)
    once = {(partner.organisation_id, partner.role): partner for partner in reversed(partners)}
    if len(once) < len(partners):
        event.partners.set(reversed(once.values()))


def _became(model: type[models.Model], ids: Iterable[int | None]) -> dict[int, int]:
    """What those of the ids became that were merged. One query, and one more for each merge of a merge."""
    became: dict[int, int] = {}
    asked = set(ids) - {None}
    while asked:
        step = dict(
            model._default_manager.filter(pk__in=asked, merged_into__isnull=False).values_list("pk", "merged_into_id")
        )
        became |= step
        asked = set(step.values()) - became.keys()
    return {pk: _last(pk, became) for pk in became}


def _last(pk: int, became: dict[int, int]) -> int:
    seen = set()
    while pk in became and pk not in seen:
        seen.add(pk)
        pk = became[pk]
    return pk
