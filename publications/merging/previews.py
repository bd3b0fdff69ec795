"""What a merge would do, found by doing it and taking it back: the preview cannot differ from the merge."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from publications.models import Collection, Event, Organisation, Person, PersonAffiliation, Record, Topic

MOST_NAMED = 10
"""Of the things that move, the first are named and the others counted."""
OUR_OWN_MATTERS = {"id", "merged_into", "latest_revision", "created_at", "changed_at", "name", "slug"}
"""Fields that follow from others, and the address, which goes on leading here."""

PARTS_OF_NAMES = {"given_name", "family_name"}
"""What a person was called stays as another form of the name."""

Merge = Callable[..., Any]


@dataclass(frozen=True)
class Change:
    """A field of the kept thing that a merge fills or extends."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Move:
    """Things of one sort that go from the merged thing to the kept one."""

    label: str
    names: tuple[str, ...]
    total: int

    @property
    def others(self) -> int:
        """How many are not named."""
        return self.total - len(self.names)


@dataclass(frozen=True)
class MergePreview:
    """What moves, and what becomes of the kept thing."""

    moves: tuple[Move, ...]
    changes: tuple[Change, ...]
    left_behind: tuple[tuple[str, str], ...]
    """Label and value of what only the merged thing says, where the kept one has its own."""


def preview_merge(kept: Any, merged: Any, *, merge: Merge) -> MergePreview:
    """What merging these two would do. Raises MergeError as the merge itself would."""
    moves = tuple(_moves(merged))
    before, gone = (type(kept)._default_manager.get(pk=thing.pk) for thing in (kept, merged))
    with transaction.atomic():
        after = merge(kept, merged)
        transaction.set_rollback(True)
    return MergePreview(moves, tuple(_changes(before, after)), tuple(_left_behind(gone, after)))


def _changes(before: Any, after: Any) -> Iterable[Change]:
    for field in _fields(before):
        if getattr(before, field.attname) != getattr(after, field.attname):
            yield Change(label_of(field), shown_value(before, field), shown_value(after, field))


def _left_behind(gone: Any, after: Any) -> Iterable[tuple[str, str]]:
    names = {"", *(after.all_labels if isinstance(after, Topic) else after.all_names)}
    if isinstance(after, Topic):
        names |= {*after.exact_matches.splitlines(), *after.get_other_languages_display().splitlines()}
    for field in _fields(gone):
        value, kept = getattr(gone, field.attname), getattr(after, field.attname)
        is_kept = not value or value in (True, kept) or field.name in PARTS_OF_NAMES
        shown = shown_value(gone, field)
        if not is_kept and not names.issuperset(shown.splitlines()):
            yield label_of(field), shown


def _fields(thing: Any) -> Iterable[models.Field]:
    return (field for field in thing._meta.concrete_fields if field.name not in OUR_OWN_MATTERS)


def label_of(field: models.Field) -> str:
    """What a field is called, with a capital."""
    return str(capfirst(field.verbose_name))


def shown_value(thing: Any, field: models.Field) -> str:
    """The value of a field as an editor reads it."""
    value = getattr(thing, field.name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(getattr(thing, f"get_{field.name}_display", lambda: value)() or "")


def _moves(merged: Any) -> Iterable[Move]:
    records = Record.objects.filter(pid__in=list(_records_of(merged))).order_by("-year", "title")
    everything: list[tuple[str, models.QuerySet]] = [(_("Records"), records)]
    match merged:
        case Person():
            employers = PersonAffiliation.objects.filter(person=merged).select_related("organisation")
            everything += [
                (_("Where they work or worked"), employers),
                (_("Collections they keep"), Collection.objects.filter(curators=merged)),
                (_("Events they speak at"), Event.objects.filter(sessions__speakers__person=merged).distinct()),
            ]
        case Organisation():
            people = Person.objects.filter(affiliations__organisation=merged)
            everything += [
                (_("People who work or worked there"), people.distinct()),
                (_("Events it takes part in"), Event.objects.filter(partners__organisation=merged).distinct()),
                (_("Events it speaks at"), Event.objects.filter(sessions__speakers__organisation=merged).distinct()),
            ]
        case Topic():
            everything += [(_("Narrower topics"), Topic.objects.current().filter(broader=merged))]
    for label, things in everything:
        if total := things.count():
            yield Move(label, tuple(str(thing) for thing in things[:MOST_NAMED]), total)


def _records_of(merged: Any) -> Iterable[str]:
    if isinstance(merged, Topic):  # what is on narrower topics stays there
        return Record.objects.filter(tagged_topics__tag=merged).values_list("pid", flat=True)
    return merged.affected_pids()
