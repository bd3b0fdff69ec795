"""Every kind of page in both languages: accessible in light and dark, quiet in the console, no wider than a phone."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, Hub, Visit, Visitor
from tests.browser.looking import ALL_RULES, RULES_OF_COLOUR, is_too_wide, sticking_out, violations

EXPECTED_STATUS = {"closed file": 403, "not found": 404, "ask, dead link": 404, "search without an index": 503}


def problems_of(visitor: Visitor, name: str, address: str) -> list[str]:
    """Everything that is wrong with one page."""
    page = visitor.page
    visitor.complaints.clear()
    page.set_viewport_size(DESKTOP)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    status = visitor.go(address)
    problems = [f"status {status}"] if status != EXPECTED_STATUS.get(name, 200) else []
    problems += visitor.complaints
    problems += [f"light: {found}" for found in violations(page, ALL_RULES)]
    page.emulate_media(color_scheme="dark")
    problems += [f"dark: {found}" for found in violations(page, RULES_OF_COLOUR)]
    for size in (NARROWEST, PHONE):
        page.set_viewport_size(size)
        problems += [f"wider than {size['width']} pixels: {sticking_out(page)}"] if is_too_wide(page) else []
    problems += (
        [f"phone, dark: {found}" for found in violations(page, ALL_RULES)] if name in LOOKED_AT_ON_A_PHONE else []
    )
    return problems


NARROWEST = {"width": 320, "height": 600}
"""Of a window in which nobody should have to scroll in two directions (WCAG 1.4.10)."""

# The pages whose phone form differs in more than its width.
LOOKED_AT_ON_A_PHONE = {"home", "search", "record", "reader"}


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_page_is_accessible_and_quiet_and_fits_a_phone(hub: Hub, visit: Visit, language: str) -> None:
    visitor = visit()

    problems = {name: problems_of(visitor, name, f"/{language}{address}") for name, address in hub.addresses.items()}

    assert not any(problems.values()), "\n".join(f"{name}: {line}" for name in problems for line in problems[name])


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_page_that_says_that_there_is_no_index_is_accessible(
    hub: Hub, visit: Visit, settings: Any, tmp_path: Any, language: str
) -> None:
    settings.SEARCH_INDEX_DIR = tmp_path / "elsewhere"

    assert problems_of(visit(), "search without an index", f"/{language}/search/?q=wedge") == []


@pytest.mark.parametrize("media", ["light", "dark"])
def test_the_theme_chosen_is_the_one_shown_whatever_the_system_prefers(hub: Hub, visit: Visit, media: Any) -> None:
    visitor = visit(color_scheme=media, reduced_motion="reduce")
    visitor.go("/en/search/?q=wedge")
    shown = {}

    for choice in ("light", "dark"):
        visitor.page.locator(f'form.theme button[value="{choice}"]').click()
        expect(visitor.page.locator("html")).to_have_attribute("data-theme", choice)
        shown[choice] = visitor.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert violations(visitor.page, RULES_OF_COLOUR) == []

    assert lightness(shown["light"]) > 600 > 200 > lightness(shown["dark"])


def lightness(colour: str) -> int:
    """The sum of red, green and blue of "rgb(1, 2, 3)"."""
    return sum(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))


PAPER = {"width": 673, "height": 985}
"""A4 within its margins, at 96 dots an inch."""


def test_a_printed_page_is_a_sheet_without_controls(hub: Hub, visit: Visit) -> None:
    visitor = visit(color_scheme="dark", viewport=PAPER)
    for name in ("record", "search", "reader", "person", "events", "event", "topic"):
        visitor.go("/en" + hub.addresses[name])
        visitor.page.emulate_media(media="print")

        assert visitor.page.locator("h1").first.is_visible() or name == "search"
        for control in (".site-nav", "form.theme", "details.facets", ".reader-rail", ".event-filters"):
            assert not visitor.page.locator(control).locator("visible=true").count(), (name, control)
        assert lightness(visitor.page.evaluate("getComputedStyle(document.body).color")) < 200
        assert not is_too_wide(visitor.page), sticking_out(visitor.page)
        visitor.page.emulate_media(media="screen")


def test_a_printed_shortlist_gives_addresses_that_can_be_typed(hub: Hub, visit: Visit, settings: Any) -> None:
    visitor = visit(viewport=PAPER)
    visitor.go("/nl" + hub.addresses["shortlist"])
    visitor.page.emulate_media(media="print")

    link = visitor.page.locator(".passage a[data-page-hit]").first
    printed = link.evaluate("link => getComputedStyle(link, '::after').content")
    path, _, query = link.evaluate("link => link.getAttribute('href')").partition("?")

    assert query and printed.replace('"', "").strip() == f"<{settings.BASE_URL}{path}>"
    assert not is_too_wide(visitor.page), sticking_out(visitor.page)


def test_the_skip_link_comes_first_and_leads_to_the_content(hub: Hub, visit: Visit) -> None:
    visitor = visit()
    visitor.go("/en/")

    visitor.page.keyboard.press("Tab")
    expect(visitor.page.locator(".skip")).to_be_focused()
    visitor.page.keyboard.press("Enter")

    expect(visitor.page.locator("#content")).to_be_focused()
