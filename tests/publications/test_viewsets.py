"""The CMS as editors use it: who gets in, what listings find, what forms refuse, what deleting does."""

import csv
import io
import json
from datetime import UTC, date, datetime

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from publications.models import (
    Collection,
    EventOutcome,
    Organisation,
    Person,
    Presentation,
    Publication,
    RecordFile,
    Topic,
)
from publications.signals import record_changed
from publications.vocabularies import FileStatus
from search.models import EmptySearch
from tests.factories import (
    CollectionFactory,
    EditorFactory,
    EventFactory,
    EventOutcomeFactory,
    EventSeriesFactory,
    FunderFactory,
    FundingReferenceFactory,
    MemberFactory,
    OrganisationFactory,
    PersonAffiliationFactory,
    PersonFactory,
    PresentationFactory,
    ProjectFactory,
    PublicationFactory,
    RecordFileFactory,
    ResearcherFactory,
    TopicFactory,
    UserFactory,
    make_pdf,
)
from tests.publications.cms import form_fields

pytestmark = pytest.mark.django_db

SNIPPETS = "/admin/snippets/publications/"
FACTORIES = {
    "publication": PublicationFactory,
    "presentation": PresentationFactory,
    "eventoutcome": EventOutcomeFactory,
    "recordfile": RecordFileFactory,
    "person": PersonFactory,
    "organisation": OrganisationFactory,
    "topic": TopicFactory,
    "event": EventFactory,
    "eventseries": EventSeriesFactory,
    "collection": CollectionFactory,
    "funder": FunderFactory,
    "project": ProjectFactory,
}


@pytest.fixture
def editor(client: Client):
    editor = EditorFactory()
    client.force_login(editor)
    return editor


def titles(response) -> list[str]:
    soup = BeautifulSoup(response.content, "html.parser")
    return [link.get_text(strip=True) for link in soup.select("table.listing td.title a[href*='/edit/']")]


def listed(client: Client, model: str, query: str = "") -> list[str]:
    response = client.get(f"{SNIPPETS}{model}/{query}")
    assert response.status_code == 200
    return list(dict.fromkeys(title for title in titles(response) if title and title != "Edit"))


def draft(title: str, **values) -> Publication:
    record = PublicationFactory(title=title, live=False, first_published_at=None, resource_type="report", **values)
    record.save_revision()
    record.refresh_from_db()
    return record


# Who gets in --------------------------------------------------------------------------------------------------------


def addresses_of(record: Publication) -> list[str]:
    return [
        reverse("wagtailadmin_home"),
        *(f"{SNIPPETS}{model}/" for model in FACTORIES),
        f"{SNIPPETS}publication/results/?q=secret",
        f"{SNIPPETS}publication/?export=csv",
        f"{SNIPPETS}publication/add/",
        f"{SNIPPETS}publication/edit/{record.pk}/",
        f"{SNIPPETS}publication/history/{record.pk}/",
        f"{SNIPPETS}publication/delete/{record.pk}/",
        f"{SNIPPETS}publication/preview/{record.pk}/",
        f"{SNIPPETS}publication/workflow_history/{record.pk}/",
        "/admin/snippets/choose/publications/publication/",
        "/admin/snippets/choose/publications/person/results/",
        "/admin/choose-record/",
        "/admin/choose-record/results/?q=secret",
        f"/admin/choose-record/chosen/{record.pk}/",
        "/admin/topics/autocomplete/?term=secret",
        "/admin/tag-autocomplete/publications/topic/?term=secret",
        f"/admin/records/{record.pk}/files/add/",
        "/admin/settings/publications/sitesettings/1/",
        "/admin/redirects/",
        "/admin/images/",
        "/admin/pages/",
        "/admin/reports/workflow/",
    ]


@pytest.mark.parametrize("make_user", [None, UserFactory, MemberFactory, ResearcherFactory])
def test_only_editors_get_into_the_cms(client, make_user):
    record = draft("A secret title")
    TopicFactory(label_en="secret topic")
    if make_user:
        client.force_login(make_user())

    for address in addresses_of(record):
        response = client.get(address)
        assert (response.status_code, response.url.split("?")[0]) == (302, "/admin/login/"), address
        fetched = client.get(address, headers={"x-requested-with": "XMLHttpRequest"})
        assert fetched.status_code in (302, 403), address
        assert b"secret t" not in fetched.content, address


