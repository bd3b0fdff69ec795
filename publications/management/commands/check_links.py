"""Looks whether links lead anywhere."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publications.links.keeping import check_all, note_inside_links
from publications.management.commands.check_files import at_least_one
from publications.models.links import WatchedLink


class Command(BaseCommand):
    help = "Look whether links within the hub, and where that is switched on to other sites, lead anywhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=at_least_one, metavar="N", help="at most so many links to other sites")

    def handle(self, *args: Any, limit: int | None, **options: Any) -> None:
        if settings.LINK_CHECKS_ENABLED:
            checked = check_all(limit=limit)
            looked = ngettext(
                "Looked at %(count)d link to another site; waiting for another round: %(waiting)d.",
                "Looked at %(count)d links to other sites; waiting for another round: %(waiting)d.",
                checked.outside,
            )
            self.stdout.write(looked % {"count": checked.outside, "waiting": checked.waiting})
        else:
            note_inside_links()
            self.stdout.write(_("Links to other sites are not looked at: LINK_CHECKS_ENABLED is off."))
        for link in WatchedLink.objects.broken():
            self.stdout.write(f"{link.target}: {link.get_problem_display()}")
        count = WatchedLink.objects.broken().count()
        said = ngettext("%(count)d link leads nowhere.", "%(count)d links lead nowhere.", count)
        self.stdout.write(said % {"count": count})
