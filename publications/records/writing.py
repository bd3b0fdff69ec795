"""Records made from RecordMetadata, and changed by it. Every author is matched to a person or becomes one."""

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone

from publications.errors import InvalidIdentifier
from publications.formats.base import clean
from publications.identifiers import parse_doi, parse_orcid, parse_pid, parse_ror
from publications.ingest.text import storable
from publications.metadata import Affiliation, Agent, RecordMetadata, parse_partial_date
from publications.metadata import FundingReference as Funding
from publications.metadata import RelatedIdentifier as Relation
from publications.models import (
    Contribution,
    ContributionAffiliation,
    Event,
    Funder,
    FundingReference,
    Project,
    Record,
    RelatedIdentifier,
    TaggedRecord,
    User,
)
from publications.models.kinds import Publication, record_model_for
from publications.people import OrganisationMatcher, PersonMatcher
from publications.records.describing import OF_PUBLICATIONS
from publications.records.versions import join_versions
from publications.topics import TopicMatcher
from publications.vocabularies import (
    LANGUAGES,
    VERSION_RELATIONS,
    AccessRight,
    ContributorRole,
    IdentifierType,
    Licence,
    PeerReview,
    RelationType,
    ResourceType,
    VersionType,
)

LANGUAGE_CODES = {code for code, _label in LANGUAGES}
CHOICES = {"version_type": VersionType.values, "peer_review": PeerReview.values}


@dataclass
class Matchers:
    """Who and what the hub knows, loaded once; one set serves a whole import."""

    people: PersonMatcher = field(default_factory=PersonMatcher)
    organisations: OrganisationMatcher = field(default_factory=OrganisationMatcher)
    topics: TopicMatcher = field(default_factory=TopicMatcher)

    def refresh(self) -> None:
        """Learn what other processes added since."""
        self.people.refresh()
        self.organisations.refresh()
        self.topics.refresh()


def create_record(
    metadata: RecordMetadata,
    *,
    live: bool,
    owner: User | None = None,
    user: User | None = None,
    matchers: Matchers | None = None,
) -> Record:
    """A new record of the kind that its resource type asks for, with its first revision.

    live: published at once, else a draft. owner: the depositor. user: who does it, for the history.
    Raises ValidationError with a sentence for each field that cannot be.
    """
    record = record_model_for(metadata.resource_type)(owner=owner, live=live, has_unpublished_changes=not live)
    with transaction.atomic():
        apply_fields(record, metadata)
        apply_relations(record, metadata, matchers=matchers or Matchers())
        if live:
            record.first_published_at = record.last_published_at = timezone.now()
        record.save()
        _join_versions(record, metadata, user=user)
        revision = record.save_revision(user=user, changed=not live, clean=False, log_action="wagtail.create")
        if live:
            record.live_revision = revision
            Record.objects.filter(pk=record.pk).update(live_revision=revision)
    return record


def update_record(
    record: Record,
    metadata: RecordMetadata,
    *,
    publish: bool = False,
    user: User | None = None,
    matchers: Matchers | None = None,
) -> Record:
    """The record with this metadata in a new revision; published if asked, else readers see no change.

    The kind of a record stays: a resource type of another kind is left as it was. Raises ValidationError.
    """
    record = record.specific()
    draft = record.get_latest_revision_as_object()
    with transaction.atomic():
        apply_fields(draft, metadata)
        apply_relations(draft, metadata, matchers=matchers or Matchers())
        if not record.live:
            # So that listings and the search for duplicates know of the draft what it says now.
            draft.save()
        _join_versions(record, metadata, user=user)
        revision = draft.save_revision(user=user, clean=False, log_action=True)
        if publish:
            revision.publish(user=user)
    return type(record).objects.get(pk=record.pk)


def apply_fields(record: Record, metadata: RecordMetadata) -> None:
    """Set the record's own fields. Raises ValidationError, before anybody or anything is made for the record."""
    set_fields(record, metadata)
    record.full_clean(exclude=["restricted_groups", "restricted_users"])


def set_fields(record: Record, metadata: RecordMetadata) -> None:
    """Set the record's own fields, whether or not they can be saved."""
    if metadata.resource_type in record.resource_types:
        record.resource_type = metadata.resource_type
    elif not record.resource_type:
        record.resource_type = ResourceType.OTHER
    _apply_texts(record, metadata)
    _apply_access(record, metadata)
    record.event = _find_event(metadata) or record.event


