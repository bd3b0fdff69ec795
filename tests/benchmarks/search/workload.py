"""What is asked: queries of each kind, drawn from the documents' own words and from the collections' queries.

The draw has a fixed seed, so that the same data give the same queries.
"""

import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import Stemmer
from whoosh.lang.stopwords import stoplists

from search.queries import And, Fuzzy, Or, Phrase, Prefix, Query, Word
from tests.benchmarks.search.data import SEED, Item

KINDS = ("own", "common", "or", "and", "phrase", "prefix", "fuzzy")
"""The collections' own queries; one word of many documents; three to five words; two or three that all must be there;
two words in a row; a beginning; a word with a typing error."""

STOP_WORDS = frozenset(stoplists["en"])
PREFIX_LENGTH = 5
# From so many texts words are drawn.
SAMPLE = 5000
MAX_DRAWS = 200
# The share of all documents in which a common word stands.
COMMON = (0.05, 0.4)

_WORD = re.compile(r"[^\W_]+")
_PLAIN = re.compile(r"[a-z]{4,}")


@dataclass(frozen=True)
class Question:
    """A query of one kind: as a reader types it, and as a tree from which each peer makes its own."""

    kind: str
    text: str
    query: Query


def free_words(text: str) -> Or:
    """Every word of a text as an alternative, but for stop words: peers would look through all documents for "the"."""
    words = _WORD.findall(text)
    return Or(tuple(Word(word) for word in words if word.lower() not in STOP_WORDS) or tuple(map(Word, words)))


def draw_questions(items: Sequence[Item], own: Iterable[str], count: int) -> list[Question]:
    """At most `count` questions of each kind, all different; fewer where there are not so many."""
    source = random.Random(SEED)
    questions = [Question("own", text, free_words(text)) for text in _draw_some(source, sorted(set(own)), count)]
    draw = _Draw(source, items)
    for kind in KINDS[1:]:
        drawn: dict[str, Question] = {}
        for _ in range(MAX_DRAWS + 20 * count):
            question = draw.question(kind)
            if question:
                drawn.setdefault(question.text, question)
            if len(drawn) == count:
                break
        questions += drawn.values()
    return questions


def few_of_each_kind(questions: Iterable[Question], count: int) -> list[Question]:
    """The first `count` questions of each kind, for engines that would take hours for all."""
    seen: Counter[str] = Counter()
    few = []
    for question in questions:
        seen[question.kind] += 1
        if seen[question.kind] <= count:
            few.append(question)
    return few


class _Draw:
    """Draws one question after the other from a sample of the texts."""

    def __init__(self, source: random.Random, items: Sequence[Item]) -> None:
        self.source = source
        texts = (text for item in items for text in item.pages or (f"{item.title} {item.text}",))
        self.texts = [words for words in map(_words, texts) if len(words) > 2]
        documents = Counter(word for words in self.texts for word in set(words) if _is_content(word))
        least, most = (share * len(self.texts) for share in COMMON)
        self.common = sorted(word for word, number in documents.items() if least <= number <= most)
        stem = Stemmer.Stemmer("english").stemWord
        # Peers keep stems only: a typing error in a word that is its own stem is the same error for all.
        self.stems = sorted(
            word for word, number in documents.items() if number > 1 and len(word) > 5 and stem(word) == word
        )

    def question(self, kind: str) -> Question | None:
        """One question of the kind; None where the draw had no luck."""
        makers: dict[str, Callable[[], Question | None]] = {
            "common": self._common,
            "or": self._or,
            "and": self._and,
            "phrase": self._phrase,
            "prefix": self._prefix,
            "fuzzy": self._fuzzy,
        }
        return makers[kind]() if self.texts else None

    def _common(self) -> Question | None:
        if not self.common:
            return None
        word = self.source.choice(self.common)
        return Question("common", word, Word(word))

    def _or(self) -> Question | None:
        words = self._words_of_one_text(self.source.randint(3, 5))
        return Question("or", " ".join(words), Or(tuple(map(Word, words)))) if words else None

    def _and(self) -> Question | None:
        words = self._words_of_one_text(self.source.randint(2, 3))
        return Question("and", " AND ".join(words), And(tuple(map(Word, words)))) if words else None

    def _phrase(self) -> Question | None:
        words = self.source.choice(self.texts)
        pairs = [f"{first} {second}" for first, second in pairwise(words) if _is_content(first) and _is_content(second)]
        if not pairs:
            return None
        phrase = self.source.choice(pairs)
        return Question("phrase", f'"{phrase}"', Phrase(phrase))

    def _prefix(self) -> Question | None:
        words = [word for word in self.source.choice(self.texts) if _is_content(word) and len(word) > PREFIX_LENGTH + 2]
        if not words:
            return None
        prefix = self.source.choice(words)[:PREFIX_LENGTH]
        return Question("prefix", f"{prefix}*", Prefix(prefix))

    def _fuzzy(self) -> Question | None:
        if not self.stems:
            return None
        word = self.source.choice(self.stems)
        place = self.source.randrange(1, len(word) - 1)
        wrong = word[:place] + self.source.choice(("", "x")) + word[place + 1 :]
        return Question("fuzzy", f"{wrong}~1", Fuzzy(wrong, distance=1))

    def _words_of_one_text(self, count: int) -> list[str]:
        """Words as they come, so that frequent ones come often; none where the text has too few."""
        words = sorted({word for word in self.source.choice(self.texts) if _is_content(word)})
        return self.source.sample(words, count) if len(words) >= count else []


def _draw_some(source: random.Random, texts: list[str], count: int) -> Iterator[str]:
    yield from source.sample(texts, min(count, len(texts)))


def _words(text: str) -> list[str]:
    return [sys.intern(word) for word in _WORD.findall(text.lower())]


def _is_content(word: str) -> bool:
    return _PLAIN.fullmatch(word) is not None and word not in STOP_WORDS
