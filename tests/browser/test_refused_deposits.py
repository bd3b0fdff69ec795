"""What cannot be read, or did not arrive: each says what happened and what to do, with scripts and without."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from publications.models import Deposit
from tests.browser.conftest import Hub, Visit, Visitor, follow
from tests.browser.deposits import (
    FORM,
    PAPER,
    TITLE,
    drop_files,
    fill_by_reading,
    locked_paper,
    read_files,
    wait_for_form,
    write_file,
)
from tests.factories import ResearcherFactory
from tests.publications.registry import registry  # noqa: F401  (a fixture)

NOTHING_FOUND = "Nothing about title or authors was found"
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00This program cannot be run in DOS mode."
CUT_SHORT = PAPER[: len(PAPER) // 3]


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def visitor(hub: Hub, visit: Visit, scripts: bool) -> Visitor:
    found = visit(java_script_enabled=scripts)
    found.sign_in(ResearcherFactory(username="sofie"))
    found.go("/en/deposit/")
    return found


def bring(visitor: Visitor, *paths: Path, scripts: bool) -> Page:
    """Bring files the way that this visitor has."""
    if scripts:
        drop_files(visitor.page, *paths)
    else:
        visitor.page.locator("#files").set_input_files(paths)
        follow(visitor.page.locator(".drop button"))
    return visitor.page


def told(page: Page, *, scripts: bool) -> Any:
    """Where a refusal stands: in the line of the upload, else among the messages of the page."""
    return page.locator(".uploads .field-error" if scripts else ".messages")


REFUSED_AT_ONCE = {
    "an empty file": ("empty.pdf", b"", "This file is empty. Check the original and upload it again."),
    "a program called PDF": ("paper.pdf", PROGRAM, "This file is named PDF but is none. Export the document as PDF"),
    "a program": ("setup.exe", PROGRAM, "Export this as PDF and bring that."),
    "a bibliography without entries": ("list.bib", b"%PDF, or so", "no entries that can be read"),
    "a bibliography with a broken entry": ("list.bib", b"@article{wig,\n title = {Never closed", "list.bib"),
}


@pytest.mark.parametrize("case", REFUSED_AT_ONCE)
def test_what_is_no_work_is_refused_with_a_sentence(visitor: Visitor, tmp_path: Path, scripts: bool, case: str) -> None:
    name, content, sentence = REFUSED_AT_ONCE[case]

    page = bring(visitor, write_file(tmp_path, name, content), scripts=scripts)

    expect(told(page, scripts=scripts)).to_contain_text(sentence)
    assert Deposit.objects.count() == 0
    assert page.url.endswith("/en/deposit/")


def test_a_file_too_large_is_refused_and_before_it_is_sent_where_there_are_scripts(
    visitor: Visitor, tmp_path: Path, scripts: bool, settings: Any
) -> None:
    settings.DEPOSIT_MAX_SIZE_BYTES = 1_000_000
    visitor.page.reload()
    sent: list[str] = []
    visitor.page.on("request", lambda request: sent.append(request.method))

    page = bring(visitor, write_file(tmp_path, content=PAPER + b"\0" * 1_000_000), scripts=scripts)

    expect(told(page, scripts=scripts)).to_contain_text("1 MB" if scripts else "arge")
    assert Deposit.objects.count() == 0
    assert ("POST" in sent) is not scripts


CANNOT_BE_READ = {
    "broken": (b"%PDF-1.7\n" + b"\x00\xff" * 4000, "This PDF is damaged and cannot be opened. Export it again"),
    "cut short": (CUT_SHORT, "This PDF is damaged and cannot be opened. Export it again"),
    "locked": (locked_paper(), "This PDF asks for a password. Upload a copy without one."),
}


@pytest.mark.parametrize("case", CANNOT_BE_READ)
def test_a_pdf_that_stays_shut_says_why_and_another_takes_its_place(
    visitor: Visitor, tmp_path: Path, scripts: bool, case: str
) -> None:
    content, sentence = CANNOT_BE_READ[case]

    page = bring(visitor, write_file(tmp_path, content=content), scripts=scripts)
    wait_for_form(page)
    read_files()

    trouble = page.locator(".describe-column > .state-stop")
    expect(trouble).to_contain_text(sentence)
    expect(page.locator("main")).not_to_contain_text(NOTHING_FOUND)
    page.wait_for_load_state()
    trouble.locator("a").click()
    follow(page.locator('#own-files form[action$="/take-out/"] button'))
    page.locator("#more-files").set_input_files(write_file(tmp_path, "whole.pdf"))
    follow(page.locator("#own-files .inline-field button"))
    expect(page.locator("#own-files")).to_contain_text("whole.pdf")
    fill_by_reading(page)
    expect(page.locator("#f-title")).to_have_value(TITLE)
    expect(page.locator(".state-stop")).to_have_count(0)


def test_a_doi_that_nobody_knows_is_said_to_be_unknown(visitor: Visitor, registry: Any, scripts: bool) -> None:  # noqa: F811
    visitor.page.reload()
    for typed, sentence in (("10.5555/unknown", "Neither Crossref nor DataCite knows this DOI."), ("wedge", "DOI")):
        visitor.page.locator("#doi").fill(typed)
        follow(visitor.page.locator("#doi + button"))

        expect(visitor.page.locator(".messages")).to_contain_text(sentence)
        assert Deposit.objects.count() == 0


# Lost connections, which only the script can mend ------------------------------------------------------------------


@pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"])
def test_an_upload_that_is_cut_off_is_sent_again_by_itself(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.page
    page.context.set_offline(True)

    drop_files(page, write_file(tmp_path))
    expect(page.locator(".uploads")).to_contain_text("The connection was lost. It is sent again by itself")
    page.context.set_offline(False)

    expect(page).to_have_url(FORM)
    assert Deposit.objects.count() == 1


@pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"])
def test_an_upload_whose_answer_is_lost_is_taken_once(visitor: Visitor, tmp_path: Path) -> None:
    page, lost = visitor.page, []

    def lose_the_first(route: Route) -> None:
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort("connectionreset")

    page.route("**/en/deposit/", lose_the_first)
    drop_files(page, write_file(tmp_path))

    expect(page).to_have_url(FORM)
    assert lost == [200]
    assert Deposit.objects.count() == 1


@pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"])
def test_what_is_typed_without_a_connection_is_kept_and_saved_later(visitor: Visitor) -> None:
    page = visitor.page
    follow(page.locator('button[name="blank"]'))
    expect(page).to_have_url(FORM)
    page.context.set_offline(True)

    page.locator("#f-title").fill("Typed in a tunnel")
    expect(page.locator("[data-saved-state]")).to_contain_text("Not saved: no connection")
    page.context.set_offline(False)

    expect(page.locator("[data-saved-state]")).to_contain_text("Saved")
    assert Deposit.objects.get().answers["title"] == "Typed in a tunnel"