def test_editors_get_to_everything_they_work_with(client, editor):
    record = draft("A draft")

    for address in addresses_of(record):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("path", ["users/", "groups/", "locales/", "sites/", "workflows/list/", "collections/"])
def test_editors_are_kept_from_the_build_of_the_site(client, editor, path):
    response = client.get(f"/admin/{path}")

    assert (response.status_code, response.url) == (302, "/admin/")


@pytest.mark.parametrize("make_user", [None, MemberFactory, ResearcherFactory])
def test_nobody_else_can_change_files_from_the_cms(client, make_user):
    file = RecordFileFactory()
    if make_user:
        client.force_login(make_user())

    client.post(f"/admin/files/{file.pk}/read-again/")
    client.post(f"/admin/records/{file.record_id}/files/add/", {"file": SimpleUploadedFile("a.pdf", make_pdf(["x"]))})
    client.post(f"{SNIPPETS}recordfile/delete/{file.pk}/")

    file.refresh_from_db()
    assert (file.status, file.removed_at, RecordFile.objects.count()) == (FileStatus.READY, None, 1)


# Listings and forms -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("model", FACTORIES)
def test_every_listing_and_form_opens(client, editor, model, language):
    thing = FACTORIES[model]()
    headers = {"accept-language": language}

    listing = client.get(f"{SNIPPETS}{model}/", headers=headers)
    form = client.get(f"{SNIPPETS}{model}/edit/{thing.pk}/", headers=headers)

    assert (listing.status_code, form.status_code) == (200, 200)
    assert BeautifulSoup(listing.content, "html.parser").html["lang"].startswith(language)
    assert f"/{model}/edit/{thing.pk}/" in listing.content.decode()


@pytest.mark.parametrize("model", [model for model in FACTORIES if model != "recordfile"])
def test_saving_a_form_as_it_came_changes_nothing(client, editor, model):
    thing = FACTORIES[model]()
    before = type(thing).objects.values().get(pk=thing.pk)
    url = f"{SNIPPETS}{model}/edit/{thing.pk}/"

    response = client.post(url, form_fields(client, url))

    assert response.status_code == 302
    after = type(thing).objects.values().get(pk=thing.pk)
    moving = {"latest_revision_id", "changed_at", "has_unpublished_changes"}
    assert {name for name in before if before[name] != after[name]} <= moving


@pytest.mark.parametrize("model", FACTORIES)
@pytest.mark.parametrize("query", ['"', "%00", "a " * 200, "' OR 1=1 --", "%%__", "\U0001f9e0", "é" * 3000])
def test_no_search_breaks_a_listing_or_a_chooser(client, editor, model, query):
    addresses = [f"{SNIPPETS}{model}/", f"/admin/snippets/choose/publications/{model}/", "/admin/choose-record/"]

    for address in addresses:
        assert client.get(address, {"q": query}).status_code == 200


@pytest.mark.parametrize("model", FACTORIES)
@pytest.mark.parametrize("key", ["x", "é", "9" * 30, "1e9", "-1", "%2522"])
def test_a_key_that_no_row_can_have_is_not_found(client, editor, model, key):
    views = [f"{SNIPPETS}{model}/{view}/{key}/" for view in ("edit", "delete", "history", "usage")]
    addresses = [
        *views,
        f"/admin/snippets/choose/publications/{model}/chosen/{key}/",
        f"/admin/choose-record/chosen/{key}/",
    ]

    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 404)
    assert client.get(f"/admin/bulk/publications/{model}/delete/", {"id": [key, "\x00"]}).status_code == 404


@pytest.mark.parametrize("choice", ["x", "\x00", "9" * 30, "-1"])
def test_a_choice_that_no_row_can_be_is_refused_with_its_form(client, editor, choice):
    url = f"{SNIPPETS}topic/add/"

    response = client.post(url, form_fields(client, url, label_en="Wedges", broader=choice))

    assert response.status_code == 200
    assert "broader" in response.context["form"].errors
    assert not Topic.objects.exists()


