"""Saving by itself and saving by hand at the same moment: one record, with all that was typed."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models.signals import pre_save
from playwright.sync_api import Page, expect
from wagtail.models import Revision

from publications.models import Publication
from tests.browser.conftest import Hub, Traffic, Visit, follow

ADD = "/admin/snippets/publications/publication/add/"
SLOW_SECONDS = 2
TITLE = "Gondolas and their greys"


@pytest.fixture
def slow_server() -> Iterator[None]:
    """Saving a record takes long enough for the other way of saving to begin."""

    def wait(**_signal: Any) -> None:
        time.sleep(SLOW_SECONDS)

    pre_save.connect(wait, sender=Publication)
    yield
    pre_save.disconnect(wait, sender=Publication)


@pytest.fixture
def page(hub: Hub, editor: Any, visit: Visit) -> Page:
    """The form of a new record, which Wagtail watches for changes."""
    visitor = visit()
    visitor.sign_in(editor)
    visitor.page.add_init_script(
        "window.watched = new Promise(done => addEventListener('w-unsaved:watch-edits', done, { once: true }))"
    )
    visitor.go(ADD)
    visitor.page.evaluate("window.watched.then(() => true)")
    return visitor.page


def fill(page: Page) -> None:
    page.locator("select[name=resource_type]").select_option("report")
    page.locator("select[name=language]").select_option("en")
    page.locator("[name=title]").fill(TITLE)


def saved_titles(traffic: Traffic) -> list[str]:
    """The title in the newest draft of each record that came to be, once all that was asked is answered."""
    traffic.wait_for_end()
    made = Publication.objects.filter(title__startswith="Gondolas")
    return [Revision.objects.for_instance(record).latest("created_at").content["title"] for record in made]


def test_what_is_sent_is_not_saved_by_itself_any_more(page: Page, slow_server: None, traffic: Traffic) -> None:
    fill(page)
    follow(page.get_by_role("button", name="Save draft"))
    expect(page.locator(".messages .success")).to_be_visible()

    assert saved_titles(traffic) == [TITLE]


def test_what_saves_itself_is_sent_when_it_has_done_so(page: Page, slow_server: None, traffic: Traffic) -> None:
    fill(page)
    expect(page.locator("[data-w-autosave-state-value]")).to_have_attribute("data-w-autosave-state-value", "saving")
    page.locator("[name=title]").fill(f"{TITLE}, again")
    follow(page.get_by_role("button", name="Save draft"))
    expect(page.locator(".messages .success")).to_be_visible()

    assert saved_titles(traffic) == [f"{TITLE}, again"]
