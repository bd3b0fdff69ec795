"""Addresses of the site as a whole: languages, errors, health."""

import re
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import timezone

from knowledge_hub.health import check_workers
from knowledge_hub.models import SignOfLife
from knowledge_hub.signs_of_life import leave_sign
from publications.site_tree import create_site_tree
from search.indexing import rebuild_index
from tests.factories import ContentPageFactory, EditorFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("accept", "home"), [("nl,en;q=0.5", "/nl/"), ("en-GB", "/en/"), ("fr", "/en/"), ("", "/en/")])
def test_the_root_leads_to_the_readers_language(client, accept, home):
    response = client.get("/", headers={"Accept-Language": accept})

    assert (response.status_code, response.headers["Location"]) == (302, home)
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.parametrize("address", ["/", "/robots.txt"])
def test_head_is_answered_as_get_outside_a_language(client, address):
    got, headed = client.get(address), client.head(address)

    assert (headed.status_code, headed.content) == (got.status_code, b"")
    assert headed.headers.get("Location") == got.headers.get("Location")


@pytest.mark.parametrize("address", ["/nothing-here", "/records", "/search/", "/fr/", "/en-us/", "/api", "/feeds/x"])
def test_an_unknown_address_outside_a_language_is_a_plain_404(client, address):
    response = client.get(address, headers={"Accept-Language": "nl"})

    assert (response.status_code, "Location" in response.headers) == (404, False)


@pytest.mark.parametrize(
    "address", ["/api/v1/search", "/api/v1/search?q=x&lang=nl", "/api/v1/suggest?q=x", "/api/v1/openapi.json"]
)
def test_head_is_answered_as_get_by_the_api(client, address):
    rebuild_index()

    got, headed = client.get(address), client.head(address)

    assert (headed.status_code, headed.content) == (200, b"")
    assert headed.headers["Content-Type"] == got.headers["Content-Type"]


def test_head_of_what_the_api_does_not_have_is_not_found(client):
    assert client.head("/api/v1/nothing").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options", "trace"])
@pytest.mark.parametrize("address", ["/api/v1/search", "/api/v1/suggest"])
def test_a_method_that_the_api_does_not_allow_is_a_problem(client, address, method):
    response = getattr(client, method)(address)

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json() == {"type": "about:blank", "title": "Method Not Allowed", "status": 405}


def test_an_unknown_address_of_the_api_is_a_problem(client):
    response = client.get("/api/v1/nothing")

    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json() == {"type": "about:blank", "title": "Not Found", "status": 404}


@pytest.mark.parametrize("language", ["en", "nl"])
def test_errors_below_a_language_are_in_that_language(client, language):
    response = client.get(f"/{language}/nothing-here/", headers={"Accept-Language": "de"})

    assert response.status_code == 404
    assert f'<html lang="{language}"' in response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/en/records/00000000/",
        "/en/records/zzzzzzzzzzzz/",
        "/en/records/%00/",
        "/nl/people/nobody/",
        "/nl/topics/nothing/",
        "/en/events/none/",
        "/en/collections/none/",
        "/en/organisations/none/",
        "/en/records/00000000/pages/1/1/",
        "/en/records/00000000/pages/1/99999999999999999999/",
        "/en/records/00000000/paper.pdf",
        "/records/00000000",
        "/records/00000000.bib",
    ],
)
def test_unknown_things_are_404(client, address):
    assert client.get(address).status_code == 404


def test_healthz_needs_nothing(client):
    assert client.get("/healthz").content == b"ok\n"


def leave_signs():
    """As all that runs in the background does."""
    for name in ("default", "index", "recognition", "clock"):
        leave_sign(name)


def test_readyz_says_what_is_missing_and_then_that_all_is_well(client):
    before = client.get("/readyz")
    rebuild_index()
    leave_signs()
    after = client.get("/readyz")

    assert (before.status_code, set(before.json())) == (503, {"database", "index", "workers"})
    assert before.json()["index"] != "ok"
    assert (
        before.json()["workers"] == "default: never seen; index: never seen; recognition: never seen; clock: never seen"
    )
    assert (after.status_code, after.json()) == (200, {"database": "ok", "index": "ok", "workers": "ok"})


