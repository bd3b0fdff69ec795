"""Read a document: the text of each of its pages, and an honest word on what could not be read.

Of a PDF pypdf reads first. It puts accents and words together better than pdfium, which in turn is 15 times as fast
and opens damaged files that pypdf does not: pages that pypdf fails on, finds empty or makes gibberish of are tried with
pdfium, and so are pages with huge drawings, on which pypdf would spend a second each (`attempts.py`). Office files have
one reader each (`office/`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop

from publications.errors import IngestError
from publications.ingest.attempts import GOOD_ENOUGH, Attempt, OnPage, attempt, best_page, read_pdf
from publications.ingest.filetypes import DAMAGED_PACKAGE, DOCX, ODT, PASSWORD, PDF, FileKind, recognise_file
from publications.ingest.language import detect_document_language, detect_page_language
from publications.ingest.limits import Limits
from publications.ingest.sandbox import Message
from publications.ingest.sensitive import Finding
from publications.ingest.text import CleanPage, clean_pages, quality, raw_words, tidy
from publications.suggestions import SuggestedMetadata

MESSAGES = {
    "ready": "",
    "no_text": gettext_noop(
        "No page of this file has text in it: it may be a scan. Until that is recognised, it is found by its "
        "description only."
    ),
    "no_text_office": gettext_noop(
        "No page of this file has words of its own, only pictures perhaps. It is found by its description only."
    ),
    "password": gettext_noop("This PDF asks for a password. Upload a copy without one."),
    "unreadable": gettext_noop(
        "This PDF is damaged and cannot be opened. Export it again from its source and upload that."
    ),
    "limit": gettext_noop(
        "Reading this file took more time or memory than one file may. Export it again as a simpler PDF."
    ),
    "failed": gettext_noop("The hub could not start reading this file. Try again later."),
    "partial": gettext_noop("Some pages could not be read: only the others can be searched."),
    "pages": gettext_noop("This file has more pages than the hub reads: only the first ones can be searched."),
    "password_office": PASSWORD,
    "damaged_office": DAMAGED_PACKAGE,
    "not_read": gettext_noop(
        "The hub keeps files of this kind but does not read them: this one is found by its description only."
    ),
}
OFFICE_MESSAGES = {"unreadable": "damaged_office", "no_text": "no_text_office", "password": "password_office"}


@dataclass(frozen=True)
class PageText:
    """A page of a document. `status` is a PageStatus; width and height are in points, 0 where not known."""

    number: int
    status: str
    text: str = ""
    raw_text: str = ""
    running: tuple[str, ...] = ()
    """Running headers and page number, which `text` leaves out."""
    notes: str = ""
    """A slide's notes; the annotations and filled-in form fields of a PDF's page."""
    raw_words: str = ""
    """The words of `raw_text` that are not in `text`: halves of joined words, mostly."""
    reason: str = ""
    """A PageReason where the page cannot be searched, or not as well as others."""
    language: str = "und"
    width: float = 0.0
    height: float = 0.0
    awaits_recognition: bool = False
    """Whether its text should be recognised from its picture."""
    label: str = ""
    """The number printed on the page, as the file has it ("iv"); "" where it is the page's own number."""


@dataclass(frozen=True)
class DocumentText:
    """What was read of a file. `status` is a FileStatus; `message` an English message id, "" when all is well."""

    status: str
    message: str = ""
    kind: FileKind | None = None
    page_count: int | None = None
    pages: tuple[PageText, ...] = ()
    language: str = "und"
    info: Mapping[str, str] = field(default_factory=dict)
    """What the file says of itself: title, author, subject, keywords, creator, producer, created."""
    outline: tuple[dict[str, Any], ...] = ()
    """The titles of its parts, each with `page` and `level`."""
    attachments: tuple[dict[str, Any], ...] = ()
    """The files inside it, each with `name` and `size_bytes` (None where unknown); listed, never opened."""
    engine: str = ""
    """What read it: "pypdf", "pdfium", or both with a plus; "pptx" and so on for office files."""
    cpu_seconds: float = 0.0
    detail: str = ""
    """For the log: how each engine ended."""
    findings: tuple[Finding, ...] = ()
    """Signs of patient data; `findings.py` looks for them once the pages are read."""
    suggested: SuggestedMetadata = field(default_factory=SuggestedMetadata)
    """What the file says of the work in it; `descriptive/` finds it once the pages are read."""


