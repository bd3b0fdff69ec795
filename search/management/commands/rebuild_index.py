"""`manage.py rebuild_index`."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from search.errors import SearchError
from search.indexing import rebuild_index


class Command(BaseCommand):
    help = "Build the search index anew beside the old one, and switch to it when it is complete."

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.perf_counter()
        with tqdm(unit=" records", disable=None) as bar:

            def show(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            try:
                rebuilt = rebuild_index(on_progress=show)
            except SearchError as error:
                raise CommandError(str(error)) from error
        seconds = time.perf_counter() - started
        self.stdout.write(
            f"Indexed {rebuilt.records:,} records and {rebuilt.passages:,} pages in {seconds:.1f} s "
            f"({settings.SEARCH_ENGINE})."
        )
