"""Recognising the text of pages that have none: drawn by pdfium, read by Tesseract, saved page by page.

It waits behind all other work, in a queue of its own, because a page takes seconds where reading takes milliseconds.
Each page is saved as soon as it is done, so that whatever stops it loses one page at most. A file is claimed as in
`pipeline.py`: whoever works on it says so every second.
"""

import logging
import time
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django_tasks import task

from publications.ingest.addresses import mask_addresses
from publications.ingest.filetypes import PDF
from publications.ingest.findings import add_findings_of_page
from publications.ingest.language import (
    UNKNOWN,
    detect_document_language,
    detect_language,
    detect_page_language,
)
from publications.ingest.recogniser import RecognisedPage, Recogniser, find_recogniser, recognise_page
from publications.ingest.scanned import without_addresses
from publications.ingest.states import fill_language, refresh_file
from publications.ingest.suggesting import suggest_from_scan
from publications.ingest.text import clean_pages, quality, raw_words
from publications.models import FilePage, RecognisedWords, RecordFile
from publications.models.files import RecordFileQuerySet
from publications.models.fingerprints import draw_text
from publications.signals import file_ingested
from publications.vocabularies import FileStatus, PageReason, PageStatus

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 1
SILENT_SECONDS = 15
TURN_SECONDS = 120
"""A file gives way to the next after so long: one book of a thousand pages must not hold up all scans behind it."""
MAX_TRIES = 3
"""A page that broke off its recognition so often is left as it is; the button in the CMS begins anew."""
QUEUE = "recognition"

OnPage = Callable[[RecognisedPage], None]


# --- A file, page by page -----------------------------------------------------------------------------------------


@task(queue_name=QUEUE)
def recognise_file_task(file_id: int) -> None:
    """Recognise the text of one file's pages in the background, for one turn; what is left gets a task of its own."""
    if recognise_file(file_id, seconds=TURN_SECONDS) and _awaiting(file_id).exists():
        enqueue_recognition([file_id])


def enqueue_recognition(file_ids: Collection[int]) -> None:
    """Have the text of files recognised once this transaction is over; without a Tesseract their pages wait."""

    def enqueue() -> None:
        if not find_recogniser().problem:
            for file_id in file_ids:
                recognise_file_task.enqueue(file_id)

    transaction.on_commit(enqueue)


def recognise_files(file_ids: Collection[int], *, workers: int, on_page: OnPage | None = None) -> int:
    """Recognise whatever awaits it in these files, here and now; returns how many pages were done here.

    Returns only when no other process is at one of them any more, so that all of it can be found.
    """
    done = 0
    for file_id in file_ids:
        while not find_recogniser().problem and _awaiting(file_id).exists():
            done_now = recognise_file(file_id, workers=workers, on_page=on_page)
            done += done_now
            if not done_now:
                if is_free(file_id):
                    break
                time.sleep(HEARTBEAT_SECONDS)
    return done


def recognise_file(
    file_id: int, *, seconds: float | None = None, workers: int = 1, on_page: OnPage | None = None
) -> int:
    """Recognise the text of the pages that await it, each saved at once; returns how many were tried.

    seconds: begin no page after that. workers: how many pages at once. 0 where there is nothing to do: no such page,
    no Tesseract, or somebody else is at it.
    """
    recogniser = find_recogniser()
    if recogniser.problem or not is_unfinished(file_id) or not claim(file_id):
        return 0
    file = RecordFile.objects.get(pk=file_id)
    try:
        done = _recognise_pages(file, recogniser, seconds=seconds or float("inf"), workers=workers, on_page=on_page)
        if not _awaiting(file_id).exists():
            finish_file(file_id)
    finally:
        RecordFile.objects.filter(pk=file_id).update(recognised_at=None)
    return done