def apply_relations(record: Record, metadata: RecordMetadata, *, matchers: Matchers) -> None:
    """Set what hangs on the record; people, organisations, topics and funders that are new are made."""
    record.contributions = contributions_of(
        metadata,
        people=matchers.people,
        organisations=matchers.organisations,
        known=list(record.contributions.all()),
    )
    topics = dict.fromkeys(
        matchers.topics.find_or_create(clean(subject), language=record.language) for subject in metadata.subjects
    )
    record.tagged_topics = [TaggedRecord(tag_id=topic_id) for topic_id in topics if topic_id]
    record.funding_references = [
        _funding_reference(funding) for funding in metadata.funding_references if clean(funding.funder_name)
    ]
    record.related_identifiers = list(filter(None, map(_related_identifier, metadata.related_identifiers)))


def _apply_texts(record: Record, metadata: RecordMetadata) -> None:
    record.language = metadata.language if metadata.language in LANGUAGE_CODES else "und"
    for name in ("title", "subtitle", "abstract", "publisher"):
        setattr(record, name, fitted(record, name, getattr(metadata, name)))
    # The hub has one other language for each record; a translation into a third one has no place.
    if metadata.translation_language in ("", record.translation_language):
        for name in ("translated_title", "translated_abstract"):
            setattr(record, name, fitted(record, name, getattr(metadata, name)))
    record.issued = _valid_date(metadata.issued)
    record.year = replace(metadata, issued=record.issued).year
    record.doi = metadata.doi
    record.url = _address_elsewhere(metadata.url)
    for name in OF_PUBLICATIONS if isinstance(record, Publication) else ():
        value = fitted(record, name, getattr(metadata, name))
        setattr(record, name, value if value in CHOICES.get(name, [value]) else "")


def _apply_access(record: Record, metadata: RecordMetadata) -> None:
    record.access_right = (
        metadata.access_right if metadata.access_right in AccessRight.values else AccessRight.METADATA_ONLY
    )
    record.rights = metadata.rights if metadata.rights in Licence.values else ""
    available = _valid_date(metadata.available)
    parts = parse_partial_date(available) if available else ()
    record.available = date(*parts) if len(parts) == 3 else None


def fitted(record: Record, name: str, value: str) -> str:
    """The text as a database takes it, cut at a word where the field has no room for all of it."""
    value = storable(value)
    longest = record._meta.get_field(name).max_length
    if not longest or len(value) <= longest:
        return value
    return value[: longest - 1].rsplit(" ", 1)[0] + "…"


def _valid_date(text: str) -> str:
    try:
        parse_partial_date(text)
    except ValueError:
        return ""
    return text.strip()


def _address_elsewhere(url: str) -> str:
    """A web address outside this hub, "" for anything else that stood in its place."""
    if len(url) > 500 or url.startswith(f"{settings.BASE_URL}/"):
        return ""
    try:
        URLValidator(schemes=["http", "https"])(url)
    except ValidationError:
        return ""
    return url


# People and organisations ---------------------------------------------------------------------------------------


def contributions_of(
    metadata: RecordMetadata,
    *,
    people: PersonMatcher,
    organisations: OrganisationMatcher,
    known: Iterable[Contribution] = (),
) -> list[Contribution]:
    """The lines of an author list, each with the person or organisation behind it; who is new is made.

    known: the lines of this very list before. Whom a name stood for there it goes on standing for, where no ORCID iD
    says otherwise; so does one that stands on the list in two roles.
    """
    contributions: list[Contribution] = []
    settled = [*known]
    agents = [_checked_agent(agent) for agent in metadata.agents]
    companions = set().union(*(people.may_be(agent) for agent in agents if not agent.is_organisation))
    for place, agent in enumerate(agents):
        if not agent.family_name:
            continue
        contribution = Contribution(
            sort_order=place,
            role=agent.role,
            given_name=agent.given_name,
            family_name=agent.family_name,
            is_organisation=agent.is_organisation,
        )
        if agent.is_organisation:
            contribution.organisation_id = organisations.find_or_create(
                Affiliation(agent.family_name, ror=agent.ror), language=metadata.language, is_whole_name=True
            )
        else:
            contribution.affiliations = affiliations = _affiliations(
                agent, organisations=organisations, language=metadata.language
            )
            employers = {a.organisation_id for a in affiliations if a.organisation_id}
            # Two authors of one work who are called the same are two people.
            namesakes = {c.person_id for c in contributions if c.person_id and c.role == agent.role}
            contribution.person_id = _settled(agent, settled, taken=namesakes) or people.find_or_create(
                agent,
                organisation_ids=set(filter(organisations.is_established, employers)),
                taken=namesakes,
                companions=companions,
            )
            settled.append(contribution)
        contributions.append(contribution)
    return contributions


