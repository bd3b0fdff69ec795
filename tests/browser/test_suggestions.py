"""The search box completes what is typed: by keyboard, pointer and touch, and only while that is of use."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import PHONE, Hub, Visit
from tests.browser.looking import ALL_RULES, RULES_OF_COLOUR, is_too_wide, violations

SUGGESTIONS = re.compile(r"/api/v1/suggest")


def options(page: Page) -> Locator:
    return page.locator("search-suggest [role=option]")


def type_into(page: Page, text: str, box: str = "#q") -> Locator:
    """Type a text at once, so that no list of its first letters comes before, and wait for the list."""
    box_to_type_in = page.locator(box)
    box_to_type_in.fill(text)
    expect(options(page).first).to_be_visible()
    return box_to_type_in


def active(page: Page) -> str:
    """The option that the box names as the active one; "" where the box itself is."""
    return str(
        page.evaluate(
            "document.getElementById(document.querySelector('#q').getAttribute('aria-activedescendant'))"
            "?.textContent ?? ''"
        )
    )


def test_suggestions_are_grouped_by_kind_and_announced(hub: Hub, visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/en/")

    box = type_into(page, "we")

    groups = page.locator("search-suggest [role=group]")
    named = [page.locator(f"#{group.get_attribute('aria-labelledby')}").inner_text() for group in groups.all()]
    assert named == ["Topics", "Titles", "Words"]
    expect(page.locator("[data-kind=topic] [role=option]").first).to_have_text("Step wedges")
    assert box.get_attribute("aria-expanded") == "true"
    assert box.get_attribute("aria-controls") == page.get_by_role("listbox").get_attribute("id")
    expect(page.locator("search-suggest [role=status]")).to_have_text(f"{options(page).count()} suggestions")
    assert visitor.complaints == []


def test_a_topic_is_chosen_from_the_keyboard_and_leads_to_its_page(hub: Hub, visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/en/search/?q=grey")
    type_into(page, "step")

    page.keyboard.press("ArrowDown")
    assert active(page) == "Step wedges"
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/en/topics/step-wedges/$"))


def test_a_person_is_chosen_with_the_pointer_in_dutch(hub: Hub, visit: Visit) -> None:
    visitor = visit(locale="nl-NL")
    page = visitor.page
    visitor.go("/nl/")
    type_into(page, "wigg")

    page.locator("[data-kind=person] [role=option]", has_text="Ada Wiggers").click()

    expect(page).to_have_url(re.compile(r"/nl/people/ada-wiggers/$"))


def test_a_word_completes_the_question_by_touch(hub: Hub, visit: Visit) -> None:
    visitor = visit(viewport=PHONE, has_touch=True, is_mobile=True)
    page = visitor.page
    visitor.go("/en/")
    box = type_into(page, "darkest pho")

    page.locator("[data-kind=word] [role=option]").first.tap()

    expect(box).to_have_value("darkest photographed")
    expect(box).to_be_focused()
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=darkest\+photographed$"))


def test_arrows_go_round_through_the_box_and_escape_closes(hub: Hub, visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/en/")
    box = type_into(page, "we")
    texts = options(page).all_inner_texts()

    walked = []
    for _ in range(len(texts) + 1):
        page.keyboard.press("ArrowDown")
        walked.append(active(page))
    assert walked == [*texts, ""]
    page.keyboard.press("ArrowUp")
    assert active(page) == texts[-1]
    expect(page.locator("[aria-selected=true]")).to_have_text([texts[-1]])

    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert (box.input_value(), box.get_attribute("aria-expanded"), active(page)) == ("we", "false", "")
    page.keyboard.press("ArrowDown")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_enter_without_a_choice_searches_for_what_was_typed(hub: Hub, visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/en/")
    type_into(page, "wedge")

    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/en/search/\?q=wedge$"))


def stop_clock(page: Page) -> None:
    """Let the time of the pages to come pass only where a test says so, however long its typing takes."""
    page.clock.install(time=0)
    page.clock.pause_at(1000)


def test_only_the_last_question_is_asked_and_shown(hub: Hub, visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    asked: list[str] = []
    held: list[Route] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url.partition("q=")[2].partition("&")[0])
        if asked[-1] == "we":
            held.append(route)  # answered when it is out of date
        else:
            route.continue_()

    page.route(SUGGESTIONS, answer)
    stop_clock(page)
    visitor.go("/en/")
    page.locator("#q").press_sequentially("we")
    with page.expect_request(SUGGESTIONS):
        page.clock.run_for(600)
    page.locator("#q").press_sequentially("dges dri")
    page.clock.run_for(600)

    expect(options(page)).to_have_text(["wedges drift"])
    assert asked == ["we", "wedges+dri"]
    for route in held:
        route.abort()
    expect(options(page)).to_have_text(["wedges drift"])


def test_one_letter_asks_nothing_and_a_failure_leaves_the_box_as_it_is(hub: Hub, visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if SUGGESTIONS.search(request.url) else None)
    page.route(SUGGESTIONS, lambda route: route.fulfill(status=503, body="{}"))
    stop_clock(page)
    visitor.go("/en/")

    page.locator("#q").press_sequentially("w")
    page.clock.run_for(400)
    page.locator("#q").press_sequentially("edge")
    with page.expect_response(SUGGESTIONS):
        page.clock.run_for(400)

    assert len(asked) == 1
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=wedge$"))


def test_in_a_collection_words_alone_are_completed(hub: Hub, visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/en/collections/wedges/")

    type_into(page, "wed", "#in-collection")

    kinds = page.locator("search-suggest [role=group]").evaluate_all(
        "groups => groups.map(group => group.dataset.kind)"
    )
    assert kinds == ["word"]


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("address", ["/", "/search/?q=wedge", "/nothing-here/"])
def test_an_open_list_is_accessible_and_fits(hub: Hub, visit: Visit, language: str, address: str) -> None:
    visitor = visit(reduced_motion="reduce")
    page = visitor.page
    visitor.go(f"/{language}{address}")
    type_into(page, "we")
    page.keyboard.press("ArrowDown")

    found: list[Any] = violations(page, ALL_RULES)
    page.emulate_media(color_scheme="dark")
    found += violations(page, RULES_OF_COLOUR)
    page.set_viewport_size(PHONE)
    page.keyboard.press("ArrowDown")

    assert found == []
    assert not is_too_wide(page)
    expect(options(page).first).to_be_in_viewport()
