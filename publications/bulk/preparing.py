"""Keeping a selection of records with what is wanted of them, until somebody has looked at what it would do."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from publications.bulk.wanted import Wanted
from publications.models import BulkChange, BulkChangeItem, User
from publications.vocabularies import BulkState

MOST_RECORDS = 2000
"""In one act: its preview reads them all."""
KEPT_DAYS = 7
"""So long a prepared change waits to be applied."""


@transaction.atomic
def prepare_change(
    kind: str,
    records: Sequence[int] | Mapping[int, Wanted],
    wanted: Wanted | None = None,
    *,
    user: User | None,
    file_name: str = "",
) -> BulkChange:
    """Keep which records are to change and how: all alike by `wanted`, or each by its own in a mapping."""
    too_old = timezone.now() - timedelta(days=KEPT_DAYS)
    BulkChange.objects.filter(state=BulkState.PREPARED, made_at__lt=too_old).delete()
    change = BulkChange.objects.create(kind=kind, wanted=wanted or {}, made_by=user, file_name=file_name[-200:])
    wishes = records if isinstance(records, Mapping) else dict.fromkeys(records)
    BulkChangeItem.objects.bulk_create(
        BulkChangeItem(change=change, record_id=pk, wanted=wish) for pk, wish in wishes.items()
    )
    return change