def _settled(agent: Agent, lines: list[Contribution], *, taken: Container[int]) -> int | None:
    """The person for whom this name stands on one of the lines; None where an identifier or address says more."""
    if agent.orcid or agent.slug:
        return None
    name = (agent.given_name, agent.family_name)
    found = (c.person_id for c in lines if c.person_id and (c.given_name, c.family_name) == name)
    return next((person_id for person_id in found if person_id not in taken), None)


def _checked_agent(agent: Agent) -> Agent:
    """The agent with names that fit, and without identifiers that do not check."""
    family_name, given_name = clean(agent.family_name), clean(agent.given_name)
    if not family_name:
        family_name, given_name = given_name, ""
    return Agent(
        family_name=family_name[:255],
        given_name=given_name[:150],
        role=agent.role if agent.role in ContributorRole.values else ContributorRole.OTHER,
        orcid=_parsed(parse_orcid, agent.orcid),
        ror=_parsed(parse_ror, agent.ror),
        affiliations=agent.affiliations,
        is_organisation=agent.is_organisation,
        slug=agent.slug,
    )


def _parsed(parse: Any, text: str) -> str:
    try:
        return parse(text) if text else ""
    except InvalidIdentifier:
        return ""


def _affiliations(agent: Agent, *, organisations: OrganisationMatcher, language: str) -> list[ContributionAffiliation]:
    rows = []
    for place, affiliation in enumerate(agent.affiliations):
        checked = Affiliation(clean(affiliation.name)[:500], ror=_parsed(parse_ror, affiliation.ror))
        organisation_id = organisations.find_or_create(checked, language=language)
        if checked.name or organisation_id:
            rows.append(ContributionAffiliation(sort_order=place, name=checked.name, organisation_id=organisation_id))
    return rows


# What else hangs on a record -----------------------------------------------------------------------------------


def _funding_reference(funding: Funding) -> FundingReference:
    """Who paid; a funder or project that the hub does not know is added, not shown on the home page."""
    name, identifier = clean(funding.funder_name)[:255], clean(funding.funder_identifier)[:255]
    number, title = clean(funding.award_number)[:100], clean(funding.award_title)[:255]
    funder = Funder.objects.filter(identifier=identifier).first() if identifier else None
    funder = funder or Funder.objects.filter(name_en__iexact=name).first()
    funder = funder or Funder.objects.filter(name_nl__iexact=name).first()
    funder = funder or Funder.objects.create(name_en=name, identifier=identifier)
    project = Project.objects.filter(funder=funder, award_number=number).first() if number else None
    if title and not project:
        project, _created = Project.objects.get_or_create(
            funder=funder, title_en=title, defaults={"award_number": number}
        )
    return FundingReference(funder=funder, project=project, award_number=number)


def _related_identifier(relation: Relation) -> RelatedIdentifier | None:
    """Another work: one of this hub where it is known, else its identifier; None for a relation we have no word for."""
    identifier = relation.identifier.strip()
    fits = 0 < len(identifier) <= 500 and relation.identifier_type in IdentifierType.values
    if not fits or relation.relation_type not in RelationType.values:
        return None
    row = RelatedIdentifier(
        relation_type=relation.relation_type,
        identifier=identifier,
        identifier_type=relation.identifier_type,
        title=clean(relation.title)[:500],
    )
    row.related_record = _record_behind(identifier, relation.identifier_type)
    return None if row.states_a_version else row


def _join_versions(record: Record, metadata: RecordMetadata, *, user: User | None) -> None:
    """Take the place among the versions of a work that the metadata give, unless the record has one."""
    for relation in metadata.related_identifiers:
        of = _record_behind(relation.identifier.strip(), relation.identifier_type)
        if of and relation.relation_type in VERSION_RELATIONS:
            join_versions(record, of=of, relation_type=relation.relation_type, user=user)


def _record_behind(identifier: str, identifier_type: str) -> Record | None:
    if identifier_type == IdentifierType.DOI and (doi := _parsed(parse_doi, identifier)):
        return Record.objects.filter(doi=doi).first()
    address = re.match(rf"{re.escape(settings.BASE_URL)}/(?:\w\w/)?records/(\w+)", identifier)
    pid = _parsed(parse_pid, address[1]) if address else ""
    return Record.objects.filter(pid=pid).first() if pid else None


def _find_event(metadata: RecordMetadata) -> Event | None:
    """The event of this hub with that title, in either language, on that day if a day is given."""
    title, starts = clean(metadata.event_title), metadata.event_dates.partition("/")[0]
    if not title:
        return None
    events = Event.objects.filter(title_en__iexact=title) | Event.objects.filter(title_nl__iexact=title)
    return next(
        (event for event in events if not starts or timezone.localdate(event.starts).isoformat().startswith(starts)),
        None,
    )