def test_unknown_filters_orders_and_pages_are_ignored(client, editor):
    PublicationFactory(title="Here")

    nonsense = "?status=zz&topic=99999&year_min=x&ordering=password&p=99999&access_right=%00"

    assert client.get(f"{SNIPPETS}publication/{nonsense}").status_code == 200


def test_an_address_with_a_word_for_a_number_is_not_found(client, editor):
    assert client.get(f"{SNIPPETS}publication/edit/x/").status_code == 404


def test_a_listing_of_records_asks_as_much_for_three_as_for_one(client, editor):
    def count_queries() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{SNIPPETS}publication/")
        return len(queries)

    person = PersonFactory()
    RecordFileFactory(record=PublicationFactory(creators=[person]))
    client.get(f"{SNIPPETS}publication/")
    with_one = count_queries()
    for _ in range(2):
        RecordFileFactory(record=PublicationFactory(creators=[person]))

    assert count_queries() == with_one


def test_records_are_found_by_every_word_of_title_author_or_identifier(client, editor):
    wanted = PublicationFactory(title="Low-dose CT of the lung", creators=["Tess Vermeer"], doi="10.1234/abc")
    PublicationFactory(title="Low-dose PET", creators=["Lars de Wit"])

    for query in ("lung dose", "VERMEER low", "10.1234/ABC", wanted.pid):
        assert listed(client, "publication", f"?q={query}") == [wanted.title], query


def test_what_was_just_saved_is_found_without_an_index(client, editor):
    person = PersonFactory(family_name="Aardema")
    Person.objects.filter(pk=person.pk).update(family_name="Zijlstra")

    assert listed(client, "person", "?q=zijlstra") == ["Zijlstra, Marieke"]
    assert listed(client, "person", "?q=aardema") == []


def test_records_are_filtered_by_what_editors_ask(client, editor):
    topic, event = TopicFactory(), EventFactory()
    PublicationFactory(
        title="A",
        topics=[topic],
        event=event,
        issued="2015",
        language="nl",
        resource_type="thesis",
        access_right="members",
    )
    draft("B", issued="2021", language="en")
    changed = PublicationFactory(title="C", issued="2019", language="en", resource_type="report")
    changed.title = "C changed"
    changed.save_revision()
    RecordFileFactory(record=changed, status=FileStatus.PASSWORD)
    review = draft("D", issued="2021", language="en")
    review.get_workflow().start(review, editor)

    found = {
        query: sorted(listed(client, "publication", f"?{query}"))
        for query in (
            "status=live",
            "status=draft",
            "status=changed",
            "status=review",
            f"topic={topic.pk}",
            f"event={event.pk}",
            "year_min=2016&year_max=2020",
            "language=nl",
            "resource_type=thesis",
            "access_right=members",
            "files=none",
            "files=trouble",
            "files=waiting",
        )
    }

    assert found == {
        "status=live": ["A", "C changed"],
        "status=draft": ["B", "D"],
        "status=changed": ["C changed"],
        "status=review": ["D"],
        f"topic={topic.pk}": ["A"],
        f"event={event.pk}": ["A"],
        "year_min=2016&year_max=2020": ["C changed"],
        "language=nl": ["A"],
        "resource_type=thesis": ["A"],
        "access_right=members": ["A"],
        "files=none": ["A", "B", "D"],
        "files=trouble": ["C changed"],
        "files=waiting": [],
    }


def test_a_listing_shows_what_the_latest_draft_says(client, editor):
    record = PublicationFactory(title="Old", creators=["Tess Vermeer"], issued="2001", resource_type="report")
    record.title, record.issued = "New", "2022"
    record.save_revision()

    row = BeautifulSoup(client.get(f"{SNIPPETS}publication/").content, "html.parser").select_one("tbody tr").text

    assert ("New" in row, "2022" in row, "Vermeer" in row, "2001" in row) == (True, True, True, False)


