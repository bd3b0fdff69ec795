import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption

from publications.ingest import attempts, sandbox
from publications.ingest.filetypes import PDF
from publications.ingest.limits import Limits
from publications.ingest.reading import PageText, read_document
from publications.vocabularies import FileStatus, PageStatus
from tests.publications.ingest.pdf_objects import flate_bomb, form, stream

FIRST = (
    "Low-dose CT of the heart: we study the seg-\nmentation of the left ventricle in a large set of scans,\n"
    "and compare what the network finds with what two radiologists have drawn by hand in the same images.\n"
    "The segmentation is better than that of earlier work, and it takes a tenth of the time on a laptop."
)
SECOND = (
    "De onderzoekers vergeleken beelden van honderd patienten en stelden vast dat de nieuwe methode de tumor\n"
    "nauwkeuriger aftekent dan de artsen tot nu toe met de hand deden, ook wanneer de opname slechter was.\n"
    "De methode is daarna in drie ziekenhuizen in gebruik genomen en wordt daar nog altijd toegepast."
)


def test_pages_are_read_in_order_with_text_size_and_language(make_pdf):
    told: list[tuple[int, int]] = []

    document = read_document(
        make_pdf([FIRST, "", SECOND, FIRST], title="A study"),
        on_page=lambda number, total: told.append((number, total)),
    )

    assert (document.status, document.message, document.kind) == (FileStatus.READY, "", PDF)
    assert (document.page_count, document.language, document.info["title"]) == (4, "en", "A study")
    assert [page.status for page in document.pages] == ["text", "no_text", "text", "text"]
    assert [page.language for page in document.pages] == ["en", "en", "nl", "en"]
    assert {(page.width, page.height) for page in document.pages} == {(595, 842)}
    assert "we study the segmentation of the left ventricle" in document.pages[0].text
    assert "seg-\nmentation" in document.pages[0].raw_text
    assert document.pages[1] == PageText(
        2, "no_text", reason="no_words", awaits_recognition=True, language="en", width=595, height=842
    )
    assert told[:3] == [(1, 4), (2, 4), (3, 4)]
    assert 0 < document.cpu_seconds < 30


@pytest.mark.parametrize("content", [b"BT /F1 9 Tf 50 50 Td (Slide) Tj ET", b""])
def test_a_turned_page_is_as_wide_as_it_is_shown(write_page, content: bytes):
    document = read_document(write_page(stream(content), media_box=b"100 100 500 400", turned=90))

    assert (document.pages[0].width, document.pages[0].height) == (300, 400)


def test_a_file_without_text_says_so(make_pdf):
    document = read_document(make_pdf(["", ""]))

    assert (document.status, document.page_count) == ("no_text", 2)
    assert "scan" in document.message


def test_a_password_is_asked_for_only_where_it_is_needed(make_pdf):
    locked = make_pdf([FIRST], name="locked.pdf", encrypt=StandardEncryption("secret", "owner", strength=128))
    not_for_printing = make_pdf([FIRST], name="open.pdf", encrypt=StandardEncryption("", "owner", canPrint=0))

    assert read_document(locked).status == "password"
    assert "Upload a copy without one" in read_document(locked).message
    assert read_document(not_for_printing).status == "ready"


def test_more_pages_than_the_limit_are_read_in_part(make_pdf):
    document = read_document(make_pdf([FIRST, SECOND, FIRST, SECOND]), limits=Limits(pages=3))

    assert (document.status, document.page_count, len(document.pages)) == ("partial", 4, 3)
    assert "more pages" in document.message


def test_a_long_page_is_cut_at_the_limit(make_pdf):
    document = read_document(make_pdf([FIRST]), limits=Limits(page_characters=50))

    assert (document.status, len(document.pages[0].raw_text)) == ("ready", 50)


def test_what_pypdf_cannot_read_pdfium_reads(make_pdf):
    path = make_pdf([FIRST])
    content = path.read_bytes()
    # Without its table of objects and its trailer, pypdf finds no way in.
    path.write_bytes(content[: content.index(b"xref\n")].replace(b"%PDF-1.3", b"%PDF-1.3\n%%EOF"))

    document = read_document(path)

    if document.status == "ready":
        assert document.engine == "pdfium"
    else:
        assert document.status == "unreadable"


@pytest.mark.parametrize(
    ("kind", "statuses"),
    [
        ("flate bomb", {"limit"}),
        ("nested forms", {"limit", "no_text"}),
        ("nested arrays", {"limit", "no_text", "unreadable"}),
        ("many operators", {"ready"}),
        ("cyclic page tree", {"unreadable"}),
        ("same page often", {"limit"}),
        ("truncated", {"unreadable", "ready", "partial"}),
    ],
)
def test_hostile_file_ends_in_an_honest_status(hostile_pdf: Callable[[str], Path], kind: str, statuses: set[str]):
    document = read_document(hostile_pdf(kind))

    assert document.status in statuses, document
    assert document.cpu_seconds <= 30


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.pdf", b"", "empty"),
        ("page.pdf", b"<!doctype html><title>Sign in</title>", "named PDF but is none"),
        ("noise.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40, "damaged"),
        ("notes.txt", b"plain words", "takes PDF"),
    ],
)
def test_what_is_no_document_gets_a_sentence_to_act_on(tmp_path: Path, name: str, content: bytes, message: str):
    path = tmp_path / name
    path.write_bytes(content)

    document = read_document(path)

    assert (document.status, document.pages) == ("unreadable", ())
    assert message in document.message


