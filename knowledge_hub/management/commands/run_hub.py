"""`manage.py run_hub`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from knowledge_hub.supervisor import supervise, web_program, worker_programs


class Command(BaseCommand):
    help = "Run web server and workers together until Ctrl-C, and start again whichever ends."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=settings.PORT, help="port of the web server (default: PORT)")
        parser.add_argument("--address", default="127.0.0.1", help="address it listens on (default: %(default)s)")
        parser.add_argument("--workers-only", action="store_true", help="run the workers and the clock, no web server")

    def handle(self, *args: Any, **options: Any) -> None:
        programs = worker_programs()
        if not options["workers_only"]:
            programs = [web_program(port=options["port"], address=options["address"]), *programs]
            self.stdout.write(f"Knowledge Hub on {settings.BASE_URL}/ (Ctrl-C stops it)")
        self.stdout.flush()
        supervise(programs)