def read_document(
    path: str | Path, *, name: str = "", limits: Limits | None = None, on_page: OnPage | None = None
) -> DocumentText:
    """Read all pages of a file, each engine in a process of its own. Never raises for what is in the file.

    name: what the depositor called it. on_page: told page number and number of pages after each page read.
    """
    limits = limits or Limits()
    try:
        kind = recognise_file(path, name=name, limits=limits)
    except IngestError as error:
        return DocumentText(error.code, str(error))
    if not kind.is_read:
        return DocumentText("no_text", MESSAGES["not_read"], kind=kind)
    resolved = str(Path(path).resolve())
    if kind == PDF:
        attempts = read_pdf(resolved, limits=limits, on_page=on_page)
    else:
        attempts = [attempt(kind.extension, resolved, limits=limits, on_page=on_page)]
    return describe_reading(attempts, kind=kind, limits=limits)


def describe_reading(attempts: list[Attempt], *, kind: FileKind, limits: Limits) -> DocumentText:
    """Put the attempts together: the better text of each page, cleaned, and the status that follows."""
    page_count = next((attempt.page_count for attempt in attempts if attempt.page_count is not None), None)
    read = [best_page(number, attempts) for number in range(1, min(page_count or 0, limits.pages) + 1)]
    first = attempts[0]
    status, reason = judge(read, page_count=page_count, attempts=attempts)
    if kind != PDF:
        reason = OFFICE_MESSAGES.get(reason, reason)
    pages, language = make_pages(read, kind=kind, labels=first.labels)
    return DocumentText(
        status,
        MESSAGES[reason],
        kind=kind,
        page_count=page_count,
        pages=pages,
        language=language,
        info=first.info,
        outline=tuple(first.outline),
        attachments=tuple(first.attachments),
        engine="+".join(dict.fromkeys(attempt.engine for attempt in attempts if attempt.pages)),
        cpu_seconds=sum(attempt.ending.cpu_seconds for attempt in attempts),
        detail="; ".join(f"{a.engine}: {a.ending.outcome} {a.ending.why}".strip() for a in attempts),
    )


def judge(read: list[Message], *, page_count: int | None, attempts: list[Attempt]) -> tuple[str, str]:
    """The FileStatus, and the key of its message."""
    outcomes = [attempt.ending.outcome for attempt in attempts]
    failed = [page for page in read if "error" in page]
    if any(page.get("text", "").strip() or page.get("notes", "").strip() for page in read):
        if failed:
            return "partial", "partial"
        return ("partial", "pages") if (page_count or 0) > len(read) else ("ready", "ready")
    if page_count and not failed:
        return "no_text", "no_text"
    for status in ("password", "limit", "failed"):
        if status in outcomes:
            return status, status
    return ("limit", "limit") if any(page["limit"] for page in failed) else ("unreadable", "unreadable")


def make_pages(read: list[Message], *, kind: FileKind, labels: list[str]) -> tuple[tuple[PageText, ...], str]:
    """The pages with their cleaned text, and the language of the whole."""
    # Office documents keep their headers apart from their text.
    cleaned = clean_pages([page.get("text", "") for page in read], has_running_lines=kind not in (DOCX, ODT))
    language = detect_document_language([page.text for page in cleaned])
    return tuple(
        make_page(page, clean, kind=kind, language=language, label=labels[place] if place < len(labels) else "")
        for place, (page, clean) in enumerate(zip(read, cleaned, strict=True))
    ), language


def make_page(page: Message, clean: CleanPage, *, kind: FileKind, language: str, label: str) -> PageText:
    """One page: its text, where that comes from, or why it has none."""
    notes = tidy(page.get("notes", ""))
    has_text = bool(clean.text or clean.running)
    reason = reason_of(page, has_text=has_text, kind=kind)
    found = "text" if has_text or notes else "no_text"
    return PageText(
        number=page["page"],
        status="unreadable" if "error" in page else found,
        text=clean.text,
        raw_text=page.get("text", ""),
        running=clean.running,
        notes=notes,
        raw_words=raw_words(page.get("text", ""), clean),
        reason=reason,
        awaits_recognition=kind == PDF and reason in ("no_words", "garbled", "damaged"),
        language=detect_page_language(f"{clean.text}\n{notes}", document=language) if has_text or notes else language,
        width=page.get("width", 0.0),
        height=page.get("height", 0.0),
        label=label,
    )


def reason_of(page: Message, *, has_text: bool, kind: FileKind) -> str:
    """The PageReason of a page that cannot be searched, or not as well as others; "" for a good one."""
    if "error" in page:
        if page["error"] == "not reached":
            return "not_reached"
        return "limit" if page["limit"] else "damaged"
    if not has_text:
        return "no_words" if kind == PDF else "office"
    return "garbled" if quality(page["text"]) < GOOD_ENOUGH else ""
