"""Making a change of many records, and taking it back: by a worker, some at a time, so that a crash loses nothing."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from publications.audit import log_bulk_act, log_bulk_record
from publications.bulk.collections import put_into_collections
from publications.bulk.planning import find_known, places_of, refusal_for, selectable
from publications.bulk.wanted import (
    COLLECTIONS,
    Known,
    Wanted,
    apply_to_places,
    apply_wanted,
    take_back,
    take_back_keys,
)
from publications.models import BulkChange, BulkChangeItem, Record, User
from publications.queues import SOMEBODY_WAITS
from publications.records.changing import change_record
from publications.vocabularies import BulkOutcome, BulkRefusal, BulkState

AT_ONCE = 25
"""Records in one transaction: short enough for others to write in between."""


def start_change(change: BulkChange) -> bool:
    """Have a worker make a prepared change; False where somebody was quicker."""
    return _start(change, BulkState.PREPARED, BulkState.APPLYING, applied_at=timezone.now())


def start_undo(change: BulkChange, *, user: User | None) -> bool:
    """Have a worker take a change back; False where that was begun already."""
    return _start(change, BulkState.APPLIED, BulkState.UNDOING, undone_at=timezone.now(), undone_by=user)


@transaction.atomic
def _start(change: BulkChange, old: BulkState, new: BulkState, **values: Any) -> bool:
    if not BulkChange.objects.filter(pk=change.pk, state=old).update(state=new, **values):
        return False
    transaction.on_commit(lambda: bulk_change_task.enqueue(change.pk))
    return True


@task(queue_name="default", priority=SOMEBODY_WAITS)
def bulk_change_task(change_id: int) -> int:
    """Make or take back what is left of a change; returns how many records that were."""
    change = BulkChange.objects.select_related("made_by", "undone_by").filter(pk=change_id).first()
    return finish_change(change) if change else 0


def finish_change(change: BulkChange) -> int:
    """Go through the records that still wait, then close the act; after a crash it goes on where it stopped."""
    change.refresh_from_db()
    steps: dict[str, tuple[Callable[[BulkChange, list[BulkChangeItem]], None], str, BulkState]] = {
        BulkState.APPLYING: (_apply, BulkOutcome.WAITING, BulkState.APPLIED),
        BulkState.UNDOING: (_undo, BulkOutcome.CHANGED, BulkState.UNDONE),
    }
    if change.state not in steps:
        return 0
    step, waiting, end = steps[change.state]
    done = 0
    while _go_on(change, step, waiting):
        done += AT_ONCE
    with transaction.atomic():
        if BulkChange.objects.filter(pk=change.pk, state=change.state).update(state=end):
            log_bulk_act(change, user=_actor(change), is_undone=end == BulkState.UNDONE)
    change.refresh_from_db()
    return done


@transaction.atomic
def _go_on(change: BulkChange, step: Callable[[BulkChange, list[BulkChangeItem]], None], waiting: str) -> bool:
    items = list(change.items.filter(outcome=waiting).select_for_update().order_by("pk")[:AT_ONCE])
    if items:
        step(change, items)
        BulkChangeItem.objects.bulk_update(items, ["before", "after", "outcome", "refusal", "kept"])
    return bool(items)


def _actor(change: BulkChange) -> User | None:
    return change.undone_by if change.state == BulkState.UNDOING else change.made_by


def _records_of(items: list[BulkChangeItem]) -> dict[int, Record]:
    keys = [item.record_id for item in items]
    list(Record.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    return {record.pk: record for record in selectable(Record.objects.told_to_editors().filter(pk__in=keys))}


def _apply(change: BulkChange, items: list[BulkChangeItem]) -> None:
    user, records = _actor(change), _records_of(items)
    refusal = refusal_for(user)
    wishes: dict[int, Wanted] = {item.pk: item.wanted or change.wanted for item in items}
    known = find_known(wishes.values())
    moves: list[tuple[int, dict[str, Any], dict[str, Any]]] = []
    for item in items:
        record, wanted = records.get(item.record_id), wishes[item.pk]
        item.refusal = refusal(record) if record else BulkRefusal.GONE
        if record is None or item.refusal:
            item.outcome = BulkOutcome.REFUSED
            continue
        _change(item, record, wanted, known, user=user)
        if item.before[COLLECTIONS].keys() != item.after[COLLECTIONS].keys():
            moves.append((record.pk, item.before[COLLECTIONS], item.after[COLLECTIONS]))
        if item.outcome == BulkOutcome.CHANGED:
            log_bulk_record(record, change, changed=_changed(item), user=user)
    put_into_collections(moves, user=user)


def _change(item: BulkChangeItem, record: Record, wanted: Wanted, known: Known, *, user: User | None) -> None:
    """Change one record, and note in its row of the act what it had and has."""
    before, after = change_record(record, lambda values: apply_wanted(values, wanted, known=known), user=user)
    places = places_of(record.collection_items.all())
    item.before = {**asdict(before), COLLECTIONS: places}
    item.after = {**asdict(after), COLLECTIONS: apply_to_places(places, wanted, known=known)}
    item.outcome = BulkOutcome.CHANGED if item.before != item.after else BulkOutcome.SAME


def _changed(item: BulkChangeItem) -> list[str]:
    """The names of what is another on either side."""
    names = [
        name
        for side in ("row", "draft")
        for name, value in (item.before[side] or {}).items()
        if value != item.after[side][name]
    ]
    return list(dict.fromkeys(names + ([COLLECTIONS] if item.before[COLLECTIONS] != item.after[COLLECTIONS] else [])))


def _undo(change: BulkChange, items: list[BulkChangeItem]) -> None:
    user, records = _actor(change), _records_of(items)
    refusal = refusal_for(user)
    known = find_known([item.before[side] for item in items for side in ("row", "draft") if item.before[side]])
    moves = []
    for item in items:
        record = records.get(item.record_id)
        item.refusal = refusal(record) if record else BulkRefusal.GONE
        if record is None or item.refusal:
            item.outcome = BulkOutcome.KEPT
            continue
        item.kept = _take_back(item, record, known, user=user)
        now, back, is_whole = _places_back(item, record)
        item.kept += [] if is_whole else [COLLECTIONS]
        if now.keys() != back.keys():
            moves.append((record.pk, now, back))
        is_all_kept = set(item.kept) >= set(_changed(item))
        partly = BulkOutcome.KEPT if is_all_kept else BulkOutcome.PARTLY
        item.outcome = partly if item.kept else BulkOutcome.RESTORED
        log_bulk_record(record, change, changed=_changed(item), user=user, kept=item.kept, is_undone=True)
    put_into_collections(moves, user=user)


def _take_back(item: BulkChangeItem, record: Record, known: Known, *, user: User | None) -> list[str]:
    """Put a record back as the act found it; returns the names of what was changed since and stays."""
    kept: list[str] = []

    def side(name: str) -> Any:
        def restore(now: Any) -> Any:
            if not item.before[name]:  # a draft begun since has what readers saw then
                was, became = item.before["row"], item.after["row"]
            else:
                was, became = item.before[name], item.after[name]
            values, stays = take_back(now, was, became, known=known)
            kept.extend(stays)
            return values

        return restore

    change_record(record, side("row"), change_draft=side("draft"), user=user)
    return list(dict.fromkeys(kept))


def _places_back(item: BulkChangeItem, record: Record) -> tuple[dict[str, Any], dict[str, Any], bool]:
    """The record's places in collections now and then, and whether they were as the act left them."""
    now, before, after = places_of(record.collection_items.all()), item.before[COLLECTIONS], item.after[COLLECTIONS]
    known = find_known([{COLLECTIONS: [int(pk) for pk in before]}])
    keys, is_whole = take_back_keys(
        [int(pk) for pk in now], [int(pk) for pk in before], [int(pk) for pk in after], known=known.collections
    )
    return now, {str(pk): now.get(str(pk)) or before[str(pk)] for pk in keys}, is_whole
