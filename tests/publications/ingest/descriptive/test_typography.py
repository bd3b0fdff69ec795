"""Lines as the reading process finds them in a PDF: marks, accents, columns, turned pages, links."""

import io
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from publications.ingest.descriptive.layout import Page, read_pages
from publications.ingest.limits import Limits
from publications.ingest.sandbox import run_job
from tests.publications.ingest.typeset import Set, draw

HEIGHT = A4[1]


@pytest.fixture
def read(tmp_path: Path):
    """Has the first page of a PDF read, in a process with limits."""

    def read(content: bytes) -> Page:
        path = tmp_path / "paper.pdf"
        path.write_bytes(content)
        told: list[dict[str, Any]] = []
        ending = run_job("layout", {"path": str(path), "pages": [1]}, limits=Limits(), on_message=told.append)
        assert ending.outcome == "done", ending
        return read_pages(told)[0]

    return read


def drawn(draw_on: Any) -> bytes:
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=A4, invariant=True)
    draw_on(canvas)
    canvas.save()
    return content.getvalue()


def test_lines_have_their_place_size_and_style(read):
    page = read(draw([Set("Counting leaves", 100, size=16, style="b"), Set("in autumn", 130, left=90, style="i")]))

    first, second = page.lines
    assert (first.text, first.look.size, first.look.style, first.baseline, first.left) == (
        "Counting leaves",
        16.0,
        "b",
        pytest.approx(100, abs=0.2),
        pytest.approx(72, abs=0.5),
    )
    assert (second.text, second.look.style, second.left) == ("in autumn", "i", pytest.approx(90, abs=0.5))


def test_raised_marks_are_known(read):
    (line,) = read(draw([Set("Anna Bos^1,2^ and Piet Smit^∗^", 100)])).lines

    assert [(span.text.strip(), span.is_mark) for span in line.spans if span.text.strip()][:3] == [
        ("Anna Bos", False),
        ("1,2", True),
        ("and Piet Smit", False),
    ]
    assert line.plain.startswith("Anna Bos and Piet Smit")


def test_accents_that_are_drawn_by_themselves_come_onto_their_letters(read):
    def draw_on(canvas: Canvas) -> None:
        text = canvas.beginText(72, HEIGHT - 100)
        text.setFont("Helvetica", 12)
        text.textOut("Gorriz")
        canvas.drawText(text)
        canvas.drawString(72 + canvas.stringWidth("G", "Helvetica", 12) + 1, HEIGHT - 100, "´")

    assert [line.text for line in read(drawn(draw_on)).lines] == ["Górriz"]


def test_what_stands_far_apart_on_a_line_is_not_one(read):
    page = read(draw([Set("Anna Bos", 100), Set("anna@example.org", 100, left=400)]))

    assert [line.text for line in page.lines] == ["Anna Bos", "anna@example.org"]


def test_what_was_drawn_apart_on_a_line_is_put_together(read):
    lines = [Set("Anna Bos", 100), Set("below it", 120), Set("and Piet", 100, left=119)]

    assert [line.text for line in read(draw(lines)).lines] == ["Anna Bos and Piet", "below it"]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_reads_as_it_is_shown(read, turn: int):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(upright_for(turn))))
    writer.pages[0].rotate(turn)
    content = io.BytesIO()
    writer.write(content)

    page = read(content.getvalue())

    assert [line.text for line in page.lines] == ["Counting leaves", "in autumn"]
    assert page.turned == ()


def upright_for(turn: int) -> bytes:
    """A page whose text stands upright once the page is turned so far."""

    def draw_on(canvas: Canvas) -> None:
        canvas.translate(300, 400)
        canvas.rotate(turn)
        canvas.setFont("Helvetica", 12)
        canvas.drawString(0, 100, "Counting leaves")
        canvas.drawString(0, 80, "in autumn")

    return drawn(draw_on)


def test_text_that_runs_upwards_is_told_apart(read):
    def draw_on(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "Counting leaves")
        canvas.translate(20, 300)
        canvas.rotate(90)
        canvas.drawString(0, 0, "arXiv:1907.01234v1 [cs.CV] 3 Jul 2019")

    page = read(drawn(draw_on))

    assert [line.text for line in page.lines] == ["Counting leaves"]
    assert [text.replace(" ", "") for text in page.turned] == ["arXiv:1907.01234v1[cs.CV]3Jul2019"]


def test_links_are_told_with_their_places(read):
    def draw_on(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "doi")
        canvas.linkURL("https://doi.org/10.5555/leaves", (72, 700, 90, 712))

    ((left, top, address),) = read(drawn(draw_on)).links

    assert (left, top, address) == (72.0, pytest.approx(HEIGHT - 712, abs=0.2), "https://doi.org/10.5555/leaves")


def test_a_page_that_the_document_does_not_have_is_left_out(tmp_path: Path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(draw([Set("One page", 100)]))
    told: list[dict[str, Any]] = []

    run_job("layout", {"path": str(path), "pages": [1, 2, 3]}, limits=Limits(), on_message=told.append)

    assert [message["page"] for message in told] == [1]
