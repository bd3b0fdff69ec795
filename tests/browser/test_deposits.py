"""From a paper on somebody's disk to a page that strangers find: by mouse, by keyboard alone, without scripts."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from publications.models import Deposit, Record
from publications.vocabularies import DepositState
from search.indexing import index_due
from tests.browser.conftest import DESKTOP, Enter, Hub, Visit, follow, press_enter
from tests.browser.deposits import (
    BY_PHONE,
    FORM,
    TITLE,
    approve,
    drop_files,
    fill_by_reading,
    only_deposit,
    save,
    send,
    write_file,
)


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    return write_file(tmp_path)


def names(page: Page) -> Locator:
    return page.locator("[data-name-shown]")


def is_reachable(element: Locator) -> bool:
    """Whether an element lies wholly between the edges of the window."""
    box, size = element.bounding_box(), element.page.viewport_size
    assert box and size
    return bool(box["x"] >= 0 and box["x"] + box["width"] <= size["width"])


@pytest.mark.parametrize(
    ("language", "size"),
    [("en", DESKTOP), ("en", BY_PHONE), ("nl", DESKTOP), ("nl", BY_PHONE)],
    ids=["en-desktop", "en-phone", "nl-desktop", "nl-phone"],
)
def test_by_mouse_from_a_dropped_paper_to_a_page_that_strangers_find(
    hub: Hub, enter: Enter, editor: Any, visit: Visit, paper: Path, language: str, size: Any
) -> None:
    visitor = enter(f"/{language}/deposit/", viewport=size, reduced_motion="reduce")
    page = visitor.page

    drop_files(page, paper)
    fill_by_reading(page)
    expect(page.locator("#f-title")).to_have_value(TITLE)
    expect(page.locator("#o-title .steps")).to_be_visible()
    expect(page.locator("[data-row] .state-ok")).to_have_count(1)  # Ada Wiggers is known here

    page.locator("#f-title").fill(TITLE + ", measured")
    page.locator("#f-resource_type").select_option("report")
    first, second = page.locator("[data-handle]").all()
    second.hover()
    target = first.bounding_box()
    assert target and is_reachable(page.locator("[data-up]").nth(1))
    page.mouse.down()
    page.mouse.move(target["x"] + 5, target["y"] - 4, steps=8)
    page.mouse.up()
    expect(names(page)).to_have_text(["Ada Wiggers", "Sofie Brouwer-de Wit"])
    page.locator('#f-topics input[value="Step wedges"]').check()
    page.locator("#access-members").check()
    save(page)
    expect(page.locator("#outsider")).to_contain_text(TITLE + ", measured")
    expect(page.locator("#outsider")).to_contain_text(re.compile("cannot be opened|niet te openen|niet openen"))
    page.locator("#access-open").check()
    save(page)
    follow(page.locator('#outsider a[href$="/preview/"]'))
    expect(page.locator("h1")).to_have_text(TITLE + ", measured")
    follow(page.locator(".site-notice a").last)
    expect(page).to_have_url(FORM)
    send(page)
    assert only_deposit().state == DepositState.IN_REVIEW
    assert visitor.complaints == []

    approve(visit, editor)
    index_due()
    stranger = visit(viewport=size)
    stranger.go(f"/{language}/search/?q=forty+hospitals")
    expect(stranger.page.locator(f'[data-hit="{Record.objects.get(title=TITLE + ", measured").pid}"]')).to_be_visible()
    record = Record.objects.get(title=TITLE + ", measured").specific()
    assert [person.family_name for person in record.contributions.all()] == ["Wiggers", "Brouwer-de Wit"]
    assert [topic.label_en for topic in record.topics.all()] == ["Step wedges"]


# By keyboard alone ----------------------------------------------------------------------------------------------------


def tab_to(page: Page, selector: str, *, back: bool = False) -> None:
    """Reach an element with the tabulator key; what has the focus must show it."""
    for _ in range(120):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert ring != "none", f"{selector} does not show that it has the focus"
            return
    raise AssertionError(f"{selector} cannot be reached with the tabulator key")


@pytest.mark.parametrize("size", [DESKTOP, BY_PHONE], ids=["desktop", "phone"])
def test_by_keyboard_alone_from_a_chosen_paper_to_the_editors(enter: Enter, paper: Path, size: Any) -> None:
    visitor = enter("/en/deposit/", viewport=size)
    page, press = visitor.page, visitor.page.keyboard.press

    tab_to(page, "#files")
    page.locator("#files").set_input_files(paper)
    fill_by_reading(page)
    expect(page.locator("#f-title")).to_have_value(TITLE)

    tab_to(page, "#f-title")
    press("Control+End")
    page.keyboard.type(", by key")
    tab_to(page, "#f-resource_type")
    page.keyboard.type("Report")
    put_authors_in_order(page)
    complete_an_author(page)
    tab_to(page, '#f-topics input[value="Step wedges"]')
    press("Space")
    tab_to(page, "#f-event")
    page.keyboard.type("Round")
    tab_to(page, "[name=access_right]")
    press("ArrowDown")
    press("ArrowDown")
    expect(page.locator("#access-members")).to_be_checked()
    press("ArrowUp")
    press("ArrowUp")
    tab_to(page, "[name=rights]")
    press("ArrowDown")
    save(page)
    tab_to(page, '.submit-bar button[value="send"]')
    press_enter(page)
    expect(page.get_by_role("status").first).to_contain_text("Sent to the editors")

    answers = only_deposit().answers
    assert answers["title"] == TITLE + ", by key"
    assert [row["family_name"] for row in answers["authors"]] == ["Wiggers", "Brouwer-de Wit", "Grijs"]
    assert answers["authors"][2]["person"] == "bas-grijs"
    assert (answers["resource_type"], answers["event"], answers["topics"]) == ("report", "round-table", ["Step wedges"])
    assert (answers["access_right"], answers["rights"]) == ("open", "CC-BY-4.0")
    assert visitor.complaints == []


def put_authors_in_order(page: Page) -> None:
    """The second author first: by the button, back by Alt and an arrow, and up again; the place is said each time."""
    tab_to(page, '[value="up:authors:1"]')
    page.keyboard.press("Enter")
    expect(page.locator("row-list [data-status]")).to_have_text("Ada Wiggers is now number 1.")
    expect(names(page)).to_have_text(["Ada Wiggers", "Sofie Brouwer-de Wit"])
    page.keyboard.press("Alt+ArrowDown")
    expect(names(page)).to_have_text(["Sofie Brouwer-de Wit", "Ada Wiggers"])
    page.keyboard.press("Alt+ArrowUp")
    expect(names(page)).to_have_text(["Ada Wiggers", "Sofie Brouwer-de Wit"])


def complete_an_author(page: Page) -> None:
    """One more author, whom the hub knows, chosen from the list below the field."""
    tab_to(page, "[data-add]")
    page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_have_attribute("data-column", "given_name")
    page.keyboard.press("Tab")
    page.keyboard.insert_text("Grij")  # at once: no list of its first letters comes before
    expect(page.locator("field-suggest [role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(names(page).nth(2)).to_have_text("Bas Grijs")


# Without scripts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "size"), [("en", DESKTOP), ("nl", BY_PHONE)], ids=["en-desktop", "nl-phone"])
def test_without_scripts_each_step_is_a_form(enter: Enter, paper: Path, language: str, size: Any) -> None:
    visitor = enter(f"/{language}/deposit/", java_script_enabled=False, viewport=size)
    page = visitor.page

    page.locator("#files").set_input_files(paper)
    page.locator(".drop button").click()
    fill_by_reading(page)
    expect(page.locator("#f-title")).to_have_value(TITLE)

    page.locator("#f-resource_type").select_option("report")
    add_author_without_scripts(page)
    follow(page.locator('[value="up:authors:2"]'))
    follow(page.locator('[value="up:authors:1"]'))
    follow(page.locator('[value="remove:authors:2"]'))
    expect(names(page)).to_have_text(["Bas Grijs", "Sofie Brouwer-de Wit"])
    page.locator('#f-topics input[value="Step wedges"]').check()
    page.locator("#f-words").fill("Medical imaging, grey weather")
    page.locator("#f-event").select_option("round-table")
    follow(page.locator('[value="add:funding"]'))
    page.locator("[name=funding-0-funder_name]").fill("EFRO")
    follow(page.locator('[value="add:related"]'))
    page.locator("[name=related-0-relation_type]").select_option("IsSupplementTo")
    page.locator("[name=related-0-identifier]").fill("10.1000/wedge.1")
    page.locator("#access-embargoed").check()
    page.locator("#f-available").fill("2099-05-31")
    follow(page.locator('.submit-bar button[value="save"]'))
    expect(page.locator("#outsider")).to_contain_text("2099")
    follow(page.locator('#outsider a[href$="/preview/"]'))
    expect(page.locator("h1")).to_have_text(TITLE)
    follow(page.locator(".site-notice a").last)
    send(page)

    deposit = only_deposit()
    assert deposit.state == DepositState.IN_REVIEW
    draft = deposit.record.specific().get_latest_revision_as_object()
    assert [row.family_name for row in draft.contributions.all()] == ["Grijs", "Brouwer-de Wit"]
    assert sorted(row.tag.name for row in draft.tagged_topics.all()) == ["Medical imaging", "Step wedges"]
    assert deposit.new_topics == ["grey weather"]
    assert (draft.event.slug, draft.access_right, str(draft.available)) == ("round-table", "embargoed", "2099-05-31")
    assert [str(row.funder) for row in draft.funding_references.all()] == ["EFRO"]
    assert [row.identifier for row in draft.related_identifiers.all()] == ["10.1000/wedge.1"]
    assert visitor.complaints == []


def add_author_without_scripts(page: Page) -> None:
    """One more author by the button; the empty row has the focus, wherever it stands on the page."""
    follow(page.locator('[value="add:authors"]'))
    row = page.locator("[data-row]").nth(2)
    expect(row.locator("[name=authors-2-given_name]")).to_be_focused()
    row.locator("[name=authors-2-given_name]").fill("Bas")
    row.locator("[name=authors-2-family_name]").fill("Grijs")
    row.locator("[name=authors-2-affiliations]").fill("University of the Veluwe")


def test_what_saves_itself_is_sent_without_a_conflict(enter: Enter, paper: Path) -> None:
    page = enter("/en/deposit/").page
    drop_files(page, paper)
    fill_by_reading(page)
    page.locator("#f-resource_type").select_option("report")
    save(page)
    held: list[Route] = []
    page.route(FORM, lambda route: route.continue_() if route.request.is_navigation_request() else held.append(route))

    page.locator("#f-title").fill("Step wedges, once more")
    expect(page.locator("describe-form")).to_have_js_property("isSaving", True)
    page.locator('.submit-bar button[value="send"]').click()
    expect(page.locator("describe-form")).to_have_js_property("isSaving", True)
    with page.expect_navigation():
        held[0].continue_()

    assert only_deposit().state == DepositState.IN_REVIEW
    assert only_deposit().answers["title"] == "Step wedges, once more"


# Two tabs, and what is missing --------------------------------------------------------------------------------------


def test_two_tabs_see_their_conflict_and_lose_nothing(enter: Enter, paper: Path) -> None:
    one = enter("/en/deposit/")
    drop_files(one.page, paper)
    fill_by_reading(one.page)
    expect(one.page.locator("#f-title")).to_have_value(TITLE)
    other = one.page.context.new_page()
    other.goto(one.page.url)

    one.page.locator("#f-title").fill("From the first tab")
    one.page.locator("#f-volume").evaluate("field => field.closest('details').open = true")
    one.page.locator("#f-volume").fill("7")
    save(one.page)
    other.locator("#f-title").fill("From the second tab")
    other.locator("#f-words").fill("greys")
    notice = other.locator("[data-conflict]")
    expect(notice).to_be_visible()
    follow(notice.locator("button"))
    expect(other.locator("h1")).to_have_text("Two versions of this draft")
    expect(other.locator("main")).to_contain_text("From the first tab")
    other.locator("#mine-title").check()
    follow(other.locator('button[value="conflict"]'))

    expect(other.locator("#f-title")).to_have_value("From the second tab")
    answers = Deposit.objects.get().answers
    assert (answers["title"], answers["volume"], answers["words"]) == ("From the second tab", "7", "greys")


@pytest.mark.parametrize("scripts", [True, False])
def test_what_is_missing_is_said_at_the_top_and_beside_each_field(enter: Enter, scripts: bool) -> None:
    visitor = enter("/en/deposit/", java_script_enabled=scripts)
    page = visitor.page
    follow(page.locator('button[name="blank"]'))
    page.locator("#access-embargoed").check()
    page.locator("#f-doi").fill("no doi")
    if scripts:
        save(page)
    follow(page.locator('.submit-bar button[value="send"]'))

    links = page.locator("#problems a")
    expect(links).to_have_count(6)
    for link in links.all():
        expect(page.locator(link.get_attribute("href") or ""), link.inner_text()).to_have_count(1)
    if scripts:
        expect(page.locator("#problems")).to_be_focused()
    links.first.click()
    expect(page.locator("#f-resource_type")).to_be_focused()
    expect(page.locator("#f-doi")).to_have_value("no doi")
