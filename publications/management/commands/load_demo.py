"""`manage.py load_demo`."""

import os
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from tqdm import tqdm

from publications.demo.load import ACCOUNTS, PASSWORD, load_demo
from publications.ingest.pipeline import ingest_files
from publications.signals import changes_wanted_now


class Command(BaseCommand):
    help = "Fill this hub with demo content: invented people and their works, for trying everything out."

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.perf_counter()
        call_command("prepare", stdout=self.stdout)
        with tqdm(desc="Demo content", unit=" records", disable=None) as bar:

            def show(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            loaded = load_demo(on_progress=show)
        self.read_files([file.pk for file in loaded.unread])
        changes_wanted_now.send(sender=type(self))
        added = ", ".join(f"{number} {name}" for name, number in loaded.counts.items() if number)
        self.stdout.write(f"Added {added or 'nothing'} in {time.perf_counter() - started:.1f} s.")
        self.stdout.write(f"The hub:  {settings.BASE_URL}/")
        for name, group in ACCOUNTS:
            self.stdout.write(f"Sign in:  {name:<12} password: {PASSWORD}   ({group})")

    def read_files(self, file_ids: list[int]) -> None:
        """Read the files on all processors, with a bar that moves with each."""
        with tqdm(desc="Reading files", total=len(file_ids), unit=" files", disable=None) as bar:
            ingest_files(file_ids, workers=os.cpu_count() or 1, on_finished=lambda file: bar.update(1))
