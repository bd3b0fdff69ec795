"""The works of the demo with their files, how they relate, and the collections that hold them."""

from io import BytesIO

from django.contrib.auth.models import Group
from django.db import transaction

from publications.accounts import RESEARCHERS
from publications.demo.loading import Loaded, demo_pid
from publications.demo.markup import parse, to_html
from publications.demo.things import DemoAgent, DemoContent, DemoRecord
from publications.demo.typesetting import typeset
from publications.identifiers import parse_doi
from publications.models import (
    Collection,
    CollectionExclusion,
    CollectionItem,
    Contribution,
    ContributionAffiliation,
    Event,
    Funder,
    FundingReference,
    Organisation,
    Person,
    Project,
    Record,
    RelatedIdentifier,
    Topic,
    User,
)
from publications.models.kinds import record_model_for
from publications.records import attach_file
from publications.records.versions import join_versions
from publications.vocabularies import VERSION_RELATIONS

LOADED_APART = {"slug", "doi", "event", "files", "topics", "contributions"}
"""Fields of a DemoRecord that are not columns of the same name and meaning."""


@transaction.atomic
def load_record(demo: DemoRecord, content: DemoContent, loaded: Loaded) -> None:
    """A record with its files, live; nothing where it is there already."""
    pid = demo_pid(demo.slug)
    if Record.objects.filter(pid=pid).exists():
        return
    model = record_model_for(demo.resource_type)
    names = {column.name for column in model._meta.get_fields()}
    values = {name: value for name in vars(demo) if name in names - LOADED_APART and (value := getattr(demo, name))}
    record = model(pid=pid, live=False, **values)
    record.doi = parse_doi(demo.doi) if demo.doi else ""
    record.event = Event.objects.filter(slug=demo.event).first() if demo.event else None
    record.owner = User.objects.get(username="researcher")
    for agent in (*demo.creators, *demo.contributors):
        record.contributions.add(make_contribution(agent, content))
    for funding in demo.funding:
        record.funding_references.add(
            FundingReference(
                funder=find_funder(funding.funder, funding.funder_name, content),
                project=Project.objects.filter(title_en=content.projects[funding.project].title.en).first()
                if funding.project
                else None,
                award_number=funding.award_number,
            )
        )
    record.topics.add(*Topic.objects.filter(slug__in=demo.topics))
    if demo.access_right == "restricted":
        record.restricted_groups.set(Group.objects.filter(name=RESEARCHERS))
    record.full_clean()
    record.save()
    record.save_revision().publish()
    for file in demo.files:
        attach_file(
            record,
            BytesIO(typeset(file, record=demo, content=content)),
            name=file.name,
            label=(file.description.nl if demo.language == "nl" else "") or file.description.en,
            access_right=file.access_right,
            read_now=False,
        )
    loaded.add("records")
    loaded.add("files", len(demo.files))


def make_contribution(agent: DemoAgent, content: DemoContent) -> Contribution:
    """A line of the list of authors, leading to the person or organisation where the demo has one."""
    person = Person.objects.filter(slug=agent.person).first() if agent.person else None
    contribution = Contribution(
        role=agent.role,
        person=person,
        given_name=person.given_name if person else agent.given_name,
        family_name=person.family_name if person else agent.family_name,
        is_organisation=not person and not agent.given_name,
    )
    places = agent.affiliations or tuple(
        place.organisation
        for place in (content.people[agent.person].affiliations if agent.person else ())
        if place.end_year is None
    )
    for slug in places:
        organisation = Organisation.objects.get(slug=slug)
        contribution.affiliations.add(ContributionAffiliation(name=str(organisation), organisation=organisation))
    if agent.affiliation_name:
        contribution.affiliations.add(ContributionAffiliation(name=agent.affiliation_name))
    return contribution


def find_funder(slug: str, name: str, content: DemoContent) -> Funder | None:
    """The funder of this slug, or one of this name, made where there is none."""
    if slug:
        return Funder.objects.filter(name_en=content.funders[slug].name.en).first()
    return Funder.objects.get_or_create(name_en=name)[0] if name else None


def load_relations(content: DemoContent) -> None:
    """How records relate to each other and to works elsewhere, once all of them are there."""
    for demo in content.records.values():
        if not demo.relations:
            continue
        record = Record.objects.get(pid=demo_pid(demo.slug)).specific()
        if record.related_identifiers.exists():
            continue
        for relation in demo.relations:
            related = Record.objects.get(pid=demo_pid(relation.record)) if relation.record else None
            if related and relation.relation_type in VERSION_RELATIONS:
                join_versions(record, of=related, relation_type=relation.relation_type)
                continue
            record.related_identifiers.add(
                RelatedIdentifier(
                    relation_type=relation.relation_type,
                    related_record=related,
                    identifier=relation.identifier,
                    identifier_type=relation.identifier_type,
                    title=relation.title,
                )
            )
        record.save()
        record.save_revision().publish()


def load_collections(content: DemoContent, loaded: Loaded) -> None:
    """The collections, in their curators' order."""
    for demo in content.collections.values():
        if Collection.objects.filter(slug=demo.slug).exists():
            continue
        collection = Collection(
            slug=demo.slug,
            title_en=demo.title.en,
            title_nl=demo.title.nl,
            summary_en=demo.summary.en,
            summary_nl=demo.summary.nl,
            introduction_en=[("paragraph", to_html(parse(demo.introduction.en)))],
            introduction_nl=[("paragraph", to_html(parse(demo.introduction.nl)))],
            rule=demo.rule,
        )
        for slug in demo.left_out:
            collection.exclusions.add(CollectionExclusion(record=Record.objects.get(pid=demo_pid(slug))))
        collection.curators.set(Person.objects.filter(slug=demo.curator))
        for place, item in enumerate(demo.items):
            collection.items.add(
                CollectionItem(
                    record=Record.objects.get(pid=demo_pid(item.record)),
                    note_en=item.note.en,
                    note_nl=item.note.nl,
                    sort_order=place,
                )
            )
        collection.save()
        collection.save_revision().publish()
        loaded.add("collections")
