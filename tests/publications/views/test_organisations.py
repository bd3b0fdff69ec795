import pytest
from django.test import Client

from publications.models import EventPartner, Organisation
from tests.factories import (
    ContributionAffiliationFactory,
    ContributionFactory,
    EventFactory,
    OrganisationFactory,
    PersonAffiliationFactory,
    PersonFactory,
    PublicationFactory,
    RecordFileFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db


def test_page_shows_its_people_records_topics_and_events(client: Client) -> None:
    centre, person, topic = OrganisationFactory(), PersonFactory(), TopicFactory()
    record = PublicationFactory(topics=[topic])
    contribution = ContributionFactory(record=record, person=person)
    ContributionAffiliationFactory(contribution=contribution, organisation=centre)
    employee = PersonAffiliationFactory(organisation=centre, department="Radiology", end_year=2019).person
    event = EventFactory()
    event.partners.add(EventPartner(organisation=centre, role="organiser"))
    event.save()

    answer = client.get(centre.get_absolute_url())

    assert set(answer.context["people"]) == {person, employee}
    assert [record.pk for record in answer.context["records"]] == [record.pk]
    assert [row.topic for row in answer.context["topics"]] == [topic]
    assert [(one, one.roles) for one in answer.context["events"]] == [(event, "Organiser")]
    assert f"{employee.name}</a>, Radiology, until 2019" in answer.content.decode()


def test_organisation_as_author_has_its_records(client: Client) -> None:
    group = OrganisationFactory()
    record = PublicationFactory()
    ContributionFactory(
        record=record, family_name="Working Group", given_name="", organisation=group, is_organisation=True
    )

    assert [found.pk for found in client.get(group.get_absolute_url()).context["records"]] == [record.pk]


def test_drafts_people_and_records_stay_unknown(client: Client) -> None:
    centre = OrganisationFactory()
    draft = PublicationFactory(live=False, title="Secret draft")
    contribution = ContributionFactory(record=draft, person=PersonFactory(family_name="Secretive", is_listed=False))
    ContributionAffiliationFactory(contribution=contribution, organisation=centre)

    page = client.get(centre.get_absolute_url()).content.decode()

    assert "Secret" not in page
    assert "No records yet." in page


def test_organisation_known_from_drafts_only_is_not_found(client: Client) -> None:
    hidden = OrganisationFactory(is_listed=False)
    contribution = ContributionFactory(record=PublicationFactory(live=False))
    ContributionAffiliationFactory(contribution=contribution, organisation=hidden)

    assert client.get(hidden.get_absolute_url()).status_code == 404


def test_merged_organisation_leads_to_the_one_it_became(client: Client) -> None:
    kept = OrganisationFactory()
    merged = OrganisationFactory(merged_into=kept)

    answer = client.get(merged.get_absolute_url())

    assert (answer.status_code, answer["Location"]) == (301, kept.get_absolute_url())


def test_page_takes_the_same_queries_for_one_and_for_three_records(
    client: Client, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    def add(number: int) -> Organisation:
        centre = OrganisationFactory()
        for _ in range(number):
            record = PublicationFactory(creators=[PersonFactory()], topics=[TopicFactory()])
            ContributionAffiliationFactory(contribution=record.contributions.first(), organisation=centre)
            RecordFileFactory(record=record)
            PersonAffiliationFactory(organisation=centre)
        return centre

    one, three = add(1), add(3)
    client.get(one.get_absolute_url())

    with django_assert_max_num_queries(30) as counted:
        client.get(one.get_absolute_url())
    with django_assert_num_queries(len(counted)):
        client.get(three.get_absolute_url())


def test_index_groups_by_kind(client: Client) -> None:
    company, university = OrganisationFactory(kind="company"), OrganisationFactory(kind="university")
    OrganisationFactory(kind="company", is_listed=False)
    PersonAffiliationFactory(organisation=company)
    PersonAffiliationFactory(organisation=company, person=PersonFactory(shows_affiliations=False))

    groups = client.get("/en/organisations/").context["groups"]

    assert [(str(label), group) for label, group in groups] == [("Company", [company]), ("University", [university])]
    assert groups[0][1][0].people_count == 1
