"""`manage.py prepare`."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from publications.site_tree import create_site_tree
from search.errors import IndexMissing
from search.indexing import get_search_engine, rebuild_index


class Command(BaseCommand):
    help = (
        "Bring database, static files, page tree and index to where the code expects them; safe to run at every start."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        create_site_tree()
        try:
            get_search_engine().status()
        except IndexMissing:
            rebuild_index()
        self.stdout.write("Database, static files, pages and index are ready.")
