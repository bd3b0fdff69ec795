"""Page texts, page images and the places of words by pdfium. Runs in the reading process (`child.py`), never elsewhere.

pdfium aborts its process when memory runs out (a Flate bomb of 7 kB does it), so nothing else may import this module.
"""

import base64
import ctypes
import io
import math
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from publications.ingest.limits import Limits, Stopped
from publications.ingest.text import storable

WRONG_PASSWORD = 4
WEBP_QUALITY = 80
LONGEST_SIDE = 8_000
MOST_PIXELS = 16_000_000
MOST_CHARACTERS = 100_000
# Steps into which a page is divided to place words on it; fine enough for a poster.
GRID = 100_000
# A page whose greys differ by less than this, of 255, is blank to the eye.
FAINTEST = 12


def read_pages(path: str, *, pages: list[int] | None, limits: Limits) -> Iterator[dict[str, Any]]:
    """Tell the number of pages, then each page: the same messages as `pdf.read_pages`.

    pages: the numbers (from 1) of those to read, None for all of them.
    """
    document = open_document(path)
    count = len(document)
    yield {"page_count": count}
    for number in pages or range(1, min(count, limits.pages) + 1):
        yield read_text(document, number, limits=limits)
    if count > limits.pages:
        raise Stopped("limit", "pages")


def open_document(path: str) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if error.err_code == WRONG_PASSWORD:
            raise Stopped("password") from error
        raise


def read_text(document: pypdfium2.PdfDocument, number: int, *, limits: Limits) -> dict[str, Any]:
    try:
        page = document[number - 1]
        text = storable(page.get_textpage().get_text_range())[: limits.page_characters]
        width, height = page.get_size()
    except Exception as error:
        return {"page": number, "error": type(error).__name__, "limit": isinstance(error, MemoryError)}
    if not (math.isfinite(width) and math.isfinite(height)):
        width = height = 0.0
    return {"page": number, "text": text, "width": width, "height": height}


def read_page(path: str, *, page: int, width: int, words: bool, limits: Limits) -> Iterator[dict[str, Any]]:
    """Tell one page as a WebP image, `width` pixels wide, and where its words are."""
    document = open_document(path)
    # Filled-in form fields are part of what a reader sees.
    document.init_forms()
    if not 1 <= page <= len(document):
        raise Stopped("unreadable", "no such page")
    opened = document[page - 1]
    scale = image_scale(*opened.get_size(), width=width)
    if words:
        yield {"words": list(find_words(opened))}
    yield {"image": draw(opened, scale)}


def draw_scan(path: str, *, page: int, dots_per_inch: int, limits: Limits) -> Iterator[dict[str, Any]]:
    """Tell one page as a grey PNG image for text recognition, or that there is nothing on it."""
    document = open_document(path)
    document.init_forms()
    if not 1 <= page <= len(document):
        raise Stopped("unreadable", "no such page")
    opened = document[page - 1]
    width, height = opened.get_size()
    scale = min(image_scale(width, height, width=LONGEST_SIDE), dots_per_inch / 72)
    image = opened.render(scale=scale, grayscale=True, limit_image_cache=True).to_pil().convert("L")
    darkest, lightest = image.getextrema()
    if lightest - darkest < FAINTEST:
        yield {"is_blank": True}
        return
    file = io.BytesIO()
    # Level 1 is four times as fast as the default, and the image lives for seconds only.
    image.save(file, format="PNG", compress_level=1, dpi=(scale * 72, scale * 72))
    yield {"picture": base64.b64encode(file.getvalue()).decode()}


def image_scale(page_width: float, page_height: float, *, width: int) -> float:
    """Pixels per point for an image of that width, less for a page so long that the image would be huge."""
    if not (math.isfinite(page_width) and math.isfinite(page_height) and page_width > 0 and page_height > 0):
        raise Stopped("unreadable", "page size")
    return min(
        # A hair less, as sizes are rounded up.
        width * (1 - 1e-9) / page_width,
        LONGEST_SIDE / page_width,
        LONGEST_SIDE / page_height,
        math.sqrt(MOST_PIXELS / page_width / page_height),
    )


def draw(page: pypdfium2.PdfPage, scale: float) -> dict[str, Any]:
    from PIL import WebPImagePlugin  # noqa: F401  (saves Pillow from loading every format it knows)

    image = page.render(scale=scale, limit_image_cache=True).to_pil().convert("RGB")
    file = io.BytesIO()
    # Method 0 is 4 times as fast as the default and a tenth larger.
    image.save(file, format="WEBP", quality=WEBP_QUALITY, method=0)
    return {"width": image.width, "height": image.height, "data": base64.b64encode(file.getvalue()).decode()}


def find_words(page: pypdfium2.PdfPage) -> Iterator[tuple[str, float, float, float, float]]:
    """The words in reading order: text, left, top, width, height, as shares (0 to 1) of the page as it is shown."""
    text_page = page.get_textpage()
    letters: list[str] = []
    boxes: list[tuple[float, float, float, float]] = []
    for place in range(min(text_page.count_chars(), MOST_CHARACTERS)):
        letter = decode(pdfium.FPDFText_GetUnicode(text_page, place))
        box = None if letter.isspace() else char_box(text_page, place)
        if letters and (box is None or starts_line(boxes[-1], box)):
            yield whole_word(page, letters, boxes)
            letters, boxes = [], []
        if box is not None:
            letters.append(letter)
            boxes.append(box)
    if letters:
        yield whole_word(page, letters, boxes)


def decode(code: int) -> str:
    """The character; pdfium marks a hyphen at a line end by U+FFFE or U+0002, and it is a hyphen that readers see."""
    if code in (0x02, 0xFFFE):
        return "-"
    if code < 0x20 or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return " "
    return chr(code)


def char_box(text_page: pypdfium2.PdfTextPage, place: int) -> tuple[float, float, float, float] | None:
    """Left, bottom, right and top of a character in the page's own points, as high as its font; None if it has none."""
    rectangle = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(text_page, place, rectangle):
        return None
    box = (rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
    return box if all(map(math.isfinite, box)) else None


def starts_line(last: tuple[float, float, float, float], box: tuple[float, float, float, float]) -> bool:
    """Whether a character stands clear of the one before it, in height or by more than a line's height sideways."""
    height = max(last[3] - last[1], last[2] - last[0])
    above = box[1] >= last[3] or box[3] <= last[1]
    return above and (box[0] > last[2] + height or box[2] < last[0] - height)


def whole_word(
    page: pypdfium2.PdfPage, letters: list[str], boxes: list[tuple[float, float, float, float]]
) -> tuple[str, float, float, float, float]:
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    x0, y0 = on_page(page, min(lefts), max(tops))
    x1, y1 = on_page(page, max(rights), min(bottoms))
    left, top, right, bottom = min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
    return storable("".join(letters)), left, top, round(right - left, 5), round(bottom - top, 5)


def on_page(page: pypdfium2.PdfPage, x: float, y: float) -> tuple[float, float]:
    """A point as shares of the page's width and height, from its top left, as the page is cropped and turned."""
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, GRID, GRID, 0, x, y, across, down)
    return across.value / GRID, down.value / GRID
