"""What a change of many records would do: to which, to which not, and why not. Nothing is written."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import QuerySet
from wagtail.permissions import policy_registry

from publications.bulk.wanted import COLLECTIONS, Known, Place, Wanted, apply_to_places, apply_wanted
from publications.models import BulkChange, Collection, CollectionItem, Event, Record, Topic, User
from publications.models.kinds import RECORD_MODELS
from publications.models.publishing import is_in_review, is_scheduled
from publications.records.changing import COLUMNS, Values, values_in, values_of
from publications.vocabularies import BulkRefusal


@dataclass(frozen=True)
class PlannedRecord:
    """A record, what it has and what it would have; `draft_before` only where a draft says something else."""

    record: Record
    before: Values
    after: Values
    draft_before: Values | None
    draft_after: Values | None
    places_before: dict[str, Place] = field(default_factory=dict)
    places_after: dict[str, Place] = field(default_factory=dict)
    refusal: str = ""

    @property
    def changes(self) -> bool:
        """Whether anything of it would be another."""
        return self.before != self.after or self.draft_before != self.draft_after or COLLECTIONS in self.changed

    @property
    def changed(self) -> list[str]:
        """The names of what readers would see changed."""
        names = [name for name in COLUMNS if self.before[name] != self.after[name]]  # type: ignore[literal-required]
        return names + ([COLLECTIONS] if self.places_before.keys() != self.places_after.keys() else [])


@dataclass(frozen=True)
class Plan:
    """Every record of a change with what would become of it."""

    records: tuple[PlannedRecord, ...]

    @cached_property
    def changing(self) -> list[PlannedRecord]:
        """Those that would change."""
        return [one for one in self.records if not one.refusal and one.changes]

    @cached_property
    def same(self) -> list[PlannedRecord]:
        """Those that are so already."""
        return [one for one in self.records if not one.refusal and not one.changes]

    @cached_property
    def refused(self) -> list[PlannedRecord]:
        """Those that cannot be changed."""
        return [one for one in self.records if one.refusal]

    @property
    def digest(self) -> str:
        """Tells whether the records are still as the plan found them."""
        seen = [(one.record.pk, one.before, one.draft_before, sorted(one.places_before), one.refusal)
                for one in self.records]  # fmt: skip
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


def selectable(records: QuerySet) -> QuerySet:
    """The records with all that planning asks of them, in a fixed number of queries."""
    with_states = records.annotate(in_review=is_in_review(Record), scheduled=is_scheduled(Record))
    own_rows = with_states.select_related("latest_revision", "publication", "presentation", "eventoutcome")
    return own_rows.prefetch_related("tagged_topics", "restricted_groups", "restricted_users", "collection_items")


def refusal_for(user: User | None) -> Any:
    """A function that says of a record of `selectable` why this user cannot change it; empty when they can."""
    rights = {kind: _actions(user, model) for kind, model in RECORD_MODELS.items()}

    def refusal(record: Record) -> str:
        allowed = rights[record.record_type]
        if "change" not in allowed or (record.live and "publish" not in allowed):
            return BulkRefusal.NO_RIGHT
        if record.locked and record.locked_by_id != (user and user.pk):
            return BulkRefusal.LOCKED
        if record.in_review:
            return BulkRefusal.IN_REVIEW
        return BulkRefusal.SCHEDULED if record.scheduled else ""

    return refusal


def _actions(user: Any, model: type[Record]) -> set[str]:
    policy = policy_registry.get_by_type(model)
    return {action for action in ("change", "publish") if user and policy.user_has_permission(user, action)}


def find_known(wanted: Iterable[Mapping[str, Any]]) -> Known:
    """Which of the keys that these wishes or values name there are."""
    wishes = list(wanted)

    def asked(*names: str) -> set[int]:
        found = [wish.get(name) for wish in wishes for name in names]
        return {pk for keys in found if keys is not None for pk in (keys if isinstance(keys, list) else [keys])}

    def there(rows: Any, keys: set[int]) -> frozenset[int]:
        return frozenset(rows.filter(pk__in=keys).values_list("pk", flat=True)) if keys else frozenset()

    access = [wish["access"] for wish in wishes if wish.get("access")]
    return Known(
        topics=there(Topic.objects.current(), asked("topics", "add_topics", "remove_topics")),
        groups=there(Group.objects.all(), {pk for one in access for pk in one["groups"]}),
        users=there(User.objects.all(), asked("owner") | {pk for one in access for pk in one["users"]}),
        events=there(Event.objects.all(), asked("event")),
        collections=there(Collection.objects.all(), asked(COLLECTIONS, "add_collections", "remove_collections")),
    )


def places_of(items: Iterable[CollectionItem]) -> dict[str, Place]:
    """Where a record stands in collections, by their keys."""
    return {str(item.collection_id): [item.sort_order, item.note_en, item.note_nl] for item in items}


def plan_change(change: BulkChange, *, user: User | None) -> Plan:
    """What applying a prepared change would do now. Work that was never sent is not told of."""
    wishes = dict(change.items.values_list("record", "wanted"))
    known = find_known([wish or change.wanted for wish in wishes.values()])
    refusal = refusal_for(user)
    records = selectable(Record.objects.told_to_editors().filter(bulk_items__change=change)).order_by("title", "pk")
    return Plan(
        tuple(_plan_record(record, wishes[record.pk] or change.wanted, known, refusal(record)) for record in records)
    )


def _plan_record(record: Record, wanted: Wanted, known: Known, refusal: str) -> PlannedRecord:
    before = values_of(record)
    draft = values_in(record.latest_revision.content) if record.latest_revision else None
    places = places_of(record.collection_items.all())
    return PlannedRecord(
        record=record,
        before=before,
        after=apply_wanted(before, wanted, known=known),
        draft_before=draft,
        draft_after=apply_wanted(draft, wanted, known=known) if draft else None,
        places_before=places,
        places_after=apply_to_places(places, wanted, known=known),
        refusal=refusal,
    )
