"""A page as an image, and where its words stand on it: for the page reader and the thumbnails."""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from publications.errors import DamagedFile, EncryptedFile, IngestError, LimitReached
from publications.ingest.limits import Limits
from publications.ingest.reading import MESSAGES
from publications.ingest.sandbox import Ending, Message, run_job
from publications.ingest.text import tidy

THUMBNAIL_WIDTH = 400
RENDER_LIMITS = Limits(cpu_seconds=10, wall_seconds=60)


@dataclass(frozen=True)
class Word:
    """A word of a page and its box, in shares (0 to 1) of the page's width and height from its top left."""

    text: str
    x: float
    y: float
    width: float
    height: float
    whole: str = ""
    """The whole word where this is half of one broken at a line end, "" elsewhere."""


@dataclass(frozen=True)
class RenderedPage:
    """A page as a WebP image, its size in pixels, and its words in reading order."""

    image: bytes
    width: int
    height: int
    words: tuple[Word, ...] = ()


def render_page(
    path: str | Path, page: int, *, width: int, words: bool = True, limits: Limits = RENDER_LIMITS
) -> RenderedPage:
    """Draw a page (from 1) of a PDF, `width` pixels wide: less where the page is so long that the image would be huge.

    Takes about 0.3 s, most of it the start of the process that guards the hub.
    Raises DamagedFile, EncryptedFile or LimitReached, each with an English message id.
    """
    told: Message = {}
    arguments = {"path": str(Path(path).resolve()), "page": page, "width": width, "words": words}
    ending = run_job("page", arguments, limits=limits, on_message=told.update)
    if "image" not in told:
        raise render_error(ending)
    image = told["image"]
    return RenderedPage(
        image=base64.b64decode(image["data"]),
        width=image["width"],
        height=image["height"],
        words=tuple(join_halves(tidy_words(told.get("words", ())))),
    )


def render_thumbnail(path: str | Path, *, limits: Limits = RENDER_LIMITS) -> RenderedPage:
    """The first page of a PDF as a small WebP image."""
    return render_page(path, 1, width=THUMBNAIL_WIDTH, words=False, limits=limits)


def tidy_words(words: Iterable[Sequence[Any]]) -> list[Word]:
    """The words that can be seen on the page, spelled as the text of the page is."""
    found = [Word(tidy(text), *box) for text, *box in words]
    return [
        word
        for word in found
        if word.text
        and word.width > 0
        and word.height > 0
        and 0 - word.width < word.x < 1
        and 0 - word.height < word.y < 1
    ]


def join_halves(words: list[Word]) -> list[Word]:
    """The words, with both halves of each broken one knowing the whole, so that both can be marked."""
    joined = list(words)
    for place, (first, second) in enumerate(pairwise(words)):
        if first.text[:-1].isalpha() and first.text.endswith("-") and second.y > first.y and second.text[0].islower():
            whole = first.text[:-1] + second.text
            joined[place] = replace(joined[place], whole=whole)
            joined[place + 1] = replace(joined[place + 1], whole=whole)
    return joined


def render_error(ending: Ending) -> IngestError:
    if ending.outcome == "password":
        return EncryptedFile(MESSAGES["password"])
    if ending.outcome in ("limit", "crashed"):
        return LimitReached(MESSAGES["limit"])
    return DamagedFile(MESSAGES["unreadable"])
