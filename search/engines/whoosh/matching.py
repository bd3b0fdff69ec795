"""Which records a query matches, and how well: BM25 over a record's metadata and the pages its reader may read.

A record is one text, however many pages it has: frequencies, lengths and the number of records with a word are summed
over its readable entries before anything is scored or combined. Nothing else of a record is ever looked at.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.analysis import ANALYZERS, Analyzer
from search.analysis.patterns import Pattern, idle_words, joined_term, phrase_patterns, word_patterns
from search.engines.whoosh.postings import Integers, Postings
from search.engines.whoosh.schema import words_field
from search.engines.whoosh.segments import Segment
from search.engines.whoosh.snapshots import K1, Mask, Scores, View
from search.queries import And, Everything, Fuzzy, Leaf, Not, Or, Phrase, Prefix, Query, Range, Word, bare_identifier

# A prefix or fuzzy word stands for at most so many words that the reader can find; the nearest count.
MAX_PREFIX_WORDS = 1000
MAX_FUZZY_WORDS = 50
MAX_TRIED_WORDS = 5000
_POSITION_BITS = 32

Idle = frozenset[str]
"""The analyzers for which a word says nothing beside the others."""


@dataclass(frozen=True)
class Found:
    """Where something stands: readable entries (one may occur several times) and how often in each."""

    entries: Integers
    counts: Integers


NOWHERE = Found(np.zeros(0, np.int64), np.zeros(0, np.int64))


@dataclass(frozen=True)
class Wanted:
    """A leaf that the reader looks for, with what one more occurrence of it is worth."""

    leaf: Leaf
    found: Found
    worth: float


class Matcher:
    """Evaluates one query for one reader. `wanted` holds afterwards what was found of each leaf not behind a Not."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.snapshot = view.snapshot
        self.wanted: list[Wanted] = []
        self._known: dict[tuple[Leaf, Idle], tuple[Found, Integers]] = {}

    def evaluate(self, query: Query, *, is_wanted: bool = True, idle: Idle = frozenset()) -> tuple[Mask, Scores]:
        """Which records match, and their scores (0 for those that only meet a condition)."""
        match query:
            case Everything():
                return self.snapshot.live_records, self._nothing()
            case Range():
                return self._range(query), self._nothing()
            case And(parts):
                return self._all(parts, is_wanted)
            case Or(parts):
                return self._any(parts, is_wanted)
            case Not(part):
                mask, _ = self.evaluate(part, is_wanted=not is_wanted)
                return self.snapshot.live_records & ~mask, self._nothing()
            case _:
                return self._leaf(query, is_wanted, idle)

    def _nothing(self) -> Scores:
        return np.zeros(len(self.snapshot.record_ids))

    def _range(self, query: Range) -> Mask:
        years = self.snapshot.years
        mask = self.snapshot.live_records & (years > 0)
        if query.first is not None:
            mask = mask & (years >= query.first)
        if query.last is not None:
            mask = mask & (years <= query.last)
        return mask

    def _all(self, parts: tuple[Query, ...], is_wanted: bool) -> tuple[Mask, Scores]:
        mask, scores = self.snapshot.live_records, self._nothing()
        for part in parts:
            part_mask, part_scores = self.evaluate(part, is_wanted=is_wanted)
            mask = mask & part_mask
            scores = scores + part_scores
        return mask, np.where(mask, scores, 0.0)

    def _any(self, parts: tuple[Query, ...], is_wanted: bool) -> tuple[Mask, Scores]:
        mask, scores = np.zeros(len(self.snapshot.record_ids), np.bool_), self._nothing()
        idle = _idle_by_word(parts)
        for part in parts:
            part_mask, part_scores = self.evaluate(part, is_wanted=is_wanted, idle=idle.get(part, frozenset()))
            mask = mask | part_mask
            scores = scores + part_scores
        return mask, scores

    def _leaf(self, leaf: Leaf, is_wanted: bool, idle: Idle) -> tuple[Mask, Scores]:
        if (leaf, idle) not in self._known:
            found = self._readable(self._find(leaf, idle))
            frequencies = np.bincount(
                self.snapshot.record_of[found.entries],
                weights=found.counts,
                minlength=len(self.snapshot.record_ids),
            )
            self._known[leaf, idle] = found, frequencies
        found, frequencies = self._known[leaf, idle]
        mask = frequencies > 0
        # Robertson and Spärck Jones, with one added so that a word in every record still counts for a little.
        matching = int(mask.sum())
        rarity = math.log(1 + (self.view.records - matching + 0.5) / (matching + 0.5))
        worth = rarity * (K1 + 1) * (leaf.weight if isinstance(leaf, Word | Phrase) else 1.0)
        norms = self.view.norms if not leaf.field else K1
        if is_wanted:
            self.wanted.append(Wanted(leaf, found, worth))
        return mask, worth * frequencies / (frequencies + norms)

    def _readable(self, found: Found) -> Found:
        readable = self.view.readable[found.entries]
        return Found(found.entries[readable], found.counts[readable])

    def _find(self, leaf: Leaf, idle: Idle) -> Found:
        """Where a leaf stands, in entries that the reader may read or not."""
        if leaf.field == "doi":
            return self._find_identifiers(leaf)
        match leaf:
            case Prefix():
                return self._find_expanded(leaf, self._words_beginning(leaf.text), MAX_PREFIX_WORDS)
            case Fuzzy():
                return self._find_expanded(leaf, self._words_near(leaf.text, leaf.distance), MAX_FUZZY_WORDS)
            case _:
                analyzers = [analyzer for analyzer in ANALYZERS if analyzer.name not in idle]
                found = [found for analyzer in analyzers for found in self._find_patterns(leaf, analyzer)]
                if isinstance(leaf, Word) and not leaf.field:
                    found.append(self._find_identifiers(leaf))
                return _together(found)

    def _find_patterns(self, leaf: Word | Phrase, analyzer: Analyzer) -> Iterator[Found]:
        if isinstance(leaf, Phrase):
            patterns, slop = phrase_patterns(leaf.text, analyzer=analyzer), leaf.slop
        else:
            patterns, slop = word_patterns(leaf.text), 0
        field = words_field(leaf.field, analyzer.name)
        for segment, base in self._segments():
            if len(patterns) == 1 and len(patterns[0]) == 1:
                for postings in _form_postings(segment, field, patterns[0][0][1], analyzer):
                    yield Found(postings.documents + base, postings.frequencies)
            elif patterns:
                keys = [_row_keys(segment, field, pattern, analyzer, slop) for pattern in patterns]
                entries = np.unique(np.concatenate(keys)) >> _POSITION_BITS
                entries, counts = np.unique(entries, return_counts=True)
                yield Found(entries + base, counts)

    def _segments(self) -> Iterator[tuple[Segment, int]]:
        return zip(self.snapshot.segments, self.snapshot.entry_bases, strict=True)

    def _find_identifiers(self, leaf: Leaf) -> Found:
        """Records with this identifier; with one that begins so, for a prefix."""
        bare = bare_identifier(leaf.text)
        found = []
        for segment, base in self._segments():
            for keyword in segment.keywords_beginning(bare) if isinstance(leaf, Prefix) else (bare,):
                postings = segment.postings("doi", keyword)
                if postings is not None:
                    found.append(Found(postings.documents + base, postings.frequencies))
        return _together(found)

    def _words_beginning(self, text: str) -> Iterator[tuple[str, str]]:
        """Words that begin so, the shortest first, each with the name of its analyzer."""
        prefix = joined_term(text)
        words: set[tuple[str, str]] = set()
        for analyzer in ANALYZERS if prefix else ():
            for segment in self.snapshot.segments:
                vocabulary = segment.vocabulary(analyzer)
                places = vocabulary.beginning_with(prefix)
                words.update((word, analyzer.name) for word in vocabulary.words[places.start : places.stop])
        return iter(sorted(words, key=lambda word: (len(word[0]), word)))

    def _words_near(self, text: str, distance: int) -> Iterator[tuple[str, str]]:
        """Words at most so many edits away, the nearest first, each with the name of its analyzer."""
        like = joined_term(text)
        near: dict[tuple[str, str], int] = {}
        for analyzer in ANALYZERS if like else ():
            for segment in self.snapshot.segments:
                words = segment.vocabulary(analyzer).words
                hits = process.extract(like, words, scorer=OSA.distance, score_cutoff=distance, limit=None)
                near.update({(word, analyzer.name): edits for word, edits, _ in hits})
        return iter(sorted(near, key=lambda word: (near[word], word)))

    def _find_expanded(self, leaf: Leaf, words: Iterator[tuple[str, str]], limit: int) -> Found:
        """Where the first words stand that the reader can find; what he cannot, takes the place of no other."""
        found: list[Found] = []
        kept: set[str] = set()
        for _, (word, analyzer) in zip(range(MAX_TRIED_WORDS), words, strict=False):
            if word not in kept and len(kept) >= limit:
                break
            field = words_field(leaf.field, analyzer)
            places = self._readable(
                _together(
                    [
                        Found(postings.documents + base, postings.frequencies)
                        for segment, base in self._segments()
                        if (postings := segment.postings(field, word)) is not None
                    ]
                )
            )
            if len(places.entries):
                found.append(places)
                kept.add(word)
        return _together(found)


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


