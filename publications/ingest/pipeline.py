"""From a stored file to pages that can be searched: checksum, text, language, thumbnail, all saved at once.

A file is claimed first, so that two workers do not read it both; whoever reads it says so every second, and a claim
that has fallen silent is free to others: its reader was killed. Reading needs no database and may run in threads.
"""

import logging
import os
import time
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_noop
from django_tasks import task

from publications.errors import PublicationError
from publications.ingest.addresses import mask_addresses, mask_suggestion
from publications.ingest.checksum import sha256
from publications.ingest.filetypes import PDF
from publications.ingest.findings import find_in_document, save_findings
from publications.ingest.page_images import get_page_image
from publications.ingest.reading import MESSAGES, DocumentText, OnPage, PageText, read_document
from publications.ingest.recognition import enqueue_recognition
from publications.ingest.states import fill_language
from publications.ingest.suggesting import limits_from_settings, suggest_metadata
from publications.models import FilePage, RecordFile
from publications.models.fingerprints import draw_text
from publications.queues import SOMEBODY_WAITS
from publications.signals import file_ingested
from publications.vocabularies import FileStatus

logger = logging.getLogger(__name__)

GONE = gettext_noop("The stored file is gone. Ask whoever runs this hub to bring it back from a backup.")
CHANGED = gettext_noop(
    "The stored file is no longer what was uploaded. Ask whoever runs this hub to bring it back from a backup."
)
GAVE_UP = gettext_noop("Reading this file broke off several times. Export it again as a simpler PDF and upload that.")

HEARTBEAT_SECONDS = 1
SILENT_SECONDS = 15
"""A reader that has said nothing for so long was killed; at worst, a file is read twice with the same result."""
WAITING_SECONDS = 1800
"""A file that nobody took for so long has lost its task, and gets a new one."""
THUMBNAIL_WIDTH = 400
TAKEN_ALONG = 4
"""So many waiting files for each core are read beside the one that a task is about; their own tasks find them done."""

UNFINISHED = (FileStatus.RECEIVED, FileStatus.READING)


@dataclass
class Reading:
    """A file that this process is reading, in a thread of its own, and the pages that are done."""

    file: RecordFile
    pages: set[int] = field(default_factory=set)
    page_count: int | None = None
    told: int = 0

    def note_page(self, number: int, page_count: int | None) -> None:
        self.pages.add(number)
        self.page_count = page_count

    def tell_pages(self) -> int:
        """How many pages were read since this was asked last."""
        before, self.told = self.told, len(self.pages)
        return self.told - before


def ingest_file(file_id: int) -> RecordFile | None:
    """Read a file and save what is in it; None where there is nothing to do: it is read, gone, or somebody reads it.

    Never raises for what is in the file: its status and message say what to do about it.
    """
    return next(iter(ingest_files([file_id], workers=1, wait_for_others=False)), None)


@task(queue_name="default", priority=SOMEBODY_WAITS)
def ingest_file_task(file_id: int) -> None:
    """Read a file in the background, and beside it others that wait: a worker has one task, a machine several cores."""
    workers = os.cpu_count() or 1
    waiting = RecordFile.objects.present().filter(status=FileStatus.RECEIVED).exclude(pk=file_id).order_by("created_at")
    beside = waiting.values_list("pk", flat=True)[: workers * TAKEN_ALONG if workers > 1 else 0]
    ingest_files([file_id, *beside], workers=workers, wait_for_others=False)


def ingest_files(
    file_ids: Collection[int],
    *,
    workers: int,
    wait_for_others: bool = True,
    on_finished: Callable[[RecordFile], None] | None = None,
    on_pages: Callable[[int], None] | None = None,
) -> list[RecordFile]:
    """Read files, `workers` of them at once, each in processes of its own. Returns those that were read here.

    wait_for_others: return only when no other process is reading one of them any more.
    on_finished: told each file as soon as it is saved. on_pages: told how many pages more have been read, all the time.
    """
    waiting, finished = list(file_ids), []
    running: dict[Future[DocumentText], Reading] = {}
    with ThreadPoolExecutor(max_workers=workers) as pool:
        while waiting or running:
            waiting = _start_readings(waiting, running, pool=pool, workers=workers, wait_for_others=wait_for_others)
            done, _ = wait(running, timeout=HEARTBEAT_SECONDS, return_when=FIRST_COMPLETED)
            if on_pages:
                on_pages(sum(reading.tell_pages() for reading in running.values()))
            for future in done:
                file = save_text(running.pop(future).file, future.result())
                finished += [file] if file else []
                if file and on_finished:
                    on_finished(file)
            _say_alive(running.values())
            if waiting and not running:
                time.sleep(HEARTBEAT_SECONDS)
    return finished


