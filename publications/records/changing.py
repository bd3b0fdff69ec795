"""What may be changed of many records at once, as plain values: of what readers see, and of the draft beside it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from django.contrib.auth.models import Group

from publications.models import Record, TaggedRecord, User


class Access(TypedDict):
    """Who may open the files; the day an embargo ends as "2027-01-31"."""

    right: str
    available: str | None
    groups: list[int]
    users: list[int]


class Values(TypedDict):
    """Of a record: keys of topics, event and owner; the licence's value."""

    topics: list[int]
    access: Access
    rights: str
    event: int | None
    owner: int | None


COLUMNS: Mapping[str, tuple[str, ...]] = {
    "topics": ("tagged_topics",),
    "access": ("access_right", "available", "restricted_groups", "restricted_users"),
    "rights": ("rights",),
    "event": ("event",),
    "owner": ("owner",),
}
"""The fields of the model behind each value."""


@dataclass(frozen=True)
class Sides:
    """A record's values: `row` as readers see it, `draft` as its latest revision has it, None without one."""

    row: Values
    draft: Values | None


def values_of(record: Record) -> Values:
    """The values of a record, or of a draft of it."""
    return Values(
        topics=[row.tag_id for row in record.tagged_topics.all()],
        access=Access(
            right=record.access_right,
            available=record.available.isoformat() if record.available else None,
            groups=sorted(group.pk for group in record.restricted_groups.all()),
            users=sorted(user.pk for user in record.restricted_users.all()),
        ),
        rights=record.rights,
        event=record.event_id,
        owner=record.owner_id,
    )


def values_in(content: Mapping[str, Any]) -> Values:
    """The values in the JSON of a revision; nothing is asked of the database."""
    return Values(
        topics=[int(row["tag"]) for row in content.get("tagged_topics", [])],
        access=Access(
            right=content.get("access_right", ""),
            available=content.get("available"),
            groups=sorted(content.get("restricted_groups", [])),
            users=sorted(content.get("restricted_users", [])),
        ),
        rights=content.get("rights", ""),
        event=content.get("event"),
        owner=content.get("owner"),
    )


def change_record(
    record: Record,
    change: Callable[[Values], Values],
    *,
    change_draft: Callable[[Values], Values] | None = None,
    user: User | None,
) -> tuple[Sides, Sides]:
    """Change a record and its latest draft at once; returns what both had before, and have now.

    It holds at once, published or not: a draft left as it was would bring the old values back with the next
    publication. Saving announces the record. The caller holds the transaction and the row's lock.
    """
    own = record.specific()
    draft = own.get_latest_revision_as_object() if own.latest_revision_id else None
    before = Sides(values_of(own), values_of(draft) if draft else None)
    row = change(before.row)
    draft_values = (change_draft or change)(before.draft) if before.draft is not None else None
    if columns := _put(own, before.row, row):
        own.save(update_fields=[*columns, "changed_at"])
    if draft and before.draft and draft_values and _put(draft, before.draft, draft_values):
        # Nothing waits to be published because of it: readers see it already.
        draft.save_revision(user=user, clean=False, changed=False)
    return before, Sides(row, draft_values)


def _put(record: Record, before: Values, after: Values) -> list[str]:
    """Set what differs on a record, unsaved; returns the names of the fields to save."""
    changed = [name for name in COLUMNS if before[name] != after[name]]  # type: ignore[literal-required]
    if "topics" in changed:
        rows = {row.tag_id: row for row in record.tagged_topics.all()}
        record.tagged_topics = [rows.get(pk) or TaggedRecord(tag_id=pk) for pk in after["topics"]]
    if "access" in changed:
        access = after["access"]
        record.access_right = access["right"]
        record.available = date.fromisoformat(access["available"]) if access["available"] else None
        record.restricted_groups.set(Group.objects.filter(pk__in=access["groups"]))
        record.restricted_users.set(User.objects.filter(pk__in=access["users"]))
    record.rights, record.event_id, record.owner_id = after["rights"], after["event"], after["owner"]
    return [column for name in changed for column in COLUMNS[name]]
