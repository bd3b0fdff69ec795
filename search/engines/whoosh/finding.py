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
from search.engines.whoosh.sorted_arrays import distinct, is_among, places_among, ranges, sums_before

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
    keys = [_find_row(field, pattern, slop) for pattern in patterns]
    joined = distinct(np.concatenate(keys)) if len(keys) != 1 else keys[0]
    if zone:
        joined = _in_zone(segment, joined, zone)
    return [_count(joined)] if len(joined) else []


def _find_row(field: InvertedField, pattern: Pattern, slop: int) -> NDArray[np.int64]:
    """The places of the first word of each row, as keys: entry and position as one number."""
    words = [[field.postings(number) for number in field.lexicon.forms(term).tolist()] for _, term in pattern]
    common = _common_entries(words)
    if not len(common):
        return np.zeros(0, np.int64)
    keys = _keys_in(words[0], common)
    offset = pattern[0][0]
    for (next_offset, _), forms in zip(pattern[1:], words[1:], strict=True):
        if not len(keys):
            break
        following = _keys_in(forms, common)
        reached = keys + (next_offset - offset)
        if slop:
            reached = np.sort(np.concatenate([reached + step for step in range(slop + 1)]))
        keys = following[is_among(following, reached)]
        offset = next_offset
    # Counted from the first word, so that "low-dose" is one place whether it was read as two words or as one.
    return keys - pattern[-1][0]


def _common_entries(words: list[list[Postings]]) -> Array:
    """The entries that have a form of every word, in order; the rarest word is looked at first."""
    rarest_first = sorted(words, key=lambda forms: sum(len(postings.entries) for postings in forms))
    common: Array | None = None
    for forms in rarest_first:
        if not forms:
            return np.zeros(0, np.int32)
        if common is None:
            common = forms[0].entries if len(forms) == 1 else distinct(np.concatenate([f.entries for f in forms]))
            continue
        kept = np.zeros(len(common), np.bool_)
        for postings in forms:
            kept |= is_among(common, postings.entries)
        common = common[kept]
    return common if common is not None else np.zeros(0, np.int32)


def _keys_in(forms: list[Postings], entries: Array) -> NDArray[np.int64]:
    """The places of these words in some entries, in order."""
    keys = [_keys(postings, places_among(postings.entries, entries)) for postings in forms]
    return keys[0] if len(keys) == 1 else distinct(np.concatenate(keys))


def _keys(postings: Postings, chosen: Array | slice) -> NDArray[np.int64]:
    """The places of a word in some of its entries, in order."""
    counts, positions = postings.counts[chosen], postings.positions
    if not isinstance(chosen, slice):
        positions = positions[ranges(sums_before(postings.counts, chosen), counts)]
    return (np.repeat(postings.entries[chosen].astype(np.int64), counts) << _POSITION_BITS) + positions


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
