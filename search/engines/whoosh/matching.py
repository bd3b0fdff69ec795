"""Which records a query matches, and how well: BM25 over a record's metadata and the pages its reader may read.

A record is one text, however many pages it has: frequencies, lengths and the number of records with a word are summed
over its readable entries before anything is scored or combined. Nothing else of a record is ever looked at.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

import numpy as np

from search.analysis import ANALYZERS, Analyzer
from search.analysis.patterns import idle_words, phrase_patterns, word_patterns
from search.engines.whoosh.arrays import Array
from search.engines.whoosh.finding import Found, find_rows, find_words
from search.engines.whoosh.lexicon import LAST_CHARACTER
from search.engines.whoosh.matches import Match, add_up, unscored
from search.engines.whoosh.schema import term_bytes
from search.engines.whoosh.segments import Segment
from search.engines.whoosh.snapshots import K1, Scores, View
from search.engines.whoosh.sorted_arrays import is_among
from search.engines.whoosh.wordsets import WordSet, find_any, nearest_readable, words_beginning, words_like, words_near
from search.queries import (
    And,
    Everything,
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
    bare_identifier,
)

# A prefix or fuzzy word stands for at most so many words that the reader can find; the nearest count.
MAX_PREFIX_WORDS = 1000
MAX_FUZZY_WORDS = 50
MAX_KEYWORDS = 1000

_K1 = np.float32(K1)

Idle = frozenset[str]
"""The analyzers for which a word says nothing beside the others."""


@dataclass(frozen=True)
class Wanted:
    """A leaf that the reader looks for, where he can read it, and what one more occurrence of it is worth."""

    leaf: Leaf
    found: tuple[Found, ...]
    worth: float
    words: tuple[WordSet, ...] = ()
    """The words that a prefix, a wildcard or a fuzzy word stands for."""


class Matcher:
    """Evaluates one query for one reader. `wanted` holds afterwards what was found of each leaf not behind a Not."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.snapshot = view.snapshot
        self.wanted: list[Wanted] = []
        self._known: dict[tuple[Leaf, Idle], tuple[tuple[Found, ...], Match]] = {}
        self._words: dict[Leaf, list[WordSet]] = {}

    def evaluate(self, query: Query, *, is_wanted: bool = True, idle: Idle = frozenset()) -> Match:
        """The records that match, with their scores."""
        match query:
            case Everything():
                return unscored(np.flatnonzero(self.snapshot.live_records))
            case Range():
                return unscored(self._in_range(query))
            case And(parts):
                return self._all(parts, is_wanted)
            case Or(parts):
                return self._any(parts, is_wanted)
            case Not(part):
                left_out = self.evaluate(part, is_wanted=not is_wanted).records
                mask = self.snapshot.live_records.copy()
                mask[left_out] = False
                return unscored(np.flatnonzero(mask))
            case _:
                return self._leaf(query, is_wanted, idle)

    def _in_range(self, query: Range) -> Array:
        years = self.snapshot.years
        mask = self.snapshot.live_records & (years > 0)
        if query.first is not None:
            mask = mask & (years >= query.first)
        if query.last is not None:
            mask = mask & (years <= query.last)
        return np.flatnonzero(mask)

    def _all(self, parts: tuple[Query, ...], is_wanted: bool) -> Match:
        """The records that match every part; what is to be left out is taken from the rest."""
        left_out = [part.part for part in parts if isinstance(part, Not)]
        rest = [part for part in parts if not isinstance(part, Not)] or [Everything()]
        match, *others = sorted((self.evaluate(part, is_wanted=is_wanted) for part in rest), key=len)
        for other in others:
            match = match.both(other)
        for part in left_out:
            match = match.only(~is_among(match.records, self.evaluate(part, is_wanted=not is_wanted).records))
        return match

    def _any(self, parts: tuple[Query, ...], is_wanted: bool) -> Match:
        idle = _idle_by_word(parts)
        matches = [self.evaluate(part, is_wanted=is_wanted, idle=idle.get(part, frozenset())) for part in parts]
        return add_up(matches, record_count=self.snapshot.record_count)

    def _leaf(self, leaf: Leaf, is_wanted: bool, idle: Idle) -> Match:
        if (leaf, idle) not in self._known:
            found = tuple(self._readable(self._find(leaf, idle)))
            parts = [self._by_record(part) for part in found]
            self._known[leaf, idle] = found, add_up(parts, record_count=self.snapshot.record_count)
        found, frequencies = self._known[leaf, idle]
        matching = len(frequencies)
        # Robertson and Spärck Jones, with one added so that a word in every record still counts for a little.
        rarity = math.log(1 + (self.snapshot.live_count - matching + 0.5) / (matching + 0.5))
        worth = rarity * (K1 + 1) * (leaf.weight if isinstance(leaf, Word | Phrase) else 1.0)
        if is_wanted:
            self.wanted.append(Wanted(leaf, found, worth, tuple(self._words.get(leaf, ()))))
        return self._score(frequencies, worth, has_norms=not leaf.field)

    def _score(self, frequencies: Match, worth: float, *, has_norms: bool) -> Match:
        """BM25 of one word or phrase; the length of a record counts where the whole record was searched."""
        if frequencies.places is not None:
            return Match(places=_saturate(frequencies.places, self.view.norms if has_norms else _K1, worth))
        norms = self.view.norms[frequencies.records] if has_norms else _K1
        return Match(frequencies.records, _saturate(frequencies.values, norms, worth))

    def _readable(self, found: Iterable[Found]) -> Iterator[Found]:
        for part in found:
            if self.view.reads_all:
                yield part
                continue
            kept = self.view.readable[part.entries]
            if kept.any():
                yield Found(part.entries[kept], part.counts[kept])

    def _by_record(self, found: Found) -> Match:
        """Records, each once, with how often something stands in all of their entries together."""
        if self.snapshot.is_flat or not len(found.entries):
            return Match(found.entries, found.counts)
        owners = self.snapshot.record_of[found.entries]
        is_first = np.ones(len(owners), np.bool_)
        is_first[1:] = owners[1:] != owners[:-1]
        starts = np.flatnonzero(is_first)
        return Match(owners[starts], np.add.reduceat(found.counts, starts, dtype=np.int64))

    def _find(self, leaf: Leaf, idle: Idle) -> Iterator[Found]:
        """Where a leaf stands, in entries that the reader may read or not."""
        if leaf.field == "doi":
            yield from self._find_identifiers(leaf)
            return
        match leaf:
            case Prefix(text):
                yield from self._find_expanded(leaf, words_beginning(self.snapshot, text), MAX_PREFIX_WORDS)
            case Wildcard(text):
                yield from self._find_expanded(leaf, words_like(self.snapshot, text), MAX_PREFIX_WORDS)
            case Fuzzy(text, distance=distance):
                yield from self._find_expanded(leaf, words_near(self.snapshot, text, distance), MAX_FUZZY_WORDS)
            case Word() | Phrase():
                for analyzer in ANALYZERS:
                    if analyzer.name not in idle:
                        yield from self._find_patterns(leaf, analyzer)
                if isinstance(leaf, Word) and not leaf.field:
                    yield from self._find_identifiers(leaf)
            case _:
                assert_never(leaf)

    def _find_expanded(self, leaf: Leaf, words: list[WordSet], most: int) -> Iterator[Found]:
        self._words[leaf] = nearest_readable(self.view, words, most)
        return find_any(self._words[leaf], zone=leaf.field)

    def _find_patterns(self, leaf: Word | Phrase, analyzer: Analyzer) -> Iterator[Found]:
        if isinstance(leaf, Phrase):
            patterns, slop = phrase_patterns(leaf.text, analyzer=analyzer), leaf.slop
        else:
            patterns, slop = word_patterns(leaf.text), 0
        for segment, base in self._segments():
            field = segment.field(analyzer)
            if not len(field.lexicon):
                continue
            if len(patterns) == 1 and len(patterns[0]) == 1:
                term = patterns[0][0][1]
                words = field.lexicon.forms(term)
                if analyzer.split_compound and isinstance(leaf, Word) and not leaf.field:
                    words = np.union1d(words, field.lexicon.compounds(term))
                yield from _shift(find_words(segment, field, words, zone=leaf.field), base)
            elif patterns:
                yield from _shift(find_rows(segment, field, patterns, slop=slop, zone=leaf.field), base)

    def _segments(self) -> Iterator[tuple[Segment, int]]:
        return zip(self.snapshot.segments, self.snapshot.entry_bases, strict=True)

    def _find_identifiers(self, leaf: Leaf) -> Iterator[Found]:
        """Records with this identifier; with one that begins so, for a prefix."""
        bare = bare_identifier(leaf.text)
        for segment, base in self._segments():
            field = segment.identifiers
            if not len(field.lexicon):
                continue
            first = field.lexicon.words.bisect(term_bytes(bare))
            last = field.lexicon.words.bisect(term_bytes(bare + LAST_CHARACTER)) if isinstance(leaf, Prefix) else -1
            numbers = range(first, min(last, first + MAX_KEYWORDS)) if last >= 0 else [field.lexicon.find(bare)]
            words = np.array([number for number in numbers if number >= 0], np.int64)
            yield from _shift(find_words(segment, field, words), base)


def _saturate(counts: Array, norms: Array | np.float32, worth: float) -> Scores:
    """What an occurrence is worth, less for every further one."""
    scores = np.add(counts, norms, dtype=np.float32)
    np.divide(counts, scores, out=scores)
    scores *= np.float32(worth)
    return scores


def _shift(found: Iterable[Found], base: int) -> Iterator[Found]:
    """What was found in one segment, numbered as in all of them."""
    for part in found:
        # Numpy looks places up by numbers of 64 bits three times as fast as by others.
        yield Found(np.add(part.entries, base, dtype=np.intp), part.counts)


def _idle_by_word(parts: tuple[Query, ...]) -> dict[Query, Idle]:
    """For the words among parts side by side, the analyzers in which they say nothing beside the others."""
    words = [part for part in parts if isinstance(part, Word)]
    idle: dict[Query, set[str]] = {}
    for analyzer in ANALYZERS:
        others = len(words) < len(parts)
        texts = idle_words((word.text for word in words), analyzer=analyzer, beside_others=others)
        for word in words:
            if word.text in texts:
                idle.setdefault(word, set()).add(analyzer.name)
    return {word: frozenset(names) for word, names in idle.items()}
