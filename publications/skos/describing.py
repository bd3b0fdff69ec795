"""Topics of the hub as concepts."""

from collections.abc import Iterable
from typing import Any

from publications.models import Topic
from publications.models.bilingual import SITE_LANGUAGES
from publications.models.topics import TopicQuerySet
from publications.skos.concepts import Concept, Words, one_line


def concepts_of(topics: TopicQuerySet) -> list[Concept]:
    """These topics, each named by its slug; what they lead to only where that is among them. Two queries."""
    found = list(topics.prefetch_related("related").order_by("slug"))
    slugs = {topic.pk: topic.slug for topic in found}
    return [_concept_of(topic, slugs) for topic in found]


def _concept_of(topic: Topic, slugs: dict[int, str]) -> Concept:
    above = slugs.get(topic.broader_id or 0)
    return Concept(
        uri=topic.slug,
        place=topic.slug,
        words=words_of(topic),
        broader=(above,) if above else (),
        related=tuple(sorted(slugs[beside.pk] for beside in topic.related.all() if beside.pk in slugs)),
        exact_matches=lines(topic.exact_matches),
    )


def words_of(topic: Topic) -> dict[str, Words]:
    """What a topic is called, by language."""
    words = {
        language: Words(
            getattr(topic, f"label_{language}"),
            lines(getattr(topic, f"synonyms_{language}")),
            getattr(topic, f"definition_{language}").strip(),
        )
        for language in SITE_LANGUAGES
    }
    words |= {language: words_from(row) for language, row in topic.other_languages.items()}
    return {language: said for language, said in words.items() if said != Words()}


def words_from(row: dict[str, Any]) -> Words:
    """What is kept of another language."""
    return Words(row.get("label", ""), tuple(row.get("synonyms", ())), row.get("definition", ""))


def lines(text: str | Iterable[str]) -> tuple[str, ...]:
    """The lines of a text that hold something, each once."""
    rows = text.splitlines() if isinstance(text, str) else text
    return tuple(dict.fromkeys(one_line(row) for row in rows if row.strip()))
