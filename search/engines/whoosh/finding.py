"""Where something stands in one field of one segment: words in all their forms, words in a row, parts of an entry."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.analysis.patterns import Pattern
from search.engines.whoosh.arrays import Array
from search.engines.whoosh.postings import InvertedField, Postings
from search.engines.whoosh.rows import ZONES
from search.engines.whoosh.segments import Segment
from search.engines.whoosh.sorted_arrays import distinct, is_among, ranges, sums_before

_POSITION_BITS = 32


@dataclass(frozen=True)
class Found:
    """Where something stands: entries in order, each once, and how often in each."""

    entries: Array
    counts: Array


def find_words(segment: Segment, field: InvertedField, words: Array, *, zone: str = "") -> list[Found]:
    """Where each of these words stands; in one part of metadata only, with `zone`."""
    found = [field.postings(word) for word in words.tolist()]
    if not zone:
        return [Found(postings.entries, postings.counts) for postings in found]
    places = [_keys(postings, slice(None)) for postings in found]
    return [counted for keys in places if len((counted := _count(_in_zone(segment, keys, zone))).entries)]


def find_rows(
    segment: Segment, field: InvertedField, patterns: Sequence[Pattern], *, slop: int, zone: str = ""
) -> list[Found]:
    """Where words stand in a row, in one of several ways; at most `slop` other words between two of them."""
    keys = [_find_row(field, pattern, slop, entry_count=segment.count) for pattern in patterns]
    joined = distinct(np.concatenate(keys)) if len(keys) != 1 else keys[0]
    if zone:
        joined = _in_zone(segment, joined, zone)
    return [_count(joined)] if len(joined) else []


def _find_row(field: InvertedField, pattern: Pattern, slop: int, *, entry_count: int) -> NDArray[np.int64]:
    """The places of the first word of each row, as keys: entry and position as one number."""
    forms = [field.lexicon.forms(term) for _, term in pattern]
    if not all(map(len, forms)):
        return np.zeros(0, np.int64)
    words = [field.joined_postings(numbers) for numbers in forms]
    chosen = _in_entries_of_all(words, entry_count)
    keys = _keys(words[0], chosen[0])
    offset = pattern[0][0]
    for (next_offset, _), word, places in zip(pattern[1:], words[1:], chosen[1:], strict=True):
        if not len(keys):
            break
        following = _keys(word, places)
        reached = keys + (next_offset - offset)
        if slop:
            reached = np.sort(np.concatenate([reached + step for step in range(slop + 1)]))
        keys = following[is_among(following, reached)]
        offset = next_offset
    # Counted from the first word, so that "low-dose" is one place whether it was read as two words or as one.
    return keys - pattern[-1][0]


def _in_entries_of_all(words: list[Postings], entry_count: int) -> list[Array]:
    """For each word, which of its postings are of entries that have every word; the rarest word is looked at first."""
    rarest, *others = sorted(words, key=lambda word: len(word.entries))
    has_all = np.zeros(entry_count, np.bool_)
    has_all[rarest.entries] = True
    for word in others:
        having = word.entries[has_all[word.entries]]
        has_all = np.zeros(entry_count, np.bool_)
        has_all[having] = True
    return [np.flatnonzero(has_all[word.entries]) for word in words]


def _keys(postings: Postings, chosen: Array | slice) -> NDArray[np.int64]:
    """The places of a word, in all its forms, in some of its entries, in order."""
    counts, positions = postings.counts[chosen], postings.positions
    if not isinstance(chosen, slice):
        positions = positions[ranges(sums_before(postings.counts, chosen), counts)]
    keys = (np.repeat(postings.entries[chosen].astype(np.int64), counts) << _POSITION_BITS) + positions
    return distinct(keys) if postings.is_joined else keys


def _in_zone(segment: Segment, keys: NDArray[np.int64], zone: str) -> NDArray[np.int64]:
    """Those places that lie in one part of their metadata entry."""
    facts = segment.facts
    entries, positions = keys >> _POSITION_BITS, keys & ((1 << _POSITION_BITS) - 1)
    records = facts.entries["record"][entries]
    place = 2 * ZONES.index(zone)
    inside = (positions >= facts.zones[records, place]) & (positions < facts.zones[records, place + 1])
    return keys[inside & (facts.records["entry"][records] == entries)]


def _count(keys: NDArray[np.int64]) -> Found:
    """How many places, in order, each entry has."""
    entries = (keys >> _POSITION_BITS).astype(np.int32)
    is_first = np.ones(len(entries), np.bool_)
    is_first[1:] = entries[1:] != entries[:-1]
    starts = np.flatnonzero(is_first)
    return Found(entries[starts], np.diff(starts, append=len(entries)))
