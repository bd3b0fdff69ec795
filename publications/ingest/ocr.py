"""Text recognition by Tesseract, through pytesseract. Runs in a process of its own (`child.py`), on pictures we drew.

The pictures come from `pdfium.draw_scan`; `recognition.py` does both, page by page. Nothing here imports Django.
"""

import os
import signal
import tempfile
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from publications.ingest.limits import Limits, Stopped
from publications.ingest.text import storable

# From 20 to 40 every value gives the same F1 on five scanned pages (.966 to .994); noise of drawings is mostly below.
LEAST_CONFIDENCE = 40
KILLED = (-signal.SIGKILL, -signal.SIGXCPU)


def recognise_words(
    picture: str, *, command: str, languages: str, folder: str, limits: Limits
) -> Iterator[dict[str, Any]]:
    """Tell the words of a picture of a page as lines of text.

    command: the Tesseract program. languages: as it names them, "eng+nld". folder: for its own temporary files.
    """
    import pytesseract

    # With threads of its own Tesseract burns three times the processor time for the same page.
    os.environ.update(OMP_THREAD_LIMIT="1")
    tempfile.tempdir = folder
    pytesseract.pytesseract.tesseract_cmd = command
    try:
        table = pytesseract.image_to_data(picture, lang=languages, output_type=pytesseract.Output.DICT)
    except pytesseract.TesseractError as error:
        if error.status in KILLED:
            raise Stopped("limit", "cpu") from error
        raise
    yield {"text": storable(text_of(table))[: limits.page_characters]}


def text_of(table: dict[str, list[Any]]) -> str:
    """The words of Tesseract's table as lines, paragraphs apart."""
    rows = [
        (table["block_num"][place], table["par_num"][place], table["line_num"][place], word)
        for place, word in enumerate(table["text"])
        if word.strip() and float(table["conf"][place]) >= LEAST_CONFIDENCE
    ]
    paragraphs = [
        "\n".join(" ".join(row[3] for row in line) for _, line in groupby(paragraph, key=lambda row: row[2]))
        for _, paragraph in groupby(rows, key=lambda row: row[:2])
    ]
    return "\n\n".join(paragraphs)
