"""`manage.py index_status`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.errors import IndexUnavailable, SearchError
from search.indexing import compare_index, get_search_engine, rebuild_index, repair_index


class Command(BaseCommand):
    help = "Compare the search index with the database; with --repair, mend what differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--repair", action="store_true", help="index again what differs, or rebuild what is damaged"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            differs = self.repair() if options["repair"] else self.report()
        except SearchError as error:
            raise CommandError(str(error)) from error
        if differs:
            raise CommandError("The index differs from the database. Run index_status --repair.")

    def report(self) -> bool:
        """Print the state; True where index and database differ."""
        engine = get_search_engine()
        try:
            status = engine.status()
        except IndexUnavailable as unavailable:
            raise CommandError(f"{unavailable} Run rebuild_index, or index_status --repair.") from unavailable
        self.stdout.write(
            f"{status.records:,} records and {status.passages:,} pages in {status.segments} segments, "
            f"{status.size_bytes / 1e6:.1f} MB ({engine.name}, generation {status.generation})."
        )
        damage = engine.check()
        for sentence in damage:
            self.stdout.write(sentence)
        comparison = compare_index()
        self.stdout.write(
            f"{comparison.due:,} due, {len(comparison.missing):,} missing, {len(comparison.surplus):,} surplus, "
            f"{len(comparison.outdated):,} outdated, {len(comparison.failed):,} failed."
        )
        for pid, error in comparison.failed:
            self.stdout.write(f"  {pid}: {error}")
        return bool(damage or comparison.differing or comparison.failed)

    def repair(self) -> bool:
        """Mend the index; True where something still differs."""
        engine = get_search_engine()
        try:
            damage = engine.check()
        except IndexUnavailable as unavailable:
            damage = (str(unavailable),)
        if damage:
            self.stdout.write("\n".join(damage))
            rebuilt = rebuild_index()
            self.stdout.write(f"Rebuilt: {rebuilt.records:,} records and {rebuilt.passages:,} pages.")
        else:
            self.stdout.write(f"Indexed {repair_index(compare_index()):,} records again.")
        return self.report()
