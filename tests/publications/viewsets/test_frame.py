"""The first page of the CMS, and what surrounds every page of it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.admin.menu import admin_menu

from publications.vocabularies import FileStatus
from search.models import EmptySearch
from tests.factories import (
    EditorFactory,
    PublicationFactory,
    RecordFileFactory,
    TopicFactory,
)
from tests.publications.cms import SNIPPETS

pytestmark = pytest.mark.django_db


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


def labels(menu: Any) -> Iterator[str]:
    """What stands in a menu of the CMS and in those that open from it."""
    for item in menu.registered_menu_items:
        yield str(item.label)
        if hasattr(item, "menu"):
            yield from labels(item.menu)


def test_menus_speak_the_language_of_whoever_looks(client, editor):
    client.get("/admin/")  # items are made once, for whoever comes first

    with translation.override("en"):
        english = set(labels(admin_menu))
    with translation.override("nl"):
        dutch = set(labels(admin_menu))

    assert {"Questions", "Merges", "Broken links", "Accounts and claims"} <= english
    of_wagtail = {"Editor Guide", "Help", "Sites", "Snippets", "Workflows"}
    assert {label for label in english & dutch if "in Wagtail" not in label} <= of_wagtail


PAGES = {
    "review_queue": (["Home", "Deposits to review"], ["Startpagina", "Inzendingen om te beoordelen"]),
    "people_waiting": (["Home", "Accounts and claims"], ["Startpagina", "Accounts en aanvragen"]),
    "contact_held": (
        ["Home", "Questions", "What the hub holds about an address"],
        ["Startpagina", "Vragen", "Wat de hub van een adres bewaart"],
    ),
    "doubles": (["Home", "Possible doubles"], ["Startpagina", "Mogelijke dubbelen"]),
    "merges": (["Home", "Merges"], ["Startpagina", "Samenvoegingen"]),
    "bulk_changes": (["Home", "Changes of many records"], ["Startpagina", "Wijzigingen van veel records"]),
    "topic_tree": (["Home", "Topics", "Tree of topics"], ["Startpagina", "Onderwerpen", "Boom van onderwerpen"]),
    "empty_searches": (["Home", "Searches that found nothing"], ["Startpagina", "Zoekopdrachten zonder resultaat"]),
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_page_of_ours_says_where_it_is(client, editor, name, language):
    response = client.get(reverse(name), headers={"accept-language": language})

    page = BeautifulSoup(response.content, "html.parser")
    path = [step.get_text(strip=True) for step in page.select(".w-breadcrumbs nav li")]
    assert path == PAGES[name][language == "nl"]
    assert [heading.get_text(strip=True) for heading in page.select("h1")] == path[-1:]
