"""Wagtail's userbar and its checks in a real browser, under the policy of the site."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect
from wagtail.admin.admin_url_finder import AdminURLFinder

from publications.models import Collection, ContentPage, Event, EventPhoto, Publication
from tests.browser.conftest import Hub, Visit, Visitor

PHONE = {"width": 390, "height": 780}


@pytest.fixture
def poor_photo(hub: Hub) -> EventPhoto:
    """A photo whose text alternative is the name of its file, which the checks complain of."""
    photo = EventPhoto.objects.filter(event__slug="round-table").order_by("sort_order")[0]
    photo.image.alt_en = photo.image.alt_nl = "wedge_1.jpg"
    photo.image.save()
    return photo


def hear_everything(visitor: Visitor) -> list[str]:
    """All that the console says from now on, of the page itself too."""
    said: list[str] = []
    visitor.page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    visitor.page.on("pageerror", lambda error: said.append(f"script: {error}"))
    return said


def complaints(said: list[str]) -> list[str]:
    """Errors and refusals of the policy. Wagtail also prints what its checks found, as an error."""
    troubles = [line for line in said if "Content Security Policy" in line or line.startswith(("error", "script"))]
    return [line for line in troubles if "axe.run results" not in line]


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE, "color_scheme": "dark"}])
def test_an_editor_opens_the_bar_and_sees_what_the_checks_found(
    editor: Any, poor_photo: EventPhoto, visit: Visit, options: dict[str, Any]
) -> None:
    visitor = visit(**options)
    visitor.sign_in(editor)
    said = hear_everything(visitor)
    page = visitor.page

    visitor.go("/en/events/round-table/")
    expect(page.locator("#wagtail-userbar-trigger [class*=axe-count]")).to_have_text("1")
    page.locator("#wagtail-userbar-trigger").click()
    expect(page.get_by_role("menuitem", name="Edit this event")).to_be_visible()
    page.locator("#checker-trigger").click()
    dialog = page.locator("#checker-results")
    expect(dialog.locator("[data-content-checker-row]")).to_contain_text("inappropriate pattern")
    box = dialog.locator(".w-dialog__box").bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"]
    dialog.locator("[data-content-checker-selector]").click()
    dialog.locator("[data-dialog-hide], .w-dialog__close-button").first.click()
    page.locator("#wagtail-userbar-trigger").click()
    page.get_by_role("menuitem", name="Edit this event").click()

    event = Event.objects.get(slug="round-table")
    expect(page).to_have_url(f"{visitor.site}/admin/snippets/publications/event/edit/{event.pk}/")
    assert complaints(said) == []


def test_what_stands_in_the_foot_can_be_scrolled_clear_of_the_bar(hub: Hub, editor: Any, visit: Visit) -> None:
    visitor = visit(viewport=PHONE)
    visitor.sign_in(editor)
    visitor.go("/en/")
    expect(visitor.page.locator("#wagtail-userbar-trigger")).to_be_visible()

    visitor.page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")

    visitor.page.locator(".theme button[value=dark]").click()  # fails where something lies over it
    expect(visitor.page.locator("html")).to_have_attribute("data-theme", "dark")
    visitor.page.emulate_media(media="print")
    expect(visitor.page.locator("#wagtail-userbar-trigger")).to_be_hidden()


def addresses_of_forms() -> dict[str, str]:
    """Where a page and a thing of each kind with a preview is edited."""
    things = {
        "record": Publication.objects.get(title="The wedge every morning"),
        "event": Event.objects.get(slug="round-table"),
        "collection": Collection.objects.get(slug="wedges"),
        "page": ContentPage.objects.get(slug="about", locale__language_code="en"),
    }
    return {name: str(AdminURLFinder().get_edit_url(thing)) for name, thing in things.items()}


@pytest.mark.parametrize(
    ("kind", "problem"), [("record", ""), ("event", "inappropriate pattern"), ("collection", ""), ("page", "")]
)
def test_the_checks_of_the_cms_run_in_its_preview(
    editor: Any, poor_photo: EventPhoto, visit: Visit, kind: str, problem: str
) -> None:
    visitor = visit()
    visitor.sign_in(editor)
    said = hear_everything(visitor)
    page = visitor.page

    visitor.go(addresses_of_forms()[kind])
    page.locator("[data-side-panel-toggle=checks]").click()

    panel = page.locator("[data-side-panel=checks]")
    expect(panel.locator("[data-content-word-count]")).to_have_text(re.compile(r"^[1-9]"))
    if problem:
        expect(panel.locator("[data-content-checker-row]")).to_contain_text(problem)
    else:
        expect(panel.locator("[data-content-checker-row]")).to_have_count(0)
    assert complaints(said) == []