@pytest.mark.parametrize(
    ("name", "minutes", "problem"),
    [
        ("index", 2, "index: last seen 2026-03-01 11:58 UTC"),
        ("clock", 2, "ok"),
        ("clock", 9, "clock: last seen 2026-03-01 11:51 UTC"),
    ],
)
def test_readyz_misses_whoever_has_been_silent(name, minutes, problem):
    leave_signs()
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    SignOfLife.objects.update(seen_at=now)
    SignOfLife.objects.filter(name=name).update(seen_at=now - timedelta(minutes=minutes))

    with patch("django.utils.timezone.now", return_value=now):
        assert check_workers() == problem


def test_readyz_notices_that_no_worker_takes_tasks(client):
    leave_signs()
    from django_tasks_db.models import DBTaskResult

    from search.tasks import index_due_task

    rebuild_index()
    index_due_task.enqueue()
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(hours=1))

    response = client.get("/readyz")

    assert response.status_code == 503
    assert "a task of queue “index” has been waiting since" in response.json()["workers"]


def test_health_checks_are_not_redirected_by_language(client):
    assert [
        client.get(path, headers={"Accept-Language": "nl"}).status_code for path in ("/healthz", "/robots.txt")
    ] == [
        200,
        200,
    ]


def test_the_theme_is_kept_in_a_cookie_and_leads_back_to_the_same_page(client):
    response = client.post("/theme/", {"theme": "dark", "next": "/en/search/?q=x"})

    assert (response.status_code, response.headers["Location"]) == (302, "/en/search/?q=x")
    assert response.cookies["theme"].value == "dark"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_theme_form_leads_nowhere_else(elsewhere):
    response = Client().post("/theme/", {"theme": "dark", "next": elsewhere})

    assert response.headers["Location"] == "/"


def test_pictures_have_addresses_and_nothing_else_below_media_has(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    for folder in ("images", "original_images", "documents"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.png").write_bytes(b"picture")

    shown = client.get("/media/images/a.png")

    assert (shown.status_code, b"".join(shown.streaming_content)) == (200, b"picture")
    for address in ("original_images/a.png", "documents/a.png", "images/", "images/../documents/a.png", "images/b.png"):
        assert client.get(f"/media/{address}").status_code in (400, 404)


def test_the_sitemap_names_the_pages_of_every_language(client):
    create_site_tree()

    sitemap = client.get("/sitemap.xml").content.decode()

    found = {address.partition("//")[2].partition("/")[2] for address in re.findall(r"<loc>(.*?)</loc>", sitemap)}
    assert found == {"en/", "en/news/", "nl/", "nl/news/"}


@pytest.mark.parametrize("address", ["/en/a%00b/", "/a%00", "/en/records/00000000/a%00.pdf", "/api/v1/%00"])
def test_an_address_with_a_nul_is_unknown(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("place", ["/en/people/", "/en/events/", "/en/topics/", "/en/search/", "/en/"])
def test_a_nul_in_a_parameter_breaks_nothing(client, place):
    create_site_tree()
    rebuild_index()

    assert client.get(f"{place}?letter=%00&kind=%00&page=%00&q=%00").status_code == 200


def test_a_page_that_moved_is_found_at_its_old_address_and_named_in_the_sitemap_at_its_new_one(client):
    tree = create_site_tree()
    about, guide = (ContentPageFactory(parent=tree.homes["en"], slug=slug) for slug in ("about", "guide"))
    ContentPageFactory(parent=guide, slug="step")
    client.force_login(EditorFactory())

    moved = client.post(f"/admin/pages/{guide.pk}/move/{about.pk}/confirm/")

    assert moved.status_code == 302
    reader = Client()
    for old, new in (("/en/guide/", "/en/about/guide/"), ("/en/guide/step/", "/en/about/guide/step/")):
        answer = reader.get(old)
        assert (answer.status_code, answer.headers["Location"]) == (301, new)
        assert reader.get(new).status_code == 200
    sitemap = reader.get("/sitemap.xml").content.decode()
    assert "/en/about/guide/step/" in sitemap
    assert "/en/guide/" not in sitemap


def test_an_editor_may_lead_an_old_address_anywhere(client):
    create_site_tree()
    editor = Client()
    editor.force_login(EditorFactory())

    address = {"old_path": "/en/old-programme/", "redirect_link": "https://example.org/new/", "is_permanent": "on"}
    assert editor.post("/admin/redirects/add/", address).status_code == 302

    answer = client.get("/en/old-programme/?a=b")
    assert (answer.status_code, answer.headers["Location"]) == (301, "https://example.org/new/")
