"""From a draft to a public record: review, approval, rejection, locks and preview, as an editor does it."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from wagtail.models import TaskState, WorkflowState

from publications.models import Publication
from tests.factories import EditorFactory, EventFactory, PersonFactory, PublicationFactory, TopicFactory
from tests.publications.cms import contribution, form_fields

pytestmark = pytest.mark.django_db

BASE = "/admin/snippets/publications/publication/"


@pytest.fixture
def editor(client: Client):
    editor = EditorFactory()
    client.force_login(editor)
    return editor


def save(client: Client, url: str, **changes):
    return client.post(url, form_fields(client, url, **changes))


def submit_draft(client: Client, **changes) -> Publication:
    save(client, f"{BASE}add/", title="A draft", resource_type="report", **{"action-submit": "x"}, **changes)
    return Publication.objects.get()


def act(client: Client, record: Publication, action: str, **data):
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    return client.post(f"{BASE}workflow/action/{record.pk}/{action}/{state.pk}/", data)


def test_a_draft_keeps_contributors_affiliations_and_topics(client, editor):
    marieke = PersonFactory(given_name="Marieke", family_name="van der Hoeven")
    TopicFactory(label_en="lung cancer", label_nl="longkanker", synonyms_nl="longcarcinoom")
    event = EventFactory()

    save(
        client,
        f"{BASE}add/",
        title="Steerable filters",
        resource_type="journal_article",
        issued="2021-03",
        event=event.pk,
        topics='"longcarcinoom", "a new topic"',
        **(
            contribution(0, given_name="Tess", family_name="Vermeer", affiliations=("Radiology", "TechMed"))
            | contribution(1, person=marieke.pk, affiliations=("Nijmegen",))
        ),
    )

    record = Publication.objects.get()
    draft = record.get_latest_revision_as_object()
    assert not record.live
    assert draft.event == event
    assert [
        (line.name, line.person, [str(affiliation) for affiliation in line.affiliations.all()])
        for line in draft.contributions.all()
    ] == [("Tess Vermeer", None, ["Radiology", "TechMed"]), ("Marieke van der Hoeven", marieke, ["Nijmegen"])]
    assert sorted(topic.name for topic in draft.topics.all()) == ["a new topic", "lung cancer"]


def test_a_draft_may_lack_its_title_and_a_publication_may_not(client, editor):
    save(client, f"{BASE}add/", title="", resource_type="report")
    record = Publication.objects.get()

    response = save(client, f"{BASE}edit/{record.pk}/", **{"action-publish": "x"})

    record.refresh_from_db()
    assert not record.live
    assert "could not be published" in response.content.decode() or "could not be saved" in response.content.decode()
    assert "Untitled" in client.get(BASE).content.decode()


def test_an_embargo_without_its_day_is_refused_even_for_a_draft(client, editor):
    response = save(client, f"{BASE}add/", title="Closed", resource_type="report", access_right="embargoed")

    assert "Give the day on which the embargo ends." in response.content.decode()
    assert not Publication.objects.exists()


def test_a_submitted_draft_waits_for_review_and_stays_hidden(client, editor):
    record = submit_draft(client)

    assert record.current_workflow_state.status == WorkflowState.STATUS_IN_PROGRESS
    assert "1</strong> publication waiting for review" in client.get(reverse("wagtailadmin_home")).content.decode()
    assert Client().get(record.get_absolute_url()).status_code == 404


def test_approval_publishes_for_everybody(client, editor):
    record = submit_draft(client)

    act(client, record, "approve")

    record.refresh_from_db()
    assert record.live
    response = Client().get(record.get_absolute_url())
    assert response.status_code == 200
    assert "A draft" in response.content.decode()


def test_a_rejected_draft_comes_back_with_the_comment_and_can_be_submitted_again(client, editor):
    record = submit_draft(client)

    act(client, record, "reject", comment="Please give the DOI.")

    record.refresh_from_db()
    assert not record.live
    assert record.current_workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES
    history = client.get(f"{BASE}history/{record.pk}/").content.decode()
    assert "Please give the DOI." in history

    save(client, f"{BASE}edit/{record.pk}/", **{"action-submit": "x"})
    act(client, record, "approve")

    record.refresh_from_db()
    assert record.live


def test_reviewers_are_told_of_a_submission(client, editor, django_capture_on_commit_callbacks):
    other = EditorFactory(email="second@hub.example")

    with django_capture_on_commit_callbacks(execute=True):
        submit_draft(client)

    assert [message.to for message in mail.outbox] == [[other.email]]


def test_a_change_to_a_live_record_stays_a_draft_until_it_is_published(client, editor):
    record = PublicationFactory(title="Old title", resource_type="report")

    save(client, f"{BASE}edit/{record.pk}/", title="New title")

    public = Client().get(record.get_absolute_url()).content.decode()
    assert ("Old title" in public, "New title" in public) == (True, False)
    listing = client.get(f"{BASE}?status=changed").content.decode()
    assert "New title" in listing

    save(client, f"{BASE}edit/{record.pk}/", **{"action-publish": "x"})

    assert "New title" in Client().get(record.get_absolute_url()).content.decode()


def test_a_record_that_somebody_locked_cannot_be_changed_by_another(client, editor):
    record = PublicationFactory(title="Old title", resource_type="report")
    client.post(f"{BASE}lock/{record.pk}/")
    second = Client()
    second.force_login(EditorFactory())
    url = f"{BASE}edit/{record.pk}/"

    second.post(url, form_fields(client, url, title="New title"))
    assert record.revisions.count() == 0
    assert second.get(f"/admin/records/{record.pk}/files/add/").status_code == 302

    client.post(f"{BASE}unlock/{record.pk}/")
    second.post(url, form_fields(client, url, title="New title"))
    assert record.revisions.count() == 1


def test_the_preview_shows_what_is_typed_and_keeps_the_strict_policy(client, editor):
    record = PublicationFactory(title="Old title", resource_type="report")
    url = f"{BASE}preview/{record.pk}/"

    answer = client.post(url, form_fields(client, f"{BASE}edit/{record.pk}/", title="Typed title")).json()
    response = client.get(url)

    assert answer == {"is_valid": True, "is_available": True}
    assert "Typed title" in response.content.decode()
    assert "unsafe-inline" not in response.headers["Content-Security-Policy"]
    record.refresh_from_db()
    assert record.title == "Old title"


def test_a_new_record_can_be_previewed_before_it_is_saved(client, editor):
    fields = form_fields(client, f"{BASE}add/", title="Not saved yet", resource_type="report")

    client.post(f"{BASE}preview/", fields | contribution(0, given_name="Tess", family_name="Vermeer"))
    response = client.get(f"{BASE}preview/")

    assert response.status_code == 200
    assert "Not saved yet" in response.content.decode()
    assert not Publication.objects.exists()


def test_an_older_revision_can_be_looked_at_compared_and_brought_back(client, editor):
    record = PublicationFactory(title="First", resource_type="report")
    url = f"{BASE}edit/{record.pk}/"
    for title in ("Second", "Third"):
        save(client, url, title=title)
    second = record.revisions.order_by("pk").first()

    revert = f"{BASE}history/{record.pk}/revisions/{second.pk}/revert/"
    assert "Second" in client.get(f"{BASE}history/{record.pk}/revisions/{second.pk}/view/").content.decode()
    compare = client.get(f"{BASE}history/{record.pk}/revisions/compare/{second.pk}...latest/").content.decode()
    assert "Third" in compare
    fields = form_fields(client, revert)
    client.post(url, fields)

    record.refresh_from_db()
    assert record.get_latest_revision_as_object().title == "Second"