def test_one_bad_page_leaves_the_others(write_pdf):
    path = write_pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 2 /MediaBox [0 0 600 800] >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        stream(b"BT /F1 9 Tf 50 700 Td (The first page is fine) Tj ET"),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 7 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        flate_bomb(60 << 20),
    )

    document = read_document(path)

    assert (document.status, document.pages[0].text) == ("partial", "The first page is fine")
    assert document.pages[1].status == PageStatus.UNREADABLE


DRAWING = b"0 0 m 9 9 l S\n" * 30_000


@pytest.mark.parametrize("where", ["page", "form", "form in a form"])
def test_a_page_with_a_huge_drawing_is_read_by_pdfium(write_page, where: str):
    words = b"BT /F1 9 Tf 50 700 Td (The words beside a figure) Tj ET\n"
    path = {
        "page": lambda: write_page(stream(words + DRAWING)),
        "form": lambda: write_page(stream(words + b"/X Do"), form(DRAWING), resources=b"/XObject << /X 6 0 R >>"),
        "form in a form": lambda: write_page(
            stream(words + b"/X Do"),
            form(b"/Y Do", resources=b"/XObject << /Y 7 0 R >>"),
            form(DRAWING),
            resources=b"/XObject << /X 6 0 R >>",
        ),
    }[where]()

    document = read_document(path)

    assert (document.status, document.engine) == ("ready", "pypdf+pdfium")
    assert document.pages[0].text == "The words beside a figure"


def test_forms_that_draw_each_other_end(write_page):
    path = write_page(
        stream(b"BT /F1 9 Tf 50 700 Td (Round and round) Tj ET /X Do"),
        form(b"/X Do", resources=b"/XObject << /X 6 0 R >>"),
        resources=b"/XObject << /X 6 0 R >>",
    )

    assert read_document(path).pages[0].text == "Round and round"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux")
def test_a_huge_drawing_on_which_pdfium_dies_is_read_by_pypdf(write_page, monkeypatch: pytest.MonkeyPatch):
    """pdfium is let into so little memory that it dies as soon as it starts."""
    path = write_page(stream(b"BT /F1 9 Tf 50 700 Td (The words beside a figure) Tj ET\n" + DRAWING))
    starved = Limits(memory_bytes=1 << 20)
    run_job = attempts.run_job

    def run(work: str, arguments, *, limits: Limits, **more):
        return run_job(work, arguments, limits=limits if work == "pypdf" else starved, **more)

    monkeypatch.setattr(attempts, "run_job", run)

    document = read_document(path)

    assert (document.status, document.engine) == ("ready", "pypdf")
    assert document.pages[0].text == "The words beside a figure"


def test_a_kill_for_cpu_time_keeps_the_pages_read(make_pdf):
    path = make_pdf([f"Page {number}. " + f"{FIRST}\n" * 14 for number in range(1, 1000)])

    document = read_document(path, limits=Limits(cpu_seconds=1))

    assert document.page_count == 999
    # pypdf is killed on the way; pdfium, 15 times as fast, may reach the end.
    assert "pypdf: limit cpu" in document.detail
    assert document.pages[0].text.startswith("Page 1. Low-dose CT")
    assert document.status in ("ready", "partial")


def test_several_threads_read_at_the_same_time(make_pdf):
    paths = [make_pdf([f"Document {number}\n{FIRST}"] * 3, name=f"{number}.pdf") for number in range(6)]
    before = threading.active_count()

    with ThreadPoolExecutor(6) as executor:
        documents = list(executor.map(read_document, paths))

    assert [document.pages[0].text.split("\n")[0] for document in documents] == [f"Document {n}" for n in range(6)]
    assert threading.active_count() == before


def test_reading_twice_gives_the_same(make_pdf):
    path = make_pdf([FIRST, SECOND])

    first, second = read_document(path), read_document(str(path))

    assert replace(first, cpu_seconds=0) == replace(second, cpu_seconds=0)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux")
@pytest.mark.parametrize(("kills", "status"), [(1, "ready"), (2, "partial")])
def test_a_killed_child_leaves_no_page_silently_empty(make_pdf, kills: int, status: str):
    """The first attempt's death is made good by the second; where that dies too, the rest of the pages say so."""
    killed: list[int] = []

    def kill(number: int, _total: int) -> None:
        server = sandbox.running_server().process.pid
        if len(killed) < kills and number % 50 == 3:
            child = int(Path(f"/proc/{server}/task/{server}/children").read_text().split()[0])
            if child not in killed:
                os.kill(child, signal.SIGKILL)
                killed.append(child)

    document = read_document(make_pdf([f"{FIRST}\n" * 12] * 400), on_page=kill)

    assert (document.status, len(document.pages)) == (status, 400)
    assert all(page.text or page.reason == "not_reached" for page in document.pages)
    assert any(page.status == "unreadable" for page in document.pages) == (status == "partial")
