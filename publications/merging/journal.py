"""What a merge changed, row by row, for `undoing.py` to take back.

All rows that lead to either of the two are read before and after, so a merge need not say what it does.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, TypeVar

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from publications.merging.shared import lock_both
from publications.models import (
    Collection,
    ContactMessage,
    ContactRequest,
    Contribution,
    ContributionAffiliation,
    EventPartner,
    EventSpeaker,
    MergeLog,
    Organisation,
    Passing,
    Person,
    PersonAffiliation,
    ProfileClaim,
    TaggedRecord,
    Topic,
    TopicSplit,
    User,
)

T = TypeVar("T")
Row = dict[str, Any]
Rows = dict[tuple[str, int], Row]

LEADING_TO: dict[type[models.Model], tuple[tuple[type[models.Model], str], ...]] = {
    Person: (
        (Contribution, "person"),
        (PersonAffiliation, "person"),
        (Collection.curators.through, "person"),
        (ProfileClaim, "person"),
        (EventSpeaker, "person"),
        (Person, "merged_into"),
    ),
    Organisation: (
        (Contribution, "organisation"),
        (ContributionAffiliation, "organisation"),
        (PersonAffiliation, "organisation"),
        (EventPartner, "organisation"),
        (EventSpeaker, "organisation"),
        (Organisation, "merged_into"),
    ),
    Topic: (
        (TaggedRecord, "tag"),
        (Topic, "broader"),
        (Topic, "merged_into"),
        (Topic.related.through, "from_topic"),
        (Topic.related.through, "to_topic"),
        (TopicSplit, "topic"),
        (TopicSplit, "part"),
    ),
}
"""Every foreign key that a merge may move; a test compares it with those that there are."""
STAYING = {
    Person: ((ContactRequest, "person"), (Passing, "person"), (ContactMessage, "person")),
}
"""Those that stay as they are: questions follow `merged_into`, and must be quoted by no journal, as they are erased."""

NOT_OURS = {"latest_revision_id"}
"""Revisions are Wagtail's, and stay."""


def journaled(merge: Callable[..., Any]) -> Callable[..., Any]:
    """Let a merge note what it changed, in its own transaction."""

    @wraps(merge)
    def noted(kept: Any, merged: Any, *, user: User | None = None) -> Any:
        with transaction.atomic():
            lock_both(kept, merged)
            names, before = (str(kept), str(merged)), _read(kept, merged)
            result = merge(kept, merged, user=user)
            MergeLog.objects.create(
                content_type=ContentType.objects.get_for_model(type(kept)),
                kept_id=kept.pk,
                kept_name=names[0][:400],
                merged_id=merged.pk,
                merged_name=names[1][:400],
                changes=list(_compare(before)),
                merged_by=user,
            )
        return result

    return noted


def _read(kept: models.Model, merged: models.Model) -> Rows:
    pks, model = [kept.pk, merged.pk], type(kept)
    querysets = [model._default_manager.filter(pk__in=pks)]
    querysets += [other._default_manager.filter(**{f"{name}__in": pks}) for other, name in LEADING_TO[model]]
    return {(row._meta.label, row.pk): values_of(row) for queryset in querysets for row in queryset}


def values_of(row: models.Model) -> Row:
    """The columns of a row as JSON has them."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    plain: Row = json.loads(json.dumps(values, default=str))
    return {name: value for name, value in plain.items() if name not in NOT_OURS}


def _compare(before: Rows) -> Iterable[dict[str, Any]]:
    for (label, pk), was, now in with_rows(before):
        if now is None:
            yield {"model": label, "pk": pk, "before": was, "after": None}
            continue
        became = values_of(now)
        changed = [name for name in was if was[name] != became[name]]
        if changed:
            yield {
                "model": label,
                "pk": pk,
                "before": {name: was[name] for name in changed},
                "after": {name: became[name] for name in changed},
            }


def is_kept(label: str) -> bool:
    """Whether the hub still keeps rows of a kind: a journal may be older than a change of the models."""
    try:
        apps.get_model(label)
    except LookupError:
        return False
    return True


def with_rows(noted: Mapping[tuple[str, int], T]) -> Iterable[tuple[tuple[str, int], T, models.Model | None]]:
    """What was noted of each row, with the row as it is now; a query for each kind of row, not for each row."""
    pks: defaultdict[str, list[int]] = defaultdict(list)
    for label, pk in noted:
        pks[label].append(pk)
    rows = {label: apps.get_model(label)._base_manager.in_bulk(found) for label, found in pks.items()}
    return [((label, pk), value, rows[label].get(pk)) for (label, pk), value in noted.items()]