def _recognise_pages(
    file: RecordFile, recogniser: Recogniser, *, seconds: float, workers: int, on_page: OnPage | None
) -> int:
    give_way_at = time.monotonic() + seconds
    waiting = list(_awaiting(file.pk).values_list("number", flat=True))
    running: dict[Future[RecognisedPage], int] = {}
    done = begun = 0
    with ThreadPoolExecutor(max_workers=workers) as pool:
        while running or (waiting and (not begun or time.monotonic() < give_way_at)):
            # However short the turn is, a page of it is done: else a file might give way for ever.
            while waiting and len(running) < workers and (not begun or time.monotonic() < give_way_at):
                begun += 1
                number = waiting.pop(0)
                _count_try(file, number)
                running[pool.submit(_try_page, file, number, recogniser)] = number
            finished, _ = wait(running, timeout=HEARTBEAT_SECONDS, return_when=FIRST_COMPLETED)
            for future in finished:
                save_page(file, running.pop(future), future.result())
                done += 1
                if on_page:
                    on_page(future.result())
            RecordFile.objects.filter(pk=file.pk).update(recognised_at=timezone.now())
    return done


def _try_page(file: RecordFile, number: int, recogniser: Recogniser) -> RecognisedPage:
    """As `recognise_page`; what goes wrong around it stops no other page. Touches no database."""
    try:
        return recognise_page(file.content.path, number, recogniser=recogniser)
    except Exception as error:  # the file is gone, the disk is full, no process can be started
        logger.exception("Recognising page %s of %s broke off", number, file.content.name)
        return RecognisedPage(reason=PageReason.TOO_HARD, broke_off=True, detail=f"{type(error).__name__}: {error}")


def _count_try(file: RecordFile, number: int) -> None:
    """Before it begins: a page that takes this whole process down must not be tried for ever."""
    FilePage.objects.filter(file=file, number=number).update(recognition_tries=F("recognition_tries") + 1)


def _awaiting(file_id: int) -> QuerySet[FilePage]:
    return FilePage.objects.filter(file_id=file_id, awaits_recognition=True).order_by("number")


def is_unfinished(file_id: int) -> bool:
    """Whether a page waits, or somebody was killed between the last page and the end."""
    return _awaiting(file_id).exists() or RecordFile.objects.filter(pk=file_id, recognised_at__isnull=False).exists()


def is_unclaimed(now: datetime) -> Q:
    """A condition: nobody recognises the text of the file, or whoever did has fallen silent."""
    return Q(recognised_at=None) | Q(recognised_at__lt=now - timedelta(seconds=SILENT_SECONDS))


def is_free(file_id: int) -> bool:
    """Whether nobody is at the file."""
    return RecordFile.objects.present().filter(is_unclaimed(timezone.now()), pk=file_id).exists()


def claim(file_id: int) -> bool:
    """Whether the file is now ours: its pages have been read, and nobody else is at it.

    Pages that have broken off too often, with this process or with one that was killed, wait no longer.
    """
    now = timezone.now()
    free = RecordFile.objects.present().filter(is_unclaimed(now), pk=file_id)
    if not free.exclude(status__in=[FileStatus.RECEIVED, FileStatus.READING]).update(recognised_at=now):
        return False
    hopeless = _awaiting(file_id).filter(recognition_tries__gte=MAX_TRIES)
    hopeless.update(awaits_recognition=False, reason=PageReason.TOO_HARD)
    return True