def _start_readings(
    waiting: list[int],
    running: dict[Future[DocumentText], Reading],
    *,
    pool: ThreadPoolExecutor,
    workers: int,
    wait_for_others: bool,
) -> list[int]:
    """Fill the free places; returns the files that wait on: for a place, or for whoever reads them now."""
    left: list[int] = []
    for place, file_id in enumerate(waiting):
        if len(running) >= workers:
            return [*left, *waiting[place:]]
        if file := claim(file_id):
            reading = Reading(file)
            running[pool.submit(read_file, file, on_page=reading.note_page)] = reading
        elif wait_for_others and RecordFile.objects.filter(pk=file_id, status=FileStatus.READING).exists():
            left.append(file_id)
    return left


def _say_alive(readings: Iterable[Reading]) -> None:
    """Save how far each reading is: editors see it, and other processes see that its reader lives."""
    for reading in readings:
        RecordFile.objects.filter(pk=reading.file.pk, status=FileStatus.READING).update(
            pages_read=len(reading.pages), page_count=reading.page_count or None, read_at=timezone.now()
        )


def claim(file_id: int) -> RecordFile | None:
    """The file, now marked as being read by the caller; None where there is nothing to do.

    A file whose reading broke off too often is given up instead: it takes its reader down with it.
    """
    free = RecordFile.objects.present().filter(_claimable(), pk=file_id)
    claimed = free.filter(tries__lt=settings.INGEST_MAX_TRIES).update(
        status=FileStatus.READING,
        message="",
        detail="",
        tries=F("tries") + 1,
        pages_read=0,
        read_at=timezone.now(),
    )
    if not claimed:
        free.filter(tries__gte=settings.INGEST_MAX_TRIES).update(status=FileStatus.FAILED, message=GAVE_UP)
        return None
    return RecordFile.objects.select_related("record").get(pk=file_id)


def _claimable() -> Q:
    is_silent = Q(read_at=None) | Q(read_at__lt=timezone.now() - timedelta(seconds=SILENT_SECONDS))
    return Q(status=FileStatus.RECEIVED) | (Q(status=FileStatus.READING) & is_silent)


def read_file(file: RecordFile, *, on_page: OnPage | None = None) -> DocumentText:
    """What is in a file. Touches no database, so that threads may call it; never raises for what is in the file."""
    try:
        path = file.content.path
        before = Path(path).stat()
        if sha256(path) != file.sha256:
            return DocumentText(FileStatus.FAILED, CHANGED)
        text = read_document(path, name=file.name, limits=limits_from_settings(), on_page=on_page)
        findings = tuple(find_in_document(path, text, limits=limits_from_settings()))
        if is_changed(path, before) and sha256(path) != file.sha256:
            return DocumentText(FileStatus.FAILED, CHANGED)
    except FileNotFoundError:
        return DocumentText(FileStatus.FAILED, GONE)
    except Exception as error:
        # A disk that fails or a fault of ours must not stop the reading of other files; this one is tried again.
        logger.exception("Reading %s broke off", file.content.name)
        return DocumentText(FileStatus.FAILED, MESSAGES["failed"], detail=f"{type(error).__name__}: {error}")
    if text.kind == PDF and text.page_count:
        draw_thumbnail(file)
    return replace(text, suggested=suggest_metadata(file, text), findings=findings)


def is_changed(path: str, before: os.stat_result) -> bool:
    """Whether somebody may have written to the file since it was looked at."""
    now = Path(path).stat()
    return (now.st_ino, now.st_size, now.st_mtime_ns) != (before.st_ino, before.st_size, before.st_mtime_ns)


