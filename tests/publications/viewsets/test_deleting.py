"""What deleting takes along, and what cannot be deleted."""

import pytest

from publications.models import (
    Organisation,
    Person,
    Publication,
)
from publications.signals import record_changed
from tests.factories import (
    FunderFactory,
    FundingReferenceFactory,
    OrganisationFactory,
    PersonAffiliationFactory,
    PersonFactory,
    ProjectFactory,
    PublicationFactory,
    TopicFactory,
)
from tests.publications.cms import SNIPPETS

pytestmark = pytest.mark.django_db


def test_a_deleted_person_leaves_the_printed_name(client, editor):
    person = PersonFactory(given_name="Tess", family_name="Vermeer")
    record = PublicationFactory(creators=[person])
    url = f"{SNIPPETS}person/delete/{person.pk}/"

    question = client.get(url).content.decode()
    client.post(url)

    assert "One record names this person: the name stays as printed" in question
    assert [(line.name, line.person) for line in record.contributions.all()] == [("Tess Vermeer", None)]
    assert not Person.objects.exists()


def test_an_organisation_where_people_work_is_not_deleted(client, editor):
    organisation = OrganisationFactory(name_en="University of Twente")
    PersonAffiliationFactory(organisation=organisation, person=PersonFactory(given_name="Tess", family_name="Vermeer"))
    url = f"{SNIPPETS}organisation/delete/{organisation.pk}/"

    for send in (client.get, client.post):
        response = send(url, follow=True)
        assert response.redirect_chain[-1][0] == f"{SNIPPETS}organisation/edit/{organisation.pk}/"
        assert "cannot be deleted, because it is still used: person “Tess Vermeer”" in response.content.decode()
    assert Organisation.objects.exists()


def test_a_funder_of_records_and_projects_is_not_deleted(client, editor):
    funder = FunderFactory()
    ProjectFactory(title_en="Imaging East", funder=funder)
    FundingReferenceFactory(funder=funder, record=PublicationFactory(title="A funded paper"))

    response = client.post(f"{SNIPPETS}funder/delete/{funder.pk}/", follow=True)

    page = response.content.decode()
    assert "project “Imaging East”; record “A funded paper”" in page


def test_a_topic_is_not_deleted_while_records_and_drafts_have_it(client, editor):
    topic = TopicFactory()
    PublicationFactory(topics=[topic])
    record = PublicationFactory(title="With a draft", resource_type="report")
    record.topics.add(topic)
    record.save_revision()

    answer = client.get(f"{SNIPPETS}topic/delete/{topic.pk}/", follow=True).content.decode()

    assert "One record has this topic." in answer
    assert "These drafts have it: With a draft." in answer


def test_selected_records_are_deleted_and_the_index_hears_of_each(client, editor):
    first, second = PublicationFactory(), PublicationFactory()
    heard = []

    def listen(sender, pids, **kwargs):
        heard.extend(pids)

    record_changed.connect(listen)
    try:
        client.post(f"/admin/bulk/publications/publication/delete/?id={first.pk}&id={second.pk}")
    finally:
        record_changed.disconnect(listen)

    assert not Publication.objects.exists()
    assert {first.pid, second.pid} <= set(heard)


def test_of_selected_organisations_those_in_use_stay(client, editor):
    used, free = OrganisationFactory(name_en="Used"), OrganisationFactory(name_en="Free")
    PersonAffiliationFactory(organisation=used)
    url = f"/admin/bulk/publications/organisation/delete/?id={used.pk}&id={free.pk}"

    question = client.get(url).content.decode()
    client.post(url)

    assert "“Used” cannot be deleted" in question
    assert list(Organisation.objects.all()) == [used]
