"""Signs of patient data as editors see them and decide about them."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.models import TaskState, WorkflowState

from publications.ingest.pipeline import ingest_file
from publications.models import RecordFile, User
from tests.factories import EditorFactory, MemberFactory, PublicationFactory, RecordFileFactory, ResearcherFactory
from tests.publications.cms import form_fields

pytestmark = pytest.mark.django_db

SNIPPETS = "/admin/snippets/publications/"
PAGES = ("Nothing.", "De patiënt heeft BSN 123456782.\nGeboren 12-03-1961.")


@pytest.fixture
def editor(client: Client) -> User:
    editor = EditorFactory()
    client.force_login(editor)
    return editor


@pytest.fixture
def file() -> RecordFile:
    """A file with two findings on its second page, of a draft."""
    record = PublicationFactory(live=False, title="Cases")
    record.save_revision()
    file = RecordFileFactory(record=record, unread=True, pages=PAGES)
    ingest_file(file.pk)
    file.refresh_from_db()
    return file


def page_of(client: Client, url: str) -> BeautifulSoup:
    response = client.get(url)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def justify(client: Client, file: RecordFile, findings: list[int], reason: str = "Both are invented."):
    return client.post(
        reverse("justify_findings", args=[file.pk]), {"finding": findings, "reason": reason}, follow=True
    )


def ids(file: RecordFile) -> list[int]:
    return list(file.findings.values_list("pk", flat=True))


def test_a_file_shows_what_was_found_with_a_link_to_the_page(client, editor, file):
    shown = page_of(client, f"{SNIPPETS}recordfile/edit/{file.pk}/").select_one("#findings")

    assert [label.get_text() for label in shown.select("li label")] == [
        "Citizen service number (BSN)",
        "Date of birth",
    ]
    assert {link["href"] for link in shown.select("blockquote + p a")} == {file.page_url(2)}
    assert "•••••••82" in shown.get_text()
    assert "123456782" not in str(shown)


def test_the_form_of_a_record_points_to_its_findings(client, editor, file):
    page = page_of(client, f"{SNIPPETS}publication/edit/{file.record_id}/")

    assert page.select_one(f'a[href$="/recordfile/edit/{file.pk}/#findings"]').get_text().startswith("2 signs")


def test_justifying_takes_a_tick_and_a_reason(client, editor, file):
    for findings, reason in (([], "Both are invented."), (ids(file), " "), (ids(file), "no"), ([10**6], "A reason.")):
        assert b"Tick what you have looked at" in justify(client, file, findings, reason).content
    assert file.findings.open().count() == 2


def test_justifying_all_opens_the_file(client, editor, file):
    first, second = ids(file)

    assert b"stays closed" in justify(client, file, [first]).content
    page = justify(client, file, [second])

    assert b"open again" in page.content
    settled = BeautifulSoup(page.content, "html.parser").select_one(".hub-findings__settled")
    assert "“Both are invented.”" in settled.get_text()
    file.refresh_from_db()
    assert not file.is_withheld


@pytest.mark.parametrize("factory", [ResearcherFactory, MemberFactory, None])
def test_nobody_but_editors_sees_or_justifies(client, file, factory):
    if factory:
        user = factory()
        client.force_login(user)
    for url in (reverse("finding_report"), reverse("finding_report_results"), f"{SNIPPETS}recordfile/edit/{file.pk}/"):
        assert client.get(url).status_code in (302, 403)
    justify(client, file, ids(file))
    assert file.findings.open().count() == 2


def test_who_sees_records_but_may_not_change_files_does_not_justify(client, file):
    from django.contrib.auth.models import Permission

    user = ResearcherFactory()
    codenames = ["access_admin", "view_publication", "change_publication", "view_recordfile"]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)

    justify(client, file, ids(file))

    assert file.findings.open().count() == 2
    assert client.get(reverse("finding_report")).status_code == 302


def test_publishing_from_the_form_saves_a_draft_and_says_why_not(client, editor, file):
    url = f"{SNIPPETS}publication/edit/{file.record_id}/"

    page = client.post(url, form_fields(client, url, title="Changed", **{"action-publish": "x"}), follow=True)

    assert b"cannot be published yet" in page.content
    file.record.refresh_from_db()
    assert not file.record.live
    assert file.record.latest_revision.content["title"] == "Changed"

    justify(client, file, ids(file))
    client.post(url, form_fields(client, url, **{"action-publish": "x"}))
    file.record.refresh_from_db()
    assert file.record.live


@pytest.mark.parametrize("is_modal", [True, False])
def test_an_approval_does_not_publish_either(client, editor, file, is_modal):
    url = f"{SNIPPETS}publication/edit/{file.record_id}/"
    client.post(url, form_fields(client, url, **{"action-submit": "x"}))
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    headers = {"x-requested-with": "XMLHttpRequest"} if is_modal else {}

    response = client.post(
        f"{SNIPPETS}publication/workflow/action/{file.record_id}/approve/{state.pk}/", headers=headers
    )

    assert response.status_code == (200 if is_modal else 302)
    assert b"cannot be published yet" in client.get(url).content
    file.record.refresh_from_db()
    assert not file.record.live
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_IN_PROGRESS


def test_the_report_lists_what_is_open_and_exports_nothing(client, editor, file):
    RecordFileFactory(unread=True)
    page = page_of(client, reverse("finding_report") + "?state=open")

    rows = page.select("tbody tr")
    assert len(rows) == 2
    assert "123456782" not in str(page)
    assert page.select_one(f'tbody a[href="{file.page_url(2)}"]')
    assert not page.select('a[href*="export"]')
    for form in ("csv", "xlsx"):
        assert client.get(reverse("finding_report"), {"export": form}).status_code == 404
    justify(client, file, ids(file))
    assert not page_of(client, reverse("finding_report") + "?state=open").select("tbody tr")


def test_the_first_page_counts_files_that_wait(client, editor, file):
    assert "1 file that may hold patient data" in " ".join(page_of(client, "/admin/").get_text(" ").split())
