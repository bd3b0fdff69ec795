"""Widening a query by what else its topics are called, so that "echografie" finds English papers on ultrasound.

A topic is recognised where one of its labels stands in the question, in any inflection, in Dutch or in English; the
longest label wins. Its other labels are looked for as well, for less than the words that were typed. Everything here is
a function of plain values; `thesaurus.py` takes the topics from the database.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import chain, groupby, zip_longest
from typing import NamedTuple

from search.analysis import UNKNOWN, Analyzer, get_analyzer
from search.analysis.patterns import idle_words, phrase_patterns
from search.analysis.tokens import WORD, tokenize
from search.queries import And, Or, Phrase, Query, Word

WEIGHT_ALONE = 0.02
"""What a word of another label is worth beside a typed one, where a topic is all that was asked: records with the typed
words come first, however often others have the other labels. Measured: docs/decisions.md."""
WEIGHT_BESIDE = 0.4
"""The same where more was asked: so little as above, any chance word of the question would outweigh its topic."""
MAX_LABELS = 8
"""So many other labels at most, whatever was asked."""
MAX_LEAVES = 24
"""So many words and phrases at most are added to the query; a label may be added at several places."""
WIDENED_FIELDS = frozenset({"", "topic"})
_SHORTEST_LABEL = 2

Keys = frozenset[str]
"""What the forms of one word have in common (`Analyzer.keys`)."""
Row = tuple[Keys, ...]
"""The words of a label, stop words left out; "PET/CT" has two rows, one of them of a single word."""


@dataclass(frozen=True)
class Label:
    """What a topic is called in one language."""

    text: str
    language: str
    is_synonym: bool = False


@dataclass(frozen=True, eq=False)
class TopicLabels:
    """All that one topic is called, preferred labels first."""

    labels: tuple[Label, ...]


class Match(NamedTuple):
    """A label that stands in a run of words: from word `start` to before word `end`."""

    start: int
    end: int
    topic: TopicLabels
    label: Label


@dataclass(frozen=True)
class Thesaurus:
    """The topics of a hub, ready to be recognised in a question."""

    topics: tuple[TopicLabels, ...] = ()

    @cached_property
    def _by_first_key(self) -> dict[str, list[tuple[Row, TopicLabels, Label]]]:
        index: dict[str, list[tuple[Row, TopicLabels, Label]]] = defaultdict(list)
        for topic in self.topics:
            for label in topic.labels:
                for row in _rows(label.text, get_analyzer(label.language)) if _says_enough(label.text) else ():
                    for key in row[0]:
                        index[key].append((row, topic, label))
        return dict(index)

    def find(self, words: "Words") -> list[Match]:
        """The labels that stand in these words, the longest first; those inside a longer one are left out."""
        found = {
            Match(start, end, topic, label)
            for start, key in words.first_keys()
            for row, topic, label in self._by_first_key.get(key, ())
            for end in words.ends(row, start)
        }
        taken: list[Match] = []
        for match in sorted(found, key=lambda match: (match.start - match.end, match.start, match.label.text)):
            if all(_is_beside(match, other) for other in taken):
                taken.append(match)
        return taken


class Words:
    """Words in a row, as they can be read: "low-dose" is two words and one, stop words are left out."""

    def __init__(self) -> None:
        self.sources: list[str] = []
        """For each word, what was typed that it stands in."""
        self.spans: list[tuple[int, int]] = []
        """For each word, its characters in that."""
        self._steps: dict[int, list[tuple[int, Keys]]] = defaultdict(list)

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Words":
        """The words of these texts in a row."""
        words = cls()
        for text in texts:
            words._add(text)
        return words

    def _add(self, text: str) -> None:
        tokens = list(tokenize(text))
        singles = [token for token in tokens if token.width == 1]
        kept = [token for token in singles if token.term not in UNKNOWN.stop_words] or singles
        places = {token.position: len(self.sources) + place for place, token in enumerate(kept)}
        for token in tokens:
            inside = [places[p] for p in range(token.position, token.position + token.width) if p in places]
            if inside:
                self._steps[inside[0]].append((inside[-1] + 1, UNKNOWN.keys(token.term)))
        self.sources += [text] * len(kept)
        self.spans += [(token.start, token.end) for token in kept]

    def first_keys(self) -> Iterator[tuple[int, str]]:
        """Every key of a word with the place of that word."""
        for start, steps in self._steps.items():
            for key in frozenset().union(*(keys for _, keys in steps)):
                yield start, key

    def have(self, rows: Iterable[Row]) -> bool:
        """Whether one of these rows stands somewhere in the words."""
        return any(next(self.ends(row, start), None) is not None for row in rows for start in self._steps)

    def ends(self, row: Row, start: int) -> Iterator[int]:
        """Where this row ends, if it stands at `start`."""
        if not row:
            yield start
            return
        for end, keys in self._steps.get(start, ()):
            if not keys.isdisjoint(row[0]):
                yield from self.ends(row[1:], end)


@dataclass(frozen=True)
class Widened:
    """A query with what was added to it, and which typed words are of topics."""

    query: Query
    added: tuple[Label, ...] = ()
    known: frozenset[str] = frozenset()
    """Typed words that stand in a label: no misspellings, even where no text has them."""


def widen(query: Query, thesaurus: Thesaurus, *, alone: float = WEIGHT_ALONE, beside: float = WEIGHT_BESIDE) -> Widened:
    """The query, with other labels of the topics that it names beside their words.

    Free words, those of phrases and those behind `topic:` are widened; what stands behind NOT or another field is not.
    alone, beside: the weight of what is added where a topic is all that was asked, and where more was.
    """
    return _Widening(query, thesaurus, alone, beside).widened


Place = tuple[Word, ...] | Phrase
"""Where labels may stand: words side by side, or a phrase."""


class _Widening:
    """One query on its way to being widened: first all topics are found, then labels are chosen, then added."""

    def __init__(self, query: Query, thesaurus: Thesaurus, alone: float, beside: float) -> None:
        self.leaves_left = MAX_LEAVES
        self.words = {place: _words_of(place) for place in _places(query)}
        self.matches = {place: thesaurus.find(words) for place, words in self.words.items()}
        self.weight = alone if self._is_one_topic() else beside
        typed = [words for place, words in self.words.items() if isinstance(place, tuple)]
        self.chosen = _choose_labels(list(chain.from_iterable(self.matches.values())), typed)
        added = dict.fromkeys(label for labels in self.chosen.values() for label in labels)
        self.widened = Widened(self.widen(query), tuple(added), self._known_words())

    def _is_one_topic(self) -> bool:
        """Whether nothing was asked but what one label says."""
        spans = {(place, match.start, match.end) for place, matches in self.matches.items() for match in matches}
        return len(self.words) == len(spans) == 1 and all(
            end - start == len(self.words[place].spans) for place, start, end in spans
        )

    def _known_words(self) -> frozenset[str]:
        known = set()
        for place, matches in self.matches.items():
            words = self.words[place]
            for source, (start, end) in (
                (words.sources[at], words.spans[at]) for match in matches for at in range(match.start, match.end)
            ):
                known |= {source, source[start:end]}
        return frozenset(known)

    def widen(self, query: Query) -> Query:
        match query:
            case And(parts):
                return And(tuple(self.widen(part) for part in parts))
            case Or(parts):
                rest = tuple(part if isinstance(part, Word) else self.widen(part) for part in parts)
                return _beside(Or(rest), [leaf for run in _runs(parts) for leaf in self._labels_for(run)])
            case Word():
                # In an Or of its own: beside others, a stop word would not be looked for.
                added = [leaf for run in _runs((query,)) for leaf in self._labels_for(run)]
                return _beside(Or((query,)), added) if added else query
            case Phrase():
                return _beside(query, list(self._phrases_for(query)))
        return query

    def _labels_for(self, run: tuple[Word, ...]) -> list[Query]:
        """The labels to look for beside words side by side."""
        topics = dict.fromkeys(match.topic for match in self.matches[run])
        labels = dict.fromkeys(label.text for topic in topics for label in self.chosen[topic])
        return [_leaf(text, run[0].field, self.weight) for text in labels if self._take_leaf()]

    def _phrases_for(self, phrase: Phrase) -> Iterator[Query]:
        """The phrase with a label in the place of another; the label alone where the phrase was nothing else."""
        for start, end, topic in dict.fromkeys(match[:3] for match in self.matches.get(phrase, ())):
            spans = self.words[phrase].spans
            before, after = phrase.text[: spans[start][0]], phrase.text[spans[end - 1][1] :]
            is_all = end - start == len(spans)
            for label in self.chosen[topic]:
                if self._take_leaf():
                    yield (
                        _leaf(label.text, phrase.field, self.weight)
                        if is_all
                        else replace(phrase, text=before + label.text + after, weight=self.weight)
                    )

    def _take_leaf(self) -> bool:
        self.leaves_left -= 1
        return self.leaves_left >= 0


def _places(query: Query) -> Iterator[Place]:
    """Every place of the query that may be widened."""
    match query:
        case And(parts):
            for part in parts:
                yield from _places(part)
        case Or(parts):
            yield from _runs(parts)
            for part in parts:
                if not isinstance(part, Word):
                    yield from _places(part)
        case Word():
            yield from _runs((query,))
        case Phrase() if query.field in WIDENED_FIELDS:
            yield query


def _runs(parts: Sequence[Query]) -> Iterator[tuple[Word, ...]]:
    """The words of one field that stand side by side, stop words left out."""
    words = [part for part in parts if isinstance(part, Word)]
    idle = idle_words((word.text for word in words), analyzer=UNKNOWN, beside_others=len(words) < len(parts))
    telling = [part for part in parts if not (isinstance(part, Word) and (part.text in idle or _is_stop_word(part)))]
    for field, run in groupby(telling, key=lambda part: part.field if isinstance(part, Word) else None):
        if field in WIDENED_FIELDS:
            yield tuple(part for part in run if isinstance(part, Word))


def _is_stop_word(word: Word) -> bool:
    """Whether it is one as people write it: "als" is, "ALS" may be a disease."""
    return word.text.islower() and all(token.term in UNKNOWN.stop_words for token in tokenize(word.text))


def _words_of(place: Place) -> Words:
    return Words.of([place.text] if isinstance(place, Phrase) else [word.text for word in place])


def _beside(query: Query, added: Sequence[Query]) -> Query:
    return Or((query, *added)) if added else query


def _leaf(text: str, field: str, weight: float) -> Word | Phrase:
    """A label as something to look for: a word, or a phrase where it has several."""
    is_word = len(WORD.findall(text)) == 1
    return Word(text, field, weight) if is_word else Phrase(text, field, weight=weight)


# Choosing labels ---------------------------------------------------------------------------------------------------


def _choose_labels(matches: Sequence[Match], typed: Sequence[Words]) -> dict[TopicLabels, tuple[Label, ...]]:
    """For each topic found, the labels to add: of all topics in turn, those of the other language first."""
    known = [_rows(match.label.text) for match in matches]
    topics = dict.fromkeys(match.topic for match in matches)
    candidates = [
        [(topic, label) for label in _other_labels(topic, [m.label for m in matches if m.topic == topic])]
        for topic in topics
    ]
    chosen: dict[TopicLabels, list[Label]] = {topic: [] for topic in topics}
    for topic, label in filter(None, chain.from_iterable(zip_longest(*candidates))):
        rows = _rows(label.text)
        if any(_covers(other, rows) for other in known) or any(words.have(rows) for words in typed):
            continue
        chosen[topic].append(label)
        known.append(rows)
        if len(known) - len(matches) == MAX_LABELS:
            break
    return {topic: tuple(labels) for topic, labels in chosen.items()}


def _other_labels(topic: TopicLabels, found: Sequence[Label]) -> list[Label]:
    """The labels of the topic that say more than those found, preferred ones first, then the other language's."""
    rows = {label: _rows(label.text) for label in topic.labels if _says_enough(label.text)}
    languages = {label.language for label in found}
    telling = [
        label
        for label in rows
        if not any(_covers(rows[other], rows[label]) and not _covers(rows[label], rows[other]) for other in rows)
    ]
    return sorted(telling, key=lambda label: (label.is_synonym, label.language in languages))


@lru_cache(maxsize=20_000)
def _rows(label: str, analyzer: Analyzer = UNKNOWN) -> tuple[Row, ...]:
    patterns = phrase_patterns(label, analyzer=UNKNOWN)
    return tuple(tuple(analyzer.keys(term) for _, term in pattern) for pattern in patterns if pattern)


def _covers(rows: Iterable[Row], others: Iterable[Row]) -> bool:
    """Whether whatever text has the other label has this one, because it stands in it."""
    return any(_stands_in(row, other) for row in rows for other in others)


def _stands_in(row: Row, other: Row) -> bool:
    return any(
        all(not keys.isdisjoint(others) for keys, others in zip(row, other[start:], strict=False))
        for start in range(len(other) - len(row) + 1)
    )


def _says_enough(label: str) -> bool:
    """Whether a label can stand for its topic: a letter, a number or a stop word is too much like anything else."""
    letters = [character for character in label if character.isalnum()]
    return len(letters) >= _SHORTEST_LABEL and any(character.isalpha() for character in letters)


def _is_beside(match: Match, other: Match) -> bool:
    """Whether the two do not overlap; two topics may share one label."""
    span = (match.start, match.end)
    return span == (other.start, other.end) or match.end <= other.start or other.end <= match.start
