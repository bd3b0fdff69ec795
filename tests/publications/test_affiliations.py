"""Several affiliations with their years: from the editor's form to the profile; those of records stay as printed."""

import pytest
from bs4 import BeautifulSoup

from publications.metadata import Affiliation, Agent, RecordMetadata
from publications.models import ContributionAffiliation, Person
from publications.records import create_record
from publications.site_tree import create_site_tree
from tests.factories import EditorFactory, OrganisationFactory, PersonFactory
from tests.publications.cms import form_fields

pytestmark = pytest.mark.django_db


def test_what_an_editor_fills_in_stands_on_the_profile(client):
    create_site_tree()
    client.force_login(EditorFactory())
    person = PersonFactory(given_name="Ada", family_name="van der Berg")
    veluwe, twente = OrganisationFactory(name_en="Veluwe"), OrganisationFactory(name_en="Twente")
    address = f"/admin/snippets/publications/person/edit/{person.pk}/"
    rows = [(veluwe, "Physics", 2015, 2019), (twente, "", 2020, "")]
    fields = {"affiliations-TOTAL_FORMS": 2}
    for place, (organisation, department, start, end) in enumerate(rows):
        prefix = f"affiliations-{place}"
        values = {"id": "", "organisation": organisation.pk, "department": department}
        values |= {"start_year": start, "end_year": end, "ORDER": place + 1}
        fields |= {f"{prefix}-{name}": value for name, value in values.items()}

    answer = client.post(address, form_fields(client, address, **fields))

    assert answer.status_code == 302, answer.content.decode()[:2000]
    page = BeautifulSoup(client.get(f"/en/people/{person.slug}/").content, "html.parser")
    text = " ".join(page.select_one(".person-head").get_text(" ").split())
    assert "Veluwe , Physics" in text and "2015–2019" in text
    assert "Twente" in text and "since 2020" in text


def test_an_imported_affiliation_stays_as_printed_beside_the_organisation_it_is_known_as():
    organisation = OrganisationFactory(name_en="University of Twente")
    printed = "Dept. of Imaging, University of Twente, Enschede"
    agent = Agent("van der Berg", "Ada", affiliations=(Affiliation(printed), Affiliation("Somewhere, else")))

    create_record(RecordMetadata("On wedges", agents=(agent,)), live=True)

    rows = ContributionAffiliation.objects.order_by("sort_order").values_list("name", "organisation")
    assert list(rows) == [(printed, organisation.pk), ("Somewhere, else", None)]
    assert not Person.objects.get().affiliations.exists()
