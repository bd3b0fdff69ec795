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
class Audience:
    """Who looks, and when."""

    audiences: frozenset[str]
    today: date = field(default_factory=timezone.localdate)


def audience_of(user: User) -> Audience:
    """Somebody who looks today."""
    return Audience(audiences_for(user))


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


def list_records(collection: Collection, audience: Audience) -> ReadingList:
    """What one collection holds; it may be a draft that was never saved."""
    (held,) = _hold([collection], audience)
    added = _first_by_rule(collection.rule_order, held)
    return _combine(held.items, added, is_complete=held.found is not None)


def count_records(collections: Iterable[Collection], audience: Audience) -> list[Collection]:
    """The collections, each with its `record_count` for this reader and whether it `has_more_records`: as on its page.

    Nothing is put in order for that. Load them `with_rows`: then the number of queries does not grow with them.
    """
    counted = list(collections)
    held = _hold(counted, audience)
    for collection, own, added in zip(counted, held, _count_by_rule(held), strict=True):
        collection.record_count = len(own.items) + min(added, MOST_BY_RULE)
        collection.has_more_records = added > MOST_BY_RULE
    return counted


def find_pids(collections: Sequence[Collection], audience: Audience) -> frozenset[str]:
    """The PIDs of all that these hold together, also of what their rules find beyond what is shown."""
    held = _hold(collections, audience)
    keys = set().union(*(own.settled.union(own.picked) for own in held))
    pids = dict(Record.objects.filter(pk__in=keys).order_by().values_list("pk", "pid")) if keys else {}
    return frozenset().union(
        *((own.found or frozenset()).difference(pids[key] for key in own.settled) for own in held),
        (pids[key] for own in held for key in own.picked),
    )


@dataclass(frozen=True)
class _Held:
    """What a collection holds, in no order yet."""

    items: Sequence[CollectionItem]
    found: frozenset[str] | None
    """The PIDs that its rule finds, None where nobody can tell now."""
    settled: Keys
    """What the rule has no say in."""

    @property
    def picked(self) -> Keys:
        return frozenset(item.record_id for item in self.items)


def _hold(collections: Sequence[Collection], audience: Audience) -> list[_Held]:
    picked = _pick(collections)
    answers = ask_rules((c.rule for c in collections), audiences=audience.audiences, today=audience.today)
    found = (answers.get(collection.rule) if collection.rule else frozenset() for collection in collections)
    return list(map(_Held, picked, found, _settle(collections, picked)))


def _pick(collections: Sequence[Collection]) -> list[list[CollectionItem]]:
    """The items of each collection of which the record is live."""
    items = [list(collection.items.all()) for collection in collections]
    keys = {item.record_id for own in items for item in own}
    live = set(Record.objects.live().order_by().filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
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


def _first_by_rule(order: str, held: _Held) -> list[int]:
    """The first that the rule adds, one more than is shown at most."""
    pids = held.found
    if not pids:
        return []
    rows = Record.objects.live().order_by(*ORDERS[order]).values_list("pid", "pk")
    found = rows.filter(pid__in=pids) if len(pids) <= LOOKED_UP_AT_ONCE else rows.iterator()
    return list(islice((key for pid, key in found if pid in pids and key not in held.settled), MOST_BY_RULE + 1))


def _count_by_rule(held: Sequence[_Held]) -> list[int]:
    """How many records the rule of each adds; whoever has more than are shown is not counted to the end.

    A query for all is enough, unless most of a rule's first thousand went offline and the index did not hear of it.
    """
    counts = [0] * len(held)
    waiting = [iter(own.found or ()) for own in held]
    while batches := {
        place: batch
        for place, pids in enumerate(waiting)
        if counts[place] <= MOST_BY_RULE and (batch := list(islice(pids, LOOKED_UP_AT_ONCE)))
    }:
        pids = set().union(*batches.values())
        live = dict(Record.objects.live().order_by().filter(pid__in=pids).values_list("pid", "pk"))
        for place, batch in batches.items():
            counts[place] += sum(pid in live and live[pid] not in held[place].settled for pid in batch)
    return counts


def _combine(items: Sequence[CollectionItem], added: Sequence[int], *, is_complete: bool) -> ReadingList:
    entries = [Entry(number, item.record_id, item) for number, item in enumerate(items, start=1)]
    shown = added[:MOST_BY_RULE]
    entries += [Entry(number, key) for number, key in enumerate(shown, start=len(entries) + 1)]
    return ReadingList(tuple(entries), has_more=len(added) > len(shown), is_complete=is_complete)
