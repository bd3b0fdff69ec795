"""What collections hold for one reader: what was picked by hand, in order, and then what their rules find.

Pages, exports, counts, previews and the search within a collection all ask here. A rule is asked anew each time, for
the audiences of whoever looks, so that nobody learns of a record by words that they may not read.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import F
from django.utils import timezone

from publications.access import User, audiences_for
from publications.models import Collection, CollectionItem, Record, RecordVersion, RuleOrder
from publications.rules import ask_rules

MOST_BY_RULE = 500
"""So many records that a rule finds are shown, counted and taken along."""
LOOKED_UP_AT_ONCE = 1000
"""A rule that finds more goes through the records in its order, until it has enough."""
ORDERS: dict[str, tuple[Any, ...]] = {
    RuleOrder.NEWEST: ("-first_published_at", "-pk"),
    RuleOrder.YEAR: (F("year").desc(nulls_last=True), "-first_published_at", "-pk"),
    RuleOrder.TITLE: ("title_key", "pk"),
}

Keys = frozenset[int]
"""Primary keys of records."""


@dataclass(frozen=True)
class Reader:
    """Who looks, and when."""

    audiences: frozenset[str]
    today: date = field(default_factory=timezone.localdate)


def reader_of(user: User) -> Reader:
    """Somebody who looks today."""
    return Reader(audiences_for(user))


@dataclass(frozen=True)
class Entry:
    """A record's place in a collection; `item` where it was picked by hand."""

    number: int
    record_id: int
    item: CollectionItem | None = None


@dataclass(frozen=True)
class ReadingList:
    """What a collection holds for a reader: records that are live, those picked by hand first."""

    entries: tuple[Entry, ...] = ()
    has_more: bool = False
    """Whether its rule finds more than is shown."""
    is_complete: bool = True
    """False where the rule cannot be asked for the moment."""

    @property
    def keys(self) -> list[int]:
        """The records' primary keys, in order."""
        return [entry.record_id for entry in self.entries]

    @property
    def picked(self) -> int:
        """How many were picked by hand."""
        return sum(entry.item is not None for entry in self.entries)

    @property
    def by_rule(self) -> int:
        """How many its rule found besides."""
        return len(self.entries) - self.picked


def list_records(collection: Collection, reader: Reader) -> ReadingList:
    """What one collection holds; it may be a draft that was never saved."""
    return list_all([collection], reader)[0]


def list_all(collections: Sequence[Collection], reader: Reader) -> list[ReadingList]:
    """What each of these holds.

    Load them `with_rows`: then the number of queries does not grow with them, but for rules that find thousands.
    """
    picked = _pick(collections)
    answers = ask_rules((c.rule for c in collections), audiences=reader.audiences, today=reader.today)
    found = [answers.get(collection.rule) if collection.rule else frozenset() for collection in collections]
    settled = _settle(collections, picked)
    rows = {order: list(_rows(order, pids)) for order, pids in _small_answers(collections, found).items()}
    return [
        _combine(items, _by_rule(collection.rule_order, pids or frozenset(), keys, rows), is_complete=pids is not None)
        for collection, items, pids, keys in zip(collections, picked, found, settled, strict=True)
    ]


def count_records(collections: Iterable[Collection], reader: Reader) -> list[Collection]:
    """The collections, each with its `record_count` for this reader."""
    counted = list(collections)
    for collection, held in zip(counted, list_all(counted, reader), strict=True):
        collection.record_count = len(held.entries)
    return counted


def _pick(collections: Sequence[Collection]) -> list[list[CollectionItem]]:
    """The items of each collection of which the record is live."""
    items = [list(collection.items.all()) for collection in collections]
    keys = {item.record_id for own in items for item in own}
    live = set(Record.objects.live().filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
    return [[item for item in own if item.record_id in live] for own in items]


def _settle(collections: Sequence[Collection], picked: Sequence[Sequence[CollectionItem]]) -> list[Keys]:
    """What the rule of each has no say in: records that are there or left out, in whichever version of the work."""
    settled = [
        {row.record_id for row in items} | {row.record_id for row in collection.exclusions.all()}
        if collection.rule
        else set()
        for collection, items in zip(collections, picked, strict=True)
    ]
    keys = set().union(*settled)
    others: dict[int, set[int]] = defaultdict(set)
    if keys:
        places = RecordVersion.objects.filter(record__in=keys).values_list("record", "chain__places__record")
        for key, other in places:
            others[key].add(other)
    return [frozenset(own.union(*(others[key] for key in own))) for own in settled]


def _small_answers(
    collections: Sequence[Collection], found: Sequence[frozenset[str] | None]
) -> dict[str, frozenset[str]]:
    """What rules found that is looked up together, by the order that is wanted."""
    small: dict[str, frozenset[str]] = {}
    for collection, pids in zip(collections, found, strict=True):
        if pids and len(pids) <= LOOKED_UP_AT_ONCE:
            small[collection.rule_order] = small.get(collection.rule_order, frozenset()) | pids
    return small


def _rows(order: str, pids: frozenset[str] | None = None) -> Iterable[tuple[str, int]]:
    """Live records in an order: PID and key of those that are named, or of all as they are needed."""
    rows = Record.objects.live().order_by(*ORDERS[order]).values_list("pid", "pk")
    return rows.iterator() if pids is None else rows.filter(pid__in=pids)


def _by_rule(order: str, pids: frozenset[str], settled: Keys, known: dict[str, list[tuple[str, int]]]) -> list[int]:
    """What the rule adds, one more than is shown at most."""
    if not pids:
        return []
    rows = known[order] if len(pids) <= LOOKED_UP_AT_ONCE else _rows(order)
    return list(islice((key for pid, key in rows if pid in pids and key not in settled), MOST_BY_RULE + 1))


def _combine(items: Sequence[CollectionItem], added: Sequence[int], *, is_complete: bool) -> ReadingList:
    entries = [Entry(number, item.record_id, item) for number, item in enumerate(items, start=1)]
    shown = added[:MOST_BY_RULE]
    entries += [Entry(number, key) for number, key in enumerate(shown, start=len(entries) + 1)]
    return ReadingList(tuple(entries), has_more=len(added) > len(shown), is_complete=is_complete)
