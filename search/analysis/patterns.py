"""What to look for when a reader types a word or a phrase: terms at their distances, however they are written."""

from collections.abc import Iterable
from functools import lru_cache

from search.analysis import Analyzer
from search.analysis.tokens import Token, tokenize

Pattern = tuple[tuple[int, str], ...]
"""Terms with their positions, from 0: ((0, "low"), (1, "dose"))."""


@lru_cache(maxsize=4096)
def word_patterns(text: str) -> tuple[Pattern, ...]:
    """The ways in which a text holds what was typed: "low-dose" as two words in a row or as one, "dose" as itself."""
    tokens = list(tokenize(text))
    parts = tuple((token.position, token.term) for token in tokens if token.width == 1)
    if len(parts) == len(tokens):
        return (parts,) if parts else ()
    return (parts, _written_together(tokens))


def phrase_patterns(text: str, *, analyzer: Analyzer) -> tuple[Pattern, ...]:
    """The same for a phrase: a stop word in it stands for any word, unless there is nothing else."""
    return tuple(_without_stop_words(pattern, analyzer) for pattern in word_patterns(text))


def joined_term(text: str) -> str:
    """All of it as one term: what a prefix or a fuzzy word is compared with."""
    return "".join(token.term for token in tokenize(text) if token.width == 1)


def idle_words(words: Iterable[str], *, analyzer: Analyzer, beside_others: bool = False) -> frozenset[str]:
    """Those of the words side by side that say nothing beside the others: stop words, where not all of them are.

    beside_others: whether something else, a phrase for instance, stands beside them.
    A capitalised abbreviation is meant as one ("WHO", "ALS"), unless everything is in capitals.
    """
    words = frozenset(words)
    shouted = all(word == word.upper() for word in words)
    idle = frozenset(word for word in words if _is_idle(word, analyzer, shouted))
    return idle if beside_others or idle != words else frozenset()


def _is_idle(word: str, analyzer: Analyzer, shouted: bool) -> bool:
    if len(word) > 1 and word.isupper() and not shouted:
        return False
    return all(term in analyzer.stop_words for parts in word_patterns(word)[:1] for _, term in parts)


def _without_stop_words(pattern: Pattern, analyzer: Analyzer) -> Pattern:
    kept = [(position, term) for position, term in pattern if term not in analyzer.stop_words]
    if not kept:
        return pattern
    first = kept[0][0]
    return tuple((position - first, term) for position, term in kept)


def _written_together(tokens: list[Token]) -> Pattern:
    """Each joined word as one term, so that it takes one position."""
    wholes = {token.position: token for token in tokens if token.width > 1}
    pattern: list[tuple[int, str]] = []
    end = 0
    for token in tokens:
        if token.position in wholes and token.width == 1:
            whole = wholes[token.position]
            pattern.append((len(pattern), whole.term))
            end = whole.position + whole.width
        elif token.width == 1 and token.position >= end:
            pattern.append((len(pattern), token.term))
    return tuple(pattern)
