"""Words that a page holds and nobody sees: what is found, and what readers do see."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from publications.ingest.limits import Limits
from publications.ingest.sandbox import run_job

SECRET = "Jan de Vries BSN 123456782"
INVISIBLE = 3


def hidden_in(path: Path) -> dict[int, str]:
    """The hidden words of each page, as the guarded process tells them."""
    told: list[dict] = []
    ending = run_job("hidden", {"path": str(path)}, limits=Limits(), on_message=told.append)
    assert ending.outcome == "done", ending
    return {message["page"]: message["hidden"] for message in told}


def drawn(tmp_path: Path, draw: Callable[[Canvas], None], *, rotation: int = 0) -> Path:
    path = tmp_path / "page.pdf"
    canvas = Canvas(str(path), pagesize=A4)
    canvas.drawString(72, 700, "What everybody reads.")
    draw(canvas)
    canvas.showPage()
    canvas.save()
    if rotation:
        writer = PdfWriter(clone_from=path)
        writer.pages[0].rotate(rotation)
        writer.write(path)
    return path


def write(canvas: Canvas, text: str, *, mode: int = 0, x: float = 72, y: float = 600, white: bool = False) -> None:
    words = canvas.beginText(x, y)
    words.setFont("Helvetica", 11)
    words.setTextRenderMode(mode)
    if white:
        words.setFillGray(1)
    words.textOut(text)
    canvas.drawText(words)


def photograph() -> ImageReader:
    """A picture without letters: soft shapes, as a scan of a body has."""
    picture = Image.radial_gradient("L").resize((900, 900))
    return ImageReader(picture)


def picture_of(text: str) -> ImageReader:
    picture = Image.new("L", (1190, 1684), 255)
    ImageDraw.Draw(picture).text((144, 456), text, fill=0, font=ImageFont.load_default(size=22))
    return ImageReader(picture)


def in_a_drawing(canvas: Canvas) -> None:
    canvas.beginForm("figure")
    write(canvas, SECRET, x=10, y=10, white=True)
    canvas.endForm()
    canvas.saveState()
    canvas.translate(200, 300)
    canvas.scale(0.8, 0.8)
    canvas.doForm("figure")
    canvas.restoreState()


def over_a_photograph(canvas: Canvas) -> None:
    canvas.drawImage(photograph(), 0, 200, width=595, height=595)
    write(canvas, SECRET, mode=INVISIBLE)


@pytest.mark.parametrize("rotation", [0, 90])
@pytest.mark.parametrize(
    "draw",
    [
        pytest.param(lambda canvas: write(canvas, SECRET, mode=INVISIBLE), id="drawn invisibly"),
        pytest.param(lambda canvas: write(canvas, SECRET, white=True), id="white on paper"),
        pytest.param(lambda canvas: write(canvas, SECRET, y=-40), id="below the page"),
        pytest.param(lambda canvas: write(canvas, SECRET, x=700), id="beside the page"),
        pytest.param(over_a_photograph, id="over a photograph"),
        pytest.param(in_a_drawing, id="in a drawing"),
    ],
)
def test_words_that_nobody_sees(tmp_path: Path, draw: Callable[[Canvas], None], rotation: int) -> None:
    assert hidden_in(drawn(tmp_path, draw, rotation=rotation)) == {1: SECRET}


def white_on_a_bar(canvas: Canvas) -> None:
    canvas.setFillGray(0.2)
    canvas.rect(60, 590, 400, 30, stroke=0, fill=1)
    write(canvas, "Heading of a table", white=True)


def text_layer_of_a_scan(canvas: Canvas) -> None:
    canvas.drawImage(picture_of("The words of the scan, recognised"), 0, 0, width=A4[0], height=A4[1])
    write(canvas, "The words of the scan, recognised", mode=INVISIBLE)


def drawing_with_white_letters(canvas: Canvas) -> None:
    canvas.beginForm("figure")
    canvas.setFillGray(0)
    canvas.rect(0, 0, 300, 40, stroke=0, fill=1)
    write(canvas, "Legend of a figure", x=10, y=15, white=True)
    canvas.endForm()
    canvas.translate(200, 300)
    canvas.doForm("figure")


@pytest.mark.parametrize("rotation", [0, 90])
@pytest.mark.parametrize(
    "draw",
    [
        pytest.param(lambda canvas: write(canvas, SECRET), id="plain text"),
        pytest.param(lambda canvas: write(canvas, SECRET, x=-20), id="partly outside"),
        pytest.param(white_on_a_bar, id="white on a dark bar"),
        pytest.param(text_layer_of_a_scan, id="text layer of a scan"),
        pytest.param(drawing_with_white_letters, id="white in a dark drawing"),
    ],
)
def test_words_that_readers_see(tmp_path: Path, draw: Callable[[Canvas], None], rotation: int) -> None:
    assert hidden_in(drawn(tmp_path, draw, rotation=rotation)) == {}


def test_a_file_that_is_no_pdf_tells_nothing(tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    path.write_bytes(b"no PDF")
    told: list[dict] = []
    assert run_job("hidden", {"path": str(path)}, limits=Limits(), on_message=told.append).outcome == "unreadable"
    assert told == []
