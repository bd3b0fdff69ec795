"""Pages that are pictures: words drawn as pixels, as a scanner leaves them."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from publications.demo.scans import draw_scan


def make_scan(pages: Sequence[str]) -> bytes:
    """A PDF with a picture of the text on each page; "" gives a blank page, "#" a drawing without words."""
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=A4, invariant=True)
    for text in pages:
        if text == "#":
            canvas.drawImage(ImageReader(io.BytesIO(draw_lines())), 0, 0, *A4)
        elif text:
            canvas.drawImage(ImageReader(io.BytesIO(draw_scan(tuple(text.splitlines())))), 0, 0, *A4)
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def draw_lines() -> bytes:
    """A drawing of lines that cross."""
    picture = Image.new("L", (600, 850), 255)
    pen = ImageDraw.Draw(picture)
    for place in range(0, 600, 150):
        pen.line((place, 0, 600 - place, 850), fill=0, width=3)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
