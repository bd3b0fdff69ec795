"""The nodes of a query tree, and walks over its leaves. Nothing here knows an engine, an analyzer or Django."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Everything:
    """Matches every record."""


@dataclass(frozen=True)
class Word:
    """One word as typed, in every inflection; `field` is "" for the combined text."""

    text: str
    field: str = ""
    weight: float = 1.0


@dataclass(frozen=True)
class Phrase:
    """Words that follow each other, at most `slop` other words between two of them."""

    text: str
    field: str = ""
    slop: int = 0
    weight: float = 1.0


@dataclass(frozen=True)
class Prefix:
    """Words that begin so: `photo*`."""

    text: str
    field: str = ""


@dataclass(frozen=True)
class Wildcard:
    """Words like this, where `*` stands for any letters or none and `?` for one: `colo*r`, `gr?y`, `*graphy`."""

    text: str
    field: str = ""


@dataclass(frozen=True)
class Fuzzy:
    """Words at most `distance` edits away: `nodles~`."""

    text: str
    field: str = ""
    distance: int = 1


@dataclass(frozen=True)
class Range:
    """Numbers from first to last, both included; None leaves an end open: `year:2015-2019`, `year:2015-`."""

    first: int | None
    last: int | None
    field: str = "year"


@dataclass(frozen=True)
class And:
    """Every part matches."""

    parts: tuple["Query", ...]


@dataclass(frozen=True)
class Or:
    """At least one part matches; more and rarer parts rank higher. Free words stand side by side in one of these.

    Without parts it matches nothing: a query of punctuation alone.
    """

    parts: tuple["Query", ...]


@dataclass(frozen=True)
class Not:
    """The part does not match."""

    part: "Query"


Leaf = Word | Phrase | Prefix | Wildcard | Fuzzy
Query = Everything | Leaf | Range | And | Or | Not

Expansions = frozenset[tuple[Leaf, frozenset[str]]]
"""For leaves of a query, the words of a collection (as terms of an index) that they found besides their forms.

As pairs, so that what depends on it can be remembered by it. A leaf is not there if it found none.
"""


def leaves(query: Query) -> Iterator[Leaf | Range]:
    """Every word, phrase and so on of the query, those under Not too."""
    if isinstance(query, And | Or):
        for part in query.parts:
            yield from leaves(part)
    elif isinstance(query, Not):
        yield from leaves(query.part)
    elif not isinstance(query, Everything):
        yield query


def wanted_leaves(query: Query, *, is_wanted: bool = True) -> Iterator[Leaf | Range]:
    """The words, phrases and so on that the reader looks for: all but those that a Not takes out."""
    if isinstance(query, And | Or):
        for part in query.parts:
            yield from wanted_leaves(part, is_wanted=is_wanted)
    elif isinstance(query, Not):
        yield from wanted_leaves(query.part, is_wanted=not is_wanted)
    elif is_wanted and not isinstance(query, Everything):
        yield query
