"""A record as a RecordMetadata: what exports, citations and other machines get."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from publications import access
from publications.metadata import (
    Affiliation,
    Agent,
    FileReference,
    FundingReference,
    RecordMetadata,
    RelatedIdentifier,
)
from publications.models import Contribution, Event, Organisation, Person, Record, RecordFile
from publications.models.bilingual import SITE_LANGUAGES, local_text
from publications.models.funding import FundingReference as FundingRow
from publications.records.versions import neighbours_of
from publications.vocabularies import RelationType, ResourceType

RELATIONS = (
    "contributions__person",
    "contributions__organisation",
    "contributions__affiliations__organisation",
    "tagged_topics__tag",
    "files",
    "funding_references__funder",
    "funding_references__project__funder",
    "related_identifiers__related_record",
    "restricted_groups",
    "restricted_users",
    "version__chain__places__record__publication",
)
OF_PUBLICATIONS = (
    "container_title",
    "series",
    "volume",
    "issue",
    "page",
    "edition",
    "isbn",
    "issn",
    "arxiv",
    "pmid",
    "version_type",
    "peer_review",
)


def with_metadata(records: QuerySet[Record]) -> QuerySet[Record]:
    """The records with all that `metadata_of` needs, in a fixed number of queries."""
    own_row = records.select_related("event", "publication", "presentation", "eventoutcome", "version")
    return own_row.prefetch_related(*RELATIONS)


def metadata_of(record: Record, *, today: date | None = None) -> RecordMetadata:
    """What the hub tells everybody of a record: its public metadata, with identifiers and addresses on this hub.

    today: decides which embargoes are over. Many records at once: take them from `with_metadata`.
    """
    today = today or timezone.localdate()
    has_translation = bool(record.translated_title or record.translated_abstract)
    return RecordMetadata(
        title=record.title,
        resource_type=record.resource_type or ResourceType.OTHER.value,  # a draft may not have one yet
        pid=record.pid,
        subtitle=record.subtitle,
        translated_title=record.translated_title,
        translated_abstract=record.translated_abstract,
        translation_language=record.translation_language if has_translation else "",
        language=record.language,
        agents=tuple(_agent(contribution) for contribution in record.contributions.all()),
        abstract=record.abstract,
        subjects=tuple(_subjects(record)),
        issued=record.issued,
        publisher=record.publisher,
        doi=record.doi,
        url=record.full_url,
        rights=record.rights,
        access_right=record.access_status(today=today),
        available=record.available.isoformat() if record.available else "",
        funding_references=tuple(_funding(row) for row in record.funding_references.all()),
        related_identifiers=(*_versions(record), *_relations(record)),
        files=tuple(_file(file, today=today) for file in _present_files(record)),
        **_event(record.event, language=record.language),
        **_of_publication(record.specific()),
    )


def _of_publication(record: Record) -> dict[str, Any]:
    values = {name: getattr(record, name, "") for name in OF_PUBLICATIONS}
    # Editors type "101–118" as it is printed; formats take a range apart at its hyphen.
    return values | {"page": re.sub(r"\s*[-‐–—]+\s*", "-", values["page"])}


def _agent(contribution: Contribution) -> Agent:
    if contribution.is_organisation:
        organisation = contribution.organisation
        return Agent(
            family_name=contribution.name,
            role=contribution.role,
            is_organisation=True,
            ror=organisation.ror if organisation else "",
            slug=_slug(organisation),
        )
    person = contribution.person
    return Agent(
        family_name=contribution.family_name,
        given_name=contribution.given_name,
        role=contribution.role,
        orcid=person.orcid if person else "",
        slug=_slug(person),
        affiliations=tuple(
            Affiliation(
                str(affiliation),
                ror=affiliation.organisation.ror if affiliation.organisation else "",
                slug=_slug(affiliation.organisation),
            )
            for affiliation in contribution.affiliations.all()
        ),
    )


def _slug(thing: Person | Organisation | None) -> str:
    """Its address; none for what was merged, as what it became has the address."""
    return thing.slug if thing and not thing.merged_into_id else ""


def _subjects(record: Record) -> Iterable[str]:
    """The topics' labels in both languages, each once."""
    labels = (label for tagged in record.tagged_topics.all() for label in (tagged.tag.label_en, tagged.tag.label_nl))
    return dict.fromkeys(label for label in labels if label)


def _funding(row: FundingRow) -> FundingReference:
    funder = row.funder or (row.project.funder if row.project else None)
    return FundingReference(
        funder_name=str(funder or ""),
        funder_identifier=funder.identifier if funder else "",
        award_number=row.award_number or (row.project.award_number if row.project else ""),
        award_title=str(local_text(row.project, "title")) if row.project else "",
    )


def _versions(record: Record) -> Iterable[RelatedIdentifier]:
    """The live versions just before and after this one."""
    neighbours = neighbours_of(record)
    if neighbours.older:
        yield _related_record(neighbours.older, RelationType.IS_NEW_VERSION_OF)
    if neighbours.newer:
        yield _related_record(neighbours.newer, RelationType.IS_PREVIOUS_VERSION_OF)


def _relations(record: Record) -> Iterable[RelatedIdentifier]:
    """What editors say of other works."""
    for row in record.related_identifiers.all():
        if row.related_record is None:
            yield RelatedIdentifier(row.identifier, row.identifier_type, row.relation_type, row.title)
        elif row.related_record.live:
            yield _related_record(row.related_record, row.relation_type)


def _related_record(record: Record, relation_type: str) -> RelatedIdentifier:
    if record.doi:
        return RelatedIdentifier(record.doi, "DOI", relation_type, record.title)
    return RelatedIdentifier(record.full_url, "URL", relation_type, record.title)


def _present_files(record: Record) -> Iterable[RecordFile]:
    for file in record.files.all() if record.pk else ():
        if file.removed_at is None:
            file.record = record  # the prefetched one: no query for each file
            yield file


def _file(file: RecordFile, *, today: date) -> FileReference:
    return FileReference(
        name=file.name,
        url=f"{settings.BASE_URL}{file.get_absolute_url()}",
        media_type=file.media_type,
        size_bytes=file.size_bytes,
        checksum=file.sha256,
        is_open=access.may_read(file.readership, audiences=frozenset({access.PUBLIC}), today=today),
    )


def _event(event: Event | None, *, language: str) -> dict[str, Any]:
    if event is None or not event.live:
        return {}
    starts = timezone.localdate(event.starts).isoformat()
    ends = timezone.localdate(event.ends).isoformat() if event.ends else starts
    title = local_text(event, "title", language=language if language in SITE_LANGUAGES else None)
    return {
        "event_title": str(title),
        "event_place": ", ".join(filter(None, [event.place, event.city])),
        "event_dates": starts if ends == starts else f"{starts}/{ends}",
    }
