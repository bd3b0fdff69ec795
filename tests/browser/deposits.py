"""What tests of deposits in a browser share: a paper, whoever brings it in, and reading without a worker."""

import io
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect
from pypdf import PdfReader, PdfWriter

from publications.ingest.pipeline import ingest_file
from publications.models import Deposit, RecordFile
from publications.vocabularies import DepositState, FileStatus
from tests.browser.conftest import Visit, follow
from tests.publications.ingest.typeset import Set, draw, paragraph

TITLE = "Step wedges in forty hospitals"
PAPER = draw(
    [
        Set(TITLE, 120, size=20, style="b"),
        Set("Sofie Brouwer-de Wit^1^, Ada Wiggers^2^", 160, size=12),
        Set("^1^ Ziekenhuis aan de Vecht, Ommen", 184, size=9, style="i"),
        Set("^2^ University of the Veluwe, Ede", 198, size=9, style="i"),
        Set("Abstract", 240, size=12, style="b"),
        *paragraph(
            "Step wedges drift, and nobody looks. We sent one to forty hospitals for a year of medical imaging, and "
            "say what the greys told us about the cameras, and about the people who look at them every morning.",
            260,
        ),
        *paragraph("Wedges that drift are seen at once, by whoever looks at them. " * 8, 340),
    ]
)
"""Its first author is new to the hub of the tests, the second and two topics are known there."""
BY_PHONE = {"width": 390, "height": 844}
FORM = re.compile(r"/deposit/\w{8}/$")


def locked_paper() -> bytes:
    """The paper behind a password."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(PAPER)))
    writer.encrypt("secret", algorithm="AES-256")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def write_file(folder: Path, name: str = "wedges.pdf", content: bytes | None = None) -> Path:
    """A file on the depositor's disk."""
    path = folder / name
    path.write_bytes(PAPER if content is None else content)
    return path


def drop_files(page: Page, *paths: Path) -> None:
    """Drop files on the page, as somebody with a mouse does."""
    files = [[path.name, list(path.read_bytes())] for path in paths]
    page.evaluate(
        """files => {
            const data = new DataTransfer();
            for (const [name, bytes] of files) data.items.add(new File([new Uint8Array(bytes)], name));
            const target = document.querySelector("file-drop form");
            for (const type of ["dragenter", "dragover", "drop"])
                target.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        files,
    )


def read_files() -> None:
    """Read what waits, as the worker would."""
    for file in RecordFile.objects.filter(status=FileStatus.RECEIVED):
        ingest_file(file.pk)


def wait_for_form(page: Page) -> None:
    """Wait until the form of a deposit is there, with its scripts."""
    expect(page).to_have_url(FORM)
    page.wait_for_load_state()


def fill_by_reading(page: Page) -> None:
    """Read the files of the form that comes, and wait until it has come again, filled in; it does so by itself."""
    wait_for_form(page)
    read_files()
    expect(page.locator("#f-title")).not_to_have_value("")
    page.wait_for_load_state()


def only_deposit() -> Any:
    """The one deposit that there is, with its state."""
    return Deposit.objects.with_state().get()


def save(page: Page) -> None:
    """Wait until the form has saved itself, with all that was typed: that it did so before is also said meanwhile."""
    expect(page.locator("describe-form")).to_have_js_property("isTouched", False)
    expect(page.locator("describe-form")).to_have_js_property("isSaving", False)
    expect(page.locator("[data-saved-state]")).to_have_text(re.compile(r"Saved|Opgeslagen|Bewaard"))


def send(page: Page) -> None:
    """Send the deposit, and wait until it is with the editors."""
    follow(page.locator('.submit-bar button[value="send"]'))
    expect(page.locator(".progress-steps [aria-current]")).to_have_text(
        re.compile("review|editors|beoordel|redactie", re.IGNORECASE)
    )


def approve(visit: Visit, editor: Any) -> None:
    """An editor opens the queue, looks, and approves."""
    desk = visit()
    desk.sign_in(editor)
    desk.go("/admin/deposits/")
    follow(desk.page.locator("[data-deposit] a"))
    expect(desk.page.locator(".hub-page-text")).to_contain_text(TITLE)
    follow(desk.page.locator("button[name=approve]"))
    expect(desk.page.locator(".messages .success")).to_be_visible()
    assert only_deposit().state == DepositState.LIVE
