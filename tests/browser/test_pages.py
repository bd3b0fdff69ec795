"""Every kind of page in both languages: accessible in light and dark, quiet in the console, no wider than a phone."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE, Hub, Visit, Visitor

EXPECTED_STATUS = {"closed file": 403, "not found": 404, "ask, dead link": 404, "search without an index": 503}
OPTIONS: dict[str, Any] = {
    "resultTypes": ["violations"],
    # It would fetch imported style sheets again, and from the wrong folder.
    "preload": False,
}
# The size of targets is part of WCAG 2.2 AA, but off by default in axe-core.
ALL_RULES = OPTIONS | {"rules": {"target-size": {"enabled": True}}}
# Nothing else on a page depends on its colours.
RULES_OF_COLOUR = OPTIONS | {"runOnly": ["color-contrast", "link-in-text-block"]}


def violations(page: Page, options: dict[str, Any]) -> list[str]:
    """What axe-core finds: rule, and the elements."""
    found = Axe().run(page, options=options).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


def is_too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def sticking_out(page: Page) -> str:
    """The innermost elements that reach past the edge of the window."""
    return str(
        page.evaluate(
            "() => [...document.querySelectorAll('main *')]"
            ".filter(one => one.getBoundingClientRect().right > innerWidth)"
            ".slice(-4).map(one => one.outerHTML.slice(0, 90))"
        )
    )


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
    page.set_viewport_size(PHONE)
    problems += [f"wider than a phone: {sticking_out(page)}"] if is_too_wide(page) else []
    problems += (
        [f"phone, dark: {found}" for found in violations(page, ALL_RULES)] if name in LOOKED_AT_ON_A_PHONE else []
    )
    return problems


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


def test_the_skip_link_comes_first_and_leads_to_the_content(hub: Hub, visit: Visit) -> None:
    visitor = visit()
    visitor.go("/en/")

    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.className") == "skip"
    visitor.page.keyboard.press("Enter")

    assert visitor.page.evaluate("document.activeElement.id") == "content"
