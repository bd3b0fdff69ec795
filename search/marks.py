"""Where the words of a query stand in a text, in every inflection of its language.

The same question that an engine asks of its index is asked here of one text: which words are forms of a word of the
query, which begin like one, which stand in a row. `highlighting.py` makes HTML of the answer.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from rapidfuzz.distance import OSA

from search.analysis import Analyzer, get_analyzer
from search.analysis.known import Known
from search.analysis.patterns import Pattern, idle_words, joined_term, phrase_patterns, word_patterns
from search.analysis.tokens import find_pieces, pieces_at, tokens_of, width_in, width_of, with_plain_letters
from search.queries import (
    And,
    Expansions,
    Fuzzy,
    Leaf,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Range,
    Wildcard,
    Word,
    wanted_leaves,
    wildcard_pattern,
)

Span = tuple[int, int]
MAX_KNOWN = 20_000
# A query of more words than this is looked for word by word in the text, not beginning by beginning.
MAX_BEGINNINGS = 40
# "U.S." and "3,5T" are other letters than "us" and "3.5t"; a word of so many letters is none of the kind.
WRITTEN_OUT = 5
# Fewer letters begin too many words.
FEWEST_SHARED = 3
# A word and what follows it take about so many characters.
WORD_ROOM = 24

Test = Callable[[str], bool]


def searched_leaves(query: Query, *, analyzer: Analyzer) -> list[Leaf]:
    """The words, phrases, prefixes and fuzzy words that are looked for in texts of this analyzer, each once.

    Left out is what a Not takes out, and a stop word beside words that are none.
    """
    idle = set(_idle_leaves(query, analyzer))
    leaves = dict.fromkeys(wanted_leaves(query))
    return [leaf for leaf in leaves if not isinstance(leaf, Range) and leaf not in idle]


def _idle_leaves(query: Query, analyzer: Analyzer) -> Iterator[Word]:
    match query:
        case Or(parts):
            words = [part for part in parts if isinstance(part, Word)]
            others = len(words) < len(parts)
            idle = idle_words((word.text for word in words), analyzer=analyzer, beside_others=others)
            yield from (word for word in words if word.text in idle)
            for part in parts:
                yield from _idle_leaves(part, analyzer)
        case And(parts):
            for part in parts:
                yield from _idle_leaves(part, analyzer)
        case Not(part):
            yield from _idle_leaves(part, analyzer)


class Row(NamedTuple):
    """Words in a row: the distance of each from the first, and at most `slop` other words between two of them."""

    distances: tuple[int, ...]
    slop: int

    @property
    def width(self) -> int:
        """How many words it takes at most."""
        return self.distances[-1] + 1 + self.slop * (len(self.distances) - 1)


class Place(NamedTuple):
    """A token that may be part of a row: which words of which rows it is, where it stands, and its characters."""

    roles: frozenset[tuple[int, int]]
    position: int
    start: int
    end: int


class Spelling(NamedTuple):
    """What is to be known of a piece of text: its marked parts, the tokens that rows need, its width in positions, and
    whether a row may begin in it.
    """

    spans: tuple[Span, ...]
    places: tuple[Place, ...]
    width: int
    begins_row: bool


class Marker:
    """Finds what one query marks in texts of one language; what it learns of a spelling serves the next text."""

    def __init__(self, query: Query, analyzer: Analyzer, field: str, also: Expansions) -> None:
        self.analyzer = analyzer
        self.also: set[str] = set()
        """Words that are marked as they are."""
        self.keys: set[str] = set()
        """The keys of single words: a term that has one of them is marked."""
        self.tests: list[Test] = []
        self.rows: list[Row] = []
        self._roles: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
        """By key, the words of rows that a term with it may be: the number of the row, and of the word in it."""
        self._spans = Known(self._spell_words, most=MAX_KNOWN)
        self._spellings = Known(self._spell, most=MAX_KNOWN)
        self._beginnings: set[str] = set()
        self._endings: set[str] = set()
        """How the last words of rows begin."""
        self._has_unforeseen = False
        """Whether something is looked for that may begin in any way."""
        expansions = dict(also)
        for leaf in searched_leaves(query, analyzer=analyzer):
            if leaf.field in ("", field):
                self._add(leaf, expansions.get(leaf, frozenset()))
        self._is_marked = _any([*self._key_tests(), *self.tests])
        self._hints = self.keys.union(self._roles, *map(analyzer.keys, self.also))
        self._is_nothing = None if self.tests else self._hints.isdisjoint
        """Whether the keys in a piece of text rule it out: most pieces of most texts, so nothing is learnt of them.
        None where every spelling must be looked at."""
        self._sought = () if self._has_unforeseen else _without_longer(self._beginnings)
        self._has_short_ending = any(len(ending) < WRITTEN_OUT for ending in self._endings)
        self.reach = WORD_ROOM * max((row.width for row in self.rows), default=1)
        """In so many characters, nearly always, a word or a whole row fits."""

    def find(self, text: str) -> list[Span]:
        """The marks in a text, in order; none overlaps another."""
        if self.rows:
            return self._find_words_and_rows(text)
        return self._find_words(text) if self._hints or self.tests else []

    def find_likely(self, text: str) -> list[Span]:
        """Most of the marks in a text, and perhaps half a word, many times as fast: where to look, not what to mark.

        Only words that begin as those of the query are looked at. It misses "die" for "dying", "low-dose" for "lowdose"
        and what is written with other letters.
        """
        lowered = with_plain_letters(text)
        if not 0 < len(self._sought) <= MAX_BEGINNINGS or len(lowered) != len(text):
            return self.find(text)
        found: list[Span] = []
        for at, piece in pieces_at(text, _word_starts(lowered, self._sought)):
            if self.rows and self._spellings[piece].begins_row and self._may_end(lowered, at):
                spans: Iterable[Span] = self._find_words_and_rows(text[at : at + self.reach])
            else:
                spans = self._spans[piece]
            for start, end in spans:
                found.append((at + start, at + end))
        found.sort()
        return _merge(found)

    def _may_end(self, lowered: str, at: int) -> bool:
        """Whether a row that begins at this place could end where it must. A short word may be written with dots."""
        return self._has_short_ending or any(lowered.find(ending, at, at + self.reach) >= 0 for ending in self._endings)

    def _find_words(self, text: str) -> list[Span]:
        found: list[Span] = []
        keys_in, is_nothing, spans_of = self.analyzer.keys_in, self._is_nothing, self._spans
        for match in find_pieces(text):
            piece = match[0]
            if is_nothing is None or not is_nothing(keys_in[piece]):
                first = match.start()
                for start, end in spans_of[piece]:
                    found.append((first + start, first + end))
        return _merge(found)

    def _find_words_and_rows(self, text: str) -> list[Span]:
        found: list[Span] = []
        places: list[Place] = []
        keys_in, is_nothing, spellings = self.analyzer.keys_in, self._is_nothing, self._spellings
        position = 0
        for match in find_pieces(text):
            piece = match[0]
            if is_nothing is not None and is_nothing(keys_in[piece]):
                position += width_in(piece)
                continue
            spans, parts, width, _ = spellings[piece]
            first = match.start()
            found += [(first + start, first + end) for start, end in spans]
            places += [Place(p.roles, position + p.position, first + p.start, first + p.end) for p in parts]
            position += width
        if places:
            found += self._find_rows(places)
        return _merge(sorted(found))

    def _spell_words(self, piece: str) -> tuple[Span, ...]:
        tokens, is_marked = tokens_of(piece), self._is_marked
        if len(tokens) == 1:  # nearly always
            term, _, _, start, end = tokens[0]
            return ((start, end),) if is_marked(term) else ()
        return tuple(sorted([(start, end) for term, _, _, start, end in tokens if is_marked(term)]))

    def _spell(self, piece: str) -> Spelling:
        tokens = tokens_of(piece)
        found = [(self._roles_of(token.term), token) for token in tokens]
        places = tuple([Place(roles, token.position, token.start, token.end) for roles, token in found if roles])
        begins_row = any(word == 0 for place in places for _, word in place.roles)
        return Spelling(self._spell_words(piece), places, width_of(tokens), begins_row)

    def _add(self, leaf: Leaf, words: frozenset[str]) -> None:
        """words: those that an engine found for it; none where it was not asked."""
        match leaf:
            case Word(text):
                if self.analyzer.split_compound:
                    self._add_words(words)
                self._add_patterns(word_patterns(text), slop=0)
            case Phrase(text, slop=slop):
                self._add_patterns(phrase_patterns(text, analyzer=self.analyzer), slop=slop)
            case Prefix(text):
                self._beginnings.add(joined_term(text))
                self.tests.append(_begins_with(joined_term(text)))
            case Wildcard() | Fuzzy() if words:
                self._add_words(words)
            case Wildcard(text):
                self.tests.append(_is_like(wildcard_pattern(text)))
                self._has_unforeseen = True
            case Fuzzy(text, distance=distance):
                self.tests.append(_is_near(joined_term(text), distance))
                self._has_unforeseen = True

    def _add_words(self, words: frozenset[str]) -> None:
        self.also |= words
        self._beginnings |= words

    def _add_patterns(self, patterns: Iterable[Pattern], *, slop: int) -> None:
        for pattern in patterns:
            self._beginnings.update(_beginnings_of(pattern[0][1], self.analyzer))
            if len(pattern) == 1:
                self.keys |= self.analyzer.keys(pattern[0][1])
                continue
            for number, (_, term) in enumerate(pattern):
                for key in self.analyzer.keys(term):
                    self._roles[key].add((len(self.rows), number))
            self._endings.update(_beginnings_of(pattern[-1][1], self.analyzer))
            self.rows.append(Row(tuple(distance for distance, _ in pattern), slop))

    def _key_tests(self) -> Iterator[Test]:
        has_none, keys_of = frozenset(self.keys).isdisjoint, self.analyzer.keys
        if self.keys:
            yield lambda term: not has_none(keys_of(term))
        if self.also:
            yield self.also.__contains__

    def _roles_of(self, term: str) -> frozenset[tuple[int, int]]:
        return frozenset(role for key in self.analyzer.keys(term) for role in self._roles.get(key, ()))

    def _find_rows(self, places: list[Place]) -> list[Span]:
        by_position: defaultdict[int, list[Place]] = defaultdict(list)
        for place in places:
            by_position[place.position].append(place)
        found = []
        for number, row in enumerate(self.rows):
            dead_ends: set[tuple[int, int]] = set()
            for place in places:
                if (number, 0) in place.roles:
                    found += _follow(row, number, place, by_position, dead_ends)
        return found


class Marking:
    """The markers for one query and everything that is found for it, each made when it is first asked for."""

    def __init__(self, query: Query, also: Expansions) -> None:
        self._query = query
        self._also = also
        self._fields = frozenset(leaf.field for leaf in wanted_leaves(query))
        self._known: dict[tuple[str, str], Marker] = {}

    def marker(self, *, language: str, field: str = "") -> Marker:
        """The marker for texts of a language that are one field ("" for a page)."""
        # What is asked of no field in particular is marked in all of them alike.
        key = (language, field if field in self._fields else "")
        if key not in self._known:
            self._known[key] = Marker(self._query, get_analyzer(language), key[1], self._also)
        return self._known[key]


@lru_cache(maxsize=256)
def get_marker(query: Query, analyzer: Analyzer, field: str, also: Expansions) -> Marker:
    """The marker for a query, in texts of one analyzer that are one field ("" for a page).

    Remembered, for callers that mark one text after the other; who marks many at once keeps a `Marking`.
    """
    return Marker(query, analyzer, field, also)


def _beginnings_of(term: str, analyzer: Analyzer) -> Iterator[str]:
    """How the forms of a word begin, but for a few irregular ones: as the word and its stem do.

    A stem that ends in i is that of "study" and "studies". A letter or two begin too many words: if word and stem share
    no more, as "apen" and "aap", forms begin as one or the other.
    """
    for key in analyzer.keys(term):
        stem = key.partition(":")[2] or key
        shared = "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(term, stem, strict=False)))
        if len(shared) < min(FEWEST_SHARED, len(term)):
            yield from (term, stem)
        else:
            yield shared[:-1] if shared.endswith(("i", "y")) and len(shared) > FEWEST_SHARED else shared


def _without_longer(beginnings: Iterable[str]) -> tuple[str, ...]:
    """The beginnings that do not themselves begin as another."""
    kept: list[str] = []
    for beginning in sorted(filter(None, beginnings)):
        if not kept or not beginning.startswith(kept[-1]):
            kept.append(beginning)
    return tuple(kept)


def _word_starts(text: str, beginnings: Iterable[str]) -> list[int]:
    """Where a word begins in one of these ways, in order."""
    starts = []
    for beginning in beginnings:
        at = text.find(beginning)
        while at >= 0:
            if not at or not text[at - 1].isalnum():
                starts.append(at)
            at = text.find(beginning, at + len(beginning))
    return sorted(starts)


def _any(tests: list[Test]) -> Test:
    return tests[0] if len(tests) == 1 else lambda term: any(test(term) for test in tests)


def _begins_with(beginning: str) -> Test:
    return lambda term: term.startswith(beginning)


def _is_like(pattern: re.Pattern[str]) -> Test:
    return lambda term: pattern.match(term) is not None


def _is_near(word: str, distance: int) -> Test:
    return lambda term: OSA.distance(word, term, score_cutoff=distance) <= distance


def _follow(
    row: Row, number: int, place: Place, by_position: dict[int, list[Place]], dead_ends: set[tuple[int, int]]
) -> list[Span]:
    """The spans of the whole row from its first word on; none if no way leads to its end.

    dead_ends: words of the row and positions from which none does, as far as they are known.
    """

    def following(place: Place, word: int) -> Iterator[Place]:
        distance = row.distances[word] - row.distances[word - 1]
        for position in range(place.position + distance, place.position + distance + row.slop + 1):
            for other in by_position.get(position, ()):
                if (number, word) in other.roles and (word, position) not in dead_ends:
                    yield other

    # A row may have a thousand words: Chinese is written without spaces.
    path, ways_on = [place], [following(place, 1)] if row.distances[1:] else []
    while path and len(path) < len(row.distances):
        if found := next(ways_on[-1], None):
            path.append(found)
            if len(path) < len(row.distances):
                ways_on.append(following(found, len(path)))
        else:
            ways_on.pop()
            dead_ends.add((len(path) - 1, path.pop().position))
    return [(step.start, step.end) for step in path]


def _merge(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
