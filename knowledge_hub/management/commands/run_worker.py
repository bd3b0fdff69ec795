"""`manage.py run_worker`."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from knowledge_hub.signs_of_life import beating


class Command(BaseCommand):
    help = "Work off the tasks of one queue, and leave a sign of life every few seconds."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("queue", choices=settings.TASKS["default"]["QUEUES"])
        parser.add_argument(
            "--interval", type=float, default=1.0, metavar="SECONDS", help="how often to look for a task when idle"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with beating(options["queue"]):
            call_command(
                "db_worker",
                queue_name=options["queue"],
                interval=options["interval"],
                reload=False,
                verbosity=options["verbosity"],
            )
