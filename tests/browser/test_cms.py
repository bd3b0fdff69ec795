"""An editor in Wagtail's own pages, with its scripts and our policy: from signing in to a record that is found."""

from playwright.sync_api import expect

from publications.models import Publication
from search.indexing import index_due
from tests.browser.conftest import PASSWORD, Hub, Visit, follow, press_enter


def test_an_editor_creates_and_publishes_a_record_that_readers_find(hub: Hub, editor: object, visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    address = "/admin/snippets/publications/publication/add/"
    visitor.go(address)

    page.locator("input[name=username]").fill("editor")
    page.locator("input[name=password]").fill(PASSWORD)
    press_enter(page)
    expect(page).to_have_url(visitor.site + address)
    page.locator("[name=title]").fill("Gondolas and their greys")
    page.locator("select[name=resource_type]").select_option("report")
    page.locator("select[name=language]").select_option("en")
    page.locator("[name=issued]").fill("2025-02")
    page.locator(".w-dropdown-button [data-w-dropdown-target=toggle]").click()
    follow(page.locator("button[name=action-publish]"))
    expect(page.locator(".messages .success")).to_be_visible()

    record = Publication.objects.get(title="Gondolas and their greys")
    assert (record.live, record.year) == (True, 2025)
    reader = visit()
    assert reader.go(f"/en/records/{record.pid}/") == 200
    expect(reader.page.locator("h1")).to_have_text("Gondolas and their greys")
    index_due()
    reader.go("/en/search/?q=gondola")
    expect(reader.page.locator("[data-hit]")).to_have_attribute("data-hit", record.pid)
    assert [complaint for complaint in visitor.complaints if "Content Security Policy" in complaint] == []
