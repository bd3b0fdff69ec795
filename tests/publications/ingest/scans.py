"""Pages that are pictures: words drawn as pixels, as a scanner leaves them."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from publications.demo.scans import FONT, draw_scan


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


PAPER = [
    (26, "Cartilage thickness on early scans of the knee"),
    (0, ""),
    (20, "Ada Lovelace and Bas Smit"),
    (0, ""),
    (24, "Abstract"),
    (18, "We measured the cartilage of forty knees on scans of thirty years ago"),
    (18, "and on new ones of the same people. The old scans show a thicker layer"),
    (18, "in all but three of them, which the age of the people alone explains."),
    (0, ""),
    (24, "1. Introduction"),
    (18, "Scans of thirty years ago were kept on film in the cellar of the hospital"),
    (18, "and nobody has compared them with what machines of today can show. They"),
    (18, "were drawn again for this work with a device that is made for drawings."),
]


def make_scanned_paper() -> bytes:
    """A PDF with a picture of the first page of a paper: title, authors, abstract, and the text begins."""
    picture = Image.new("L", (1654, 2339), 250)
    pen = ImageDraw.Draw(picture)
    height = 200
    for size, text in PAPER:
        if text:
            pen.text((200, height), text, font=ImageFont.truetype(str(FONT), round(size * 1.7)), fill=40)
        height += round(1.5 * 1.7 * (size or 18))
    file, content = io.BytesIO(), io.BytesIO()
    picture.save(file, "PNG")
    canvas = Canvas(content, pagesize=A4, invariant=True)
    canvas.drawImage(ImageReader(file), 0, 0, *A4)
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
