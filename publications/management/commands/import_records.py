"""Brings in a bibliography with its files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publications.errors import FormatError
from publications.management.progress import TerminalProgress
from publications.records.importing import ImportReport, Remark, import_records


class Command(BaseCommand):
    help = "Make live records of the entries of a BibTeX, RIS, CSL-JSON or CSV file, with their files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a .bib, .ris, .json or .csv file")
        parser.add_argument(
            "--files", type=Path, metavar="DIR", help="where the PDFs are (the folder of the file, if not given)"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be imported, and change nothing")

    def handle(self, *args: Any, file: Path, files: Path | None, dry_run: bool, **options: Any) -> None:
        if files and not files.is_dir():
            raise CommandError(_("There is no folder %(path)s.") % {"path": files})
        with TerminalProgress() as progress:
            try:
                report = import_records(file, files_dir=files, dry_run=dry_run, progress=progress)
            except FormatError as error:
                raise CommandError(str(error)) from error
            except OSError as error:
                problem = {"name": file.name, "reason": error.strerror or type(error).__name__}
                raise CommandError(_("“%(name)s” cannot be read: %(reason)s.") % problem) from error
        for remark in [*report.errors, *report.notes]:
            self.stderr.write(f"{file.name}{_place(remark)}: {remark.sentence}")
        self.stdout.write(_summary(report, dry_run=dry_run))
        if report.errors:
            count = len(report.errors)
            raise CommandError(
                ngettext("%(count)d entry needs attention.", "%(count)d entries need attention.", count)
                % {"count": count}
            )


def _place(remark: Remark) -> str:
    line = _(", line %(line)d") % {"line": remark.line} if remark.line else ""
    return f"{line} ({remark.key})" if remark.key else line


def _summary(report: ImportReport, *, dry_run: bool) -> str:
    numbers = {
        "imported": report.imported,
        "known": report.known,
        "errors": len(report.errors),
        "pages": report.pages_read,
        "seconds": f"{report.seconds:.1f}",
        "speed": f"{report.pages_read / report.seconds:.1f}" if report.seconds else "0.0",
    }
    if dry_run:
        return _("Would import %(imported)d records (%(known)d known, %(errors)d errors).") % numbers
    sentence = _(
        "Imported %(imported)d records (%(known)d known, %(errors)d errors), "
        "%(pages)d pages read in %(seconds)s s (%(speed)s pages/s)."
    )
    if report.pages_recognised:
        numbers["recognised"] = report.pages_recognised
        sentence += " " + _("The text of %(recognised)d pages was recognised.")
    return sentence % numbers
