"""Many words at once: those that begin like a prefix, look like a wildcard or are near a misspelt word."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from search.analysis import ANALYZERS
from search.analysis.patterns import joined_term
from search.engines.whoosh.arrays import Array
from search.engines.whoosh.finding import Found, find_words
from search.engines.whoosh.lexicon import Lexicon
from search.engines.whoosh.postings import InvertedField
from search.engines.whoosh.segments import Segment
from search.engines.whoosh.snapshots import Snapshot, View
from search.queries import folded_wildcard, wildcard_pattern


@dataclass(frozen=True)
class WordSet:
    """Words of one field of a segment, in order, and how far each is from what was typed: the nearest count first."""

    segment: Segment
    base: int
    """What the entries of the segment are numbered from in the snapshot."""
    field: InvertedField
    words: Array
    distances: Array

    def texts(self) -> list[str]:
        """The words."""
        return self.field.lexicon.texts(self.words.tolist())

    def only(self, chosen: Array) -> "WordSet":
        """Some of the words."""
        return WordSet(self.segment, self.base, self.field, self.words[chosen], self.distances[chosen])


def words_beginning(snapshot: Snapshot, text: str) -> list[WordSet]:
    """Words that begin so; the shortest are nearest."""
    prefix = joined_term(text)
    if not prefix:
        return []

    def choose(lexicon: Lexicon) -> tuple[Array, Array]:
        found = lexicon.beginning_with(prefix)
        return np.arange(found.start, found.stop), lexicon.lengths[found.start : found.stop]

    return _gather(snapshot, choose)


def words_like(snapshot: Snapshot, text: str) -> list[WordSet]:
    """Words that a wildcard stands for; the shortest are nearest."""
    pattern, beginning = wildcard_pattern(text), folded_wildcard(text).replace("?", "*").partition("*")[0]

    def choose(lexicon: Lexicon) -> tuple[Array, Array]:
        candidates = lexicon.beginning_with(beginning)
        texts = lexicon.texts(candidates)
        words = np.array([n for n, word in zip(candidates, texts, strict=True) if pattern.match(word)], np.int64)
        return words, lexicon.lengths[words]

    return _gather(snapshot, choose)


def words_near(snapshot: Snapshot, text: str, distance: int) -> list[WordSet]:
    """Words at most so many edits away."""
    like = joined_term(text)
    if not like:
        return []

    def choose(lexicon: Lexicon) -> tuple[Array, Array]:
        near = sorted(lexicon.near(like, distance))
        return np.array([n for n, _ in near], np.int64), np.array([edits for _, edits in near], np.int64)

    return _gather(snapshot, choose)


def _gather(snapshot: Snapshot, choose: Callable[[Lexicon], tuple[Array, Array]]) -> list[WordSet]:
    """The words chosen of each field of each segment, where there are any."""
    sets = []
    for segment, base in zip(snapshot.segments, snapshot.entry_bases, strict=True):
        for analyzer in ANALYZERS:
            field = segment.field(analyzer)
            if len(field.lexicon):
                words, distances = choose(field.lexicon)
                if len(words):
                    sets.append(WordSet(segment, base, field, words, distances))
    return sets


def nearest_readable(view: View, sets: list[WordSet], most: int) -> list[WordSet]:
    """The nearest `most` of the words that the reader can find: one that he cannot takes the place of no other."""
    if not view.reads_all:
        sets = [chosen for words in sets if len((chosen := _readable(view, words)).words)]
    return _nearest(sets, most) if sum(len(words.words) for words in sets) > most else sets


def find_any(sets: list[WordSet], *, zone: str) -> Iterator[Found]:
    """Where any of these words stands. Entries are numbered as in the snapshot."""
    for words in sets:
        found = _find_zoned(words, zone) if zone else _find(words)
        if len(found.entries):
            yield Found(np.add(found.entries, words.base, dtype=np.intp), found.counts)


def _readable(view: View, words: WordSet) -> WordSet:
    """Those of the words that stand in an entry that the reader may read."""
    return words.only(readable_counts(view, words.field, words.base, words.words) > 0)


def readable_counts(view: View, field: InvertedField, base: int, words: Array) -> Array:
    """In how many entries that the reader may read each of these words of a segment stands.

    base: what the entries of the segment are numbered from in the snapshot.
    """
    sizes, entries, _ = field.postings_of(words)
    if view.reads_all:
        return sizes
    may_read = np.concatenate([[0], np.cumsum(view.readable[entries + base])])
    ends = np.cumsum(sizes)
    return may_read[ends] - may_read[ends - sizes]


def _nearest(sets: list[WordSet], most: int) -> list[WordSet]:
    """The nearest words, the same ones in every segment; equally near ones in the order of their letters."""
    distances: dict[bytes, int] = {}
    for words in sets:
        lexicon = words.field.lexicon
        distances.update(
            (lexicon.words[word], distance)
            for word, distance in zip(words.words.tolist(), words.distances.tolist(), strict=True)
        )
    kept = set(sorted(distances, key=lambda word: (distances[word], word))[:most])
    chosen = [
        words.only(np.array([words.field.lexicon.words[word] in kept for word in words.words.tolist()], np.bool_))
        for words in sets
    ]
    return [words for words in chosen if len(words.words)]


def _find(words: WordSet) -> Found:
    _, entries, counts = words.field.postings_of(words.words)
    return Found(entries, counts) if len(words.words) == 1 else _add_up(words.segment, entries, counts)


def _find_zoned(words: WordSet, zone: str) -> Found:
    found = find_words(words.segment, words.field, words.words, zone=zone)
    if not found:
        return Found(np.zeros(0, np.int32), np.zeros(0, np.int64))
    return _add_up(
        words.segment, np.concatenate([part.entries for part in found]), np.concatenate([part.counts for part in found])
    )


def _add_up(segment: Segment, entries: Array, counts: Array) -> Found:
    """Each entry once, in order, with the sum of its counts."""
    sums = np.bincount(entries, weights=counts, minlength=segment.count)
    found = np.flatnonzero(sums > 0)
    return Found(found, sums[found].astype(np.int64))
