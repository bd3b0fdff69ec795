"""`held_about ADDRESS`: for somebody who asks what the hub holds about them, or wants it erased."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from publications.contact.keeping import erase_all, held_about


class Command(BaseCommand):
    help = "Print, as JSON, everything that the hub holds under an e-mail address; or erase what was left under it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="the e-mail address; make sure that it belongs to who asks")
        parser.add_argument(
            "--erase", action="store_true", help="erase the questions and saved searches that were left under it"
        )

    def handle(self, *args: Any, address: str, erase: bool, **options: Any) -> None:
        if erase:
            self.stdout.write(f"Erased: {erase_all(address, now=timezone.now())}")
            return
        self.stdout.write(json.dumps(held_about(address), indent=2, ensure_ascii=False, default=str))