def test_an_event_to_come_is_listed_with_its_day(client, editor):
    EventFactory(title_en="To come", starts=datetime(2031, 10, 7, 9, tzinfo=UTC))

    page = BeautifulSoup(client.get(f"{SNIPPETS}event/").content, "html.parser")

    assert "7 October 2031" in page.select_one("table.listing tbody tr").get_text()


def test_many_authors_and_files_are_counted(client, editor):
    record = PublicationFactory(creators=["A Bakker", "B Smit", "C Jansen", "D Visser", "E Mulder"])
    RecordFileFactory(record=record)
    RecordFileFactory(record=record, status=FileStatus.PASSWORD)

    row = BeautifulSoup(client.get(f"{SNIPPETS}publication/").content, "html.parser").select_one("tbody tr").text

    assert "Bakker, Smit, Jansen and 2 more" in row
    assert "1 of 2" in row


def test_merged_people_and_topics_are_no_longer_listed_or_offered(client, editor):
    kept = PersonFactory(family_name="Kept")
    PersonFactory(family_name="Gone", merged_into=kept)
    topic = TopicFactory(label_en="kept topic")
    TopicFactory(label_en="gone topic", merged_into=topic)

    assert listed(client, "person") == ["Kept, Marieke"]
    assert listed(client, "topic") == ["kept topic"]
    chooser = client.get("/admin/snippets/choose/publications/person/results/").content.decode()
    assert ("Kept" in chooser, "Gone" in chooser) == (True, False)


