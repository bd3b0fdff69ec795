"""Concepts of a thesaurus as plain values, named as in SKOS. Nothing here knows a format or the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Words:
    """What a concept is called in one language."""

    label: str = ""
    synonyms: tuple[str, ...] = ()
    definition: str = ""


@dataclass(frozen=True, kw_only=True)
class Concept:
    """One concept. What it leads to is named by URI, in CSV by slug or label."""

    uri: str
    place: str
    """Where it stands in the file, as its reader finds it: a line, or its own name."""
    words: Mapping[str, Words] = field(default_factory=dict)
    """By language, as BCP 47 writes it."""
    broader: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    exact_matches: tuple[str, ...] = ()
    said: frozenset[str] | None = None
    """The fields that the file has a word about, even an empty one; None where that is all of them."""

    def says(self, name: str) -> bool:
        """Whether the file speaks of this field of the concept."""
        return self.said is None or name in self.said


@dataclass(frozen=True)
class Fault:
    """What is wrong in a file, and where."""

    place: str
    text: str


@dataclass(frozen=True)
class ConceptFile:
    """What a file says. `notes` tell what it has that topics cannot hold."""

    concepts: tuple[Concept, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()


def one_line(text: str) -> str:
    """The text without line breaks and needless blanks."""
    return " ".join(text.split())
