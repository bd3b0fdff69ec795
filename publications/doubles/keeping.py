"""The list of possible doubles: made anew by the clock when something changed, and what editors decide about it."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from publications.audit import log_distinction, log_distinction_taken_back
from publications.doubles.organisations import find_organisations
from publications.doubles.pairs import Pair
from publications.doubles.people import find_people
from publications.doubles.topics import find_topics
from publications.models import (
    Contribution,
    ContributionAffiliation,
    Distinction,
    DoublesPass,
    LikelyDouble,
    MergeLog,
    Organisation,
    Person,
    PersonAffiliation,
    Topic,
    User,
)

Finder = Callable[..., list[Pair]]
FINDERS: dict[type[models.Model], Finder] = {
    Person: find_people,
    Organisation: find_organisations,
    Topic: find_topics,
}
WATCHED: dict[type[models.Model], tuple[type[models.Model], ...]] = {
    Person: (Person, Contribution, ContributionAffiliation, PersonAffiliation),
    Organisation: (Organisation, PersonAffiliation),
    Topic: (Topic,),
}
"""What the likeness of things of a kind depends on."""
REST = timedelta(hours=1)
"""All are compared this often at most; what imports are unsure of is on the list at once."""
MOST_KEPT = 5000
"""The surest: nobody goes through more."""
AT_ONCE = 500


def refresh_doubles(*, at_once: bool = False) -> int:
    """Compare all things of each kind of which something changed; returns how many pairs were found.

    at_once: also where they were compared less than an hour ago.
    """
    return sum(_refresh(model, at_once=at_once) for model in FINDERS)


def _refresh(model: type[models.Model], *, at_once: bool) -> int:
    content_type, now = ContentType.objects.get_for_model(model), timezone.now()
    last = DoublesPass.objects.filter(content_type=content_type).first()
    if last and not at_once and now - last.made_at < REST:
        return 0
    fingerprint = _fingerprint(model, content_type)
    if last and last.fingerprint == fingerprint:
        return 0
    pairs = _undecided(content_type, FINDERS[model]())
    pairs = sorted(pairs, key=lambda pair: (-pair.confidence, pair.first, pair.second))[:MOST_KEPT]
    with transaction.atomic():
        _write(content_type, pairs)
        DoublesPass.objects.update_or_create(
            content_type=content_type, defaults={"fingerprint": fingerprint, "made_at": now}
        )
    return len(pairs)


def _fingerprint(model: Any, content_type: ContentType) -> str:
    """A text that changes when anything does that likeness depends on."""
    numbers: list[Any] = []
    for watched in WATCHED[model]:
        numbers += watched._default_manager.aggregate(last=Max("pk"), number=Count("pk")).values()
    numbers.append(model.objects.aggregate(last=Max("latest_revision"))["last"])
    merges = MergeLog.objects.filter(content_type=content_type)
    numbers += merges.aggregate(last=Max("pk"), undone=Max("undone_at"), number=Count("undone_at")).values()
    return " ".join(map(str, numbers))[:200]


def _undecided(content_type: ContentType, pairs: Iterable[Pair]) -> list[Pair]:
    """Without those of whom an editor said that they are two."""
    decided = set(Distinction.objects.filter(content_type=content_type).values_list("first_id", "second_id"))
    return [pair for pair in pairs if (pair.first, pair.second) not in decided]


def _write(content_type: ContentType, pairs: Iterable[Pair]) -> None:
    """Let the table hold these pairs; those that it had keep their row, so that an editor's page stays where it is."""
    kept = {(row.first_id, row.second_id): row for row in LikelyDouble.objects.filter(content_type=content_type)}
    new, changed = [], []
    for pair in pairs:
        row = kept.pop((pair.first, pair.second), None)
        values = {"confidence": pair.confidence, "reasons": list(pair.reasons)}
        if row is None:
            new.append(LikelyDouble(content_type=content_type, first_id=pair.first, second_id=pair.second, **values))
        elif (row.confidence, row.reasons) != (pair.confidence, list(pair.reasons)):
            row.confidence, row.reasons = pair.confidence, list(pair.reasons)
            changed.append(row)
    LikelyDouble.objects.bulk_create(new, batch_size=AT_ONCE, ignore_conflicts=True)
    LikelyDouble.objects.bulk_update(changed, ["confidence", "reasons"], batch_size=AT_ONCE)
    gone = [row.pk for row in kept.values()]
    for start in range(0, len(gone), AT_ONCE):
        LikelyDouble.objects.filter(pk__in=gone[start : start + AT_ONCE]).delete()


def note_doubles(model: type[models.Model], pk: int, others: Iterable[int]) -> int:
    """Put a new thing and those that it might be on the list now; returns how many pairs."""
    content_type = ContentType.objects.get_for_model(model)
    found = [pair for pair in FINDERS[model]([pk, *others]) if pk in (pair.first, pair.second)]
    pairs = _undecided(content_type, found)
    rows = [
        LikelyDouble(
            content_type=content_type,
            first_id=pair.first,
            second_id=pair.second,
            confidence=pair.confidence,
            reasons=list(pair.reasons),
        )
        for pair in pairs
    ]
    LikelyDouble.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def doubles_waiting(*kinds: type[models.Model]) -> QuerySet[LikelyDouble]:
    """The pairs of these kinds, the surest first. One of a pair may be gone since."""
    types = ContentType.objects.get_for_models(*kinds).values()
    return LikelyDouble.objects.filter(content_type__in=types)


# What editors decide ------------------------------------------------------------------------------------------------


def distinguish(one: Any, other: Any, *, user: User | None) -> Distinction:
    """Note that these are two; they are not listed again."""
    first, second = sorted((one, other), key=lambda thing: thing.pk)
    content_type = ContentType.objects.get_for_model(type(first))
    pair = {"content_type": content_type, "first_id": first.pk, "second_id": second.pk}
    with transaction.atomic():
        distinction, is_new = Distinction.objects.get_or_create(**pair, defaults={"made_by": user})
        LikelyDouble.objects.filter(**pair).delete()
        if is_new:
            log_distinction(first, second, user=user)
    return distinction


def take_back_distinction(distinction: Distinction, *, user: User | None) -> None:
    """They may be one after all; they are listed again if they are alike."""
    model: Any = distinction.content_type.model_class()
    pair = model.objects.in_bulk([distinction.first_id, distinction.second_id])
    with transaction.atomic():
        distinction.delete()
        if len(pair) == 2:
            note_doubles(model, distinction.first_id, [distinction.second_id])
            log_distinction_taken_back(*pair.values(), user=user)


def are_distinct(model: type[models.Model], one: int, other: int) -> bool:
    """Whether an editor said that these are two."""
    first, second = sorted((one, other))
    content_type = ContentType.objects.get_for_model(model)
    return Distinction.objects.filter(content_type=content_type, first_id=first, second_id=second).exists()
