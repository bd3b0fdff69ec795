"""What undoing a merge would do, from the plan that undoing itself follows, and from a trial that is taken back."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publications.errors import MergeError
from publications.merging.previews import MOST_NAMED, Change, Move, label_of, shown_value
from publications.merging.undoing import Obstacle, Step, count_forgotten, plan_undo, undo_merge
from publications.models import (
    Collection,
    Contribution,
    ContributionAffiliation,
    EventPartner,
    EventSpeaker,
    MergeLog,
    Organisation,
    Person,
    PersonAffiliation,
    ProfileClaim,
    Record,
    TaggedRecord,
    Topic,
)

KINDS: dict[type[models.Model], tuple[Any, str]] = {
    Contribution: (gettext_lazy("Records"), "record"),
    ContributionAffiliation: (gettext_lazy("Records"), "contribution__record"),
    TaggedRecord: (gettext_lazy("Records"), "content_object"),
    PersonAffiliation: (gettext_lazy("Where they work or worked"), "organisation"),
    Collection.curators.through: (gettext_lazy("Collections they keep"), "collection"),
    ProfileClaim: (gettext_lazy("Claims of the profile"), "user"),
    EventSpeaker: (gettext_lazy("Events with a talk of theirs"), "session__event"),
    EventPartner: (gettext_lazy("Events it takes part in"), "event"),
    Person: (gettext_lazy("Merged into it before"), ""),
    Organisation: (gettext_lazy("Merged into it before"), ""),
    Topic: (gettext_lazy("Narrower topics, and what was merged into it before"), ""),
}
"""What rows of a kind are called, and whose name stands for one."""
OUR_OWN_COLUMNS = {"merged_into", "slug", "name"}


@dataclass(frozen=True)
class Rest:
    """What stays as it is, because of what happened since the merge."""

    what: str
    why: str
    names: tuple[str, ...] = ()
    total: int = 0

    @property
    def others(self) -> int:
        """How many are not named."""
        return self.total - len(self.names)


@dataclass(frozen=True)
class UndoPreview:
    """What goes back, what stays, and why the whole cannot be undone, where it cannot."""

    refusal: str = ""
    moves: tuple[Move, ...] = ()
    changes: tuple[Change, ...] = ()
    """Fields of the kept thing that lose what the merge put there."""
    rests: tuple[Rest, ...] = ()
    drafts: tuple[str, ...] = ()
    """Titles of drafts that were saved since the merge: they name the kept thing, and go on doing so."""


def preview_undo(log: MergeLog) -> UndoPreview:
    """What undoing this merge would do now; with a refusal where it cannot be done."""
    try:
        with transaction.atomic():
            steps = plan_undo(log)
            preview = UndoPreview("", *_told(log, steps))
            undo_merge(log, user=None)
            transaction.set_rollback(True)
    except MergeError as error:
        return UndoPreview(refusal=str(error))
    return preview


Told = tuple[tuple[Move, ...], tuple[Change, ...], tuple[Rest, ...], tuple[str, ...]]


def _told(log: MergeLog, steps: list[Step]) -> Told:
    model: Any = log.content_type.model_class()
    pair = [step for step in steps if step.model is model and step.pk in (log.kept_id, log.merged_id)]
    others = [step for step in steps if step not in pair]
    back: defaultdict[type[models.Model], list[Step]] = defaultdict(list)
    stays: defaultdict[tuple[type[models.Model], Obstacle], list[Step]] = defaultdict(list)
    for step in others:
        if step.put:
            back[step.model].append(step)
        elif step.obstacles:
            stays[step.model, next(iter(step.obstacles.values()))].append(step)
    moves = tuple(Move(str(KINDS[kind][0]), *_named(kind, found)) for kind, found in back.items())
    changes = tuple(change for step in pair if step.pk == log.kept_id for change in _changes(step))
    rests = [Rest(str(KINDS[kind][0]), why.label, *_named(kind, found)) for (kind, why), found in stays.items()]
    rests += [rest for step in pair for rest in _fields_that_stay(step)]
    if forgotten := count_forgotten(log):
        rests.append(Rest(_("What this version of the hub keeps no more"), Obstacle.GONE.label, total=forgotten))
    return moves, changes, tuple(rests), tuple(_drafts_since(log, back))


def _named(kind: type[models.Model], steps: list[Step]) -> tuple[tuple[str, ...], int]:
    """The names of the first of them, each once, and how many they are."""
    path = KINDS[kind][1]
    rows = kind._base_manager.select_related(*([path] if path else [])).in_bulk(
        [step.pk for step in steps[:MOST_NAMED] if step.row is not None]
    )
    names = []
    for step in steps[:MOST_NAMED]:
        thing: Any = rows.get(step.pk)
        if thing is None and step.made_anew and step.put:
            thing = kind(**{name: value for name, value in step.put.items() if name.endswith("_id")})
        for part in path.split("__") if thing is not None and path else []:
            thing = getattr(thing, part)
        if thing is not None:
            names.append(str(thing))
    return tuple(dict.fromkeys(names)), len(steps) - (len(names) - len(set(names)))


def _changes(step: Step) -> Iterable[Change]:
    """What the kept thing says now and will say then."""
    if step.row is None:
        return
    then = type(step.row)(**{f.attname: getattr(step.row, f.attname) for f in step.row._meta.concrete_fields})
    for name, value in step.put.items():
        setattr(then, name, value)
    for column in step.row._meta.concrete_fields:
        if column.attname in step.put and column.name not in OUR_OWN_COLUMNS:
            yield Change(label_of(column), shown_value(step.row, column), shown_value(then, column))


def _fields_that_stay(step: Step) -> Iterable[Rest]:
    for column in step.model._meta.concrete_fields:
        obstacle = step.obstacles.get(column.attname)
        if obstacle and column.name not in OUR_OWN_COLUMNS:
            what = _("%(field)s of “%(name)s”") % {"field": label_of(column), "name": step.row}
            yield Rest(what, obstacle.label)


def _drafts_since(log: MergeLog, back: dict[type[models.Model], list[Step]]) -> Iterable[str]:
    """Drafts are not among what a merge changes: one that was saved after it names what was kept."""
    pids: set[Any] = set()
    for kind in (Contribution, ContributionAffiliation, TaggedRecord):
        pks = [step.pk for step in back.get(kind, ()) if step.row is not None]
        pids |= set(kind._base_manager.filter(pk__in=pks).values_list(KINDS[kind][1], flat=True))
    drafts = Record.objects.filter(
        pk__in=pids, has_unpublished_changes=True, latest_revision__created_at__gt=log.merged_at
    )
    return drafts.order_by("title").values_list("title", flat=True)[:MOST_NAMED]
