"""Takes topics along as a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from publications import skos
from publications.errors import FormatError
from publications.models import Topic


class Command(BaseCommand):
    help = "Write all topics to a SKOS (.ttl, .rdf, .jsonld) or CSV file, by its extension."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a .ttl, .rdf, .jsonld or .csv file")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            known = skos.find_format(file.name)
            concepts = skos.concepts_of(Topic.objects.current())
            file.write_text(skos.write_file(concepts, known), encoding="utf-8", newline="")
        except FormatError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            problem = {"name": file.name, "reason": error.strerror or type(error).__name__}
            raise CommandError(_("“%(name)s” cannot be written: %(reason)s.") % problem) from error
        self.stdout.write(_("Wrote %(count)d topics to %(name)s.") % {"count": len(concepts), "name": file.name})
