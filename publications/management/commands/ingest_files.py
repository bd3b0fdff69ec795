"""Reads deposited files, here and now."""

import os
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from publications.ingest.pipeline import UNFINISHED, ingest_files, reset
from publications.ingest.recogniser import RecognisedPage, find_recogniser, waiting_sentence
from publications.ingest.recognition import recognise_again, recognise_files
from publications.management.progress import TerminalProgress
from publications.models import FilePage, Record, RecordFile
from publications.models.files import RecordFileQuerySet
from publications.signals import changes_wanted_now
from publications.vocabularies import FileStatus


class Command(BaseCommand):
    help = "Read the files that wait, and recognise the text of scans; returns when their text can be found."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pids", nargs="*", metavar="PID", help="only the files of these records")
        again = parser.add_mutually_exclusive_group()
        again.add_argument(
            "--failed", action="store_true", help="try those again that could not be read, or not wholly"
        )
        again.add_argument("--all", action="store_true", help="read every file again")
        again.add_argument(
            "--recognise", action="store_true", help="recognise the text of pages without any again, and read nothing"
        )

    def handle(self, *args: Any, pids: list[str], failed: bool, **options: Any) -> None:
        files = RecordFile.objects.present()
        if pids:
            self._check(pids)
            files = files.filter(record__pid__in=pids)
        if options["all"]:
            reset(files)
        elif failed:
            reset(files.unreadable())
        elif options["recognise"]:
            recognise_again(files)
        with TerminalProgress() as progress:
            if not options["recognise"]:
                self._read(files, progress)
            self._recognise(files, progress)
        changes_wanted_now.send(sender=RecordFile)

    def _read(self, files: RecordFileQuerySet, progress: TerminalProgress) -> None:
        waiting = list(files.filter(status__in=UNFINISHED).values_list("pk", flat=True))
        started = time.monotonic()
        progress.begin(_("Files"), len(waiting))
        read = ingest_files(
            waiting,
            workers=os.cpu_count() or 1,
            on_finished=lambda file: progress.step(),
            on_pages=progress.pages,
        )
        for file in read:
            if file.status != FileStatus.READY:
                self.stderr.write(f"{file.record.pid}, {file.name}: {_(file.message)}")
        self.stdout.write(_summary(read, seconds=time.monotonic() - started))

    def _recognise(self, files: RecordFileQuerySet, progress: TerminalProgress) -> None:
        """Recognise the text of the pages that await it, or say why they go on waiting."""
        waiting = FilePage.objects.filter(file__in=files, awaits_recognition=True)
        count = waiting.count()
        if count and find_recogniser().problem:
            self.stderr.write(_("%(count)d pages wait: %(why)s") % {"count": count, "why": _(waiting_sentence())})
            return
        if not count:
            return
        started = time.monotonic()
        progress.begin(_("Pages to recognise"), count)
        file_ids = list(waiting.order_by("file_id").values_list("file_id", flat=True).distinct())
        recognised: list[RecognisedPage] = []

        def note(page: RecognisedPage) -> None:
            recognised.append(page)
            progress.step()

        recognise_files(file_ids, workers=os.cpu_count() or 1, on_page=note)
        numbers = {
            "pages": sum(bool(page.text) for page in recognised),
            "all": len(recognised),
            "seconds": f"{time.monotonic() - started:.1f}",
        }
        self.stdout.write(_("Recognised the text of %(pages)d of %(all)d pages in %(seconds)s s.") % numbers)

    def _check(self, pids: list[str]) -> None:
        known = set(Record.objects.filter(pid__in=pids).values_list("pid", flat=True))
        if unknown := [pid for pid in pids if pid not in known]:
            raise CommandError(_("There is no record %(pids)s.") % {"pids": ", ".join(unknown)})


def _summary(read: list[RecordFile], *, seconds: float) -> str:
    pages = sum(file.pages_read for file in read)
    return _(
        "Read %(files)d files, %(pages)d pages in %(seconds)s s (%(speed)s pages/s), %(trouble)d with trouble, "
        "%(suggestions)d with suggestions for their record."
    ) % {
        "files": len(read),
        "pages": pages,
        "seconds": f"{seconds:.1f}",
        "speed": f"{pages / seconds:.1f}" if seconds else "0.0",
        "trouble": sum(file.status != FileStatus.READY for file in read),
        "suggestions": sum(bool(file.suggestion) for file in read),
    }
