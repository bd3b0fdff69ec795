"""What forms offer, save and refuse in words."""

import pytest
from bs4 import BeautifulSoup

from publications.models import (
    EventOutcome,
    Presentation,
    Publication,
)
from tests.factories import (
    OrganisationFactory,
    PersonFactory,
    PublicationFactory,
    TopicFactory,
)
from tests.publications.cms import FACTORIES, SNIPPETS, form_fields

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("model", "kind"), [("publication", Publication), ("presentation", Presentation), ("eventoutcome", EventOutcome)]
)
def test_a_form_offers_the_types_of_its_kind_alone(client, editor, model, kind):
    soup = BeautifulSoup(client.get(f"{SNIPPETS}{model}/add/").content, "html.parser")

    offered = [option["value"] for option in soup.select("#id_resource_type option") if option["value"]]

    assert offered == [str(value) for value in kind.resource_types]


@pytest.mark.parametrize(
    ("model", "saves_itself"), [("publication", True), ("event", True), ("person", False), ("topic", False)]
)
def test_only_things_with_drafts_save_themselves(client, editor, model, saves_itself):
    thing = FACTORIES[model]()

    soup = BeautifulSoup(client.get(f"{SNIPPETS}{model}/edit/{thing.pk}/").content, "html.parser")

    assert ("w-autosave" in soup.select_one("form[data-edit-form]")["data-controller"]) == saves_itself


def test_an_identifier_that_another_has_is_refused_in_words(client, editor):
    PersonFactory(orcid="0000-0002-1825-0097")
    OrganisationFactory(ror="00aj77a24")
    TopicFactory(label_en="Lung cancer")
    PublicationFactory(doi="10.1234/abc")
    attempts = {
        "person": (
            {"family_name": "Smit", "orcid": "https://orcid.org/0000-0002-1825-0097"},
            "Another person has this ORCID iD.",
        ),
        "topic": ({"label_nl": "longkanker", "label_en": "lung CANCER"}, "Another topic has this label."),
        "publication": (
            {"title": "X", "resource_type": "report", "doi": "10.1234/ABC"},
            "Another record has this DOI.",
        ),
    }

    for model, (values, message) in attempts.items():
        url = f"{SNIPPETS}{model}/add/"
        response = client.post(url, form_fields(client, url, **values))
        assert response.status_code == 200, model
        assert message in response.content.decode(), model


def test_a_malformed_identifier_or_date_is_refused_in_words(client, editor):
    url = f"{SNIPPETS}publication/add/"

    response = client.post(
        url, form_fields(client, url, title="X", resource_type="report", doi="no doi", issued="soon", isbn="1")
    )

    soup = BeautifulSoup(response.content, "html.parser")
    wrong = {element["id"] for element in soup.select("[aria-invalid=true]")}
    assert {"id_doi", "id_issued", "id_isbn"} <= wrong
    assert not Publication.objects.exists()
