"""What a language knows about its words: which forms belong together, and which say nothing.

An engine keeps words as they are written (folded, see `tokens.py`). What a query word finds is decided here when it
is asked: every form that shares a key with it. Marking asks the same question of the words on the page, so that what
is found is what is marked. A compound is found by its parts too; which parts those are depends on the words that a
collection has, so an engine keeps that, and marking is told.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain

from search.analysis import dutch, english
from search.analysis.known import Known
from search.analysis.tokens import MAX_CACHED, tokens_of

KeysOf = Callable[[Sequence[str]], list[tuple[str, ...]]]
"""The keys of each of several folded words: its stem behind a letter for the language and the stemmer."""
IsWord = Callable[[str], bool]
"""Whether the collection has a word by itself."""


@dataclass(frozen=True, eq=False)
class Analyzer:
    """The words of one language, or of several where nobody knows which it is.

    keys_of: what finds the keys in its languages; nothing where words have no other forms.
    split_compound: takes a word apart into words of the collection, where the language writes compounds as one.
    """

    name: str
    stop_words: frozenset[str]
    keys_of: tuple[KeysOf, ...] = ()
    split_compound: Callable[[str, IsWord], frozenset[str]] | None = None
    _known: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)
    keys_in: Known[str, frozenset[str]] = field(init=False, repr=False)
    """By a piece of a text (see `tokens.pieces`), the keys of all terms in it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys_in", Known(self._work_out_keys_in, most=MAX_CACHED))

    def keys(self, term: str) -> frozenset[str]:
        """What the forms of this word have in common: two folded words are forms of one if they share a key."""
        keys = self._known.get(term)
        if keys is None:
            keys = frozenset(self.work_out_keys([term])[0])
            if len(self._known) >= MAX_CACHED:
                self._known.clear()
            self._known[term] = keys
        return keys

    def work_out_keys(self, terms: Sequence[str]) -> list[tuple[str, ...]]:
        """The same for each of these, not remembered: for callers that ask for each word once. At least one."""
        if not self.keys_of:
            return [(term,) for term in terms]
        if len(self.keys_of) == 1:
            return self.keys_of[0](terms)
        in_each_language = (keys_of(terms) for keys_of in self.keys_of)
        return [tuple(chain.from_iterable(found)) for found in zip(*in_each_language, strict=True)]

    def _work_out_keys_in(self, piece: str) -> frozenset[str]:
        keys = [self.keys(token.term) for token in tokens_of(piece)]
        return keys[0] if len(keys) == 1 else frozenset().union(*keys)

    def part_keys(self, term: str, is_word: IsWord) -> frozenset[str]:
        """The keys of the words that a compound is made of; none for a word that is no compound."""
        if self.split_compound is None:
            return frozenset()
        parts = self.split_compound(term, is_word) - self.stop_words
        return frozenset(key for part in parts for key in self.keys(part)) - self.keys(term)


# A stop word of one language says nothing in a text of the other either, but for these.
_STOP_WORDS = english.STOP_WORDS | dutch.STOP_WORDS
_MEANT_IN_ENGLISH = frozenset({"die", "door", "elk", "heel", "men"})
_MEANT_IN_DUTCH = frozenset({"been"})

ENGLISH = Analyzer("en", _STOP_WORDS - _MEANT_IN_ENGLISH, (english.keys_of,))
DUTCH = Analyzer("nl", _STOP_WORDS - _MEANT_IN_DUTCH, (dutch.keys_of,), dutch.split_compound)
# A text of unknown language is most likely in one of the two that the site speaks.
UNKNOWN = Analyzer("und", _STOP_WORDS, (english.keys_of, dutch.keys_of), dutch.split_compound)
# Other languages, and names of people: words match as they are written.
NEUTRAL = Analyzer("neutral", _STOP_WORDS)

ANALYZERS: tuple[Analyzer, ...] = (ENGLISH, DUTCH, UNKNOWN, NEUTRAL)
"""Every way in which a text can be analysed; a query word is looked up in each of them."""


@cache
def get_analyzer(language: str) -> Analyzer:
    """The analyzer for a language by its BCP 47 code: "nl-BE" is Dutch, "und" and "" are unknown, "de" is neutral."""
    primary = language.replace("_", "-").split("-")[0].lower()
    return {"en": ENGLISH, "nl": DUTCH, "": UNKNOWN, "und": UNKNOWN, "mul": UNKNOWN}.get(primary, NEUTRAL)
