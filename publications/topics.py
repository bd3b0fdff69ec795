"""Finding topics by whatever people call them."""

from collections.abc import Iterable

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from publications.models import Topic

LABELS = ("name", "label_en", "label_nl")
SYNONYMS = ("synonyms_en", "synonyms_nl")


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
