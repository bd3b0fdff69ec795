"""Put the demo content into the hub: the same records with the same addresses, however often it is asked.

What is there already stays as it is, so that somebody who changed the demo keeps the change.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Site

from publications.accounts import EDITORS, MEMBERS, RESEARCHERS
from publications.demo.content import load_content
from publications.demo.markup import parse, to_html, to_sections
from publications.demo.programmes import load_programmes, load_series
from publications.demo.things import DemoAgent, DemoContent, DemoEvent, DemoRecord
from publications.demo.typesetting import typeset
from publications.identifiers import PID_ALPHABET, PID_LENGTH, parse_doi, pid_check_character
from publications.models import (
    Collection,
    CollectionExclusion,
    CollectionItem,
    ContentPage,
    Contribution,
    ContributionAffiliation,
    Event,
    EventPartner,
    EventSeries,
    Funder,
    FundingReference,
    NewsPage,
    Organisation,
    Person,
    PersonAffiliation,
    Project,
    Record,
    RecordFile,
    RelatedIdentifier,
    SiteSettings,
    Topic,
    User,
)
from publications.models.records import record_model_for
from publications.records import attach_file
from publications.records.versions import join_versions
from publications.site_tree import SiteTree, create_site_tree
from publications.vocabularies import VERSION_RELATIONS, EventRole, FileStatus

PASSWORD = "knowledge-hub-demo"  # noqa: S105 - printed at every start, of a demo
ACCOUNTS = (("editor", EDITORS), ("researcher", RESEARCHERS), ("member", MEMBERS))
SITE = "CMI-NEN"

Progress = Callable[[int, int], None]


@dataclass
class Loaded:
    """What a run added; all zero when everything was there."""

    counts: dict[str, int] = field(default_factory=dict)
    unread: list[RecordFile] = field(default_factory=list)
    """Files that are still to be read."""

    def add(self, name: str, number: int = 1) -> None:
        """Count something that was added."""
        self.counts[name] = self.counts.get(name, 0) + number


def demo_pid(slug: str) -> str:
    """The PID of a demo record: made from its name, so that it is the same on every machine."""
    number = int.from_bytes(hashlib.sha256(slug.encode()).digest()[:8], "big")
    stem = ""
    for _place in range(PID_LENGTH - 1):
        number, rest = divmod(number, len(PID_ALPHABET))
        stem += PID_ALPHABET[rest]
    return stem + pid_check_character(stem)


def load_demo(*, on_progress: Progress | None = None) -> Loaded:
    """Make what is missing of the demo content. Files are kept and wait to be read: see `unread`."""
    content = load_content()
    loaded = Loaded()
    with transaction.atomic():
        create_accounts()
        load_topics(content, loaded)
        load_organisations(content, loaded)
        load_people(content, loaded)
        load_funding(content, loaded)
        load_series(content)
        load_events(content, loaded)
    for done, record in enumerate(content.records.values(), start=1):
        load_record(record, content, loaded)
        if on_progress:
            on_progress(done, len(content.records))
    with transaction.atomic():
        load_relations(content)
        load_programmes(content)
        load_collections(content, loaded)
        load_pages(content, create_site_tree(), loaded)
        spread_over_weeks(content)
    loaded.unread = list(
        RecordFile.objects.present().filter(
            record__pid__in=[demo_pid(slug) for slug in content.records],
            status__in=[FileStatus.RECEIVED, FileStatus.READING],
        )
    )
    return loaded


def create_accounts() -> None:
    """An editor, a researcher and a member, all with the password that is printed."""
    for name, group in ACCOUNTS:
        user, created = User.objects.get_or_create(username=name, defaults={"email": f"{name}@hub.invalid"})
        if created:
            user.set_password(PASSWORD)
            user.save()
        user.groups.add(Group.objects.get(name=group))


def load_topics(content: DemoContent, loaded: Loaded) -> None:
    """The topics, then the tree they form."""
    known = set(Topic.objects.values_list("slug", flat=True))
    fresh = [topic for topic in content.topics.values() if topic.slug not in known]
    for topic in fresh:
        Topic.objects.create(
            slug=topic.slug,
            label_en=topic.label.en,
            label_nl=topic.label.nl,
            definition_en=topic.definition.en,
            definition_nl=topic.definition.nl,
            synonyms_en="\n".join(topic.synonyms_en),
            synonyms_nl="\n".join(topic.synonyms_nl),
        )
        loaded.add("topics")
    for topic in fresh:
        if topic.broader:
            Topic.objects.filter(slug=topic.slug).update(broader=Topic.objects.get(slug=topic.broader))


def load_organisations(content: DemoContent, loaded: Loaded) -> None:
    """The organisations."""
    for organisation in content.organisations.values():
        _row, created = Organisation.objects.get_or_create(
            slug=organisation.slug,
            defaults={
                "name_en": organisation.name.en,
                "name_nl": organisation.name.nl,
                "kind": organisation.kind,
                "city": organisation.city,
                "country": "NL",
                "ror": organisation.ror,
                "description_en": organisation.description.en,
                "description_nl": organisation.description.nl,
                "is_partner": organisation.is_partner,
            },
        )
        loaded.add("organisations", created)


def load_people(content: DemoContent, loaded: Loaded) -> None:
    """The people, with where they worked and when."""
    organisations = {organisation.slug: organisation for organisation in Organisation.objects.all()}
    for person in content.people.values():
        if Person.objects.filter(slug=person.slug).exists():
            continue
        row = Person(
            slug=person.slug,
            given_name=person.given_name,
            family_name=person.family_name,
            orcid=person.orcid,
            position_en=person.position.en,
            position_nl=person.position.nl,
            biography_en=person.biography.en,
            biography_nl=person.biography.nl,
            languages=", ".join(person.languages),
            has_consented=person.has_consented,
        )
        for place in person.affiliations:
            row.affiliations.add(
                PersonAffiliation(
                    organisation=organisations[place.organisation],
                    start_year=place.start_year,
                    end_year=place.end_year,
                )
            )
        row.save()
        loaded.add("people")


def load_funding(content: DemoContent, loaded: Loaded) -> None:
    """Funders and projects. Those who paid for the cluster itself are shown on the home page."""
    for place, funder in enumerate(content.funders.values()):
        _row, created = Funder.objects.get_or_create(
            name_en=funder.name.en,
            name_nl=funder.name.nl,
            defaults={
                "contribution_en": funder.contribution.en,
                "contribution_nl": funder.contribution.nl,
                "is_funder_of_cluster": bool(funder.contribution.en),
                "sort_order": place,
            },
        )
        loaded.add("funders", created)
    for project in content.projects.values():
        first = content.funders[project.funders[0]] if project.funders else None
        _project, created = Project.objects.get_or_create(
            title_en=project.title.en,
            title_nl=project.title.nl,
            defaults={
                "funder": Funder.objects.filter(name_en=first.name.en).first() if first else None,
                "award_number": project.award_number,
                "start_year": project.start_year,
                "end_year": project.end_year,
            },
        )
        loaded.add("projects", created)


def load_events(content: DemoContent, loaded: Loaded) -> None:
    """The events, published."""
    for event in content.events.values():
        if Event.objects.filter(slug=event.slug).exists():
            continue
        row = Event(
            slug=event.slug,
            title_en=event.title.en,
            title_nl=event.title.nl,
            kind=event.kind,
            starts=timezone.make_aware(event.starts) if timezone.is_naive(event.starts) else event.starts,
            ends=timezone.make_aware(event.ends) if timezone.is_naive(event.ends) else event.ends,
            place=event.place,
            address=event.address,
            city=event.city,
            summary_en=event.summary.en,
            summary_nl=event.summary.nl,
            description_en=to_html(parse(event.description.en)),
            description_nl=to_html(parse(event.description.nl)),
            series=EventSeries.objects.filter(slug=event.series).first() if event.series else None,
            series_number=event.series_number,
            matches=event.matches,
            matches_consent=event.matches_consent,
        )
        row.partners.set(_organisations_at(event))
        row.save()
        row.save_revision().publish()
        loaded.add("events")


def _organisations_at(event: DemoEvent) -> list[EventPartner]:
    """Who organises the event, then who receives it, then who takes part."""
    roles = {EventRole.ORGANISER: event.organisers, EventRole.HOST: event.hosts, EventRole.PARTNER: event.partners}
    named = [(role, slug) for role, slugs in roles.items() for slug in slugs]
    organisations = Organisation.objects.in_bulk({slug for _role, slug in named}, field_name="slug")
    return [
        EventPartner(organisation=organisations[slug], role=role, sort_order=place)
        for place, (role, slug) in enumerate(named)
    ]


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


LOADED_APART = {"slug", "doi", "event", "files", "topics", "contributions"}
"""Fields of a DemoRecord that are not columns of the same name and meaning."""


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


def load_pages(content: DemoContent, tree: SiteTree, loaded: Loaded) -> None:
    """Home pages, site settings, news and plain pages, in both languages."""
    home = content.home
    settings = SiteSettings.for_site(Site.objects.get(is_default_site=True))
    if not settings.cluster_name:
        settings.cluster_name = SITE
        settings.about_en, settings.about_nl = home.tagline.en, home.tagline.nl
        settings.notice_en, settings.notice_nl = home.notice.en, home.notice.nl
        settings.region_en = "Medical imaging, north and east Netherlands"
        settings.region_nl = "Medische beeldvorming, Noord- en Oost-Nederland"
        settings.save()
        for language, page in tree.homes.items():
            page.headline = getattr(home.headline, language)
            page.introduction = getattr(home.introduction, language)
            page.examples = "\n".join(getattr(home, f"example_queries_{language}"))
            page.save_revision().publish()
    for news in content.news.values():
        for language, parent in tree.news.items():
            page = NewsPage(
                slug=news.slug,
                title=getattr(news.title, language),
                date=news.published,
                introduction=getattr(news.summary, language),
                body=to_blocks(getattr(news.body, language)),
                locale=parent.locale,
            )
            loaded.add("news", add_page(parent, page))
    for demo in content.pages.values():
        for language, parent in tree.homes.items():
            page = ContentPage(
                slug=demo.slug,
                title=getattr(demo.title, language),
                introduction=getattr(demo.summary, language),
                body=to_blocks(getattr(demo.body, language)),
                locale=parent.locale,
                show_in_menus=True,
            )
            loaded.add("pages", add_page(parent, page))


def to_blocks(text: str) -> list[tuple[str, str]]:
    """Markup as the blocks of a page's body."""
    return [("heading" if kind == "heading" else "paragraph", html) for kind, html in to_sections(text)]


def add_page(parent: Page, page: Page) -> bool:
    """Add a page below its parent, as the translation of the one of the same address; False where it was there."""
    model = type(page)
    if model.objects.child_of(parent).filter(slug=page.slug).exists():
        return False
    other = model.objects.filter(slug=page.slug).exclude(locale=page.locale).first()
    if other:
        page.translation_key = other.translation_key
    parent.refresh_from_db()
    parent.add_child(instance=page)
    page.save_revision().publish()
    return True


def spread_over_weeks(content: DemoContent) -> None:
    """Let the records have come in one after the other, the latest work last, as on a hub that is used."""
    records: Iterable[DemoRecord] = sorted(content.records.values(), key=lambda record: record.issued, reverse=True)
    now = timezone.now()
    for place, demo in enumerate(records):
        Record.objects.filter(pid=demo_pid(demo.slug), first_published_at__gte=now - timedelta(hours=1)).update(
            first_published_at=now - timedelta(days=2 * place, hours=2)
        )
