"""What a file suggests, as editors see it and take it over."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from publications.models import Record, RecordFile, Topic
from tests.factories import (
    EditorFactory,
    MemberFactory,
    PublicationFactory,
    RecordFileFactory,
    ResearcherFactory,
    TopicFactory,
)
from tests.publications.test_filling import EVERYTHING, SECRET

pytestmark = pytest.mark.django_db

SNIPPETS = "/admin/snippets/publications/"


@pytest.fixture
def editor(client: Client):
    editor = EditorFactory()
    client.force_login(editor)
    return editor


@pytest.fixture
def file() -> RecordFile:
    """A file with a suggestion, of a draft that has a title only."""
    record = PublicationFactory(live=False, title="Typed", language="und", issued="")
    record.save_revision()
    return RecordFileFactory(record=record, suggested=EVERYTHING.to_json())


def edit_page(client: Client, file: RecordFile) -> BeautifulSoup:
    return BeautifulSoup(client.get(f"{SNIPPETS}recordfile/edit/{file.pk}/").content, "html.parser")


def rows(page: BeautifulSoup) -> dict[str, list[str]]:
    found = page.select("#suggestions tbody tr")
    return {
        row.th.get_text(strip=True): [" ".join(cell.get_text(" ", strip=True).split()) for cell in row.select("td")]
        for row in found
    }


def test_a_file_shows_what_it_suggests_with_source_and_certainty(client, editor, file):
    TopicFactory(label_en="leaf", label_nl="blad")

    shown = rows(edit_page(client, file))

    assert shown["Title"] == ["Counting leaves", "the first pages", "sure", "filled in"]
    assert shown["Abstract"] == ["Leaves fall.", "the first pages", "sure", "empty"]
    assert shown["Topics"][0] == "autumn (no topic yet) , leaf"
    assert shown["Language"][0] == "English"
    assert shown["Authors"][0] == f"Anna Bos University of Twente {SECRET} Jan van den Berg"


def test_the_form_of_a_record_says_what_its_files_suggest(client, editor, file):
    page = client.get(f"{SNIPPETS}publication/edit/{file.record_id}/").content.decode()

    assert "title, authors (2), abstract, topics (2), language, date of publication" in page
    assert f"/recordfile/edit/{file.pk}/#suggestions" in page
    assert SECRET not in page


def test_a_file_without_suggestions_shows_none(client, editor):
    file = RecordFileFactory()

    assert edit_page(client, file).select("#suggestions") == []
    assert "Suggests" not in client.get(f"{SNIPPETS}publication/edit/{file.record_id}/").content.decode()


def test_an_editor_fills_the_empty_fields(client, editor, file):
    response = client.post(f"/admin/files/{file.pk}/fill/", follow=True)

    assert response.redirect_chain[-1][0] == f"{SNIPPETS}publication/edit/{file.record_id}/"
    page = response.content.decode()
    assert "Filled in from “paper1.pdf”: Authors, Abstract, Language, Date of publication" in page
    assert "Leaves fall." in page
    draft = Record.objects.get(pk=file.record_id).specific().get_latest_revision_as_object()
    assert (draft.title, draft.doi, len(draft.creators)) == ("Typed", "10.5555/leaves.7", 2)
    assert draft.latest_revision.user == editor
    assert not Topic.objects.exists()


def test_an_editor_may_have_topics_made(client, editor, file):
    (box,) = edit_page(client, file).select("input[name=with_new_topics]")
    assert box.parent.get_text(strip=True).endswith("autumn, blad")

    client.post(f"/admin/files/{file.pk}/fill/", {"with_new_topics": "on"})

    assert sorted(Topic.objects.values_list("name", flat=True)) == ["autumn", "blad"]


def test_where_nothing_is_empty_that_is_said(client, editor, file):
    client.post(f"/admin/files/{file.pk}/fill/", {"with_new_topics": "on"})

    response = client.post(f"/admin/files/{file.pk}/fill/", follow=True)

    assert "There was nothing to fill in" in response.content.decode()
    assert edit_page(client, file).select("#suggestions form") == []


@pytest.mark.parametrize("make_user", [None, MemberFactory, ResearcherFactory])
def test_nobody_else_fills_or_sees_suggestions(client, file, make_user):
    if make_user:
        client.force_login(make_user())

    response = client.post(f"/admin/files/{file.pk}/fill/")

    assert response.status_code == 302
    assert response.url.startswith("/admin/login/")
    assert SECRET not in client.get(f"{SNIPPETS}recordfile/edit/{file.pk}/").content.decode()
    assert Record.objects.get(pk=file.record_id).specific().get_latest_revision_as_object().abstract == ""


def test_a_locked_record_is_not_filled_by_others(client, editor, file):
    record = Record.objects.get(pk=file.record_id).specific()
    record.locked, record.locked_by = True, EditorFactory()
    record.save()

    assert client.post(f"/admin/files/{file.pk}/fill/").status_code in (302, 403)
    assert record.get_latest_revision_as_object().abstract == ""


def test_filling_is_no_get(client, editor, file):
    assert client.get(f"/admin/files/{file.pk}/fill/").status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_files_does_not_matter_to_the_database(
    client, editor, file, django_assert_max_num_queries, count
):
    for _ in range(count - 1):
        RecordFileFactory(record=file.record, suggested=EVERYTHING.to_json())
    client.get(f"{SNIPPETS}publication/edit/{file.record_id}/")

    with django_assert_max_num_queries(75):
        client.get(f"{SNIPPETS}publication/edit/{file.record_id}/")
