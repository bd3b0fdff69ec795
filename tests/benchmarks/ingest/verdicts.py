"""Whether an odd file was read as its manifest says a correct reading does."""

from collections.abc import Sequence

from tests.benchmarks.ingest.comparing import squeezed
from tests.benchmarks.ingest.data import Truth

READ = frozenset({"text"})
REFUSED = frozenset({"unreadable", "limit", "no_text"})
ALLOWED = {
    "text": READ,
    "office": READ,
    "no_text": {"no_text"},
    "no_page_text": {"no_text"} | READ,
    "no_text_then_ocr": {"no_text"},
    "password": {"password"},
    "unreadable": REFUSED,
    "limit": {"limit"},
    "limit_or_no_text": {"limit", "no_text"},
    "limit_or_text": {"limit"} | READ,
    "text_or_password": {"password"} | READ,
    "text_or_unreadable": {"unreadable"} | READ,
    "any_but_crash": {"password"} | READ | REFUSED,
}
"""What may come of a file, by what its manifest expects; a word that is not known here allows any honest answer."""


def is_right(truth: Truth, *, outcome: str, is_cut_off: bool, pages: Sequence[str]) -> bool:
    """Whether what came of a file is what its manifest expects.

    outcome: "text", "no_text", "password", "unreadable", "limit" or "crash". is_cut_off: a limit ended the reading, but
    there is text. pages: all that can be searched of each page, notes among it.
    """
    allowed = ALLOWED.get(truth.expect, ALLOWED["any_but_crash"])
    if outcome not in allowed and not (is_cut_off and "limit" in allowed):
        return False
    if truth.words and outcome == "text":
        text = squeezed(" ".join(pages))
        found = sum(squeezed(word) in text for word in truth.words)
        if found < truth.least_share * len(truth.words) - 1e-9:
            return False
    return all(is_on_slide(slide.words, slide.notes, slide.number, pages) for slide in truth.slides)


def is_on_slide(words: Sequence[str], notes: str, number: int, pages: Sequence[str]) -> bool:
    """Whether the words and notes of a slide were found on that slide."""
    page = squeezed(pages[number - 1]) if number <= len(pages) else ""
    return all(squeezed(word) in page for word in words) and squeezed(notes) in page