def save_page(file: RecordFile, number: int, recognised: RecognisedPage) -> None:
    """Save what became of a page, in one transaction that also says that the record changed."""
    with transaction.atomic():
        page = FilePage.objects.select_for_update().filter(file_id=file.pk, number=number).first()
        if page is None or not page.awaits_recognition:  # read again meanwhile
            return
        if recognised.broke_off and page.recognition_tries < MAX_TRIES:
            return
        page.awaits_recognition = False
        if is_better(recognised.text, page):
            clean = clean_pages([recognised.text])[0]
            page.text, page.running = mask_addresses(clean.text), mask_addresses("\n".join(clean.running))
            page.raw_words = mask_addresses(raw_words(recognised.text, clean))
            page.status, page.reason = PageStatus.RECOGNISED, ""
            page.language = language_of(clean.text, document=file.language)
            lines = without_addresses(recognised.lines)
            RecognisedWords.objects.update_or_create(page=page, defaults={"lines": lines})
        elif not page.text:
            page.reason = recognised.reason
        page.save()
        file = RecordFile.objects.select_for_update().get(pk=file.pk)
        add_findings_of_page(file, page)
        file.save(update_fields=["open_findings"])
        refresh_file(file.pk)


def language_of(text: str, *, document: str) -> str:
    """The language of a recognised page, which is the first that is known of a document that is all scans."""
    return (detect_language(text) if document == UNKNOWN else detect_page_language(text, document=document))[:3]


def is_better(text: str, page: FilePage) -> bool:
    """Whether recognised text is better than what the page has: nothing, an earlier recognition, or gibberish."""
    if not text or not page.text or page.status == PageStatus.RECOGNISED:
        return bool(text)
    return quality(text) > quality(page.text)


def finish_file(file_id: int) -> None:
    """Once no page waits any more: set running headers apart, know the language of the whole, and what it describes."""
    # Before the transaction, as it reads the file and may ask a registry.
    suggested = suggest_from_scan(RecordFile.objects.get(pk=file_id))
    with transaction.atomic():
        file = RecordFile.objects.select_for_update().get(pk=file_id)
        file.suggested = suggested.to_json()
        pages = list(file.pages.order_by("number"))
        for page, clean in zip(pages, clean_pages([page.text for page in pages]), strict=True):
            if page.status == PageStatus.RECOGNISED:
                page.text = clean.text
                page.running = "\n".join(filter(None, [page.running, *clean.running]))
        if file.language == UNKNOWN:
            file.language = detect_document_language([page.text for page in pages])[:3]
            fill_language(file.record, file.language)
        file.save()
        for page in pages:
            page.language = file.language if page.language == UNKNOWN else page.language
        FilePage.objects.bulk_update(pages, ["text", "running", "language"], batch_size=200)
        draw_text(file, [page.text for page in pages])
        refresh_file(file_id)
        file_ingested.send(sender=RecordFile, file=file)


def recognise_again(files: RecordFileQuerySet) -> int:
    """Have the pages recognised that have no text of their own, however that ended before; returns how many wait."""
    file_ids = list(files.present().filter(media_type=PDF.media_type).values_list("pk", flat=True))
    pages = FilePage.objects.filter(file__in=file_ids).filter(
        Q(status__in=[PageStatus.NO_TEXT, PageStatus.UNREADABLE, PageStatus.RECOGNISED])
        | Q(reason__in=[PageReason.GARBLED, PageReason.NO_WORDS])
    )
    with transaction.atomic():
        count = pages.update(awaits_recognition=True, recognition_tries=0)
        enqueue_recognition(file_ids)
    return count


def requeue_recognition(*, is_idle: bool, now: datetime | None = None) -> int:
    """Enqueue the files whose recognition was killed; returns how many.

    is_idle: no task waits for the queue, so that whatever awaits recognition has lost its task or never had one, as
    before Tesseract was installed.
    """
    now = now or timezone.now()
    if find_recogniser().problem:
        return 0
    unfinished = Q(pages__awaits_recognition=True) | Q(recognised_at__isnull=False)
    files = RecordFile.objects.present().filter(unfinished, is_unclaimed(now)).distinct()
    if not is_idle:
        files = files.exclude(recognised_at=None)
    file_ids = list(files.values_list("pk", flat=True))
    with transaction.atomic():
        RecordFile.objects.filter(pk__in=file_ids).update(recognised_at=None)
        enqueue_recognition(file_ids)
    return len(file_ids)
