"""Files of records in the CMS: added, refused, renamed, read again."""

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile

from publications.models import (
    RecordFile,
)
from publications.vocabularies import FileStatus
from tests.factories import (
    PublicationFactory,
    RecordFileFactory,
    make_pdf,
)
from tests.publications.cms import SNIPPETS, form_fields, listed

pytestmark = pytest.mark.django_db


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