def test_an_export_holds_the_authors_and_no_formula(client, editor):
    PublicationFactory(title='=HYPERLINK("http://evil.example")', creators=["Tess Vermeer", "Lars de Wit"])

    response = client.get(f"{SNIPPETS}publication/?export=csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))

    assert [(row["Title"], row["Authors"]) for row in rows] == [
        ('\'=HYPERLINK("http://evil.example")', "Tess Vermeer; Lars de Wit")
    ]
    assert client.get(f"{SNIPPETS}publication/?export=xlsx").status_code == 200


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


# Topics -------------------------------------------------------------------------------------------------------------


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


# Choosing records ---------------------------------------------------------------------------------------------------


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


# Deleting -----------------------------------------------------------------------------------------------------------


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


# Files --------------------------------------------------------------------------------------------------------------


def test_a_file_is_added_to_its_record_and_waits_to_be_read(client, editor):
    record = PublicationFactory()
    url = f"/admin/records/{record.pk}/files/add/"
    upload = SimpleUploadedFile("My thesis.pdf", make_pdf(["Steerable filters"]), content_type="text/html")

    response = client.post(url, {"file": upload, "label": "Thesis", "access_right": "members"})

    assert response.url == f"{SNIPPETS}publication/edit/{record.pk}/"
    file = RecordFile.objects.get()
    assert (file.number, file.label, file.access_right, file.media_type, file.status) == (
        1,
        "Thesis",
        "members",
        "application/pdf",
        FileStatus.RECEIVED,
    )
    panel = client.get(response.url).content.decode()
    assert file.name in panel


@pytest.mark.parametrize("content", [b"", b"x" * 101])
def test_an_empty_or_too_large_file_is_refused_in_words(client, editor, settings, content):
    settings.DEPOSIT_MAX_SIZE_BYTES = 100
    record = PublicationFactory()

    response = client.post(f"/admin/records/{record.pk}/files/add/", {"file": SimpleUploadedFile("a.pdf", content)})

    assert response.status_code == 200
    assert BeautifulSoup(response.content, "html.parser").select_one(".error-message, .w-field__errors p")
    assert not RecordFile.objects.exists()


def test_a_file_of_no_record_cannot_be_added(client, editor):
    assert client.get("/admin/records/999999/files/add/").status_code == 404
    assert client.get(f"{SNIPPETS}recordfile/add/").status_code == 302


def test_a_file_that_could_not_be_read_is_read_again(client, editor):
    file = RecordFileFactory(status=FileStatus.UNREADABLE, tries=3, message="This file is damaged.")

    listing = client.get(f"{SNIPPETS}recordfile/?status=unreadable").content.decode()
    assert "This file is damaged." in listing
    assert client.get(f"/admin/files/{file.pk}/read-again/").status_code == 405
    client.post(f"/admin/files/{file.pk}/read-again/")

    file.refresh_from_db()
    assert (file.status, file.tries) == (FileStatus.RECEIVED, 0)


def test_a_file_keeps_its_ending_and_its_folder_when_renamed(client, editor):
    file = RecordFileFactory(name="paper.pdf")
    url = f"{SNIPPETS}recordfile/edit/{file.pk}/"

    refused = client.post(url, form_fields(client, url, name="paper.html"))
    assert "Keep the ending" in refused.content.decode()
    client.post(url, form_fields(client, url, name="../../etc/<b>paper two</b>.pdf", label="Article"))

    file.refresh_from_db()
    assert "/" not in file.name
    assert file.name.endswith(".pdf")
    assert file.label == "Article"


def test_two_files_of_a_record_do_not_get_the_same_name(client, editor):
    file = RecordFileFactory(name="one.pdf")
    RecordFileFactory(record=file.record, name="two.pdf")
    url = f"{SNIPPETS}recordfile/edit/{file.pk}/"

    response = client.post(url, form_fields(client, url, name="two.pdf"))

    assert "The record already has a file of this name." in response.content.decode()


@pytest.mark.parametrize(
    "path", ["snippets/publications/recordfile/delete/{}/", "bulk/publications/recordfile/delete/?id={}"]
)
def test_a_file_that_is_taken_away_keeps_its_row_and_number(client, editor, path):
    file = RecordFileFactory()

    client.post("/admin/" + path.format(file.pk))

    file.refresh_from_db()
    assert file.removed_at is not None
    assert listed(client, "recordfile") == []


# The first page, and what surrounds the CMS -------------------------------------------------------------------------


def test_the_first_page_counts_what_asks_for_an_editor(client, editor):
    topic = TopicFactory(label_en="heart", label_nl="hart")
    RecordFileFactory(status=FileStatus.PASSWORD, record=PublicationFactory(topics=[topic]))
    RecordFileFactory(status=FileStatus.READY, record=PublicationFactory(topics=[topic]))
    TopicFactory(label_en="only English")
    EmptySearch.objects.create(text="sonogram", day=date(2026, 3, 1), times=3)
    EmptySearch.objects.create(text="rare", day=date(2026, 3, 1), times=1)

    soup = BeautifulSoup(client.get(reverse("wagtailadmin_home")).content, "html.parser")
    lines = {" ".join(link.text.split()): link["href"] for link in soup.select(".hub-attention a")}

    assert sorted(lines) == [
        "1 file without all of its text",
        "1 search that found nothing",
        "1 topic that lacks a translation",
    ]
    for address in lines.values():
        response = client.get(address)
        assert len(BeautifulSoup(response.content, "html.parser").select("tbody tr")) == 1


def test_the_cms_has_a_policy_of_its_own_and_the_site_keeps_the_strict_one(client, editor):
    record = PublicationFactory(available=date(2020, 1, 1))

    cms = client.get(f"{SNIPPETS}publication/").headers["Content-Security-Policy"]
    site = client.get(record.get_absolute_url()).headers["Content-Security-Policy"]

    assert "script-src 'self' 'unsafe-inline'" in cms
    assert "unsafe" not in site
    assert "script-src 'self'" in site


def test_the_cms_carries_the_name_and_mark_of_the_hub(client, settings):
    settings.SITE_NAME = "Imaging Hub"

    client.force_login(EditorFactory())

    page = client.get("/admin/").content.decode()

    assert "Imaging Hub" in page
    assert "knowledge_hub/admin/mark.svg" in page


def test_the_empty_title_of_a_new_record_says_what_it_is(client: Client):
    client.force_login(EditorFactory())

    form = BeautifulSoup(client.get(f"{SNIPPETS}publication/add/").content, "html.parser")

    title = form.select_one("[name=title]")
    assert title is not None and title["placeholder"] == "Title*"
