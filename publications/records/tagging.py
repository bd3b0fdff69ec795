"""Giving topics to many records at once, and taking them: of what readers see, and of drafts that are being written."""

from collections.abc import Iterable

from django.db import transaction

from publications.models import Record, TaggedRecord, Topic, User
from publications.models.changes import announce


@transaction.atomic
def change_topics(
    records: Iterable[int], *, add: Iterable[Topic] = (), remove: Iterable[Topic] = (), user: User | None = None
) -> list[Record]:
    """The records, by their keys, that now have other topics than before; each holds at once, published or not.

    A draft of a live record gets them too, or the next publication would bring the old ones back.
    """
    new, old = [topic.pk for topic in add], {topic.pk for topic in remove}
    changed = []
    for record in Record.objects.select_for_update().filter(pk__in=list(records)).order_by("pk"):
        before = list(record.tagged_topics.values_list("tag", flat=True))
        after = _changed(before, new, old)
        if after != before:
            record.tagged_topics.filter(tag__in=set(before) - set(after)).delete()
            TaggedRecord.objects.bulk_create(
                TaggedRecord(tag_id=pk, content_object_id=record.pk) for pk in after if pk not in before
            )
        if _change_draft(record, new, old, user) or after != before:
            changed.append(record)
    announce([record.pid for record in changed], sender=Record)
    return changed


def _changed(topics: list[int], new: list[int], old: set[int]) -> list[int]:
    return list(dict.fromkeys([*(pk for pk in topics if pk not in old), *new]))


def _change_draft(record: Record, new: list[int], old: set[int], user: User | None) -> bool:
    """Save the latest draft with other topics, where there is one; says whether it has others now."""
    if record.latest_revision_id is None:
        return False
    draft = record.specific().get_latest_revision_as_object()
    before = [row.tag_id for row in draft.tagged_topics.all()]
    after = _changed(before, new, old)
    if after == before:
        return False
    draft.tagged_topics = [TaggedRecord(tag_id=pk) for pk in after]
    # Nothing waits to be published because of it: readers see the topics already.
    draft.save_revision(user=user, clean=False, changed=False)
    return True
