"""A collection in the CMS: its rule is told while it is typed, its order is changed without a mouse or scripts."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from publications.models import Collection
from tests.browser.conftest import Hub, Visit, press_enter
from tests.browser.looking import ALL_RULES, RULES_OF_COLOUR, violations
from tests.browser.test_topics_in_cms import look_at, show_in, sign_in

FORM = "/admin/snippets/publications/collection/edit/{}/#tab-rule"


@pytest.fixture
def collection(hub: Hub, editor: object) -> Collection:
    return Collection.objects.get(slug="wedges")


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_page_of_the_order_is_accessible_and_quiet_and_fits_a_phone(
    visit: Visit, collection: Collection, language: str
) -> None:
    visitor = visit(locale=language, reduced_motion="reduce")
    sign_in(visitor)

    problems = look_at(visitor, {"order": reverse("collection_order", args=[collection.pk])})

    assert problems == {"order": []}


def test_what_a_rule_finds_is_told_while_it_is_typed(visit: Visit, collection: Collection) -> None:
    visitor = visit()
    page = visitor.page
    sign_in(visitor)
    visitor.go(FORM.format(collection.pk))
    told = page.locator("rule-matches [role=status]")
    expect(told).to_contain_text("No rule: the collection holds what is picked by hand.")

    page.locator("#id_rule").fill("gondola")
    expect(told).to_contain_text("The rule finds nothing now.")
    page.locator("#id_rule").fill("(wedge")
    expect(told).to_contain_text("A closing parenthesis is missing.")
    page.locator("#id_rule").fill("?q=wedge&type=presentation")
    expect(told).to_contain_text("Wedges in eleven slides")

    for scheme, rules in (("light", ALL_RULES), ("dark", RULES_OF_COLOUR)):
        show_in(page, scheme)
        assert violations(page, rules, within="rule-matches") == []
    assert [complaint for complaint in visitor.complaints if "Content Security Policy" in complaint] == []


def test_the_order_is_changed_by_keyboard_without_scripts(visit: Visit, collection: Collection) -> None:
    visitor = visit(java_script_enabled=False)
    page = visitor.page
    sign_in(visitor)
    visitor.go(reverse("collection_order", args=[collection.pk]))
    titles = page.locator(".hub-order-title > span")
    before = titles.all_inner_texts()

    page.get_by_role("button", name=f"“{before[2]}” one place up").focus()
    press_enter(page)
    expect(titles).to_have_text([before[0], before[2], before[1]])
    page.get_by_label(f"Place of “{before[0]}”").fill("3")
    press_enter(page)

    expect(page.get_by_text("The order is saved as a draft.")).to_be_visible()
    draft: Any = Collection.objects.get(slug="wedges").get_latest_revision_as_object()
    assert [item.record.title for item in draft.items.order_by("sort_order")] == [before[2], before[1], before[0]]
