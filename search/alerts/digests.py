"""Looks for everybody who is due, and notes in one transaction what they know now and what they are to be told."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from search.alerts.looking import Look, Looker
from search.errors import IndexUnavailable
from search.indexing import in_batches
from search.models import Digest, SavedSearch, Subscriber
from search.models.alerts import SavedSearchQuerySet

logger = logging.getLogger(__name__)

READERS_AT_ONCE = 10
"""The searches of so many are in memory at a time, each with the records that it knows: thousands on a large hub."""
MOST_TOLD = 500
"""A digest remembers so many records of a search, the newest; more than anybody reads."""

Progress = Callable[[int, int], None]
"""Told how many of how many readers are done."""


@dataclass
class Made:
    """What a run did."""

    readers: int = 0
    searches: int = 0
    digests: int = 0
    records: int = 0
    failed: int = 0
    """Readers whose searches could not be looked up; the log says why."""


def make_digests(
    *,
    now: datetime,
    due: SavedSearchQuerySet | None = None,
    most_readers: int | None = None,
    on_progress: Progress | None = None,
) -> Made:
    """Look up what is due, and make a digest for every reader for whom anything is new.

    due: what to look up, where that is not all that is due. most_readers: so many at most; those who were not looked up
    longest come first. Raises IndexUnavailable where there is no index to ask; who came before has their digest.
    """
    made = Made()
    looker = Looker(today=timezone.localdate(now))
    wanted = SavedSearch.objects.due(now=now) if due is None else due
    oldest_first = wanted.order_by("compared_at", "pk").values_list("subscriber_id", flat=True)
    readers = list(dict.fromkeys(oldest_first))[:most_readers]
    for searches in _searches_of(readers, wanted):
        try:
            _make_digest(searches, looker, now=now, made=made)
        except IndexUnavailable:
            raise
        except Exception:  # a question that breaks must not keep the others from their readers
            logger.exception("The saved searches of reader %s could not be looked up", searches[0].subscriber_id)
            made.failed += 1
        if on_progress:
            on_progress(made.readers + made.failed, len(readers))
    return made


def _searches_of(readers: list[int], wanted: SavedSearchQuerySet) -> Iterator[list[SavedSearch]]:
    """Those that are wanted, reader by reader."""
    for batch in in_batches(readers, READERS_AT_ONCE):
        by_reader: dict[int, list[SavedSearch]] = {pk: [] for pk in batch}
        for search in wanted.filter(subscriber__in=batch).order_by("pk").select_related("subscriber__user"):
            by_reader[search.subscriber_id].append(search)
        yield from filter(None, by_reader.values())


def _make_digest(searches: list[SavedSearch], looker: Looker, *, now: datetime, made: Made) -> None:
    subscriber = searches[0].subscriber
    user = reader_behind(subscriber)
    looks = [(search, looker.look(search, user)) for search in searches]
    with transaction.atomic():
        found = {
            str(search.pk): {"new": _newest(look.news.new), "opened": _newest(look.news.opened)}
            for search, look in looks
            if _note(search, look, now=now) and look.news
        }
        if found:
            Digest.objects.create(subscriber=subscriber, found=found, made_at=now, retry_at=now)
    made.readers += 1
    made.searches += len(searches)
    made.digests += bool(found)
    made.records += len({key for news in found.values() for keys in news.values() for key in keys})


def _note(search: SavedSearch, look: Look, *, now: datetime) -> bool:
    """Write down what a search knows now; False where somebody else compared it meanwhile, who has told of it."""
    changes: dict[str, Any] = {"compared_at": now}
    if (look.known, look.closed) != (search.known, search.closed):
        changes |= {"known": look.known, "closed": look.closed}
    if look.news:
        changes["told_at"] = now
    return bool(SavedSearch.objects.filter(pk=search.pk, compared_at=search.compared_at).update(**changes))


def _newest(records: frozenset[int]) -> list[int]:
    return sorted(records, reverse=True)[:MOST_TOLD]


def reader_behind(subscriber: Subscriber) -> Any:
    """Whose rights count: the account's, or those of a stranger."""
    return subscriber.user or AnonymousUser()
