"""The topics there are, by everything that a file may call them. Read once; every question after that is a look-up."""

from collections import defaultdict
from typing import Any

from django.contrib.contenttypes.models import ContentType

from publications.models import FormerAddress, Topic
from publications.skos.describing import lines
from publications.skos.files import slug_of

State = dict[str, Any]
"""What of a topic a file may change, by field. `broader` and `related` hold keys: that of a topic is its own."""


def folded(label: str) -> str:
    """A label as it is compared."""
    return " ".join(label.casefold().split())


class Hub:
    """All topics, merged ones too: a name that one of them has is taken."""

    def __init__(self) -> None:
        self.topics: dict[int, Topic] = {topic.pk: topic for topic in Topic.objects.prefetch_related("related")}
        self._slugs = {topic.slug: pk for pk, topic in self.topics.items()}
        topics = ContentType.objects.get_for_model(Topic)
        former = FormerAddress.objects.filter(content_type=topics).values_list("slug", "object_id")
        self._slugs = {slug: pk for slug, pk in former if pk in self.topics} | self._slugs
        self._labels: dict[str, int] = {}
        self._matches: dict[str, int] = {}
        self.synonym_of: defaultdict[str, set[int]] = defaultdict(set)
        for pk, topic in sorted(self.topics.items(), key=lambda item: item[1].merged_into_id is not None):
            for label in filter(None, (topic.name, topic.label_en, topic.label_nl)):
                self._labels.setdefault(folded(label), pk)
            for uri in lines(topic.exact_matches):
                self._matches.setdefault(uri, pk)
            for synonym in (*lines(topic.synonyms_en), *lines(topic.synonyms_nl)):
                self.synonym_of[folded(synonym)].add(self.became(pk))

    def became(self, pk: int) -> int:
        """The topic, or what it was merged into."""
        seen = set()
        while (kept := self.topics[pk].merged_into_id) and pk not in seen:
            seen.add(pk)
            pk = kept
        return pk

    def by_name(self, name: str) -> int | None:
        """The topic with this URI, slug or foreign URI."""
        pk = self._slugs.get(slug_of(name) or name) or self._matches.get(name)
        return self.became(pk) if pk else None

    def by_label(self, label: str) -> int | None:
        """The topic that is called so in either language; synonyms do not count."""
        pk = self._labels.get(folded(label)) if label else None
        return self.became(pk) if pk else None

    def state_of(self, pk: int | None) -> State:
        """What a topic says now; what an empty one says for None."""
        topic = self.topics[pk] if pk else Topic()
        return {
            "label_en": topic.label_en,
            "label_nl": topic.label_nl,
            "synonyms_en": lines(topic.synonyms_en),
            "synonyms_nl": lines(topic.synonyms_nl),
            "definition_en": topic.definition_en,
            "definition_nl": topic.definition_nl,
            "broader": topic.broader_id,
            "related": frozenset(beside.pk for beside in topic.related.all()) if pk else frozenset(),
            "exact_matches": lines(topic.exact_matches),
            "other_languages": dict(topic.other_languages),
        }
