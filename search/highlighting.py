"""Marks: where the words of a query stand in a text, and the text as HTML with them in <mark>.

Text is escaped first and marked then, so nothing of it can become markup. The words are found by the analyzer of the
text's language, as the engines find them.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from html import escape
from itertools import pairwise

from rapidfuzz.distance import OSA

from search.analysis import Analyzer, get_analyzer
from search.analysis.patterns import Pattern, idle_words, joined_term, phrase_patterns, word_patterns
from search.analysis.tokens import Token, find_pieces, tokenize, tokens_of
from search.queries import (
    And,
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
ELLIPSIS = "…"
NOTHING: frozenset[str] = frozenset()
MAX_KNOWN = 20_000


def mark(text: str, *, query: Query, language: str, field: str = "", also: frozenset[str] = NOTHING) -> str:
    """The text as HTML, escaped, the words of the query in <mark>. `field` and `also` as in `find_marks`."""
    return mark_spans(text, find_marks(text, query=query, language=language, field=field, also=also))


def mark_spans(text: str, spans: Iterable[Span]) -> str:
    """The text as HTML, escaped, with these parts in <mark>; the parts are in order and do not overlap."""
    pieces = []
    done = 0
    for start, end in spans:
        pieces += [escape(text[done:start]), "<mark>", escape(text[start:end]), "</mark>"]
        done = end
    return "".join(pieces) + escape(text[done:])


def find_marks(
    text: str, *, query: Query, language: str, field: str = "", also: frozenset[str] = NOTHING
) -> list[Span]:
    """Where words of the query stand in the text, in every inflection of its language: (start, end), in order.

    field: the field that the text is ("title", "abstract", …), "" for a page. Free words are marked anywhere, those
    asked for in one field only there, those behind NOT nowhere. Words of a phrase are marked where they stand in it.
    also: words (as terms of an index) that are marked besides: compounds, as `SearchEngine.compounds` gives them.
    """
    return _marker(query, get_analyzer(language), field, also).find(text)


def searched_leaves(query: Query, *, analyzer: Analyzer) -> list[Leaf]:
    """The words, phrases, prefixes, wildcards and fuzzy words that are looked for in texts of this analyzer, each once.

    Left out is what a Not takes out, and a stop word beside words that are none.
    """
    idle = set(_idle_leaves(query, analyzer))
    leaves = dict.fromkeys(wanted_leaves(query))
    return [leaf for leaf in leaves if not isinstance(leaf, Range) and leaf not in idle]


def best_fragment(text: str, marks: Sequence[Span], length: int) -> Span:
    """The part of about `length` characters with the most different marks, then the most marks; whole words."""
    if len(text) <= length:
        return 0, len(text)
    first, last = _densest(text, marks, length)
    room = max(0, length - (last - first))
    # Words that follow explain a hit better than those before it.
    start = max(0, min(first - room // 3, len(text) - length))
    end = min(len(text), max(start + length, last))
    return _whole_words(text, start, end, keep=(first, last))


def mark_fragment(
    text: str, *, query: Query, language: str, length: int, field: str = "", also: frozenset[str] = NOTHING
) -> str:
    """The best part of the text as one line of HTML, its words marked, "…" where it was cut."""
    marks = find_marks(text, query=query, language=language, field=field, also=also)
    start, end = best_fragment(text, marks, length)
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in marks if a < end and b > start]
    line = re.sub(r"\s+", " ", mark_spans(text[start:end], inside)).strip()
    return (ELLIPSIS + " " if start else "") + line + (" " + ELLIPSIS if end < len(text) else "")


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


Test = Callable[[str], bool]
Row = tuple[tuple[int, Test], ...]
"""Words in a row: the distance from the first, and which terms will do."""


class _Marker:
    """Finds what one query marks in texts of one language; what it learns of a spelling serves the next text."""

    def __init__(self, query: Query, analyzer: Analyzer, field: str, also: frozenset[str]) -> None:
        self.analyzer = analyzer
        self.also = also
        self.keys: set[str] = set()
        """The keys of single words: a term that has one of them is marked."""
        self.tests: list[Test] = []
        self.rows: list[tuple[Row, int]] = []
        self._spans_of = _SpansOf(self.is_marked)
        for leaf in searched_leaves(query, analyzer=analyzer):
            if leaf.field in ("", field):
                self._add(leaf)

    def find(self, text: str) -> list[Span]:
        found = set(self._find_words(text)) if self.keys or self.tests or self.also else set()
        if self.rows:
            words = _Words(text)
            for row, slop in self.rows:
                found.update(_find_row(row, words, slop=slop))
        return _merge(sorted(found))

    def _add(self, leaf: Leaf) -> None:
        match leaf:
            case Prefix(text):
                self.tests.append(_begins_with(joined_term(text)))
            case Wildcard(text):
                self.tests.append(_is_like(wildcard_pattern(text)))
            case Fuzzy(text, distance=distance):
                self.tests.append(_is_near(joined_term(text), distance))
            case Word(text):
                self._add_patterns(word_patterns(text), slop=0)
            case Phrase(text, slop=slop):
                self._add_patterns(phrase_patterns(text, analyzer=self.analyzer), slop=slop)

    def _add_patterns(self, patterns: Iterable[Pattern], *, slop: int) -> None:
        for pattern in patterns:
            if len(pattern) == 1:
                self.keys |= self.analyzer.keys(pattern[0][1])
            else:
                self.rows.append((tuple((at, _is_form_of(term, self.analyzer)) for at, term in pattern), slop))

    def _find_words(self, text: str) -> Iterator[Span]:
        """Where words stand that are marked by themselves."""
        spans_of = self._spans_of
        for match in find_pieces(text):
            if spans := spans_of[match.group()]:
                first = match.start()
                for start, end in spans:
                    yield first + start, first + end

    def is_marked(self, term: str) -> bool:
        """Whether a word is marked wherever it stands."""
        return (
            not self.keys.isdisjoint(self.analyzer.keys(term))
            or term in self.also
            or (bool(self.tests) and any(test(term) for test in self.tests))
        )


class _SpansOf(dict[str, tuple[Span, ...]]):
    """The parts of a piece of text that are marked, by the piece: most are asked for often."""

    def __init__(self, is_marked: Test) -> None:
        super().__init__()
        self._is_marked = is_marked

    def __missing__(self, piece: str) -> tuple[Span, ...]:
        if len(self) >= MAX_KNOWN:
            self.clear()
        is_marked = self._is_marked
        spans = tuple([(start, end) for term, _, _, start, end in tokens_of(piece) if is_marked(term)])
        self[piece] = spans
        return spans


@lru_cache(maxsize=256)
def _marker(query: Query, analyzer: Analyzer, field: str, also: frozenset[str]) -> _Marker:
    return _Marker(query, analyzer, field, also)


def _begins_with(beginning: str) -> Test:
    return lambda term: term.startswith(beginning)


def _is_like(pattern: re.Pattern[str]) -> Test:
    return lambda term: pattern.match(term) is not None


def _is_near(word: str, distance: int) -> Test:
    return lambda term: OSA.distance(word, term, score_cutoff=distance) <= distance


def _is_form_of(word: str, analyzer: Analyzer) -> Test:
    keys = analyzer.keys(word)
    return lambda term: not keys.isdisjoint(analyzer.keys(term))


class _Words:
    """The tokens of a text, also by position."""

    def __init__(self, text: str) -> None:
        self.tokens = list(tokenize(text))
        self.at: dict[int, list[Token]] = {}
        for token in self.tokens:
            self.at.setdefault(token.position, []).append(token)


def _find_row(row: Row, words: _Words, *, slop: int) -> Iterator[Span]:
    is_first = row[0][1]
    known: dict[str, bool] = {}
    for token in words.tokens:
        fits = known.get(token.term)
        if fits is None:
            fits = known[token.term] = is_first(token.term)
        if fits:
            yield from _follow(row, token, words, slop=slop)


def _follow(row: Row, token: Token, words: _Words, *, slop: int) -> list[Span]:
    """The spans of the whole row from its first word on; none if it breaks off."""
    spans = [(token.start, token.end)]
    for (offset, _), (next_offset, test) in pairwise(row):
        reach = range(next_offset - offset, next_offset - offset + slop + 1)
        near = (other for step in reach for other in words.at.get(token.position + step, ()))
        found = next((other for other in near if test(other.term)), None)
        if found is None:
            return []
        spans.append((found.start, found.end))
        token = found
    return spans


def _merge(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _densest(text: str, marks: Sequence[Span], length: int) -> Span:
    """From the first to the last mark of the best run of marks that fits."""
    words = [text[start:end].casefold() for start, end in marks]
    best, best_value = (0, 0), (0, 0)
    inside: Counter[str] = Counter()
    last = -1
    for first, (start, end) in enumerate(marks):
        while last + 1 < len(marks) and (last < first or marks[last + 1][1] - start <= length):
            last += 1
            inside[words[last]] += 1
        value = (len(inside), last + 1 - first)
        if value > best_value:
            best, best_value = (start, max(end, marks[last][1])), value
        inside[words[first]] -= 1
        if not inside[words[first]]:
            del inside[words[first]]
    return best


def _whole_words(text: str, start: int, end: int, *, keep: Span) -> Span:
    """The span without the halves of words at its ends, unless a word is as long as a line."""
    if start:
        space = re.compile(r"\s").search(text, start, max(start, keep[0]))
        start = space.end() if space else start
    if end < len(text):
        spaces = list(re.compile(r"\s").finditer(text, max(keep[1], start), end + 1))
        end = spaces[-1].start() if spaces else end
    return start, end
