"""`manage.py run_due`."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections

from knowledge_hub.maintenance import run_due
from knowledge_hub.signs_of_life import CLOCK, leave_sign


class Command(BaseCommand):
    help = "Publish what is scheduled, wake what a crash left lying, throw away what is old; run it every minute."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, metavar="SECONDS", help="go on for ever, with a pause in between")

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            done = run_due()
            leave_sign(CLOCK)
            failed = [f"{name}: {result}" for name, result in done.items() if isinstance(result, str)]
            if not options["every"]:
                self.stdout.write("\n".join(f"{name}: {result}" for name, result in done.items()))
                if failed:
                    raise CommandError("; ".join(failed))
                return
            close_old_connections()
            time.sleep(options["every"])
