"""Taking a merge back: what is still as the merge left it goes back, what was changed since stays.

Undoing is planned row by row before it is done, and the page beforehand tells the same plan.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from operator import itemgetter
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publications.audit import log_unmerge
from publications.errors import MergeError
from publications.merging.journal import Row, is_kept, values_of, with_rows
from publications.models import MergeLog, Topic, User
from publications.models.changes import announce

ONLY_ONE_HAS = ("orcid", "ror", "user_id")
"""Columns of which no two can have the same value."""
AT_ONCE = 500
"""So many rows of a kind are changed by one query."""


class Obstacle(Enum):
    """Why a part of a merge cannot be taken back any more."""

    GONE = gettext_lazy("no longer there")
    CHANGED = gettext_lazy("changed since")
    POINTS_NOWHERE = gettext_lazy("leads to something that is no longer there")
    TAKEN = gettext_lazy("another one has it now")

    @property
    def label(self) -> str:
        return str(self.value)


@dataclass
class Step:
    """What becomes of one row that the merge changed."""

    model: type[models.Model]
    pk: int
    row: models.Model | None
    made_anew: bool = False
    """The merge deleted it; `put` has all its columns."""
    put: Row = field(default_factory=dict)
    """Columns with the values that they had before the merge."""
    obstacles: dict[str, Obstacle] = field(default_factory=dict)
    """Columns that stay as they are, and why; of a row that is gone or cannot be made anew, those that led here."""


def undo_merge(log: MergeLog, *, user: User | None) -> None:
    """Make two of what a merge made one. Raises MergeError where that is no longer possible."""
    with transaction.atomic():
        log = MergeLog.objects.select_for_update().get(pk=log.pk)
        kept, merged = lock_pair(log)
        try:
            with transaction.atomic():
                put_back(plan_undo(log))
                _check_no_loop(merged)
        except IntegrityError as error:
            raise MergeError(_("Something that was changed since stands in the way.")) from error
        pids = set()
        for pk in (kept.pk, merged.pk):
            thing = type(kept)._default_manager.get(pk=pk)
            thing.save()
            pids |= set(thing.affected_pids())
        announce(sorted(pids), sender=type(kept))
        log.undone_at = timezone.now()
        log.save()
        log_unmerge(kept, merged, user=user)


def _check_no_loop(merged: Any) -> None:
    """Raises MergeError where a topic would stand above itself: what was below it may be above it since."""
    seen, above = set(), merged if isinstance(merged, Topic) else None
    while above is not None:
        if above.pk in seen:
            raise MergeError(_("The topic would stand above itself: topics were moved since. Move them first."))
        seen.add(above.pk)
        above = Topic.objects.get(pk=above.pk).broader


def lock_pair(log: MergeLog) -> tuple[Any, Any]:
    """Both rows, held until the transaction ends. Raises MergeError where the merge cannot be undone."""
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


def plan_undo(log: MergeLog) -> list[Step]:
    """What becomes of each row that the merge changed, the kept one first and the merged one last.

    The kept one may hold an identifier that only one of the two can have. Rows of a kind that is kept no more are left
    out: `count_forgotten` tells of them.
    """
    label = log.content_type.model_class()._meta.label  # type: ignore[union-attr]
    ends = {(label, log.kept_id): -1, (label, log.merged_id): 1}
    noted = {(change["model"], change["pk"]): change for change in log.changes if is_kept(change["model"])}
    steps = [_plan_row(change, row) for _key, change, row in with_rows(noted)]
    _mark_what_points_nowhere(steps)
    for step in steps:
        if (step.model._meta.label, step.pk) in ends:
            _mark_what_is_taken(step, log)
    return sorted(steps, key=lambda step: ends.get((step.model._meta.label, step.pk), 0))


def count_forgotten(log: MergeLog) -> int:
    """How many rows the merge changed of which the hub keeps the kind no more."""
    return sum(not is_kept(change["model"]) for change in log.changes)


def _plan_row(change: dict[str, Any], row: models.Model | None) -> Step:
    model = apps.get_model(change["model"])
    step = Step(model, change["pk"], row, made_anew=change["after"] is None)
    before = change["before"]
    if step.made_anew:
        step.put = before if row is None else {}
        return step
    if row is None:
        step.obstacles = dict.fromkeys(before, Obstacle.GONE)
        return step
    now = values_of(row)
    for name, became in change["after"].items():
        if now[name] == became:
            step.put[name] = before[name]
        elif now[name] != before[name]:
            step.obstacles[name] = Obstacle.CHANGED
    return step


def _mark_what_points_nowhere(steps: list[Step]) -> None:
    """Leave out links to rows that were deleted since; a query for each kind of row linked to."""
    targets: defaultdict[type[models.Model], set[Any]] = defaultdict(set)
    links = [(step, name, target) for step in steps for name, target in _links(step)]
    for step, name, target in links:
        targets[target].add(step.put[name])
    there = {target: set(target._base_manager.in_bulk(pks)) for target, pks in targets.items()}
    for step, name, target in links:
        if step.put.get(name) in there[target]:
            continue
        step.obstacles[name] = Obstacle.POINTS_NOWHERE
        if step.made_anew and not step.model._meta.get_field(name).null:
            step.put = {}
        elif step.made_anew and step.put:
            step.put[name] = None
        else:
            step.put.pop(name, None)


def _links(step: Step) -> Iterable[tuple[str, type[models.Model]]]:
    for column in step.model._meta.concrete_fields:
        if isinstance(column, models.ForeignKey) and step.put.get(column.attname) is not None:
            yield column.attname, column.remote_field.model


def _mark_what_is_taken(step: Step, log: MergeLog) -> None:
    """Leave out what only one can have and another one got since; the merged row still has its identifiers."""
    for name in ONLY_ONE_HAS:
        value = step.put.get(name, getattr(step.row, name, None))
        if not value:
            continue
        others = step.model._default_manager.filter(**{name: value}).exclude(pk__in=[log.kept_id, log.merged_id])
        if (others if name == "user_id" else others.filter(merged_into=None)).exists():
            step.put[name] = None if name == "user_id" else ""
            step.obstacles[name] = Obstacle.TAKEN


def put_back(steps: Iterable[Step]) -> None:
    """Do what was planned; rows that go back in the same way together."""
    alike: defaultdict[tuple[Any, ...], list[int]] = defaultdict(list)
    for step in steps:
        if step.made_anew and step.put:
            row = step.model(**_as_python(step.model, step.put))
            step.model._base_manager.bulk_create([row], ignore_conflicts=True)
        elif step.put:
            alike[step.model, *sorted(step.put.items(), key=itemgetter(0))].append(step.pk)
    for (model, *put), pks in alike.items():
        values = _as_python(model, dict(put))
        for start in range(0, len(pks), AT_ONCE):
            model._base_manager.filter(pk__in=pks[start : start + AT_ONCE]).update(**values)


def _as_python(model: type[models.Model], values: Row) -> Row:
    columns = {column.attname: column for column in model._meta.concrete_fields}
    return {name: columns[name].to_python(value) for name, value in values.items()}
