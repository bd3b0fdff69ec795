"""The thesaurus of this hub: what its topics are called, kept in memory until an editor changes it."""

from functools import lru_cache
from uuid import UUID

from django.db.models import Q

from publications.models import Topic
from publications.models.bilingual import SITE_LANGUAGES
from search.models import ThesaurusStamp
from search.widening import Label, Thesaurus, TopicLabels


def get_thesaurus() -> Thesaurus:
    """The topics as they are now. It costs one small query, and reads all topics only after one of them changed."""
    return _load(ThesaurusStamp.objects.current())


@lru_cache(maxsize=1)
def _load(stamp: UUID | None) -> Thesaurus:
    """Topics with several labels: one label alone leads to no other.

    Those that stand on drafts alone are not left out. A second label is an editor's word, not a draft's.
    """
    has_one_label = (Q(label_en="") | Q(label_nl="")) & Q(synonyms_en="", synonyms_nl="")
    topics = Topic.objects.current().exclude(has_one_label).order_by("pk")
    return Thesaurus(tuple(labels for topic in topics if len((labels := _labels_of(topic)).labels) > 1))


def _labels_of(topic: Topic) -> TopicLabels:
    preferred = [Label(getattr(topic, f"label_{language}"), language) for language in SITE_LANGUAGES]
    synonyms = [
        Label(" ".join(line.split()), language, is_synonym=True)
        for language in SITE_LANGUAGES
        for line in getattr(topic, f"synonyms_{language}").splitlines()
    ]
    return TopicLabels(tuple(label for label in (*preferred, *synonyms) if label.text.strip()))
