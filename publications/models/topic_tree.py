"""Which topic stands above which. The tree is small and every question about it takes steps: it is loaded whole."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Self

from django.db.models import Count, Q

from publications.models.topics import TaggedRecord, Topic
from publications.models.versions import listed


class TopicTree:
    """The topics that have broader or narrower ones. A circle that came past the form ends where it began."""

    def __init__(self, rows: Iterable[tuple[int, str, int | None]]) -> None:
        """rows: primary key, slug, primary key of the broader topic."""
        self._slugs: dict[int, str] = {}
        self._broader: dict[int, int] = {}
        self._narrower: defaultdict[int, list[int]] = defaultdict(list)
        for pk, slug, broader in rows:
            self._slugs[pk] = slug
            if broader is not None:
                self._broader[pk] = broader
                self._narrower[broader].append(pk)

    @classmethod
    def load(cls) -> Self:
        """The tree as it is now; one query."""
        in_tree = Q(broader__isnull=False) | Q(pk__in=Topic.objects.exclude(broader=None).values("broader"))
        return cls(Topic.objects.current().filter(in_tree).values_list("pk", "slug", "broader_id"))

    @property
    def broader_topics(self) -> tuple[int, ...]:
        """Every topic that has narrower ones."""
        return tuple(self._narrower)

    def above(self, pk: int) -> list[int]:
        """The topics above this one, the nearest first."""
        above: list[int] = []
        while (broader := self._broader.get(pk)) is not None and broader not in above:
            above.append(broader)
            pk = broader
        return above

    def slugs_above(self, pks: Iterable[int]) -> tuple[str, ...]:
        """The slugs of all topics above any of these, each once."""
        above = dict.fromkeys(broader for pk in pks for broader in self.above(pk))
        return tuple(self._slugs[pk] for pk in above if pk in self._slugs)

    def with_narrower(self, pk: int) -> set[int]:
        """This topic and all below it."""
        found, waiting = {pk}, [pk]
        while waiting:
            new = set(self._narrower.get(waiting.pop(), ())) - found
            found |= new
            waiting += new
        return found


def with_record_counts(topics: Iterable[Topic], *, tree: TopicTree | None = None) -> list[Topic]:
    """The topics, each with its `record_count`: live records on it or on a narrower one."""
    counted = list(topics)
    counts = count_records(tree or TopicTree.load(), [topic.pk for topic in counted])
    for topic in counted:
        topic.record_count = counts[topic.pk]
    return counted


def count_records(tree: TopicTree, topics: Iterable[int] | None = None) -> Counter[int]:
    """How many live records each topic has, by itself or through a narrower one; two queries.

    topics: primary keys of those to count for; None for all.
    """
    tagged = TaggedRecord.objects.filter(listed("content_object__")).order_by()
    asked = None if topics is None else list(topics)
    own = tagged if asked is None else tagged.filter(tag__in=asked)
    counts = Counter(dict(own.values_list("tag").annotate(Count("pk"))))
    branches = {pk: tree.with_narrower(pk) for pk in (tree.broader_topics if asked is None else asked)}
    branches = {pk: branch for pk, branch in branches.items() if len(branch) > 1}
    records: defaultdict[int, set[int]] = defaultdict(set)
    in_branches = tagged.filter(tag__in=set().union(*branches.values())) if branches else tagged.none()
    for topic_id, record_id in in_branches.values_list("tag", "content_object"):
        records[topic_id].add(record_id)
    for pk, branch in branches.items():
        # A record on two topics of the branch counts once.
        counts[pk] = len(set().union(*(records[topic_id] for topic_id in branch)))
    return counts
