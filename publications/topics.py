"""Finding topics by whatever people call them, and moving one to another place in the tree."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from publications.audit import log_move
from publications.models import Topic, User

LABELS = ("name", "label_en", "label_nl")
SYNONYMS = ("synonyms_en", "synonyms_nl")
LONGEST_LABEL = 100


def match_topic(text: str) -> Topic | None:
    """The topic with this label, else with this synonym, in either language; of a merged one, what it became."""
    text = " ".join(text.split())
    if not text:
        return None
    by_label, by_synonym = Q(), Q()
    for field in LABELS:
        by_label |= Q(**{f"{field}__iexact": text})
    for field in SYNONYMS:
        by_synonym |= Q(**{f"{field}__icontains": text})
    topic = Topic.objects.filter(by_label).order_by(F("merged_into").asc(nulls_first=True), "pk").first() or next(
        (topic for topic in Topic.objects.filter(by_synonym).order_by("pk") if _is_label(text, topic)), None
    )
    return _current(topic) if topic else None


def canonical_names(texts: Iterable[str]) -> list[str]:
    """The names of the topics that these texts stand for, each once; a text that no topic has stays as it is."""
    names = (topic.name if (topic := match_topic(text)) else text for text in texts)
    return list(dict.fromkeys(names))


@dataclass(frozen=True)
class KeywordMatch:
    """A keyword as printed, and the topic of this hub that it stands for, None where there is none."""

    keyword: str
    topic: Topic | None


def match_keywords(keywords: Iterable[str]) -> list[KeywordMatch]:
    """The topics behind keywords, by label or synonym in either language; each topic and each free word once."""
    matches = (KeywordMatch(keyword, match_topic(keyword)) for keyword in keywords)
    first: dict[int | str, KeywordMatch] = {}
    for match in matches:
        first.setdefault(match.topic.pk if match.topic else _folded(match.keyword), match)
    return list(first.values())


def suggest_topics(text: str, *, limit: int = 10) -> QuerySet[Topic]:
    """Topics with a label or synonym that holds the text; those whose label begins with it come first."""
    holds, begins = Q(), Q()
    for field in LABELS:
        begins |= Q(**{f"{field}__istartswith": text})
    for field in (*LABELS, *SYNONYMS):
        holds |= Q(**{f"{field}__icontains": text})
    place = Case(When(begins, then=Value(0)), default=Value(1), output_field=IntegerField())
    return Topic.objects.current().filter(holds).order_by(place, "name")[:limit]


def _is_label(text: str, topic: Topic) -> bool:
    return text.casefold() in {label.casefold() for label in topic.all_labels}


def _current(topic: Topic) -> Topic:
    while topic.merged_into is not None:
        topic = topic.merged_into
    return topic


class TopicMatcher:
    """Finds the topic behind a keyword, or makes one, without a query per keyword."""

    def __init__(self) -> None:
        self._by_label: dict[str, int] = {}
        self._last_pk = 0
        self.refresh()

    def refresh(self) -> None:
        """Learn of topics that were added since, by another import for instance."""
        for topic in Topic.objects.filter(pk__gt=self._last_pk).order_by("pk"):
            self._learn(topic)

    def _learn(self, topic: Topic) -> None:
        self._last_pk = max(self._last_pk, topic.pk)
        for label in (topic.name, *topic.all_labels):
            self._by_label.setdefault(_folded(label), _current(topic).pk)

    def find_or_create(self, text: str, *, language: str = "en") -> int | None:
        """The primary key of the topic that is called so in either language, of a new one where none is.

        language: that of the keyword, if it is one of the site's. None for a text too long for a label.
        """
        text = " ".join(text.split())
        if not text or len(text) > LONGEST_LABEL:
            return None
        if _folded(text) not in self._by_label:
            labels = {"label_nl": text} if language == "nl" else {"label_en": text}
            self._learn(Topic.objects.create(name=text, **labels))
        return self._by_label[_folded(text)]


def _folded(label: str) -> str:
    return " ".join(label.casefold().split())


@transaction.atomic
def move_topic(topic: Topic, broader: Topic | None, *, user: User | None) -> Topic | None:
    """Put a topic, with all that is below it, below another one or at the top; returns below which it stood.

    Raises ValidationError where it would stand above itself, or one of them is gone.
    """
    # All are locked, so that two who move at once cannot make a ring of what each of them alone would not.
    topics = {one.pk: one for one in Topic.objects.current().select_for_update().order_by("pk")}
    if topic.pk not in topics or (broader and broader.pk not in topics):
        raise ValidationError(_("One of the two topics is gone. Look at the tree again."))
    moving, above = topics[topic.pk], topics[broader.pk] if broader else None
    before = topics.get(moving.broader_id) if moving.broader_id else None
    if before == above:
        return before
    moving.broader = above
    moving.clean()
    moving.save()
    log_move(moving, before=before, after=above, user=user)
    return before
