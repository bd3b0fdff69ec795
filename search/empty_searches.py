"""Searches that found nothing: how often what was looked for, by day, and nothing about who looked for it.

A question may hold a name or worse. So what looks like an address or a long number is never kept, what few have asked
is not shown, and is forgotten soon.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Sum

from publications.audit import log_synonym
from publications.models import Topic, User
from search.forms import Question
from search.models import EmptySearch, IgnoredSearch
from search.queries import Phrase, Word, parse_leniently, wanted_leaves

LONGEST_TEXT = 80
MOST_WORDS = 8
RARE_DAYS = 30
"""So long what few have asked is remembered, in case others ask it too."""
KEPT_DAYS = 365
PRIVATE = re.compile(r"@|[0-9](?:[ .-]?[0-9]){5}")
"""An e-mail address; six digits in a row, as in a phone number, a patient's number or a BSN."""


def text_to_count(question: Question) -> str:
    """What is counted of a question: its words in lower case; "" where it is not to be kept.

    Filters, fields, operators that leave something open and further pages say that more was meant than a word that the
    hub lacks.
    """
    if not question.q or question.filters or question.page > 1:
        return ""
    typed, _note = parse_leniently(question.q)
    asked = list(wanted_leaves(typed))
    if not all(isinstance(leaf, (Word, Phrase)) and not leaf.field for leaf in asked):
        return ""
    words = " ".join(leaf.text for leaf in asked if isinstance(leaf, (Word, Phrase))).casefold().split()
    text = " ".join(words)
    is_plain = words and len(words) <= MOST_WORDS and len(text) <= LONGEST_TEXT
    return text if is_plain and not PRIVATE.search(question.q) else ""


def count_empty_search(question: Question, *, today: date) -> None:
    """Count a question that found nothing."""
    text = text_to_count(question)
    if not text or IgnoredSearch.objects.filter(text=text).exists():
        return
    rows = EmptySearch.objects.filter(text=text, day=today)
    with transaction.atomic():
        if not rows.update(times=F("times") + 1):
            EmptySearch.objects.get_or_create(text=text, day=today)
            rows.update(times=F("times") + 1)


def forget_old(*, today: date) -> int:
    """Delete what was counted long ago, and sooner what few have asked; returns how many rows."""
    long_ago = EmptySearch.objects.filter(day__lt=today - timedelta(days=KEPT_DAYS))
    rare = _by_text().filter(total__lt=settings.EMPTY_SEARCHES_SHOWN_FROM, last__lt=today - timedelta(days=RARE_DAYS))
    forgotten = EmptySearch.objects.filter(text__in=list(rare.values_list("text", flat=True)))
    return long_ago.delete()[0] + forgotten.delete()[0]


def _by_text() -> Any:
    """A row for each text: `total` and `last`."""
    grouped = EmptySearch.objects.order_by().values("text")
    return grouped.annotate(total=Sum("times"), last=Max("day"))


@dataclass(frozen=True)
class AskedInVain:
    """What was looked for and not found, how often, and when last."""

    text: str
    times: int
    last: date


def asked_in_vain() -> list[AskedInVain]:
    """What enough have asked to be shown, most often first."""
    rows = _by_text().filter(total__gte=settings.EMPTY_SEARCHES_SHOWN_FROM).order_by("-total", "-last", "text")
    return [AskedInVain(row["text"], row["total"], row["last"]) for row in rows]


def count_rare() -> int:
    """How many questions are not shown, because few have asked them."""
    return _by_text().filter(total__lt=settings.EMPTY_SEARCHES_SHOWN_FROM).count()


@transaction.atomic
def ignore_search(text: str, *, user: User | None) -> None:
    """Count a text no more, and forget that it was."""
    IgnoredSearch.objects.get_or_create(text=text, defaults={"ignored_by": user})
    EmptySearch.objects.filter(text=text).delete()


@transaction.atomic
def add_synonym(topic: Topic, synonym: str, *, language: str, user: User | None) -> bool:
    """Call a topic by what was looked for, from now on; says whether it was not called so before.

    The search knows at once: its thesaurus follows each saved topic.
    """
    topic = Topic.objects.select_for_update().get(pk=topic.pk)
    if synonym.casefold() in {label.casefold() for label in topic.all_labels}:
        return False
    field = f"synonyms_{language}"
    setattr(topic, field, "\n".join([*filter(None, [getattr(topic, field).strip()]), synonym]))
    topic.save()
    topic.save_revision(user=user, clean=False)
    log_synonym(topic, synonym, user=user)
    EmptySearch.objects.filter(text=synonym.casefold()).delete()
    return True
