"""Brings in topics from a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publications import skos
from publications.errors import FormatError
from publications.signals import changes_wanted_now


class Command(BaseCommand):
    help = "Make and change topics as a SKOS (.ttl, .rdf, .jsonld) or CSV file says: all of it, or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a .ttl, .rdf, .jsonld or .csv file")
        parser.add_argument("--replace", action="store_true", help="take away what the file lacks from topics it names")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")

    def handle(self, *args: Any, file: Path, replace: bool, dry_run: bool, **options: Any) -> None:
        plan = self.plan(file, replaces=replace)
        for note in plan.notes:
            self.stderr.write(note)
        for fault in plan.faults:
            self.stderr.write(f"{file.name}, {fault.place}: {fault.text}")
        if plan.faults:
            count = len(plan.faults)
            text = ngettext("%(count)d fault; nothing was changed.", "%(count)d faults; nothing was changed.", count)
            raise CommandError(text % {"count": count})
        numbers = {"new": len(plan.new), "changed": len(plan.changed), "unchanged": plan.unchanged}
        if dry_run:
            self.write_changes(plan)
            sentence = _("Would make %(new)d topics and change %(changed)d (%(unchanged)d as they are).")
        else:
            skos.apply_plan(plan, user=None, file_name=file.name)
            changes_wanted_now.send(sender=type(self))
            sentence = _("Made %(new)d topics and changed %(changed)d (%(unchanged)d as they are).")
        self.stdout.write(sentence % numbers)

    def plan(self, file: Path, *, replaces: bool) -> skos.Plan:
        """What the file would do. Raises CommandError where it cannot be read."""
        try:
            if file.stat().st_size > skos.MAX_BYTES:
                raise FormatError(_("The file is larger than %(limit)d MB. Bring it in in parts.") % {"limit": 5})
            return skos.plan_import(skos.read_file(file.read_bytes(), file.name), replaces=replaces)
        except FormatError as error:
            line = _(", line %(line)d") % {"line": error.line} if error.line else ""
            raise CommandError(f"{file.name}{line}: {error}") from error
        except OSError as error:
            problem = {"name": file.name, "reason": error.strerror or type(error).__name__}
            raise CommandError(_("“%(name)s” cannot be read: %(reason)s.") % problem) from error

    def write_changes(self, plan: skos.Plan) -> None:
        """A line for each field that would change."""
        for change in plan.changes:
            self.stdout.write(f"{'+' if change.is_new else '~'} {change.name}")
            for field in change.fields:
                before, after = (text.replace("\n", " | ") for text in (field.before, field.after))
                self.stdout.write(f"    {field.label}: {before} → {after}")
