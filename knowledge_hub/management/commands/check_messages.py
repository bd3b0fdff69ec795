"""`manage.py check_messages`."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

LANGUAGE = "nl"


def read_catalog(path: Path) -> Catalog:
    """The messages of a .po file."""
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def find_untranslated(catalog: Catalog) -> list[str]:
    """A sentence for each message that is not translated, or only guessed."""
    found = []
    for message in catalog:
        if not message.id:
            continue
        texts = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
        if message.fuzzy:
            found.append(f"fuzzy: {message.id!r}")
        elif not all(texts):
            found.append(f"untranslated: {message.id!r}")
        else:
            found += [f"{message.id!r}: {error}" for error in message.check()]
    return found


def find_uncollected(catalog: Catalog) -> list[str]:
    """A sentence for each text in code and templates that the catalogue does not have; needs gettext's xgettext."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        ignored = shutil.ignore_patterns(".venv", "var", ".git", "tests", "__pycache__", "*.mo", "node_modules")
        shutil.copytree(settings.BASE_DIR, copy, ignore=ignored)
        collect_messages(copy)
        fresh = read_catalog(copy / "knowledge_hub" / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po")
    known = {(message.id, message.context) for message in catalog}
    return [f"not collected: {message.id!r}" for message in fresh if (message.id, message.context) not in known]


def collect_messages(folder: Path) -> None:
    """Collect the messages of a copy of the project, so that the check changes nothing."""
    subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", "makemessages", "--locale", LANGUAGE, "--no-location", "--no-wrap", "-v0"],
        cwd=folder,
        check=True,
        capture_output=True,
    )


class Command(BaseCommand):
    help = "Check that every text of the site is collected and translated into Dutch."

    def handle(self, *args: Any, **options: Any) -> None:
        catalog = read_catalog(settings.LOCALE_PATHS[0] / LANGUAGE / "LC_MESSAGES" / "django.po")
        problems = find_untranslated(catalog)
        if shutil.which("xgettext"):
            problems += find_uncollected(catalog)
        else:
            self.stderr.write("gettext is not installed: only what is collected was checked, not what is missing.")
        if problems:
            raise CommandError(f"{len(problems)} texts need work:\n" + "\n".join(problems))
        self.stdout.write(f"All {len(catalog):,} texts are translated.")
