"""Giving topics to many records at once, and taking them: of what readers see, and of drafts that are being written."""

from collections.abc import Iterable
from functools import partial

from django.db import transaction

from publications.models import Record, Topic, User
from publications.records.changing import Values, change_record


@transaction.atomic
def change_topics(
    records: Iterable[int], *, add: Iterable[Topic] = (), remove: Iterable[Topic] = (), user: User | None = None
) -> list[Record]:
    """The records, by their keys, that now have other topics than before; each holds at once, published or not."""
    change = partial(with_topics, new=[topic.pk for topic in add], old={topic.pk for topic in remove})
    changed = []
    for record in Record.objects.select_for_update().filter(pk__in=list(records)).order_by("pk"):
        before, after = change_record(record, change, user=user)
        if before != after:
            changed.append(record)
    return changed


def with_topics(values: Values, *, new: Iterable[int], old: Iterable[int]) -> Values:
    """The values with some topics more and others less."""
    gone = set(old)
    return {**values, "topics": list(dict.fromkeys([*(pk for pk in values["topics"] if pk not in gone), *new]))}
