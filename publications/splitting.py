"""A topic that turns out to be two: records that an editor chose go from it to a new one, and back if need be."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from publications.audit import log_split
from publications.errors import MergeError
from publications.models import TaggedRecord, Topic, TopicSplit, User
from publications.records import change_topics


@transaction.atomic
def split_topic(topic: Topic, part: Topic, records: Iterable[int], *, user: User | None) -> TopicSplit:
    """Save the new topic and give it these records of the old one, by their keys.

    Raises MergeError where the old one is gone, or has none of the records.
    """
    topic = _lock(topic)
    if not (moving := with_topic(topic, records)):
        raise MergeError(_("None of these records has this topic. Choose others."))
    part.save()
    change_topics(moving, add=[part], remove=[topic], user=user)
    log_split(topic, part, count=len(moving), user=user)
    return TopicSplit.objects.create(topic=topic, part=part, record_ids=moving, made_by=user)


@transaction.atomic
def undo_split(split: TopicSplit, *, user: User | None) -> int:
    """Give the records back; returns how many. What an editor changed since stays as it is.

    A new topic that then has nothing left becomes part of the old one, so that its address still leads somewhere.
    Raises MergeError where that is no longer possible.
    """
    split = TopicSplit.objects.select_for_update().get(pk=split.pk)
    if split.undone_at is not None:
        raise MergeError(_("This split has been undone already."))
    topic, part = _lock(split.topic), _lock(split.part)
    moving = with_topic(part, split.record_ids)
    change_topics(moving, add=[topic], remove=[part], user=user)
    if not part.tagged_records.exists() and not part.narrower.filter(merged_into=None).exists():
        part.merged_into, part.broader = topic, None
        part.related.clear()
        part.save()
    split.undone_at = timezone.now()
    split.save()
    log_split(topic, part, count=len(moving), user=user, is_undone=True)
    return len(moving)


def with_topic(topic: Topic, records: Iterable[int]) -> list[int]:
    """Those of the records, by their keys, that have the topic itself."""
    rows = TaggedRecord.objects.filter(tag=topic, content_object__in=list(records))
    return sorted(rows.values_list("content_object", flat=True))


def _lock(topic: Topic) -> Topic:
    """The topic as it is now. Raises MergeError for one that is gone."""
    now = Topic.objects.select_for_update().filter(pk=topic.pk).first()
    if now is None or now.merged_into_id:
        raise MergeError(_("“%(name)s” is no longer there.") % {"name": topic})
    return now
