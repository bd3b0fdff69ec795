"""Why a record was found where neither its title nor its pages show it: names that have words of the question.

A topic is searched under all its labels and synonyms in both languages, a person under every name they are known by.
A reader who typed one of them and sees another must be told, or the hit looks like a mistake.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from publications.models import Record
from search.analysis import UNKNOWN
from search.documents import Name
from search.highlighting import find_marks, mark_spans
from search.indexing import WITH_NAMES, event_names, identifiers, organisation_names, person_name, topic_names
from search.marks import searched_leaves
from search.queries import Leaf, Or, Phrase, Query, Word, bare_identifier

MOST_MENTIONS = 4
LABELS = {
    "topic": _("Topic"),
    "person": _("Person"),
    "organisation": _("Organisation"),
    "event": _("Event"),
    "subtitle": _("Subtitle"),
    "translated_title": _("Title in the other language"),
    "container_title": _("Published in"),
    "doi": _("Identifier"),
}
"""What each field is called, in the order in which a hit names them."""
NAMES_OF_PEOPLE = "zxx"
"""Names have no language: see `analysis.NEUTRAL`."""
MARKED = re.compile(r"<mark>(.*?)</mark>")


@dataclass(frozen=True)
class Mention:
    """A name or label of a record with words of the question: `text` is HTML with <mark>."""

    field: str
    text: str
    name: str = ""
    """What a reader knows it by, where `text` is another of its names."""

    @property
    def label(self) -> str:
        """What sort of name it is, in words."""
        return str(LABELS[self.field])


def find_mentions(query: Query, shown: Mapping[Record, Sequence[str]]) -> dict[Record, tuple[Mention, ...]]:
    """The names of these records with words of the query that nothing else in their hit shows.

    shown: the HTML that each hit shows, words marked.
    """
    wanted = searched_leaves(query, analyzer=UNKNOWN)
    unseen = {record: leaves for record, texts in shown.items() if (leaves := list(_not_marked(wanted, texts)))}
    prefetch_related_objects(list(unseen), *WITH_NAMES)
    return {record: tuple(_mentions(record, leaves))[:MOST_MENTIONS] for record, leaves in unseen.items()}


def _not_marked(leaves: Iterable[Leaf], texts: Iterable[str]) -> Iterator[Leaf]:
    marked = " ".join(dict.fromkeys(unescape(found) for text in texts for found in MARKED.findall(text)))
    for leaf in leaves:
        # Of a phrase each word is marked by itself.
        parts = Or(tuple(Word(word) for word in leaf.text.split())) if isinstance(leaf, Phrase) else leaf
        if not find_marks(marked, query=parts, language="und", field=leaf.field):
            yield leaf


def _mentions(record: Record, leaves: list[Leaf]) -> Iterator[Mention]:
    query = Or(tuple(leaves))
    for field, known_as, labels, language in _labels(record):
        marks = {label: find_marks(label, query=query, language=language, field=field) for label in labels}
        best = max(labels, key=lambda label: (len(marks[label]), label == known_as), default="")
        if best and marks[best]:
            yield Mention(field, mark_spans(best, marks[best]), name="" if best == known_as else known_as)
    asked = {bare_identifier(leaf.text) for leaf in leaves}
    for identifier in identifiers(record):
        if bare_identifier(identifier) in asked:
            yield Mention("doi", mark_spans(identifier, [(0, len(identifier))]))


def _labels(record: Record) -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    """The names of a record: field, what a reader knows it by, everything it is searched under, language."""
    in_readers_words = {tagged.tag.slug: str(tagged.tag) for tagged in record.tagged_topics.all()}
    for topic in topic_names(record):
        yield "topic", in_readers_words.get(topic.key, topic.name), _all(topic), "und"
    for contribution in record.contributions.all():
        person = person_name(contribution)
        yield "person", person.name, _all(person), NAMES_OF_PEOPLE
    for organisation in organisation_names(record):
        yield "organisation", organisation.name, _all(organisation), "und"
    for event in event_names(record):
        yield "event", str(record.event), _all(event), "und"
    source = getattr(record.specific(), "container_title", "")
    for field, text, language in (
        ("subtitle", record.subtitle, record.language),
        ("translated_title", record.translated_title, record.translation_language),
        ("container_title", source, "und"),
    ):
        if text:
            yield field, text, (text,), language


def _all(name: Name) -> tuple[str, ...]:
    return tuple(dict.fromkeys((name.name, *name.alternatives)))
