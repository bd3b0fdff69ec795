"""Every odd, damaged, encrypted, scanned or hostile PDF of the shared set is read as its manifest says."""

import json
import re
import unicodedata
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from publications.ingest.reading import DocumentText, read_document

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "odd-pdfs"
MANIFEST = FOLDER / "manifest.json"
ENTRIES = json.loads(MANIFEST.read_text())["files"] if MANIFEST.exists() else []

READ = {"ready", "partial"}
REFUSED = {"unreadable", "limit", "no_text"}
STATUSES = {
    "text": READ,
    "no_text": {"no_text"},
    "no_page_text": {"no_text"} | READ,
    "no_text_then_ocr": {"no_text"},
    "password": {"password"},
    "unreadable": REFUSED,
    "limit": {"limit", "partial"},
    "limit_or_no_text": {"limit", "no_text"},
    "limit_or_text": {"limit"} | READ,
    "text_or_password": {"password"} | READ,
    "text_or_unreadable": {"unreadable"} | READ,
    "any_but_crash": {"password"} | READ | REFUSED,
}


@pytest.fixture(scope="module")
def readings() -> Iterator[dict[str, Future[DocumentText]]]:
    """All of them, two at a time, as a bulk import reads them."""
    with ThreadPoolExecutor(2) as executor:
        yield {entry["file"]: executor.submit(read_document, FOLDER / entry["file"]) for entry in ENTRIES}


@pytest.mark.xdist_group("odd PDFs")
@pytest.mark.shared_data
@pytest.mark.skipif(not ENTRIES, reason="needs ../shared/data beside the project")
@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry["file"]) for entry in ENTRIES])
def test_odd_pdf_is_read_as_its_manifest_says(entry: dict, readings: dict[str, Future[DocumentText]]):
    document = readings[entry["file"]].result()

    assert document.status in STATUSES[entry["expect"]], document
    assert bool(document.message) == (document.status != "ready")
    assert document.cpu_seconds <= 30
    if entry["expect"] == "no_page_text":
        # What is found there comes from form fields and annotations.
        assert not any(page.text for page in document.pages)
    if entry["expect"] == "text":
        text = squeeze(" ".join(" ".join([page.text, *page.running]) for page in document.pages))
        found = [word for word in entry["expect_words"] if word in text]
        assert len(found) >= entry.get("min_share", 0.8) * len(entry["expect_words"]), (document, entry["expect_words"])


def squeeze(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text).lower())
