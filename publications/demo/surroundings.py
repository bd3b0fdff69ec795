"""What the works of the demo mention: topics, organisations, people, funding and events."""

from django.utils import timezone

from publications.demo.loading import Loaded
from publications.demo.markup import parse, to_html
from publications.demo.things import DemoContent, DemoEvent
from publications.models import (
    Event,
    EventPartner,
    EventSeries,
    Funder,
    Organisation,
    Person,
    PersonAffiliation,
    Project,
    Topic,
)
from publications.vocabularies import EventRole


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
