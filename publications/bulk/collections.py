"""Putting records into collections and taking them out: of what readers see, and of a collection's draft."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Max

from publications.bulk.wanted import Place
from publications.models import Collection, CollectionItem, Record, User
from publications.models.changes import announce

Move = tuple[int, dict[str, Place], dict[str, Place]]
"""A record's key, its places before and after, by the keys of collections."""


def put_into_collections(moves: Iterable[Move], *, user: User | None) -> None:
    """Make these moves and announce the records; each collection gets one new draft at most."""
    joins: dict[int, dict[int, Place]] = {}
    leaves: dict[int, set[int]] = {}
    for record, before, after in moves:
        for key in after.keys() - before.keys():
            joins.setdefault(int(key), {})[record] = after[key]
        for key in before.keys() - after.keys():
            leaves.setdefault(int(key), set()).add(record)
    moved: set[int] = set()
    for collection in Collection.objects.filter(pk__in=joins.keys() | leaves.keys()):
        new, gone = joins.get(collection.pk, {}), leaves.get(collection.pk, set())
        _change_rows(collection, new, gone)
        _change_draft(collection, new, gone, user=user)
        moved |= new.keys() | gone
    announce(Record.objects.filter(pk__in=moved).values_list("pid", flat=True), sender=Collection)


def _change_rows(collection: Collection, new: dict[int, Place], gone: set[int]) -> None:
    CollectionItem.objects.filter(collection=collection, record__in=gone).delete()
    rows = CollectionItem.objects.filter(collection=collection)
    there = set(rows.values_list("record", flat=True))
    last = rows.aggregate(last=Max("sort_order"))["last"] or 0
    CollectionItem.objects.bulk_create(_items(new, there, after=last, collection=collection))


def _change_draft(collection: Collection, new: dict[int, Place], gone: set[int], *, user: User | None) -> None:
    if collection.latest_revision_id is None:
        return
    draft: Any = collection.get_latest_revision_as_object()
    items = [item for item in draft.items.all() if item.record_id not in gone]
    there = {item.record_id for item in items}
    last = max((item.sort_order or 0 for item in items), default=0)
    draft.items = [*items, *_items(new, there, after=last)]
    draft.save_revision(user=user, clean=False, changed=False)


def _items(new: dict[int, Place], there: set[int], *, after: int, **values: Any) -> list[CollectionItem]:
    return [
        CollectionItem(
            record_id=record,
            sort_order=after + number if order is None else order,
            note_en=note_en,
            note_nl=note_nl,
            **values,
        )
        for number, (record, (order, note_en, note_nl)) in enumerate(new.items(), start=1)
        if record not in there
    ]
