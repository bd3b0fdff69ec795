"""Pages for what went wrong: each in both languages, and those for a broken site without what may be broken."""

import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.template.loader import get_template
from django.test import Client, override_settings
from django.urls import path
from django.utils import translation

from knowledge_hub.urls import urlpatterns as site_urlpatterns
from tests.factories import MemberFactory

BROWSER = {"Accept": "text/html"}


def break_down(request: Any) -> None:
    """A view with a bug."""
    raise RuntimeError("a secret of the inside")


def refuse(request: Any) -> None:
    """A view that this reader may not see."""
    raise PermissionDenied


urlpatterns = [
    path("en/break/", break_down),
    path("nl/break/", break_down),
    path("api/v1/break", break_down),
    path("en/refuse/", refuse),
    path("nl/refuse/", refuse),
    *site_urlpatterns,
]
handler400 = "knowledge_hub.views.bad_request"
handler403 = "knowledge_hub.views.permission_denied"
handler404 = "knowledge_hub.views.page_not_found"
handler500 = "knowledge_hub.views.server_error"

with_broken_views = override_settings(ROOT_URLCONF=__name__)


@pytest.mark.parametrize("name", ["400.html", "500.html"])
@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_pages_for_a_broken_site_need_no_context_and_no_database(name, language):
    """This test has no access to the database: a query would fail it."""
    with translation.override(language):
        page = get_template(name).render()

    assert f'<html lang="{language}">' in page
    assert len(re.findall("<h1>", page)) == 1
    assert f'href="/{language}/"' in page


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_the_pages_for_a_broken_site_do_not_read_the_list_of_static_files(name, settings):
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    settings.STATIC_ROOT = "/nowhere"

    assert "/static/knowledge_hub/css/hub.css" in get_template(name).render()


@with_broken_views
@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_bug_shows_a_page_that_gives_nothing_away(language):
    response = Client(raise_request_exception=False).get(f"/{language}/break/", headers=BROWSER)

    assert response.status_code == 500
    assert f'<html lang="{language}">' in response.content.decode()
    assert "secret" not in response.content.decode()


@with_broken_views
@pytest.mark.django_db
def test_a_bug_in_the_api_is_a_problem():
    response = Client(raise_request_exception=False).get("/api/v1/break")

    assert response.json() == {"type": "about:blank", "title": "Internal Server Error", "status": 500}


@with_broken_views
@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "nl"])
def test_what_is_closed_offers_to_sign_in_and_come_back(client, language):
    response = client.get(f"/{language}/refuse/?a=b", headers=BROWSER)

    assert response.status_code == 403
    assert f'href="/{language}/login/?next=%2F{language}%2Frefuse%2F%3Fa%3Db"' in response.content.decode()


@with_broken_views
@pytest.mark.django_db
def test_what_stays_closed_to_a_member_does_not_ask_them_to_sign_in_again(client):
    client.force_login(MemberFactory())

    response = client.get("/en/refuse/", headers=BROWSER)

    assert response.status_code == 403
    assert "/login/" not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_page_that_is_not_there_offers_to_search(client, language):
    response = client.get(f"/{language}/nothing/here/?q=x", headers=BROWSER)

    page = response.content.decode()
    assert response.status_code == 404
    assert f'action="/{language}/search/"' in page
    other = "nl" if language == "en" else "en"
    assert f'href="/{other}/nothing/here/?q=x"' in page
    assert 'rel="canonical"' not in page


@pytest.mark.django_db
def test_a_wrong_host_gets_a_page_and_not_another_error():
    response = Client(raise_request_exception=False).get("/en/", headers={"Host": "evil.example", **BROWSER})

    assert response.status_code == 400
    assert "<h1>" in response.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token_says_what_to_do():
    response = Client(enforce_csrf_checks=True).post("/en/login/", {"username": "x", "password": "y"})

    assert response.status_code == 403
    assert "The form was too old" in response.content.decode()


@pytest.mark.django_db
def test_a_missing_database_shows_the_page_for_a_broken_site(monkeypatch):
    def refuse_to_connect(*args: Any, **kwargs: Any) -> None:
        from django.db import OperationalError

        raise OperationalError("unable to open database file")

    monkeypatch.setattr(connection, "cursor", refuse_to_connect)

    response = Client(raise_request_exception=False).get("/en/", headers=BROWSER)

    assert response.status_code == 500
    assert "unable to open" not in response.content.decode()
