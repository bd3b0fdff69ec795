"""Hears what changes in the publications and notes it for the index and the thesaurus, in the change's transaction."""

import time
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from publications.contact.evidence import Quoted
from publications.models import Topic
from publications.rules import Rule
from publications.signals import (
    address_erased,
    changes_wanted_now,
    held_wanted,
    quotations_wanted,
    record_changed,
    rule_read,
    rules_asked,
)
from search.errors import IndexLocked, IndexMissing
from search.models import IndexEntry, SavedSearch, Subscriber, ThesaurusStamp
from search.requests import Reader
from search.tasks import wake_indexer

PATIENCE_SECONDS = 600
"""So long a command waits for another process that writes the index."""


@receiver(record_changed)
def note_change(sender: Any, pids: tuple[str, ...], **kwargs: Any) -> None:
    """Mark the records as due, and wake the worker once the change is there to be read."""
    IndexEntry.objects.mark_changed(pids)
    transaction.on_commit(wake_indexer, robust=True)


@receiver([post_save, post_delete], sender=Topic)
def note_labels(sender: Any, instance: Topic, created: bool = False, **kwargs: Any) -> None:
    """Renew the thesaurus; a new topic with one label, as imports make them, adds nothing to it."""
    if not created or len(instance.all_labels) > 1:
        ThesaurusStamp.objects.renew()


@receiver(changes_wanted_now)
def index_now(sender: Any, **kwargs: Any) -> None:
    """Make every pending change findable before returning: a command promised so.

    Where there is no index yet, it is built; whoever finds another process building it waits for that one.
    """
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            index_or_rebuild()
            return
        except IndexLocked:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.2)


def index_or_rebuild() -> None:
    """Index what is due, or everything where there is no index yet."""
    from search.indexing import index_due, rebuild_index

    try:
        index_due()
    except IndexMissing:
        rebuild_index()


@receiver(quotations_wanted)
def quote_records(sender: Any, pids: tuple[str, ...], q: str, user: Any, today: date, **kwargs: Any) -> list[Quoted]:
    """Words of the records that answer, for the evidence of a question to somebody."""
    from search.experts.quoting import quote_pages

    return quote_pages(pids, q, user=user, today=today)


@receiver(rule_read)
def read_rule_of_collection(sender: Any, text: str, **kwargs: Any) -> Rule:
    """What the rule of a collection says."""
    from search.rules import read_rule

    return read_rule(text)


@receiver(rules_asked)
def answer_rules_of_collections(
    sender: Any, rules: tuple[str, ...], audiences: frozenset[str], today: date, **kwargs: Any
) -> dict[str, frozenset[str]]:
    """The records that the rules of collections find."""
    from search.rules import find_by_rules

    return find_by_rules(rules, reader=Reader(audiences=audiences, today=today))


@receiver(held_wanted)
def tell_saved_searches(sender: Any, address: str, **kwargs: Any) -> dict[str, list[dict[str, Any]]]:
    """The saved searches that are told to an address that belongs to no account."""
    searches = SavedSearch.objects.filter(subscriber__email__iexact=address)
    return {
        "saved_searches": [
            {"kind": search.kind, "question": search.query, "name": search.name, "since": search.asked_at.isoformat()}
            for search in searches
        ]
    }


@receiver(address_erased)
def erase_saved_searches(sender: Any, address: str, **kwargs: Any) -> int:
    """Forget an address that belongs to no account, with all that it is told; returns how many questions."""
    subscribers = Subscriber.objects.filter(user=None, email__iexact=address)
    count = SavedSearch.objects.filter(subscriber__in=subscribers).count()
    subscribers.delete()
    return count
