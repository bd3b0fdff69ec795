"""The pages of the CMS about topics: accessible in light and dark, quiet in the console, no wider than a phone."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from publications.models import Topic, TopicImport
from publications.splitting import split_topic
from search.models import EmptySearch, IgnoredSearch
from tests.browser.conftest import DESKTOP, PASSWORD, PHONE, Hub, Visit, Visitor, follow, press_enter
from tests.browser.looking import ALL_RULES, RULES_OF_COLOUR, is_too_wide, violations
from tests.factories import PublicationFactory, TopicFactory

OURS = "#main"
"""Wagtail's own menu beside it is not looked at."""


def sign_in(visitor: Visitor) -> None:
    visitor.go("/en/login/")
    visitor.page.locator("input[name=username], input[name=login]").first.fill("editor")
    visitor.page.locator("input[name=password]").fill(PASSWORD)
    press_enter(visitor.page)
    expect(visitor.page.locator("input[name=password]")).to_have_count(0)


def show_in(page: Page, scheme: Any) -> None:
    """Show the page in light or dark; Wagtail's buttons change their colours by and by."""
    page.emulate_media(color_scheme=scheme)
    page.evaluate("Promise.allSettled(document.getAnimations().map(one => one.finished))")


def look_at(visitor: Visitor, addresses: dict[str, str]) -> dict[str, list[str]]:
    """What is wrong with each of these pages."""
    problems = {}
    for name, address in addresses.items():
        visitor.complaints.clear()
        visitor.page.set_viewport_size(DESKTOP)
        visitor.page.emulate_media(color_scheme="light")
        found = [] if (status := visitor.go(address)) == 200 else [f"status {status}"]
        found += [*visitor.complaints, *violations(visitor.page, ALL_RULES, within=OURS)]
        show_in(visitor.page, "dark")
        found += [f"dark: {one}" for one in violations(visitor.page, RULES_OF_COLOUR, within=OURS)]
        visitor.page.set_viewport_size(PHONE)
        found += ["wider than a phone"] if is_too_wide(visitor.page) else []
        problems[name] = found
    return problems


@pytest.fixture
def addresses(hub: Hub, editor: object) -> dict[str, str]:
    """Each page of ours with something on it."""
    imaging, wedges = Topic.objects.get(slug="medical-imaging"), Topic.objects.get(slug="step-wedges")
    split_topic(wedges, Topic(label_en="Grey wedges"), [hub.paper.pk], user=None)
    PublicationFactory(title="Medical imaging without a topic")
    EmptySearch.objects.create(text="sonogram", day=timezone.localdate(), times=7)
    IgnoredSearch.objects.create(text="pizza")
    changes = TopicImport.objects.create(name="a.csv", content=b"slug,label_en\nstep-wedges,Wedges\n,New\n")
    faults = TopicImport.objects.create(name="b.csv", content=b"label_en,broader\nNew,nowhere\n")
    return {
        "tree": reverse("topic_tree"),
        "tree, after a move": reverse("topic_tree") + f"?moved={wedges.pk}&from={imaging.pk}",
        "move": reverse("move_topic", args=[wedges.pk]),
        "files": reverse("topic_files"),
        "changes": reverse("topic_import", args=[changes.pk]),
        "faults": reverse("topic_import", args=[faults.pk]),
        "untagged": reverse("untagged_records"),
        "split": reverse("split_topic", args=[wedges.pk]) + "?q=wedge",
        "nothing to split": reverse("split_topic", args=[imaging.pk]),
        "empty searches": reverse("empty_searches"),
        "synonym": reverse("add_synonym") + "?text=sonogram",
    }


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_page_is_accessible_and_quiet_and_fits_a_phone(
    visit: Visit, addresses: dict[str, str], language: str
) -> None:
    visitor = visit(locale=language, reduced_motion="reduce")
    sign_in(visitor)

    problems = look_at(visitor, addresses)

    assert not any(problems.values()), "\n".join(f"{name}: {line}" for name in problems for line in problems[name])


def test_branches_of_the_tree_open_and_close_by_keyboard(visit: Visit, addresses: dict[str, str]) -> None:
    visitor = visit()
    sign_in(visitor)
    visitor.go(addresses["tree"])
    below = visitor.page.get_by_role("link", name="Step wedges", exact=True)
    expect(below).to_be_visible()

    visitor.page.locator("summary").first.focus()
    visitor.page.keyboard.press("Enter")

    expect(below).to_be_hidden()


def test_a_topic_is_dragged_to_another_place_and_put_back(visit: Visit, addresses: dict[str, str]) -> None:
    imaging, wedges = Topic.objects.get(slug="medical-imaging"), Topic.objects.get(slug="step-wedges")
    other = TopicFactory(label_en="Clinics")
    TopicFactory(label_en="Hospitals", broader=other)
    visitor = visit()
    page = visitor.page
    sign_in(visitor)
    visitor.go(addresses["tree"])

    page.locator(f'[data-topic="{imaging.pk}"]').drag_to(page.locator(f'[data-topic="{wedges.pk}"]'))  # below itself
    page.locator(f'[data-topic="{wedges.pk}"]').drag_to(page.locator(f'[data-topic="{other.pk}"]'))
    expect(page.locator(".messages .success")).to_contain_text("stands below “Clinics” now")
    wedges.refresh_from_db()
    imaging.refresh_from_db()
    assert (wedges.broader, imaging.broader) == (other, None)
    follow(page.get_by_role("button", name="Undo"))
    expect(page.locator(".messages .success")).to_contain_text("stands below “Medical imaging” now")

    wedges.refresh_from_db()
    assert wedges.broader == imaging
