"""What a merge changed, row by row, and how it is taken back.

All rows that lead to either of the two are read before and after, so a merge need not say what it does. Undoing puts
back what is still as the merge left it: whatever an editor changed since stays.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from publications.audit import log_unmerge
from publications.errors import MergeError
from publications.merging.shared import lock_both
from publications.models import (
    Collection,
    Contribution,
    ContributionAffiliation,
    Event,
    MergeLog,
    Organisation,
    Person,
    PersonAffiliation,
    ProfileClaim,
    TaggedRecord,
    Topic,
    User,
)
from publications.models.changes import announce

Row = dict[str, Any]
Rows = dict[tuple[str, int], Row]

LEADING_TO: dict[type[models.Model], tuple[tuple[type[models.Model], str], ...]] = {
    Person: (
        (Contribution, "person"),
        (PersonAffiliation, "person"),
        (Collection.curators.through, "person"),
        (ProfileClaim, "person"),
        (Person, "merged_into"),
    ),
    Organisation: (
        (Contribution, "organisation"),
        (ContributionAffiliation, "organisation"),
        (PersonAffiliation, "organisation"),
        (Event.partners.through, "organisation"),
        (Organisation, "merged_into"),
    ),
    Topic: ((TaggedRecord, "tag"), (Topic, "broader"), (Topic, "merged_into")),
}
"""Every foreign key that a merge may move; a test compares it with those that there are."""

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


def undo_merge(log: MergeLog, *, user: User | None) -> None:
    """Make two of what a merge made one. Raises MergeError where that is no longer possible."""
    with transaction.atomic():
        log = MergeLog.objects.select_for_update().get(pk=log.pk)
        kept, merged = _lock_pair(log)
        model = type(kept)
        moved = [change for change in log.changes if (change["model"], change["pk"]) != (model._meta.label, merged.pk)]
        # The kept one first: it may hold an identifier that only one of the two can have.
        moved.sort(key=lambda change: change["pk"] != kept.pk)
        for change in [*moved, *(change for change in log.changes if change not in moved)]:
            _put_back(change)
        pids = set()
        for pk in (kept.pk, merged.pk):
            thing = model._default_manager.get(pk=pk)
            thing.save()
            pids |= set(thing.affected_pids())
        announce(sorted(pids), sender=model)
        log.undone_at = timezone.now()
        log.save()
        log_unmerge(kept, merged, user=user)


def _lock_pair(log: MergeLog) -> tuple[Any, Any]:
    model: Any = log.content_type.model_class()
    rows = {row.pk: row for row in model.objects.select_for_update().filter(pk__in=[log.kept_id, log.merged_id])}
    if log.undone_at is not None:
        raise MergeError(_("This merge has been undone already."))
    if len(rows) < 2:
        raise MergeError(_("One of the two is no longer there."))
    kept, merged = rows[log.kept_id], rows[log.merged_id]
    if kept.merged_into_id or merged.merged_into_id != kept.pk:
        raise MergeError(_("It became part of something else since. Undo that merge first."))
    return kept, merged


def _read(kept: models.Model, merged: models.Model) -> Rows:
    pks, model = [kept.pk, merged.pk], type(kept)
    querysets = [model._default_manager.filter(pk__in=pks)]
    querysets += [other._default_manager.filter(**{f"{name}__in": pks}) for other, name in LEADING_TO[model]]
    return {(row._meta.label, row.pk): _values(row) for queryset in querysets for row in queryset}


def _values(row: models.Model) -> Row:
    """The columns of a row as JSON has them."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    plain: Row = json.loads(json.dumps(values, default=str))
    return {name: value for name, value in plain.items() if name not in NOT_OURS}


def _compare(before: Rows) -> Any:
    for (label, pk), was in before.items():
        now = apps.get_model(label)._base_manager.filter(pk=pk).first()
        if now is None:
            yield {"model": label, "pk": pk, "before": was, "after": None}
            continue
        became = _values(now)
        changed = [name for name in was if was[name] != became[name]]
        if changed:
            yield {
                "model": label,
                "pk": pk,
                "before": {name: was[name] for name in changed},
                "after": {name: became[name] for name in changed},
            }


def _put_back(change: dict[str, Any]) -> None:
    model = apps.get_model(change["model"])
    columns = {field.attname: field for field in model._meta.concrete_fields}
    before = {name: columns[name].to_python(value) for name, value in change["before"].items()}
    row = model._base_manager.filter(pk=change["pk"]).first()
    if change["after"] is None:
        if row is None:
            model._base_manager.bulk_create([model(**before)], ignore_conflicts=True)
        return
    if row is None:
        return
    now = _values(row)
    still = {name: before[name] for name, value in change["after"].items() if now[name] == value}
    if still:
        model._base_manager.filter(pk=row.pk).update(**still)
