"""Reads every stored file back against its checksum."""

import time
from argparse import ArgumentParser, ArgumentTypeError
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publications.ingest.fixity import FixityReport, check_files
from publications.management.progress import TerminalProgress
from publications.vocabularies import Fixity


def at_least_one(text: str) -> int:
    """A whole number above zero."""
    if not text.isdigit() or int(text) < 1:
        raise ArgumentTypeError(f"“{text}” is no whole number above zero")
    return int(text)


class Command(BaseCommand):
    help = "Read stored files back against their checksums, and name what changed, is gone or belongs to no record."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--older-than-days", type=at_least_one, metavar="N", help="only files not checked for so many days"
        )
        parser.add_argument(
            "--limit", type=at_least_one, metavar="N", help="at most so many files, those first that waited longest"
        )

    def handle(self, *args: Any, older_than_days: int | None, limit: int | None, **options: Any) -> None:
        started = time.monotonic()
        with TerminalProgress() as progress:
            report = check_files(
                older_than=timedelta(days=older_than_days) if older_than_days else None,
                limit=limit,
                on_count=lambda count: progress.begin(_("Files"), count),
                on_file=lambda file: progress.step(),
            )
        self._name_troubles(report)
        self.stdout.write(_summary(report, seconds=time.monotonic() - started))
        if not report.is_fine:
            count = report.checked - len(report.found[Fixity.INTACT]) + len(report.extra)
            raise CommandError(
                ngettext("%(count)d file needs attention.", "%(count)d files need attention.", count) % {"count": count}
            )

    def _name_troubles(self, report: FixityReport) -> None:
        for result, files in report.found.items():
            for file in files if result != Fixity.INTACT else ():
                self.stderr.write(f"{file.record.pid}, {file.name} ({file.content.name}): {result.label}")
        for path in report.extra:
            self.stderr.write(_("%(path)s: belongs to no record") % {"path": path})


def _summary(report: FixityReport, *, seconds: float) -> str:
    return _(
        "Checked %(checked)d files (%(size)s) in %(seconds)s s: %(intact)d as they came in, %(changed)d changed, "
        "%(missing)d gone, %(unreadable)d that the disk cannot read; %(extra)d that belong to no record."
    ) % {
        "checked": report.checked,
        "size": filesizeformat(report.size_bytes),
        "seconds": f"{seconds:.1f}",
        "intact": len(report.found[Fixity.INTACT]),
        "changed": len(report.found[Fixity.CHANGED]),
        "missing": len(report.found[Fixity.MISSING]),
        "unreadable": len(report.found[Fixity.UNREADABLE]),
        "extra": len(report.extra),
    }
