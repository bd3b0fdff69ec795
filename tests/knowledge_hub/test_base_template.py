"""What stands on every page: languages, theme, account, navigation."""

import re

import pytest
from django.test import Client

from tests.factories import ContentPageFactory, EditorFactory, HomePageFactory, MemberFactory, SiteSettingsFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return HomePageFactory(slug="hub")


def test_a_reader_who_only_reads_gets_no_cookie(client, home):
    response = client.get("/en/")

    assert response.status_code == 200
    assert not response.cookies


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_is_kept_without_a_script(home, theme):
    client = Client(enforce_csrf_checks=True)

    response = client.post("/theme/", {"theme": theme, "next": "/en/?a=b"})

    assert response.headers["Location"] == "/en/?a=b"
    page = client.get("/en/").content.decode()
    assert f'<html lang="en" data-theme="{theme}">' in page
    assert f'value="{theme}" aria-pressed="true"' in page


@pytest.mark.parametrize("theme", ['"><script>', "sepia", ""])
def test_an_unknown_theme_is_as_none(client, home, theme):
    client.cookies["theme"] = theme

    page = client.get("/en/").content.decode()

    assert '<html lang="en">' in page


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_the_theme_form_leads_nowhere_else(client, target):
    assert client.post("/theme/", {"theme": "dark", "next": target}).headers["Location"] == "/"


def test_somebody_who_signed_in_sees_their_name_and_can_leave(client, home):
    client.force_login(MemberFactory(first_name="Lies", last_name="<Lid>"))

    page = client.get("/en/").content.decode()

    assert "Lies &lt;Lid&gt;" in page
    assert '<form method="post" action="/en/logout/">' in page
    assert "/admin/" not in page


def test_an_editor_finds_the_cms(client, home):
    client.force_login(EditorFactory())

    assert 'href="/admin/"' in client.get("/en/").content.decode()


def test_the_section_one_is_in_is_marked(client, home):
    page = client.get("/en/organisations/").content.decode()
    below = client.get("/en/people/").content.decode()

    assert re.findall(r'<a href="([^"]+)" aria-current="page">', page) == ["/en/organisations/"]
    assert re.findall(r'<a href="([^"]+)" aria-current="true">', below) == ["/en/experts/"]


def test_pages_that_editors_put_into_menus_stand_in_the_footer(client, home):
    ContentPageFactory(parent=home, title="How search works", slug="how", show_in_menus=True)
    ContentPageFactory(parent=home, title="Not in menus", slug="not")
    ContentPageFactory(parent=home, title="Draft of a page", slug="draft", show_in_menus=True, live=False)

    page = client.get("/en/").content.decode()

    assert '<a href="/en/how/">How search works</a>' in page
    assert "Not in menus" not in page
    assert "Draft of a page" not in page


def test_what_editors_set_for_the_site_is_shown_and_escaped(client, home):
    SiteSettingsFactory(cluster_name="CMI<NEN>", notice_en="Closed & quiet on Sunday", about_nl="Alleen Nederlands")

    page = client.get("/en/").content.decode()

    assert "<small>CMI&lt;NEN&gt;</small>" in page
    assert "Closed &amp; quiet on Sunday" in page
    assert '<span lang="nl">Alleen Nederlands</span>' in page


def test_each_page_names_its_other_language(client, home):
    page = client.get("/en/people/?letter=a").content.decode()

    assert '<link rel="canonical" href="http://testserver/en/people/?letter=a">' in page
    assert '<link rel="alternate" hreflang="nl" href="http://testserver/nl/people/?letter=a">' in page
    assert '<a href="/nl/people/?letter=a" lang="nl" hreflang="nl">Nederlands</a>' in page


def test_nothing_on_a_page_needs_an_inline_style_or_script(client, home):
    page = client.get("/en/").content.decode()

    assert "style=" not in page
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"\son\w+=", page)


def test_the_sign_in_page_carries_the_hubs_name(client, home):
    page = client.get("/en/login/?next=/en/search/").content.decode()

    assert "<b>Knowledge Hub</b>" in page
    assert '<input type="hidden" name="next" value="/en/search/">' in page


def test_a_wrong_password_is_said(client, home):
    page = client.post("/en/login/", {"username": "nobody", "password": "wrong"}).content.decode()

    assert 'role="alert"' in page
    assert "do not go together" in page
