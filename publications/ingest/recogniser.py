"""The text of one page of a scan: drawn by pdfium, read by Tesseract, without the database.

`recognition.py` does that for whole files. Tesseract is looked for on the machine: it may be there or not.
"""

import base64
import shutil
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_noop

from publications.ingest.limits import MIB, Limits
from publications.ingest.sandbox import Ending, Message, run_job
from publications.vocabularies import PageReason

DOTS_PER_INCH = 200
"""Measured: 300 finds no more, and takes twice the time."""
DRAWING_LIMITS = Limits(cpu_seconds=20, wall_seconds=120, output_bytes=64 * MIB, niceness=10)
# A page of small print takes 4 s; Tesseract writes its answer to a file, and is a program of its own.
READING_LIMITS = Limits(cpu_seconds=60, wall_seconds=300, written_bytes=16 * MIB, may_start_programs=True, niceness=10)

OFF = gettext_noop("Text recognition is switched off on this hub.")
NOT_INSTALLED = gettext_noop("Text recognition (Tesseract) is not installed on this hub.")
NO_LANGUAGE = gettext_noop("Text recognition (Tesseract) lacks the languages that this hub is set to.")
WAITING = gettext_noop("The text waits to be recognised from the picture.")


# --- Whether there is a Tesseract ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Recogniser:
    """The Tesseract of this machine and the languages to use; `problem` says as a sentence why there is none."""

    command: str = ""
    languages: str = ""
    problem: str = ""


_known: tuple[float, str, Recogniser] | None = None
KNOWN_SECONDS = 60


def find_recogniser() -> Recogniser:
    """The Tesseract of this machine, looked for once a minute: it may be installed while the hub runs."""
    global _known
    wanted = settings.INGEST_OCR_LANGUAGES
    now = time.monotonic()
    if _known is None or _known[1] != wanted or now - _known[0] > KNOWN_SECONDS:
        _known = (now, wanted, _look_for_recogniser(wanted))
    return _known[2]


def _look_for_recogniser(wanted: str) -> Recogniser:
    if not wanted:
        return Recogniser(problem=OFF)
    command = shutil.which("tesseract")
    if command is None:
        return Recogniser(problem=NOT_INSTALLED)
    import pytesseract  # takes 0.4 s, which no page of the site should wait for before it has to

    pytesseract.pytesseract.tesseract_cmd = command
    try:
        installed = pytesseract.get_languages()
    except (OSError, pytesseract.TesseractError):
        return Recogniser(problem=NOT_INSTALLED)
    languages = "+".join(language for language in wanted.split("+") if language in installed)
    return Recogniser(command, languages) if languages else Recogniser(problem=NO_LANGUAGE)


def waiting_sentence() -> str:
    """Why a page that awaits recognition has no text yet."""
    return find_recogniser().problem or WAITING


# --- One page, without the database -------------------------------------------------------------------------------


@dataclass(frozen=True)
class RecognisedPage:
    """What became of a page: its text, or "" and a PageReason. `broke_off` where another try may help."""

    text: str = ""
    lines: tuple[Any, ...] = ()
    """Where its words stand, as `ocr.recognise_words` tells it."""
    reason: str = ""
    broke_off: bool = False
    detail: str = ""
    cpu_seconds: float = 0.0


def recognise_page(path: str | Path, number: int, *, recogniser: Recogniser) -> RecognisedPage:
    """Draw a page (from 1) of a PDF and recognise its text, in two guarded processes, one after the other.

    The first meets the file and may write nothing; the second may start Tesseract and meets our own picture only.
    Never raises for what is in the file; OSError where the disk has no room for the picture.
    """
    drawn: Message = {}
    arguments = {"path": str(Path(path).resolve()), "page": number, "dots_per_inch": DOTS_PER_INCH}
    ending = run_job("scan", arguments, limits=DRAWING_LIMITS, on_message=drawn.update)
    if drawn.get("is_blank"):
        return RecognisedPage(reason=PageReason.BLANK, cpu_seconds=ending.cpu_seconds)
    if "picture" not in drawn:
        return _broken_off(ending)
    page = _read_picture(base64.b64decode(drawn["picture"]), recogniser)
    return replace(page, cpu_seconds=page.cpu_seconds + ending.cpu_seconds)


def _read_picture(picture: bytes, recogniser: Recogniser) -> RecognisedPage:
    told: Message = {}
    with tempfile.TemporaryDirectory(prefix="hub-ocr-") as folder:
        place = Path(folder) / "page.png"
        place.write_bytes(picture)
        ending = run_job(
            "recognise",
            {
                "picture": str(place),
                "command": recogniser.command,
                "languages": recogniser.languages,
                "folder": folder,
            },
            limits=READING_LIMITS,
            on_message=told.update,
        )
    if "text" not in told:
        return _broken_off(ending)
    if not any(letter.isalnum() for letter in told["text"]):
        return RecognisedPage(reason=PageReason.NOT_RECOGNISED, cpu_seconds=ending.cpu_seconds)
    return RecognisedPage(told["text"], tuple(told["lines"]), cpu_seconds=ending.cpu_seconds)


def _broken_off(ending: Ending) -> RecognisedPage:
    detail = f"{ending.outcome} {ending.why}"
    return RecognisedPage(reason=PageReason.TOO_HARD, broke_off=True, detail=detail, cpu_seconds=ending.cpu_seconds)
