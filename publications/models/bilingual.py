"""Texts with a Dutch and an English side, in fields that end in _nl and _en."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language

SITE_LANGUAGES = ("en", "nl")


@dataclass(frozen=True)
class LocalText:
    """A text as this reader gets it; `is_substitute` when it had to be taken from the other language."""

    value: Any
    language: str
    is_substitute: bool = False

    def __str__(self) -> str:
        return str(self.value)

    def __bool__(self) -> bool:
        return bool(self.value)


def site_language() -> str:
    """The site's language now: "en" or "nl"."""
    return "nl" if (get_language() or "").startswith("nl") else "en"


def local_text(thing: Any, name: str, *, language: str | None = None) -> LocalText:
    """The text `name` of a thing in the language asked for (the active one), or in the other with a mark.

    `name` is the field's name without its language: local_text(event, "title").
    """
    wanted = language or site_language()
    value = getattr(thing, f"{name}_{wanted}")
    if value:
        return LocalText(value, wanted)
    other = "en" if wanted == "nl" else "nl"
    value = getattr(thing, f"{name}_{other}")
    return LocalText(value, other, is_substitute=True) if value else LocalText("", wanted)


def lacking(names: Iterable[str], *, language: str = "", also_both: bool = False, empty: Any = "") -> Q:
    """Things that have one of these texts in one language only.

    language: the one that is missing; either, if nothing is said. also_both: those without the text in both as well.
    empty: what a text that is not there looks like, [] for a StreamField.
    """
    found = Q(pk__in=[])
    for name in names:
        for missing in [language] if language else SITE_LANGUAGES:
            other = "en" if missing == "nl" else "nl"
            is_missing = Q(**{f"{name}_{missing}": empty})
            found |= is_missing if also_both else is_missing & ~Q(**{f"{name}_{other}": empty})
    return found
