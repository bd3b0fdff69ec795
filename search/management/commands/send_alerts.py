"""`manage.py send_alerts`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from search.alerts.digests import Made, make_digests
from search.alerts.sending import MailServerAway, Sent, send_digests
from search.errors import IndexUnavailable
from search.models import SavedSearch


class Command(BaseCommand):
    help = "Look up saved searches and mail their readers what is new; nobody is told anything twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now", action="store_true", help="tell readers too who were told of something today or this week already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        due = SavedSearch.objects.watched() if options["now"] else SavedSearch.objects.due(now=now)
        try:
            with progress("Looking") as show:
                made = make_digests(now=now, due=due, on_progress=show)
            self.stdout.write(
                f"Looked up {made.searches:,} saved searches of {made.readers:,} readers: "
                f"{made.records:,} new records in {made.digests:,} digests."
            )
            with progress("Sending") as show:
                sent = send_digests(now=now, on_progress=show)
        except IndexUnavailable as error:
            raise CommandError(str(error)) from error
        except MailServerAway as error:
            raise CommandError(
                f"The mail server cannot be reached ({error}). Digests wait for the next run."
            ) from error
        self.report(made, sent)

    def report(self, made: Made, sent: Sent) -> None:
        """Print what was sent; raises CommandError where something was not."""
        self.stdout.write(f"Sent {sent.mails:,} mails; {sent.empty:,} digests had nothing left to tell.")
        if sent.cut_off:
            self.stdout.write(
                f"{sent.cut_off:,} digests were cut off while being sent. Whether they arrived is not known, "
                "and they are not sent again."
            )
        if made.failed or sent.refused or sent.given_up:
            raise CommandError(
                f"{made.failed:,} readers could not be looked up, {sent.refused:,} mails were refused and are tried "
                f"again, {sent.given_up:,} were given up."
            )


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, nothing elsewhere."""
    with tqdm(desc=what, unit=" readers", disable=None) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show
