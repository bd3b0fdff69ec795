"""Ways on from a question that found nothing: near questions that do find something, and topics near it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from publications.access import User
from publications.models import Topic
from publications.models.topic_tree import with_record_counts
from search.analysis.dutch import split_compound
from search.analysis.tokens import fold, tokenize
from search.discovery import Answer, reader_of
from search.facets import FACET_LABELS
from search.forms import Question
from search.indexing import get_search_engine
from search.narrowing import narrow
from search.queries import Fuzzy, Leaf, Prefix, Range, respell, spelt_words, wanted_leaves
from search.requests import Reader, SearchRequest
from search.understanding import understand

MOST_TOPICS = 6
MIN_LIKENESS = 85
"""Of 100, by letters: what two words must have in common for a topic to count as near."""
SHORTEST_LIKE = 5
"""A shorter word stands in too many others by chance."""
SHORTEST_COMPOUND = 8
MOST_LOOKED_UP = 300
"""So many words are looked up at most to take compounds apart: each is a search, and long words have many parts."""


@dataclass(frozen=True)
class WayOn:
    """A question near the one asked, in words for its link, and how many records it finds."""

    label: str
    url: str
    total: int


@dataclass(frozen=True)
class WaysOn:
    """What may help where nothing was found."""

    questions: tuple[WayOn, ...]
    """Only those that find something."""
    topics: tuple[Topic, ...]
    """Each with `record_count`."""
    has_near_topics: bool
    """False where the topics are just those with most records."""


def find_ways_on(results: Answer, *, user: User) -> WaysOn:
    """Where a reader can go from these results, of which there are none."""
    question, reader = results.question, reader_of(user)
    near = near_topics(f"{question.q} {results.spelling or ''}")
    tried = (
        WayOn(label, other.query_string() or "?", count(other, reader))
        for label, other in _near_questions(results, reader)
    )
    return WaysOn(
        questions=tuple(way for way in tried if way.total),
        topics=near or topics_with_most_records(),
        has_near_topics=bool(near),
    )


def count(question: Question, reader: Reader) -> int:
    """How many records a question finds."""
    query = understand(question.q, is_widened=question.is_widened).query
    request = SearchRequest(query=query, reader=reader, **narrow(question, reader=reader), page_size=1, facets=())
    return get_search_engine().search(request).total


def _near_questions(results: Answer, reader: Reader) -> Iterator[tuple[str, Question]]:
    """The question with one thing less: a filter, all filters, operators, or the restriction to its own words."""
    question = replace(results.question, page=1)
    for name in question.filters:
        values = ", ".join(chosen.label for chosen in results.chosen if chosen.name == name)
        others = {other: kept for other, kept in question.filters.items() if other != name}
        label = _("without the filter %(filter)s: %(values)s") % {"filter": FACET_LABELS[name], "values": values}
        yield label, replace(question, filters=others)
    if len(question.filters) > 1:
        yield _("without any filter"), replace(question, filters={})
    if apart := take_apart(question.q, reader):
        yield _("with the compounds taken apart: %(words)s") % {"words": apart}, replace(question, q=apart)
    words = words_alone(question.q)
    if words and words != question.q:
        yield _("any of the words: %(words)s") % {"words": words}, replace(question, q=words)
    if results.other_words and not question.is_widened:
        labels = ", ".join(label.text for label in results.other_words)
        yield _("with other words for it: %(words)s") % {"words": labels}, replace(question, is_widened=True)


def take_apart(q: str, reader: Reader) -> str:
    """The question with its Dutch compounds as the words they are made of; "" where it has none that can be found."""

    looked_up = 0

    @cache
    def is_found(word: str) -> bool:
        nonlocal looked_up
        looked_up += 1
        return looked_up <= MOST_LOOKED_UP and count(Question(q=word, is_widened=False), reader) > 0

    parts = {}
    for word in spelt_words(q):
        term = fold(word)
        if len(term) >= SHORTEST_COMPOUND and not is_found(term):
            found = split_compound(term, is_found)
            parts[word] = " ".join(sorted(found, key=term.index))
    apart = respell(q, {word: words for word, words in parts.items() if words})
    return str(apart) if apart else ""


def words_alone(q: str) -> str:
    """What is looked for in a question, without quotation marks, operators, fields and what was not wanted."""
    typed = understand(q, is_widened=False).typed
    words = (_as_typed(leaf) for leaf in wanted_leaves(typed) if not isinstance(leaf, Range))
    return " ".join(word.lower() if word in ("AND", "OR", "NOT") else word for text in words for word in text.split())


def _as_typed(leaf: Leaf) -> str:
    if isinstance(leaf, Prefix):
        return f"{leaf.text}*"
    return f"{leaf.text}~{leaf.distance}" if isinstance(leaf, Fuzzy) else leaf.text


# Topics --------------------------------------------------------------------------------------------------------------


def near_topics(q: str) -> tuple[Topic, ...]:
    """Topics on live records with a word in a label that is like one of the question, the most alike first.

    A part counts as alike ("hyperthermie" in "hyperthermiesonde"), and so does a misspelt word.
    """
    typed = _words(words_alone(q))
    if not typed:
        return ()
    words_of = {topic.pk: _words(" ".join(topic.all_labels)) for topic in Topic.objects.visible()}
    like = _words_like(typed, sorted(set().union(*words_of.values())))
    likeness = {pk: max((like.get(word, 0) for word in words), default=0) for pk, words in words_of.items()}
    near = _with_records(Topic.objects.current().filter(pk__in=[pk for pk in likeness if likeness[pk]]))
    return tuple(sorted(near, key=lambda topic: (-likeness[topic.pk], -topic.record_count, topic.name))[:MOST_TOPICS])


def topics_with_most_records() -> tuple[Topic, ...]:
    """What most records here are about."""
    topics = _with_records(Topic.objects.current())
    return tuple(sorted(topics, key=lambda topic: (-topic.record_count, topic.name))[:MOST_TOPICS])


def _with_records(topics: Iterable[Topic]) -> list[Topic]:
    return [topic for topic in with_record_counts(topics) if topic.record_count]


def _words(text: str) -> set[str]:
    return {token.term for token in tokenize(text) if len(token.term) >= SHORTEST_LIKE}


def _words_like(words: Iterable[str], others: Sequence[str]) -> dict[str, int]:
    """Those of the other words that are like one of these, with how much they have in common, of 100."""
    likeness = process.cdist(list(words), others, scorer=fuzz.partial_ratio, score_cutoff=MIN_LIKENESS).max(axis=0)
    return {word: int(value) for word, value in zip(others, likeness, strict=True) if value}
