"""Pairs among many without comparing each with each: only what shares a key is compared. Plain values."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

T = TypeVar("T")
MOST_IN_BLOCK = 60
"""A key that more things share says nothing: each would have a crowd of doubles."""


@dataclass(frozen=True)
class Pair:
    """Two that may be one: the smaller key first, how sure it is from 0 to 1, and the reasons."""

    first: int
    second: int
    confidence: float
    reasons: tuple[str, ...]


def pair_of(one: int, other: int, confidence: float, reasons: tuple[str, ...]) -> Pair:
    """The pair of these two, whichever is named first."""
    return Pair(min(one, other), max(one, other), confidence, reasons)


def candidate_pairs(things: Iterable[T], *, keys: Callable[[T], Iterable[Hashable]]) -> Iterable[tuple[T, T]]:
    """Each two that share a key, once; at most MOST_IN_BLOCK times as many as there are keys."""
    blocks: defaultdict[Hashable, list[int]] = defaultdict(list)
    known: list[T] = []
    for place, thing in enumerate(things):
        known.append(thing)
        for key in set(keys(thing)):
            blocks[key].append(place)
    seen: set[tuple[int, int]] = set()
    for places in blocks.values():
        if 1 < len(places) <= MOST_IN_BLOCK:
            seen.update(combinations(places, 2))
    for one, other in sorted(seen):
        yield known[one], known[other]
