"""Photos of an event, large: by links alone, so by keyboard and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Hub, Visit, press_enter


@pytest.mark.parametrize("has_scripts", [True, False])
def test_photos_are_looked_at_large_by_keyboard(hub: Hub, visit: Visit, has_scripts: bool) -> None:
    visitor = visit(java_script_enabled=has_scripts)
    page = visitor.page
    visitor.go("/en/events/round-table/")

    page.get_by_role("link", name="A table with a wedge on it").focus()
    press_enter(page)
    expect(page).to_have_url(re.compile("/en/events/round-table/photos/1/$"))
    page.get_by_role("link", name="Next photo").focus()
    press_enter(page)
    expect(page.locator("h1")).to_have_text("Photo 2 of 3")
    expect(page.get_by_role("img", name="The hall")).to_be_visible()
    page.get_by_role("link", name="Next photo").focus()
    press_enter(page)
    expect(page.get_by_role("img", name="Photo 3")).to_be_visible()
    page.get_by_role("link", name="Back to the event").focus()
    press_enter(page)

    expect(page).to_have_url(re.compile("/en/events/round-table/#photo-3$"))
    assert visitor.complaints == []
