"""Making one topic of two."""

from django.db import transaction

from publications.merging.journal import journaled
from publications.merging.shared import close_merge, joined_lines, lock_both
from publications.models import TaggedRecord, Topic, User
from publications.models.changes import announce
from publications.models.topic_tree import TopicTree


@journaled
def merge_topics(kept: Topic, merged: Topic, *, user: User | None = None) -> Topic:
    """Make one topic of two: records, labels and narrower topics of `merged` go to `kept`, its address leads there.

    Raises MergeError where the two cannot become one.
    """
    with transaction.atomic():
        kept, merged = lock_both(kept, merged)
        pids = list(merged.affected_pids())
        tagged = TaggedRecord.objects.filter(tag=merged)
        tagged.filter(content_object__tagged_topics__tag=kept).delete()
        tagged.update(tag=kept)
        _take_over_labels(kept, merged)
        _take_over_related(kept, merged)
        if kept.broader_id == merged.pk or merged.pk in TopicTree.load().above(kept.pk):
            kept.broader = merged.broader
        kept.save()
        Topic.objects.filter(broader=merged).exclude(pk=kept.pk).update(broader=kept)
        close_merge(kept, merged, user=user)
        announce(pids, sender=Topic)
    return kept


def _take_over_labels(kept: Topic, merged: Topic) -> None:
    for language in ("en", "nl"):
        label, synonyms, definition = f"label_{language}", f"synonyms_{language}", f"definition_{language}"
        lines = [getattr(merged, label), *getattr(merged, synonyms).splitlines()]
        if not getattr(kept, label):
            setattr(kept, label, lines.pop(0))
        known = {_folded(text) for text in [getattr(kept, label), *getattr(kept, synonyms).splitlines()]}
        new = dict.fromkeys(line.strip() for line in lines if line.strip() and _folded(line) not in known)
        setattr(kept, synonyms, "\n".join([*filter(None, [getattr(kept, synonyms).strip()]), *new]))
        setattr(kept, definition, getattr(kept, definition) or getattr(merged, definition))
    kept.exact_matches = joined_lines(kept.exact_matches, merged.exact_matches.splitlines())
    kept.other_languages = merged.other_languages | kept.other_languages


def _take_over_related(kept: Topic, merged: Topic) -> None:
    """Let the topics beside the merged one stand beside the kept one. Each pair is two rows, one each way."""
    known = {kept.pk, *kept.related.values_list("pk", flat=True)}
    rows = Topic.related.through.objects
    for here, there in (("from_topic", "to_topic"), ("to_topic", "from_topic")):
        of_merged = rows.filter(**{here: merged})
        of_merged.filter(**{f"{there}__in": known}).delete()
        of_merged.update(**{here: kept})


def _folded(label: str) -> str:
    return " ".join(label.casefold().split())
