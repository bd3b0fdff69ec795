"""Who gets into the CMS, and to which addresses of it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from publications.models import (
    Publication,
    RecordFile,
)
from publications.vocabularies import FileStatus
from tests.factories import (
    MemberFactory,
    RecordFileFactory,
    ResearcherFactory,
    TopicFactory,
    UserFactory,
    make_pdf,
)
from tests.publications.cms import FACTORIES, SNIPPETS, draft

pytestmark = pytest.mark.django_db


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
