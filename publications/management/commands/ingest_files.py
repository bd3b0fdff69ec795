"""Reads deposited files, here and now."""

import os
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from publications.ingest.pipeline import UNFINISHED, ingest_files, reset
from publications.management.progress import TerminalProgress
from publications.models import Record, RecordFile
from publications.signals import changes_wanted_now
from publications.vocabularies import FileStatus


class Command(BaseCommand):
    help = "Read the files that wait to be read; returns when their text can be found."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pids", nargs="*", metavar="PID", help="only the files of these records")
        again = parser.add_mutually_exclusive_group()
        again.add_argument(
            "--failed", action="store_true", help="try those again that could not be read, or not wholly"
        )
        again.add_argument("--all", action="store_true", help="read every file again")

    def handle(self, *args: Any, pids: list[str], failed: bool, **options: Any) -> None:
        files = RecordFile.objects.present()
        if pids:
            self._check(pids)
            files = files.filter(record__pid__in=pids)
        if options["all"]:
            reset(files)
        elif failed:
            reset(files.unreadable())
        waiting = list(files.filter(status__in=UNFINISHED).values_list("pk", flat=True))

        started = time.monotonic()
        with TerminalProgress() as progress:
            progress.begin(_("Files"), len(waiting))
            read = ingest_files(waiting, workers=os.cpu_count() or 1, on_finished=lambda file: progress.step())
        seconds = time.monotonic() - started
        changes_wanted_now.send(sender=RecordFile)

        for file in read:
            if file.status != FileStatus.READY:
                self.stderr.write(f"{file.record.pid}, {file.name}: {_(file.message)}")
        self.stdout.write(_summary(read, seconds=seconds))

    def _check(self, pids: list[str]) -> None:
        known = set(Record.objects.filter(pid__in=pids).values_list("pid", flat=True))
        if unknown := [pid for pid in pids if pid not in known]:
            raise CommandError(_("There is no record %(pids)s.") % {"pids": ", ".join(unknown)})


def _summary(read: list[RecordFile], *, seconds: float) -> str:
    pages = sum(file.pages_read for file in read)
    return _(
        "Read %(files)d files, %(pages)d pages in %(seconds)s s (%(speed)s pages/s), %(trouble)d with trouble."
    ) % {
        "files": len(read),
        "pages": pages,
        "seconds": f"{seconds:.1f}",
        "speed": f"{pages / seconds:.1f}" if seconds else "0.0",
        "trouble": sum(file.status != FileStatus.READY for file in read),
    }
