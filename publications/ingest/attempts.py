"""What the readers of a file tell: an attempt for each engine, in a process of its own; the better of two pages."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from publications.ingest.limits import Limits
from publications.ingest.sandbox import Ending, Message, run_job
from publications.ingest.text import quality

OnPage = Callable[[int, int], None]

GOOD_ENOUGH = 0.5
CLEARLY_BETTER = 0.1
# pypdf gets this share of the CPU limit, so that pdfium has some left for the pages that pypdf did not reach.
FIRST_SHARE = 2 / 3
NOT_STARTED = Ending("failed")


@dataclass
class Attempt:
    """What one engine tells of a file."""

    engine: str
    page_count: int | None = None
    pages: dict[int, Message] = field(default_factory=dict)
    info: dict[str, str] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    outline: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    ending: Ending = NOT_STARTED

    def take(self, message: Message) -> None:
        """Keep what a message tells."""
        if "page" in message:
            self.pages[message["page"]] = message
            return
        for name, value in message.items():
            setattr(self, name, value)


def read_pdf(path: str, *, limits: Limits, on_page: OnPage | None = None) -> list[Attempt]:
    """Read a PDF with pypdf and, where that leaves doubt, with pdfium; what pdfium fails on may go back to pypdf."""
    first = attempt(
        "pypdf", path, limits=replace(limits, cpu_seconds=round(limits.cpu_seconds * FIRST_SHARE)), on_page=on_page
    )
    doubtful = doubtful_pages(first, limits=limits)
    if doubtful == []:
        return [first]
    left = what_is_left(limits, [first])
    second = attempt("pdfium", path, pages=doubtful, limits=left, on_page=on_page)
    left_out = left_out_pages(first, second)
    if not left_out:
        return [first, second]
    left = what_is_left(limits, [first, second])
    return [first, second, attempt("pypdf", path, pages=left_out, drawings=True, limits=left, on_page=on_page)]


def what_is_left(limits: Limits, attempts: list[Attempt]) -> Limits:
    """The limits of the next attempt: a second of CPU time at least."""
    spent = sum(attempt.ending.cpu_seconds for attempt in attempts)
    return replace(limits, cpu_seconds=max(1, round(limits.cpu_seconds - spent)))


def attempt(
    engine: str,
    path: str,
    *,
    limits: Limits,
    pages: list[int] | None = None,
    on_page: OnPage | None = None,
    **more: bool,
) -> Attempt:
    """Let one engine read a file; `pages` (from 1) are those to read, None for all; `more` is for that engine only."""
    told = Attempt(engine)

    def take(message: Message) -> None:
        told.take(message)
        if on_page and "page" in message:
            on_page(message["page"], told.page_count or 0)

    told.ending = run_job(engine, {"path": path, "pages": pages} | more, limits=limits, on_message=take)
    return told


def doubtful_pages(first: Attempt, *, limits: Limits) -> list[int] | None:
    """The pages to try again: not reached, failed, left out, empty or gibberish. None for all where pypdf counted none.

    A page that met a limit of pypdf's own is not tried again: pdfium has no such limits and would only burn time.
    """
    if first.page_count is None:
        return [] if first.ending.why == "size" or first.ending.outcome == "failed" else None
    numbers = range(1, min(first.page_count, limits.pages) + 1)
    return [number for number in numbers if is_doubtful(first.pages.get(number))]


def left_out_pages(first: Attempt, second: Attempt) -> list[int]:
    """The pages that pypdf left to pdfium for their drawings, and that pdfium did not reach or failed on."""
    return [
        number
        for number, page in first.pages.items()
        if page.get("left_out") and "text" not in second.pages.get(number, {})
    ]


def is_doubtful(page: Message | None) -> bool:
    """Whether another engine should try the page."""
    if page is None:
        return True
    if "error" in page:
        return not page["limit"]
    return not page["text"].strip() or quality(page["text"]) < GOOD_ENOUGH


def best_page(number: int, attempts: list[Attempt]) -> Message:
    """The page as the engine that made most of it tells it; the first one where both did as well.

    Notes are what the first engine found: the second does not look for them.
    """
    told = [attempt.pages[number] for attempt in attempts if number in attempt.pages]
    if not told:
        return {"page": number, "error": "not reached", "limit": True}
    best = told[0]
    for other in told[1:]:
        if page_worth(other) > page_worth(best) + CLEARLY_BETTER:
            best = other
    return best | {"notes": told[0].get("notes", "")}


def page_worth(page: Message) -> float:
    """From -1 for a page that failed, over 0 for an empty one, to 2 for good text."""
    if "error" in page:
        return -1.0
    return 1.0 + quality(page["text"]) if page["text"].strip() else 0.0
