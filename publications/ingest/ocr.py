"""Text recognition by Tesseract, through pytesseract. Runs in a process of its own (`child.py`), on pictures we drew.

The pictures come from `pdfium.draw_scan`; `recogniser.py` does both, page by page. Nothing here imports Django.
"""

import os
import re
import signal
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from publications.ingest.limits import Limits, Stopped
from publications.ingest.text import storable

# From 20 to 40 every value gives the same F1 on five scanned pages (.966 to .994); noise of drawings is mostly below.
LEAST_CONFIDENCE = 40
# A doubtful word in a line that is sure is one all the same: most often it ends in the number of a footnote.
SURE_LINE = 50
KILLED = (-signal.SIGKILL, -signal.SIGXCPU)
MOST_WORDS = 20_000
# The “@” of an e-mail address is kept in any case, for only an address that is known as one can be masked.
WORD, AT = re.compile(r"[^\W\d_]{2}"), "@"
# Shares of the size of a line: a mark is no higher than this, and stands at least so far above the baseline.
LOW, RAISED = 0.62, 0.22


def recognise_words(
    picture: str, *, command: str, languages: str, folder: str, limits: Limits
) -> Iterator[dict[str, Any]]:
    """Tell the words of a picture of a page: as `text` in lines, and as `lines` with the place of each word.

    A line is [size, baseline, words], a word [text, left, top, right, bottom, raised]: shares (0 to 1) of the picture's
    height (size, baseline, top, bottom) or width; `raised` is how many letters at the word's end are raised marks.
    command: the Tesseract program. languages: as it names them, "eng+nld". folder: for its own temporary files.
    """
    import pytesseract

    # With threads of its own Tesseract burns three times the processor time for the same page.
    os.environ.update(OMP_THREAD_LIMIT="1")
    tempfile.tempdir = folder
    pytesseract.pytesseract.tesseract_cmd = command
    try:
        page = pytesseract.image_to_pdf_or_hocr(
            picture, lang=languages, extension="hocr", config="-c hocr_char_boxes=1"
        )
    except pytesseract.TesseractError as error:
        if error.status in KILLED:
            raise Stopped("limit", "cpu") from error
        raise
    paragraphs = read_hocr(page)
    yield {
        "text": text_of(paragraphs)[: limits.page_characters],
        "lines": [line.told for paragraph in paragraphs for line in paragraph if line.is_upright],
    }


@dataclass(frozen=True)
class RecognisedLine:
    """A line as Tesseract found it: its words, what `recognise_words` tells of it, and whether it runs to the right."""

    words: tuple[str, ...]
    told: list[Any]
    is_upright: bool


def text_of(paragraphs: list[list[RecognisedLine]]) -> str:
    """The words as lines, paragraphs apart."""
    return "\n\n".join("\n".join(" ".join(line.words) for line in paragraph) for paragraph in paragraphs)


# --- hOCR, in which Tesseract tells what it found: https://kba.github.io/hocr-spec/1.2/

XHTML = "{http://www.w3.org/1999/xhtml}"


def read_hocr(page: bytes) -> list[list[RecognisedLine]]:
    """The paragraphs of a page in hOCR, each as lines of those words that Tesseract is sure enough of."""
    root = ElementTree.fromstring(page)  # noqa: S314 - Tesseract wrote it, not whoever sent the scan
    whole = next(element for element in root.iter() if element.get("class") == "ocr_page")
    _, _, width, height = numbers_of(whole, "bbox")
    paragraphs = []
    left = MOST_WORDS
    for paragraph in root.iter(f"{XHTML}p"):
        lines = [read_line(element, width=width, height=height) for element in paragraph if left > 0]
        left -= sum(len(line.words) for line in lines)
        if kept := [line for line in lines if line.words]:
            paragraphs.append(kept)
    return paragraphs


def read_line(line: ElementTree.Element, *, width: float, height: float) -> RecognisedLine:
    """A line of hOCR; a baseline is [slope, distance of its left end from the foot of the line's box]."""
    left, _, right, bottom = numbers_of(line, "bbox")
    slope, offset = numbers_of(line, "baseline") or (0.0, 0.0)
    baseline = bottom + offset + slope * (right - left) / 2
    size = (numbers_of(line, "x_size") or [0.0])[0]
    told: list[list[Any]] = []
    for word in sure_words(line):
        x0, y0, x1, y1 = numbers_of(word, "bbox")
        place = (x0 / width, y0 / height, x1 / width, y1 / height)
        raised = count_raised(word, size=size, baseline=baseline)
        told.append([text_in(word), *(round(share, 4) for share in place), raised])
    return RecognisedLine(
        words=tuple(word[0] for word in told),
        told=[round(size / height, 5), round(baseline / height, 5), told],
        is_upright=not any(numbers_of(line, "textangle")),
    )


def sure_words(line: ElementTree.Element) -> list[ElementTree.Element]:
    """The words that are sure by themselves, or by the company they keep."""
    words = [(word, numbers_of(word, "x_wconf")[0], len(text_in(word))) for word in line if text_in(word)]
    letters = sum(length for _, _, length in words)
    is_sure = letters and sum(sure * length for _, sure, length in words) / letters >= SURE_LINE
    return [
        word
        for word, sure, _ in words
        if sure >= LEAST_CONFIDENCE or AT in text_in(word) or (is_sure and WORD.search(text_in(word)))
    ]


def text_in(word: ElementTree.Element) -> str:
    return re.sub(r"\s", "", storable("".join(word.itertext())))


def count_raised(word: ElementTree.Element, *, size: float, baseline: float) -> int:
    """How many letters at the end of a word are small and stand above the line, as the number of a footnote does."""
    count = 0
    for letter in reversed(list(word)):
        box = numbers_of(letter, "x_bboxes")
        if len(box) < 4:
            break
        _, top, _, bottom = box
        if bottom > baseline - RAISED * size or bottom - top > LOW * size:
            break
        count += 1
    return count if count < len(word) else 0


def numbers_of(element: ElementTree.Element, name: str) -> list[float]:
    """The numbers of one property in an element's title: "bbox 251 118 1450 138; baseline 0 -5" has two."""
    for part in element.get("title", "").split(";"):
        key, *values = part.split()
        if key == name:
            return [float(value) for value in values]
    return []
