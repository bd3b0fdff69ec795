"""What people do here, from a question to the page that answers it; with and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Hub, Visit, follow, press_enter


def tab_to(page: Page, selector: str) -> None:
    """Reach an element with the tabulator key, as somebody without a mouse does."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached with the tabulator key")


def total(page: Page) -> int:
    return int(page.locator("[data-total]").first.get_attribute("data-total") or 0)


def test_from_the_keyboard_to_the_page_with_the_answer(hub: Hub, visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/en/")

    tab_to(page, "input[name=q]")
    page.keyboard.type("wedges photographed")
    press_enter(page)
    expect(page).to_have_url(re.compile(r"/en/search/\?q=wedges\+photographed"))
    assert total(page) == 16  # and not the two whose files are closed
    expect(page.locator("[data-hit]").first).to_have_attribute("data-hit", hub.paper.pid)
    tab_to(page, f'[data-hit="{hub.paper.pid}"] [data-page-hit="3"]')
    press_enter(page)

    expect(page).to_have_url(re.compile(rf"/en/records/{hub.paper.pid}/pages/1/3/\?q=wedges\+photographed"))
    expect(page.locator(".page-text mark").first).to_have_text("Wedges")
    assert visitor.complaints == []


def test_a_facet_narrows_the_results_and_its_chip_takes_it_away(hub: Hub, visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/en/search/?q=wedge")
    everything = total(page)
    value = page.locator('[data-facet="type"][data-value="presentation"]')
    count = int(value.get_attribute("data-count") or 0)

    follow(value)
    expect(page).to_have_url(re.compile("type=presentation"))
    narrowed = total(page)
    follow(value)
    expect(page).not_to_have_url(re.compile("type=presentation"))

    assert (narrowed, total(page)) == (count, everything)
    assert narrowed < everything


def test_marks_lie_on_the_words_of_the_image_and_stand_in_the_text(hub: Hub, visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go(f"/en/records/{hub.paper.pid}/pages/1/3/?q=wedge")

    image = page.locator(".sheet img").bounding_box()
    marks = page.locator(".page-marks rect")
    assert image and marks.count() == 2
    for number, word in enumerate(("Wedges", "wedge")):
        mark = marks.nth(number).bounding_box()
        text = page.locator(".page-words text").filter(has_text=re.compile(rf"^{word} ?$")).first.bounding_box()
        assert mark and text
        assert image["x"] < mark["x"] < mark["x"] + mark["width"] < image["x"] + image["width"]
        assert image["y"] < mark["y"] < image["y"] + image["height"]
        assert abs(mark["x"] - text["x"]) < 3
        assert mark["width"] > 10 and mark["height"] > 5
    drawn = page.evaluate("document.querySelector('.sheet img').naturalWidth")
    assert drawn == 1000
    fill = marks.first.evaluate("mark => getComputedStyle(mark).fill")
    assert fill not in ("none", "rgb(0, 0, 0)")
    expect(page.locator(".prose mark")).to_have_text(["Wedges", "wedge"])
    expect(page.locator(".prose mark").first).to_be_visible()


def test_words_on_the_image_can_be_selected(hub: Hub, visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go(f"/en/records/{hub.paper.pid}/pages/1/3/")

    page.locator(".page-words text").filter(has_text="drift").dblclick()

    assert page.evaluate("getSelection().toString().trim()") == "drift"


def test_keys_turn_pages_and_go_from_hit_to_hit(hub: Hub, visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go(f"/en/records/{hub.paper.pid}/pages/1/1/?q=wedge")

    for key, number in (("ArrowRight", 2), ("n", 3), ("n", 5), ("p", 3), ("ArrowLeft", 2), ("p", 1)):
        with page.expect_navigation():  # the address changes before the page's script hears keys
            page.keyboard.press(key)
        expect(page).to_have_url(re.compile(rf"/pages/1/{number}/\?q=wedge"))
    page.locator("#reader-q").focus()
    page.keyboard.press("n")

    assert visitor.path == f"/en/records/{hub.paper.pid}/pages/1/1/?q=wedge"
    assert page.locator("#reader-q").input_value().count("n") == 1


@pytest.mark.parametrize("place", ["search, filtered", "reader", "record", "event", "news item"])
def test_the_other_language_is_the_same_place_with_the_same_question(hub: Hub, visit: Visit, place: str) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/en" + hub.addresses[place])

    follow(page.locator('.site-you a[hreflang="nl"]'))
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    in_dutch = visitor.path
    follow(page.locator('.site-you a[hreflang="en"]'))
    expect(page.locator("html")).to_have_attribute("lang", "en")

    assert (in_dutch, visitor.path) == ("/nl" + hub.addresses[place], "/en" + hub.addresses[place])


def test_dutch_words_find_english_records_by_their_topic(hub: Hub, visit: Visit) -> None:
    visitor = visit(locale="nl-NL")
    visitor.go("/")
    page = visitor.page
    expect(page).to_have_url(re.compile("/nl/$"))

    page.locator("input[name=q]").first.fill("grijswig")
    press_enter(page)

    expect(page.locator(f'[data-hit="{hub.paper.pid}"]')).to_be_visible()


# Light and dark -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scripts", [True, False])
def test_the_theme_is_kept_from_page_to_page(hub: Hub, visit: Visit, scripts: bool) -> None:
    visitor = visit(java_script_enabled=scripts)
    page = visitor.page
    visitor.go("/en/search/?q=wedge")
    if scripts:
        page.evaluate("window.sameDocument = true")

    page.locator('form.theme button[value="dark"]').click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert visitor.path == "/en/search/?q=wedge"
    assert bool(page.evaluate("window.sameDocument")) == scripts
    visitor.go("/nl/people/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator('form.theme button[value="dark"]')).to_have_attribute("aria-pressed", "true")
    page.locator('form.theme button[value="auto"]').click()
    expect(page.locator("html")).not_to_have_attribute("data-theme", re.compile(".*"))
    assert visitor.complaints == []


# Without JavaScript -------------------------------------------------------------------------------------------------


def test_search_and_reader_work_without_scripts(hub: Hub, visit: Visit) -> None:
    visitor = visit(java_script_enabled=False)
    page = visitor.page
    visitor.go("/en/")

    page.locator("input[name=q]").first.fill("wedge")
    press_enter(page)
    year = page.locator('[data-facet="year"][data-value="2019"]')
    year.evaluate("link => link.closest('details')?.setAttribute('open', '')")
    follow(year)
    assert total(page) == 1
    follow(page.locator('[data-page-hit="1"]').first)
    follow(page.locator('[data-key="next-hit"]'))
    expect(page).to_have_url(re.compile(r"/pages/1/3/\?q=wedge"))
    page.locator("#reader-page").fill("5")
    press_enter(page)
    expect(page).to_have_url(re.compile(r"/pages/1/5/\?q=wedge"))
    page.locator("#reader-q").fill("patient")
    press_enter(page)

    expect(page.locator(".page-text mark")).to_have_text(["patient"])
    expect(page.locator(".page-marks rect")).to_have_count(1)
    assert visitor.complaints == []


def test_a_shortlist_leaves_the_reader_where_they_were_without_scripts(hub: Hub, visit: Visit) -> None:
    visitor = visit(java_script_enabled=False, viewport=PHONE)
    page = visitor.page
    visitor.go("/en/experts/?q=wedge")
    expert = page.locator("[data-expert]").last
    link = expert.locator('[id^="expert-"]')

    for said in ("Take off the shortlist", "Add to shortlist"):
        follow(link)

        expect(link).to_be_focused()
        expect(link).to_be_in_viewport()
        expect(link).to_contain_text(said)
    follow(link)
    expect(link).to_have_accessible_description("On your shortlist")
    follow(expert.get_by_role("link", name="Compare"))
    expect(page.locator(".compare tbody tr")).to_have_count(1)
    assert visitor.complaints == []


@pytest.mark.parametrize("scripts", [True, False])
def test_the_box_of_the_front_page_also_finds_people(hub: Hub, visit: Visit, scripts: bool) -> None:
    visitor = visit(java_script_enabled=scripts, viewport=PHONE)
    visitor.go("/en/")

    visitor.page.locator("input[name=q]").first.fill("wedge")
    follow(visitor.page.get_by_role("button", name="Find people"))

    assert visitor.path == "/en/experts/?q=wedge"
    assert visitor.complaints == []


def test_the_kind_of_answer_that_is_shown_is_in_sight_on_a_phone(hub: Hub, visit: Visit) -> None:
    visitor = visit(java_script_enabled=False, viewport=PHONE)
    visitor.go("/nl/experts/?q=wedge&who=events")

    expect(visitor.page.locator(".tabs [aria-current]")).to_be_in_viewport(ratio=1)


def test_menu_and_filters_open_on_a_phone_without_scripts(hub: Hub, visit: Visit) -> None:
    visitor = visit(java_script_enabled=False, viewport=PHONE)
    page = visitor.page
    visitor.go("/en/search/?q=wedge")
    people, presentations = (
        page.locator('.site-links a[href="/en/experts/"]'),
        page.locator('[data-value="presentation"]'),
    )
    expect(people).to_be_hidden()
    expect(presentations).to_be_hidden()

    page.locator(".site-nav > summary").click()
    expect(people).to_be_visible()
    page.locator(".site-nav > summary").click()
    page.locator("details.facets > summary").click()
    follow(presentations)

    assert total(page) == 1
