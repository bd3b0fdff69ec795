"""Pages as images, drawn once and kept.

A page is drawn in a guarded child process, cached by the file's checksum, and drawn by at most PAGE_RENDERERS
processes at once over the whole machine, so that readers who leaf through heavy files cannot bring the site down.
Whoever calls has checked access first: a cached image knows no rights.
"""

import fcntl
import json
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_noop

from publications.errors import IngestError, PublicationError
from publications.ingest.addresses import places_in_addresses
from publications.ingest.render import RenderedPage, Word, render_page
from publications.models import RecordFile

WIDTHS = (160, 400, 1000, 1600)
"""The widths in pixels that pages are drawn at: rail, thumbnail, reader, larger."""
READER_WIDTH = 1000

RETRY_SECONDS = 3600
"""A page that could not be drawn is not tried again sooner: some cost many seconds each time."""
WAIT_SECONDS = 5
BUSY = gettext_noop("Many pages are being drawn at the moment. Try again in a few seconds.")


class RendererBusy(PublicationError):
    """Every renderer has been busy for a while; the page can be asked for again."""


@dataclass(frozen=True)
class PageImage:
    """A page drawn at one width: where the image is, its size in pixels, and the words on it."""

    path: Path
    width: int
    height: int
    words: tuple[Word, ...]


def get_page_image(file: RecordFile, number: int, *, width: int = READER_WIDTH) -> PageImage:
    """Page `number` (from 1) of a PDF at one of WIDTHS, from the cache or drawn now.

    Raises IngestError with a sentence where the page cannot be drawn, RendererBusy where too many are waiting.
    """
    folder = settings.PAGE_CACHE_DIR / file.sha256[:2] / file.sha256
    known = _read_cached(folder, number, width)
    if known:
        return known
    folder.mkdir(parents=True, exist_ok=True)
    with renderer_slot():
        # Somebody else may have drawn it while this request waited.
        return _read_cached(folder, number, width) or _draw(file, folder, number, width)


def _read_cached(folder: Path, number: int, width: int) -> PageImage | None:
    try:
        facts = json.loads((folder / f"{number}-{width}.json").read_text())
    except (FileNotFoundError, ValueError):
        return None
    if error := facts.get("error"):
        if time.time() - facts["at"] < RETRY_SECONDS:
            raise IngestError(error)
        return None
    image = folder / f"{number}-{width}.webp"
    if not image.exists():
        return None
    words = [Word(**word) for word in facts["words"]]
    return PageImage(image, facts["width"], facts["height"], shown_words(words))


def _draw(file: RecordFile, folder: Path, number: int, width: int) -> PageImage:
    try:
        with _local_path(file) as path:
            page = render_page(path, number, width=width, words=width == READER_WIDTH)
    except IngestError as error:
        _write(folder / f"{number}-{width}.json", json.dumps({"error": str(error), "at": time.time()}).encode())
        raise
    _keep(folder, number, width, page)
    return PageImage(folder / f"{number}-{width}.webp", page.width, page.height, shown_words(page.words))


def shown_words(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words that may be selected and marked: those of e-mail addresses are only in the picture."""
    hidden = places_in_addresses([word.text for word in words])
    return tuple(word for place, word in enumerate(words) if place not in hidden)


def _keep(folder: Path, number: int, width: int, page: RenderedPage) -> None:
    """Write the image before the facts: facts without their image are not believed."""
    facts = {"width": page.width, "height": page.height, "words": [asdict(word) for word in page.words]}
    _write(folder / f"{number}-{width}.webp", page.image)
    _write(folder / f"{number}-{width}.json", json.dumps(facts).encode())


def _write(path: Path, content: bytes) -> None:
    """Write a file in one step: a reader sees all of it or nothing."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(handle, "wb") as temporary:
        temporary.write(content)
    Path(name).replace(path)


@contextmanager
def _local_path(file: RecordFile) -> Iterator[Path]:
    """The file on this machine's disk; a copy where the storage is elsewhere."""
    try:
        yield Path(file.content.path)
    except NotImplementedError:
        with tempfile.NamedTemporaryFile(suffix=".pdf") as copy:
            with file.content.open("rb") as source:
                for chunk in source.chunks():
                    copy.write(chunk)
            copy.flush()
            yield Path(copy.name)


@contextmanager
def renderer_slot() -> Iterator[None]:
    """One of the machine's PAGE_RENDERERS places; the kernel frees it if this process dies.

    Raises RendererBusy after WAIT_SECONDS.
    """
    settings.PAGE_CACHE_DIR.mkdir(parents=True, exist_ok=True)
    give_up_at = time.monotonic() + WAIT_SECONDS
    while True:
        for place in range(settings.PAGE_RENDERERS):
            lock = (settings.PAGE_CACHE_DIR / f".renderer-{place}").open("wb")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
                continue
            with lock:
                yield
            return
        if time.monotonic() > give_up_at:
            raise RendererBusy(BUSY)
        time.sleep(0.05)


def prune_page_images(*, max_bytes: int) -> int:
    """Delete the images that were used longest ago until the rest fits; returns how many bytes that freed."""
    images = list(_cached_images())
    total = sum(stat.st_size for stat, _path in images)
    freed = 0
    for stat, path in sorted(images, key=lambda item: item[0].st_atime):
        if total - freed <= max_bytes:
            break
        path.with_suffix(".json").unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        freed += stat.st_size
    return freed


def _cached_images() -> Iterator[tuple[os.stat_result, Path]]:
    for path in settings.PAGE_CACHE_DIR.glob("??/*/*.webp"):
        with suppress(FileNotFoundError):  # somebody else prunes at the same time
            yield path.stat(), path