def _together(found: list[Found]) -> Found:
    if not found:
        return NOWHERE
    return Found(
        np.concatenate([part.entries for part in found]),
        np.concatenate([part.counts for part in found]),
    )


def _form_postings(segment: Segment, field: str, term: str, analyzer: Analyzer) -> Iterator[Postings]:
    """The postings of each form of a word in a field of a segment."""
    for form in segment.forms(term, analyzer=analyzer):
        postings = segment.postings(field, form)
        if postings is not None:
            yield postings


def _row_keys(segment: Segment, field: str, pattern: Pattern, analyzer: Analyzer, slop: int) -> Integers:
    """Where words stand in a row: entry and position as one number each, in order."""
    keys = _term_keys(segment, field, pattern[0][1], analyzer)
    offset = pattern[0][0]
    for next_offset, term in pattern[1:]:
        if not len(keys):
            break
        following = _term_keys(segment, field, term, analyzer)
        reached = np.concatenate([keys + (next_offset - offset + step) for step in range(slop + 1)])
        keys = following[np.isin(following, reached)]
        offset = next_offset
    # Counted from the first word, so that "low-dose" is one place whether it was read as two words or as one.
    return keys - pattern[-1][0]


def _term_keys(segment: Segment, field: str, term: str, analyzer: Analyzer) -> Integers:
    keys = [
        (np.repeat(postings.documents, postings.frequencies) << _POSITION_BITS) + postings.positions
        for postings in _form_postings(segment, field, term, analyzer)
    ]
    return np.unique(np.concatenate(keys)) if keys else np.zeros(0, np.int64)
