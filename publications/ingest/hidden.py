"""Words that a page holds and nobody sees, by pdfium. Runs in the reading process (`child.py`), never elsewhere.

Suspect is text that is drawn invisibly, in white, or outside the page. Whether it is seen is asked of the page's own
picture: writing leaves strokes where it stands. White letters on a dark bar do, and so does the text layer of a scan,
which lies over the picture of the same words; words over a photograph or over empty paper do not.
"""

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from publications.ingest.limits import Limits
from publications.ingest.pdfium import image_scale, on_page, open_document
from publications.ingest.text import storable

UNDRAWN = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)
WHITE = 240
"""From this on, of 255, a colour is white to the eye."""
DEEPEST = 4
MOST_OBJECTS = 20_000
MOST_CHARACTERS = 2_000
"""Of the hidden words of one page."""
PIXELS_PER_POINT = 2.0
CONTRAST = 40
"""Greys that differ by less, of 255, are no strokes."""
STROKES_PER_LETTER = 0.5
"""Measured on printed text: 1.2 and more."""
ROWS = 7

Box = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True)
class Suspect:
    """Text that may be hidden, and where it lies on the page in points: left, bottom, right, top."""

    text: str
    box: Box


def find_hidden(path: str, *, limits: Limits) -> Iterator[dict[str, Any]]:
    """Tell the hidden words of each page that has any."""
    document = open_document(path)
    for number in range(1, min(len(document), limits.pages) + 1):
        page = document[number - 1]
        if suspects := list(find_suspects(page)):
            words = " ".join(suspect.text for suspect in unseen(page, suspects))
            if words:
                yield {"page": number, "hidden": storable(words)[:MOST_CHARACTERS]}
        page.close()


# --- Suspects: what the drawing instructions say ------------------------------------------------------------------


def find_suspects(page: pypdfium2.PdfPage) -> Iterator[Suspect]:
    """The pieces of text that are drawn invisibly, in white, or outside the page."""
    text_page: pypdfium2.PdfTextPage | None = None
    for piece, matrix in _pieces(page):
        box = _box_of(piece, matrix)
        if box and (_is_undrawn(piece) or _is_outside(box, page)):
            text_page = text_page or page.get_textpage()
            text = _text_of(piece, text_page)
            if any(map(str.isalnum, text)):
                yield Suspect(text, box)


def _pieces(page: pypdfium2.PdfPage) -> Iterator[tuple[Any, Matrix]]:
    """All pieces of text, those within drawings too, each with how its coordinates lie on the page."""
    left = MOST_OBJECTS
    parents: list[tuple[Any, Matrix, int]] = [(page.raw, IDENTITY, 0)]
    while parents:
        parent, matrix, depth = parents.pop()
        count = pdfium.FPDFFormObj_CountObjects(parent) if depth else pdfium.FPDFPage_CountObjects(parent)
        get = pdfium.FPDFFormObj_GetObject if depth else pdfium.FPDFPage_GetObject
        for place in range(min(count, left)):
            thing = get(parent, place)
            kind = pdfium.FPDFPageObj_GetType(thing)
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                yield thing, matrix
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
                parents.append((thing, _joined(_matrix_of(thing), matrix), depth + 1))
        left -= min(count, left)


def _matrix_of(thing: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(thing, found):
        return IDENTITY
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _joined(first: Matrix, second: Matrix) -> Matrix:
    """The matrix that does one, then the other."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _box_of(piece: Any, matrix: Matrix) -> Box | None:
    """Where a piece of text lies on the page; None where that makes no sense."""
    sides = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(piece, *sides):
        return None
    left, bottom, right, top = (side.value for side in sides)
    a, b, c, d, e, f = matrix
    corners = [(x * a + y * c + e, x * b + y * d + f) for x in (left, right) for y in (bottom, top)]
    xs, ys = zip(*corners, strict=True)
    box = (min(xs), min(ys), max(xs), max(ys))
    return box if all(map(math.isfinite, box)) else None


def _is_undrawn(piece: Any) -> bool:
    """Whether it is drawn invisibly, or filled with white or with nothing."""
    if pdfium.FPDFTextObj_GetTextRenderMode(piece) in UNDRAWN:
        return True
    red, green, blue, opacity = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(piece, red, green, blue, opacity):
        return False
    return opacity.value == 0 or min(red.value, green.value, blue.value) >= WHITE


def _is_outside(box: Box, page: pypdfium2.PdfPage) -> bool:
    """Whether nothing of it lies on the page as it is cropped."""
    xs, ys = _shares(box, page)
    return xs[1] < 0 or xs[0] > 1 or ys[1] < 0 or ys[0] > 1


def _shares(box: Box, page: pypdfium2.PdfPage) -> tuple[list[float], list[float]]:
    """From where to where it reaches across and down the page as it is shown, as shares of the page."""
    left, bottom, right, top = box
    corners = [on_page(page, left, bottom), on_page(page, right, top)]
    return sorted(x for x, _ in corners), sorted(y for _, y in corners)


def _text_of(piece: Any, text_page: pypdfium2.PdfTextPage) -> str:
    size = pdfium.FPDFTextObj_GetText(piece, text_page.raw, None, 0)
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFTextObj_GetText(piece, text_page.raw, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size)
    return buffer.raw.decode("utf-16-le", errors="ignore").rstrip("\0").strip()


# --- Witness: what the page looks like ----------------------------------------------------------------------------


def unseen(page: pypdfium2.PdfPage, suspects: list[Suspect]) -> Iterator[Suspect]:
    """Those of which the picture of the page shows no writing."""
    width, height = page.get_size()
    scale = min(PIXELS_PER_POINT, image_scale(width, height, width=round(width * PIXELS_PER_POINT) or 1))
    picture = page.render(scale=scale, grayscale=True, limit_image_cache=True).to_pil().convert("L")
    for suspect in suspects:
        letters = sum(map(str.isalnum, suspect.text))
        if count_strokes(_cut_out(picture, page, suspect.box)) < letters * STROKES_PER_LETTER:
            yield suspect


def _cut_out(picture: Any, page: pypdfium2.PdfPage, box: Box) -> Any:
    """The part of the picture where a box of the page lies."""
    xs, ys = _shares(box, page)
    left, top = max(0, int(xs[0] * picture.width)), max(0, int(ys[0] * picture.height))
    right, bottom = int(xs[1] * picture.width) + 1, int(ys[1] * picture.height) + 1
    place = (left, top, min(picture.width, right), min(picture.height, bottom))
    return picture.crop(place) if place[0] < place[2] and place[1] < place[3] else None


def count_strokes(picture: Any) -> float:
    """How many strokes a line through a picture crosses at most, along its longer side."""
    if picture is None:
        return 0
    if picture.height > picture.width:
        picture = picture.transpose(2)  # a line that runs upwards
    darkest, lightest = picture.getextrema()
    if lightest - darkest < CONTRAST:
        return 0
    middle = (darkest + lightest) / 2
    pixels, width = picture.tobytes(), picture.width
    rows = {picture.height * step // (ROWS + 1) for step in range(1, ROWS + 1)}
    return max(_changes(pixels[row * width : (row + 1) * width], middle) for row in rows) / 2


def _changes(row: bytes, middle: float) -> int:
    return sum((here < middle) != (there < middle) for here, there in pairwise(row))
