"""What all merges share. The merged row stays, so that drafts, links and old addresses still lead somewhere."""

from typing import TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from publications.audit import log_merge
from publications.errors import MergeError
from publications.models import LikelyDouble, Organisation, Person, Topic, User

Thing = TypeVar("Thing", Person, Organisation, Topic)


def lock_both(kept: Thing, merged: Thing) -> tuple[Thing, Thing]:
    """Both rows as they are now, held until the transaction ends. Raises MergeError where they cannot become one."""
    model = type(kept)
    rows = {row.pk: row for row in model.objects.select_for_update().filter(pk__in=[kept.pk, merged.pk]).order_by("pk")}
    if kept.pk == merged.pk:
        raise MergeError(_("A thing cannot be merged with itself. Choose another one."))
    for thing in (kept, merged):
        if thing.pk not in rows:
            raise MergeError(_("“%(name)s” is no longer there.") % {"name": thing})
        if rows[thing.pk].merged_into_id:
            raise MergeError(_("“%(name)s” was merged before. Choose what it became.") % {"name": thing})
    return rows[kept.pk], rows[merged.pk]


def close_merge(kept: Thing, merged: Thing, *, user: User | None) -> None:
    """Let the merged row, and all that was merged into it before, lead to the kept one; note it in the history."""
    model = type(kept)
    model.objects.filter(merged_into=merged).update(merged_into=kept)
    merged.merged_into = kept
    merged.save()
    LikelyDouble.objects.involving(merged).delete()
    log_merge(kept, merged, user=user)


def joined_lines(text: str, lines: list[str]) -> str:
    """The text with those of the lines that it does not have yet below it."""
    known = [line.strip() for line in text.splitlines() if line.strip()]
    return "\n".join(dict.fromkeys([*known, *(line.strip() for line in lines if line.strip())]))


def take_over(kept: Model, merged: Model, *names: str) -> None:
    """Fill what the kept one lacks with what the merged one has."""
    for name in names:
        setattr(kept, name, getattr(kept, name) or getattr(merged, name))
