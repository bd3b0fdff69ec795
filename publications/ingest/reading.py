"""Read a document: the text of each of its pages, and an honest word on what could not be read.

pypdf reads first. It puts accents and words together better than pdfium, which in turn is 15 times as fast and opens
damaged files that pypdf does not: pages that pypdf fails on, finds empty or makes gibberish of are tried with pdfium.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.utils.translation import gettext_noop

from publications.errors import IngestError
from publications.ingest.filetypes import FileKind, recognise_file
from publications.ingest.language import detect_document_language, detect_page_language
from publications.ingest.limits import Limits
from publications.ingest.sandbox import Ending, Message, run_job
from publications.ingest.text import CleanPage, clean_pages, quality

OnPage = Callable[[int, int], None]

GOOD_ENOUGH = 0.5
CLEARLY_BETTER = 0.1
# pypdf gets this share of the CPU limit, so that pdfium has some left for the pages that pypdf did not reach.
FIRST_SHARE = 2 / 3

MESSAGES = {
    "ready": "",
    "no_text": gettext_noop(
        "No page of this file has text in it: it may be a scan. It is found by its description only."
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
    "not_read": gettext_noop(
        "The hub keeps files of this kind but does not read them: this one is found by its description only."
    ),
}


@dataclass(frozen=True)
class PageText:
    """A page of a document. `status` is a PageStatus; width and height are in points, 0 where not known."""

    number: int
    status: str
    text: str = ""
    raw_text: str = ""
    running: tuple[str, ...] = ()
    """Running headers and page number, which `text` leaves out."""
    language: str = "und"
    width: float = 0.0
    height: float = 0.0
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
    engine: str = ""
    """What read it: "pypdf", "pdfium", or both with a plus."""
    cpu_seconds: float = 0.0
    detail: str = ""
    """For the log: how each engine ended."""


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
    if not kind.has_pages:
        return DocumentText("no_text", MESSAGES["not_read"], kind=kind)
    attempts = read_pdf(str(Path(path).resolve()), limits=limits, on_page=on_page)
    return replace(describe_reading(attempts, limits=limits), kind=kind)


NOT_STARTED = Ending("failed")


@dataclass
class Attempt:
    """What one engine tells of a PDF."""

    engine: str
    page_count: int | None = None
    pages: dict[int, Message] = field(default_factory=dict)
    info: dict[str, str] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    ending: Ending = NOT_STARTED

    def take(self, message: Message) -> None:
        if "page" in message:
            self.pages[message["page"]] = message
        else:
            self.page_count = message.get("page_count", self.page_count)
            self.info = message.get("info", self.info)
            self.labels = message.get("labels", self.labels)


def read_pdf(path: str, *, limits: Limits, on_page: OnPage | None = None) -> list[Attempt]:
    """Read a PDF with pypdf and, where that leaves doubt, with pdfium."""
    first = attempt(
        "pypdf", path, limits=replace(limits, cpu_seconds=round(limits.cpu_seconds * FIRST_SHARE)), on_page=on_page
    )
    doubtful = doubtful_pages(first, limits=limits)
    if doubtful == []:
        return [first]
    left = max(1, round(limits.cpu_seconds - first.ending.cpu_seconds))
    return [first, attempt("pdfium", path, pages=doubtful, limits=replace(limits, cpu_seconds=left), on_page=on_page)]


def attempt(
    engine: str, path: str, *, limits: Limits, pages: list[int] | None = None, on_page: OnPage | None = None
) -> Attempt:
    told = Attempt(engine)

    def take(message: Message) -> None:
        told.take(message)
        if on_page and "page" in message:
            on_page(message["page"], told.page_count or 0)

    told.ending = run_job(engine, {"path": path, "pages": pages}, limits=limits, on_message=take)
    return told


def doubtful_pages(first: Attempt, *, limits: Limits) -> list[int] | None:
    """The pages to try again: not reached, failed, empty or gibberish. None for all, as pypdf could not count them.

    A page that met a limit of pypdf's own is not tried again: pdfium has no such limits and would only burn time.
    """
    if first.page_count is None:
        return [] if first.ending.why == "size" or first.ending.outcome == "failed" else None
    numbers = range(1, min(first.page_count, limits.pages) + 1)
    return [number for number in numbers if is_doubtful(first.pages.get(number))]


def is_doubtful(page: Message | None) -> bool:
    if page is None:
        return True
    if "error" in page:
        return not page["limit"]
    return not page["text"].strip() or quality(page["text"]) < GOOD_ENOUGH


def describe_reading(attempts: list[Attempt], *, limits: Limits) -> DocumentText:
    """Put the attempts together: the better text of each page, cleaned, and the status that follows."""
    page_count = next((attempt.page_count for attempt in attempts if attempt.page_count is not None), None)
    read = [best_page(number, attempts) for number in range(1, min(page_count or 0, limits.pages) + 1)]
    first = attempts[0]
    status, reason = judge(read, page_count=page_count, attempts=attempts)
    pages, language = make_pages(read, labels=first.labels)
    return DocumentText(
        status,
        MESSAGES[reason],
        page_count=page_count,
        pages=pages,
        language=language,
        info=first.info,
        engine="+".join(attempt.engine for attempt in attempts if attempt.pages),
        cpu_seconds=sum(attempt.ending.cpu_seconds for attempt in attempts),
        detail="; ".join(f"{a.engine}: {a.ending.outcome} {a.ending.why}".strip() for a in attempts),
    )


def best_page(number: int, attempts: list[Attempt]) -> Message:
    """The page as the engine that made most of it tells it; the first one where both did as well."""
    told = [attempt.pages[number] for attempt in attempts if number in attempt.pages]
    if not told:
        return {"page": number, "error": "not reached", "limit": True}
    best = told[0]
    for other in told[1:]:
        if page_worth(other) > page_worth(best) + CLEARLY_BETTER:
            best = other
    return best


def page_worth(page: Message) -> float:
    """From -1 for a page that failed, over 0 for an empty one, to 2 for good text."""
    if "error" in page:
        return -1.0
    return 1.0 + quality(page["text"]) if page["text"].strip() else 0.0


def judge(read: list[Message], *, page_count: int | None, attempts: list[Attempt]) -> tuple[str, str]:
    """The FileStatus, and the key of its message."""
    outcomes = [attempt.ending.outcome for attempt in attempts]
    failed = [page for page in read if "error" in page]
    if any(page.get("text", "").strip() for page in read):
        if failed:
            return "partial", "partial"
        return ("partial", "pages") if (page_count or 0) > len(read) else ("ready", "ready")
    if page_count and not failed:
        return "no_text", "no_text"
    for status in ("password", "limit", "failed"):
        if status in outcomes:
            return status, status
    return ("limit", "limit") if any(page["limit"] for page in failed) else ("unreadable", "unreadable")


def make_pages(read: list[Message], *, labels: list[str]) -> tuple[tuple[PageText, ...], str]:
    """The pages with their cleaned text, and the language of the whole."""
    cleaned = clean_pages([page.get("text", "") for page in read])
    language = detect_document_language([page.text for page in cleaned])
    return tuple(
        make_page(page, clean, language=language, label=labels[place] if place < len(labels) else "")
        for place, (page, clean) in enumerate(zip(read, cleaned, strict=True))
    ), language


def make_page(page: Message, clean: CleanPage, *, language: str, label: str) -> PageText:
    has_text = bool(clean.text or clean.running)
    return PageText(
        number=page["page"],
        status="unreadable" if "error" in page else "text" if has_text else "no_text",
        text=clean.text,
        raw_text=page.get("text", ""),
        running=clean.running,
        language=detect_page_language(clean.text, document=language) if has_text else language,
        width=page.get("width", 0.0),
        height=page.get("height", 0.0),
        label=label,
    )
