"""Who may read a deposit, and when: what opens later opens by itself, and a publisher’s version asks for the right."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from publications.models import Record
from search.indexing import index_due
from tests.browser.conftest import Enter, Visit, Visitor, follow
from tests.browser.deposits import TITLE, approve, drop_files, fill_by_reading, only_deposit, save, send, write_file
from tests.publications.ingest.typeset import Set, draw

ON_A_PAGE = "One wedge in the north stayed grey for ever."
SEARCH = "/en/search/?q=%22stayed+grey+for+ever%22"


def bring(enter: Enter, paper: Path, **options: Any) -> Page:
    """The form of a deposit of this paper, filled in."""
    page = enter("/en/deposit/", **options).page
    drop_files(page, paper)
    fill_by_reading(page)
    return page


def test_what_opens_later_opens_by_itself(
    enter: Enter, visit: Visit, editor: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = timezone.localdate()
    paper = draw([Set(TITLE, 120, size=20, style="b"), Set("Ada Wiggers", 160), Set(ON_A_PAGE, 160, page=2)])
    page = bring(enter, write_file(tmp_path, content=paper))
    page.locator("#f-resource_type").select_option("report")
    page.locator("#access-embargoed").check()
    page.locator("#f-available").fill((today + timedelta(days=2)).isoformat())
    save(page)
    send(page)
    approve(visit, editor)
    index_due()
    record = Record.objects.get(title=TITLE)
    file = f"/en/records/{record.pid}/wedges.pdf"
    hit = f'[data-hit="{record.pid}"]'

    stranger = visit()
    stranger.go(f"/en/records/{record.pid}/")
    expect(stranger.page.locator("main")).to_contain_text("The pages open on")
    assert not may_open(stranger, file)
    stranger.go(SEARCH)
    expect(stranger.page.locator(hit)).to_have_count(0)

    monkeypatch.setattr(timezone, "localdate", lambda *_of: today + timedelta(days=2))
    stranger.go(f"/en/records/{record.pid}/")
    expect(stranger.page.locator("main")).not_to_contain_text("The pages open on")
    assert may_open(stranger, file)
    stranger.go(SEARCH)
    expect(stranger.page.locator(hit)).to_contain_text(ON_A_PAGE)


def may_open(visitor: Visitor, path: str) -> bool:
    status = visitor.page.request.get(visitor.site + path).status
    assert status in (200, 403)
    return status == 200


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_publishers_version_asks_for_the_right_to_share_it(enter: Enter, tmp_path: Path, scripts: bool) -> None:
    page = bring_without_scripts(enter, tmp_path) if not scripts else bring(enter, write_file(tmp_path))
    asked = page.locator("[data-publishers]")
    expect(asked).to_be_hidden()

    page.locator("#f-version_type").select_option("published")
    if scripts:
        save(page)
    else:
        follow(page.locator('.submit-bar button[value="save"]'))
    expect(asked).to_be_visible()
    expect(asked).to_contain_text("Bring your accepted manuscript instead, or let it open later")
    page.locator("#may-share").check()
    follow(page.locator('.submit-bar button[value="save"]'))

    expect(page.locator("#may-share")).to_be_checked()
    assert only_deposit().answers["may_share"] == "yes"


def bring_without_scripts(enter: Enter, tmp_path: Path) -> Page:
    page = enter("/en/deposit/", java_script_enabled=False).page
    page.locator("#files").set_input_files(write_file(tmp_path))
    page.locator(".drop button").click()
    fill_by_reading(page)
    return page


def test_the_sign_of_a_publisher_on_the_first_page_is_seen(
    enter: Enter, visit: Visit, editor: Any, tmp_path: Path
) -> None:
    owned = draw([Set(TITLE, 120, size=20, style="b"), Set("© 2024 Elsevier B.V. All rights reserved.", 700, size=8)])

    page = bring(enter, write_file(tmp_path, content=owned))

    expect(page.locator("[data-publishers]")).to_contain_text("This looks like the publisher’s version")
    page.locator("#f-resource_type").select_option("report")
    page.locator("[data-add]").first.click()
    page.locator("[name=authors-0-family_name]").fill("Wiggers")
    save(page)
    send(page)
    desk = visit()
    desk.sign_in(editor)
    desk.go("/admin/deposits/")
    expect(desk.page.locator("[data-deposit]")).to_contain_text("publisher’s version")
