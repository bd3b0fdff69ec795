"""Versions and lookalikes as editors see them, and what they can do about them."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from publications.models import Publication, Record, User
from publications.records import add_version, versions_of
from tests.factories import (
    EditorFactory,
    MemberFactory,
    PresentationFactory,
    PublicationFactory,
    RecordFileFactory,
    ResearcherFactory,
)

pytestmark = pytest.mark.django_db

EDIT = "/admin/snippets/publications/publication/edit/"


@pytest.fixture
def editor(client: Client) -> User:
    editor = EditorFactory()
    client.force_login(editor)
    return editor


@pytest.fixture
def preprint() -> Publication:
    return PublicationFactory(title="Leaves fall", issued="2023")


@pytest.fixture
def article() -> Publication:
    return PublicationFactory(title="Leaves fall.", issued="2024")


def page_of(client: Client, url: str) -> BeautifulSoup:
    response = client.get(url)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def titles(record: Record) -> list[str]:
    return [version.title for version in versions_of(Record.objects.get(pk=record.pk))]


def test_a_record_shows_what_may_be_the_same_work_and_becomes_its_version(client, editor, preprint, article):
    found = page_of(client, f"{EDIT}{article.pk}/").select_one(".hub-lookalikes tbody tr")

    assert "Leaves fall (2023)" in found.get_text()
    assert "has nearly the same title and authors" in found.get_text()
    join = found.select("a")[-1]["href"]
    form = page_of(client, join)
    assert form.select_one("input[name=of]")["value"] == str(preprint.pk)
    response = client.post(join, {"of": preprint.pk, "side": "newer"}, follow=True)
    assert "“Leaves fall.” and “Leaves fall” are versions of one work now." in response.content.decode()
    assert titles(preprint) == ["Leaves fall.", "Leaves fall"]


def test_a_record_can_be_the_older_of_the_two(client, editor, preprint, article):
    client.post(reverse("join_versions", args=[preprint.pk]), {"of": article.pk, "side": "older"})

    assert titles(preprint) == ["Leaves fall.", "Leaves fall"]


def test_what_cannot_be_is_a_sentence(client, editor, preprint, article):
    add_version(article, of=preprint)

    response = client.post(reverse("join_versions", args=[preprint.pk]), {"of": article.pk, "side": "newer"})

    assert "This record has other versions already." in response.content.decode()


def test_another_kind_cannot_be_chosen(client, editor, preprint):
    slides = PresentationFactory(title="Leaves fall")

    response = client.post(reverse("join_versions", args=[preprint.pk]), {"of": slides.pk, "side": "newer"})

    assert response.status_code == 200 and titles(preprint) == []
    row = page_of(client, f"{EDIT}{preprint.pk}/").select_one(".hub-lookalikes tbody tr")
    assert [link["href"] for link in row.select("a")] == [
        f"/admin/snippets/publications/presentation/edit/{slides.pk}/"
    ]


def test_a_new_version_begins_as_a_draft(client, editor, preprint):
    response = client.post(reverse("new_version", args=[preprint.pk]), follow=True)

    draft = Publication.objects.exclude(pk=preprint.pk).get()
    assert response.redirect_chain == [(f"{EDIT}{draft.pk}/", 302)]
    assert not draft.live and draft.owner == editor
    rows = page_of(client, f"{EDIT}{draft.pk}/").select_one("tr[aria-current]").parent.select("tr")
    assert ["this one" in row.get_text() for row in rows] == [True, False]
    draft.latest_revision.publish()
    assert len(titles(preprint)) == 2


def test_a_version_is_taken_apart_again(client, editor, preprint, article):
    add_version(article, of=preprint)

    response = client.post(reverse("leave_versions", args=[article.pk]), follow=True)

    assert "is a work of its own now" in response.content.decode()
    assert titles(preprint) == []
    again = client.post(reverse("leave_versions", args=[article.pk]), follow=True)
    assert "This record has no other versions." in again.content.decode()


def test_a_file_shows_where_its_bytes_are_already(client, editor, preprint):
    RecordFileFactory(record=preprint)
    mine = RecordFileFactory(record=PublicationFactory(title="upload.pdf", live=False))

    found = page_of(client, f"/admin/snippets/publications/recordfile/edit/{mine.pk}/").select_one("#lookalikes")

    assert "has the same file" in found.get_text()
    assert found.select("a")[-1]["href"] == f"{reverse('join_versions', args=[mine.record_id])}?of={preprint.pk}"


@pytest.mark.parametrize("name", ["new_version", "leave_versions", "join_versions"])
@pytest.mark.parametrize("factory", [MemberFactory, ResearcherFactory, None])
def test_only_editors_may(client, name, factory, preprint, article):
    add_version(article, of=preprint)
    if factory:
        client.force_login(factory())

    response = client.post(reverse(name, args=[article.pk]), {"of": preprint.pk, "side": "newer"})

    assert response.status_code in (302, 403)
    assert titles(preprint) == ["Leaves fall.", "Leaves fall"] and Record.objects.count() == 2


@pytest.mark.parametrize("of", ["", "x", "²", "9" * 30, "-1", "999999"])
def test_a_strange_choice_is_no_error(client, editor, preprint, of):
    assert client.get(reverse("join_versions", args=[preprint.pk]), {"of": of}).status_code == 200
    assert client.post(reverse("join_versions", args=[preprint.pk]), {"of": of, "side": "x"}).status_code == 200


def test_a_stated_version_of_this_hub_is_sent_to_the_row(preprint, article):
    row = article.related_identifiers.model(
        record=article, relation_type="IsNewVersionOf", related_record_id=preprint.pk
    )

    with pytest.raises(Exception, match="Versions of a work on this hub stand in a row"):
        row.clean()
