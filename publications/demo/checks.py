"""Checks of the demo content: every value is one of its vocabulary, every slug leads somewhere.

They say what is wrong in a sentence that names the thing, so that who edits the content finds the line.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from publications import identifiers, metadata, vocabularies
from publications.demo import markup
from publications.demo.pictures import PICTURES

if TYPE_CHECKING:
    from publications.demo.things import DemoAgent, DemoContent, DemoRecord

LAYOUTS = ("article", "manuscript", "report", "slides")


def check_content(content: DemoContent) -> None:
    """Nothing, if all of it fits together. Raises ValueError with the first thing that does not."""
    for topic in content.topics.values():
        _known((topic.broader,) if topic.broader else (), content.topics, f"topic {topic.slug}")
    for organisation in content.organisations.values():
        _one_of(
            organisation.kind,
            vocabularies.OrganisationKind.values,
            f"organisation {organisation.slug}",
        )
        if organisation.ror:
            identifiers.parse_ror(organisation.ror)
    for person in content.people.values():
        where = f"person {person.slug}"
        _known(
            (affiliation.organisation for affiliation in person.affiliations),
            content.organisations,
            where,
        )
        if person.orcid:
            identifiers.parse_orcid(person.orcid)
    for project in content.projects.values():
        _known(project.funders, content.funders, f"project {project.slug}")
        _known(project.partners, content.organisations, f"project {project.slug}")
    _check_events(content)
    for record in content.records.values():
        _check_record(record, content)
    for collection in content.collections.values():
        _known(
            (*(item.record for item in collection.items), *collection.left_out),
            content.records,
            f"collection {collection.slug}",
        )
        _known((collection.curator,), content.people, f"collection {collection.slug}")
    for item in content.news.values():
        _known((item.author,) if item.author else (), content.people, f"news {item.slug}")


def _check_events(content: DemoContent) -> None:
    for event in content.events.values():
        where = f"event {event.slug}"
        _one_of(event.kind, vocabularies.EventKind.values, where)
        _known((*event.organisers, *event.hosts, *event.partners), content.organisations, where)
        if event.ends <= event.starts:
            raise ValueError(f"{where}: it ends before it starts.")
        _known((event.series,) if event.series else (), content.series, where)
        for session in event.programme:
            _known((session.record,) if session.record else (), content.records, where)
            _known((speaker.person for speaker in session.speakers if speaker.person), content.people, where)
            if not event.starts <= session.starts <= event.ends:
                raise ValueError(f"{where}: “{session.title.en}” is not within the event.")
        for photo in event.photos:
            _one_of(photo.picture, PICTURES, where)


def _check_record(record: DemoRecord, content: DemoContent) -> None:
    where = f"record {record.slug}"
    _one_of(record.resource_type, vocabularies.ResourceType.values, where)
    _one_of(record.access_right, vocabularies.AccessRight.values, where)
    _one_of(record.language, ("en", "nl"), where)
    for value, choices in (
        (record.rights, vocabularies.Licence.values),
        (record.version_type, vocabularies.VersionType.values),
        (record.peer_review, vocabularies.PeerReview.values),
    ):
        _one_of(value, ("", *choices), where)
    if (record.access_right == vocabularies.AccessRight.EMBARGOED) != (record.available is not None):
        raise ValueError(f"{where}: an embargo and the day on which it ends go together.")
    if record.resource_type in vocabularies.EVENT_OUTCOME_TYPES and not record.event:
        raise ValueError(f"{where}: an outcome names its event.")
    metadata.parse_partial_date(record.issued)
    if record.doi:
        identifiers.parse_doi(record.doi)
    _known(record.topics, content.topics, where)
    _known((record.event,) if record.event else (), content.events, where)
    for agent in record.creators + record.contributors:
        _check_agent(agent, content, where)
    for relation in record.relations:
        _one_of(relation.relation_type, vocabularies.RelationType.values, where)
        _known((relation.record,) if relation.record else (), content.records, where)
    for funding in record.funding:
        _known((funding.funder,) if funding.funder else (), content.funders, where)
        _known((funding.project,) if funding.project else (), content.projects, where)
    _check_files(record, where)


def _check_agent(agent: DemoAgent, content: DemoContent, where: str) -> None:
    _one_of(agent.role, vocabularies.ContributorRole.values, where)
    _known((agent.person,) if agent.person else (), content.people, where)
    _known(agent.affiliations, content.organisations, where)
    if bool(agent.person) == bool(agent.family_name):
        raise ValueError(f"{where}: an author is a person of the hub or a name, one of the two.")


def _check_files(record: DemoRecord, where: str) -> None:
    names = [file.name for file in record.files]
    if len(set(names)) != len(names):
        raise ValueError(f"{where}: two files have the same name.")
    if (record.access_right == vocabularies.AccessRight.METADATA_ONLY) == bool(names):
        raise ValueError(f"{where}: a record has files, or it is metadata only.")
    for file in record.files:
        _one_of(file.layout, LAYOUTS, where)
        _one_of(file.access_right, ("", *vocabularies.AccessRight.values), where)
        try:
            markup.parse(file.text)
        except ValueError as error:
            raise ValueError(f"{where}, {file.name}: {error}") from error


def _known(slugs: Iterable[str], things: dict, where: str) -> None:
    for slug in slugs:
        if slug not in things:
            raise ValueError(f"{where}: nothing is called “{slug}”.")


def _one_of(value: str, choices: Iterable[str], where: str) -> None:
    if value not in choices:
        raise ValueError(f"{where}: “{value}” is not one of {', '.join(filter(None, choices))}.")
