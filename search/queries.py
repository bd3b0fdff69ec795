"""The reader's query as a tree, and the parser that makes it from what was typed.

`parse("low-dose AND title:scan* NOT (mri OR \"spin echo\")")` gives a tree of the nodes below; each engine makes its
own query from it. Nothing here knows an engine, a language or Django.
"""

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
class Fuzzy:
    """Words at most `distance` edits away: `nodles~`."""

    text: str
    field: str = ""
    distance: int = 1


@dataclass(frozen=True)
class And:
    """Every part matches."""

    parts: tuple["Query", ...]


@dataclass(frozen=True)
class Or:
    """At least one part matches; more and rarer parts rank higher. Free words stand side by side in one of these."""

    parts: tuple["Query", ...]


@dataclass(frozen=True)
class Not:
    """The part does not match."""

    part: "Query"


Query = Everything | Word | Phrase | Prefix | Fuzzy | And | Or | Not