def draw_thumbnail(file: RecordFile) -> None:
    """Draw the first page small, before the first reader asks; where that fails, the site shows the file without."""
    # A busy renderer, a page that cannot be drawn, a full disk: none of these makes the text less readable.
    with suppress(PublicationError, OSError):
        get_page_image(file, 1, width=THUMBNAIL_WIDTH)


def save_text(file: RecordFile, text: DocumentText) -> RecordFile | None:
    """Save the pages and how the reading went, in one transaction that also says that the record changed.

    Returns the file as it is then; None where it was deleted meanwhile.
    """
    with transaction.atomic():
        if not (rows := RecordFile.objects.select_for_update().filter(pk=file.pk)):
            return None
        file = rows[0]
        file.pages.all().delete()
        FilePage.objects.bulk_create([_page_row(file, page) for page in text.pages], batch_size=200)
        draw_text(file, [mask_addresses(page.text) for page in text.pages])
        file.status, file.message, file.detail = text.status, text.message, text.detail
        file.engine, file.language = text.engine, text.language[:3]
        file.page_count = text.page_count
        file.pages_read = sum(page.status == "text" for page in text.pages)
        file.outline = [part | {"title": mask_addresses(part["title"])} for part in text.outline]
        file.attachments = [inside | {"name": mask_addresses(inside["name"])} for inside in text.attachments]
        file.read_at = timezone.now()
        file.suggested = mask_suggestion(text.suggested).to_json()
        if text.kind:
            file.media_type = text.kind.media_type
        fill_language(file.record, file.language)
        save_findings(file, text)
        file.save()
        file_ingested.send(sender=RecordFile, file=file)
        if any(page.awaits_recognition for page in text.pages):
            enqueue_recognition([file.pk])
    if file.status != FileStatus.READY:
        logger.info("Read %s of %s: %s (%s)", file.name, file.record.pid, file.status, file.detail)
    return file


def _page_row(file: RecordFile, page: PageText) -> FilePage:
    return FilePage(
        file=file,
        number=page.number,
        status=page.status,
        text=mask_addresses(page.text),
        running=mask_addresses("\n".join(page.running)),
        notes=mask_addresses(page.notes),
        raw_words=mask_addresses(page.raw_words),
        reason=page.reason,
        awaits_recognition=page.awaits_recognition,
        language=page.language[:3],
        width=page.width,
        height=page.height,
    )


def retry(file: RecordFile) -> None:
    """Read a file again from the start, however often that failed before. Its pages stay findable until then."""
    retry_all([file.pk])
    file.refresh_from_db()


def retry_all(file_ids: Collection[int]) -> None:
    """As `retry`, for several files."""
    with transaction.atomic():
        reset(RecordFile.objects.filter(pk__in=file_ids))
        transaction.on_commit(lambda: _enqueue(file_ids))


def reset(files: QuerySet[RecordFile]) -> None:
    """Mark files as waiting to be read, as if for the first time."""
    files.update(status=FileStatus.RECEIVED, message="", tries=0, read_at=timezone.now())


def requeue_stale(*, now: datetime | None = None) -> int:
    """Enqueue the files whose reader was killed, whose task was lost or whose reading never began; returns how many."""
    now = now or timezone.now()
    long_ago = now - timedelta(seconds=WAITING_SECONDS)
    stale = Q(status=FileStatus.READING, read_at__lt=now - timedelta(seconds=SILENT_SECONDS)) | Q(
        Q(status=FileStatus.RECEIVED) | Q(status=FileStatus.FAILED, tries__lt=settings.INGEST_MAX_TRIES),
        last_sign__lt=long_ago,
    )
    with transaction.atomic():
        files = RecordFile.objects.present().annotate(last_sign=Coalesce(F("read_at"), F("created_at")))
        file_ids = list(files.filter(stale).select_for_update().values_list("pk", flat=True))
        RecordFile.objects.filter(pk__in=file_ids).update(status=FileStatus.RECEIVED, read_at=now)
        transaction.on_commit(lambda: _enqueue(file_ids))
    return len(file_ids)


def _enqueue(file_ids: Collection[int]) -> None:
    for file_id in file_ids:
        ingest_file_task.enqueue(file_id)
