"""Choosing and adding topics, records and people in a form."""

import json

import pytest

from publications.models import (
    Collection,
    Person,
    Publication,
    Topic,
)
from tests.factories import (
    CollectionFactory,
    EventOutcomeFactory,
    PresentationFactory,
    PublicationFactory,
    TopicFactory,
)
from tests.publications.cms import SNIPPETS, form_fields

pytestmark = pytest.mark.django_db


# Topics -----------------------------------------------------------------------------------------------------------


def test_topics_are_suggested_by_label_and_synonym_in_both_languages(client, editor):
    cancer = TopicFactory(label_en="lung cancer", label_nl="longkanker", synonyms_nl="longcarcinoom\nlongtumor")
    TopicFactory(label_en="old", synonyms_nl="longtumor", merged_into=cancer)

    answers = {
        term: json.loads(client.get("/admin/topics/autocomplete/", {"term": term}).content)
        for term in ("LUNG", "longk", "tumor", "nothing", "", '"')
    }

    suggestion = [{"value": "lung cancer", "label": "lung cancer / longkanker"}]
    assert answers == {"LUNG": suggestion, "longk": suggestion, "tumor": suggestion, "nothing": [], "": [], '"': []}


def test_a_typed_synonym_becomes_the_topic_it_stands_for(client, editor):
    cancer = TopicFactory(label_en="lung cancer", synonyms_nl="longcarcinoom")
    TopicFactory(label_en="lung tumour", merged_into=cancer)
    url = f"{SNIPPETS}publication/add/"

    client.post(
        url,
        form_fields(client, url, title="X", resource_type="report", topics='"Longcarcinoom", "lung tumour", "new one"'),
    )

    names = [topic.name for topic in Publication.objects.get().get_latest_revision_as_object().topics.all()]
    assert sorted(names) == ["lung cancer", "new one"]
    assert Topic.objects.count() == 3


# Records and people -----------------------------------------------------------------------------------------------


def test_records_of_every_kind_are_chosen_in_one_place(client, editor):
    publication, slides, minutes = (
        PublicationFactory(title="P"),
        PresentationFactory(title="S"),
        EventOutcomeFactory(title="M"),
    )

    everything = client.get("/admin/choose-record/results/").content.decode()
    only_slides = client.get("/admin/choose-record/results/?record_type=presentation").content.decode()
    chosen = client.get(f"/admin/choose-record/chosen/{slides.pk}/").json()["result"]

    for record in (publication, slides, minutes):
        assert f"/admin/choose-record/chosen/{record.pk}/" in everything
    assert f"/chosen/{publication.pk}/" not in only_slides
    assert chosen == {"id": str(slides.pk), "title": "S", "edit_url": f"{SNIPPETS}presentation/edit/{slides.pk}/"}


def test_a_person_can_be_added_while_choosing_one(client, editor):
    response = client.post(
        "/admin/snippets/choose/publications/person/create/",
        {"person-family_name": "Jansen", "family_name": "Jansen", "given_name": "Noor", "orcid": ""},
    )

    assert response.json()["result"]["string"] == "Noor Jansen"
    assert Person.objects.get().name == "Noor Jansen"


def test_the_records_of_a_collection_keep_the_order_they_are_given(client, editor):
    first, second, third = (PublicationFactory(title=title) for title in "ABC")
    collection = CollectionFactory(records=[first, second, third])
    url = f"{SNIPPETS}collection/edit/{collection.pk}/"
    order = {"items-0-ORDER": 3, "items-1-ORDER": 1, "items-2-ORDER": 2, "action-publish": "x"}

    client.post(url, form_fields(client, url, **order))

    items = Collection.objects.get().items.order_by("sort_order")
    assert [item.record.title for item in items] == ["B", "C", "A"]


def test_the_same_record_twice_in_a_collection_is_refused_in_words(client, editor):
    record, other = PublicationFactory(), PublicationFactory()
    collection = CollectionFactory(records=[record, other])
    url = f"{SNIPPETS}collection/edit/{collection.pk}/"

    response = client.post(url, form_fields(client, url, **{"items-1-record": record.pk, "action-publish": "x"}))

    assert response.status_code == 200
    assert [item.record_id for item in Collection.objects.get().items.order_by("sort_order")] == [record.pk, other.pk]
