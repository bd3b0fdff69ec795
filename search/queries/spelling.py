"""Another spelling of what was typed: words replaced where they stand, everything around them kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from search.analysis.tokens import WORD
from search.documents import FIELDS, FieldKind
from search.errors import QuerySyntaxError
from search.queries.identifiers import IDENTIFIER
from search.queries.symbols import Symbol, read_plain_words, read_symbols
from search.queries.tree import Phrase, Word

_SPELT_FIELDS = {"", *(field.name for field in FIELDS if field.kind in (FieldKind.TEXT, FieldKind.NAMES))}


@dataclass(frozen=True)
class Piece:
    """A part of a question in its new spelling."""

    text: str
    is_changed: bool = False


@dataclass(frozen=True)
class Respelling:
    """A question in another spelling, in pieces so that a page can show what changed."""

    pieces: tuple[Piece, ...]

    def __str__(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def spelt_words(text: str) -> tuple[str, ...]:
    """The words of a question that can be misspelt, as typed: free ones, those of phrases, of text and name fields."""
    return tuple(dict.fromkeys(text[start:end] for start, end in _word_places(text)))


def respell(text: str, replacements: Mapping[str, str]) -> Respelling | None:
    """The question with these words (of `spelt_words`) replaced; None where none of them stands in it.

    Operators, quotation marks, fields, parentheses and spaces stay. A word that was typed with a capital, or in
    capitals, gets them back.
    """
    pieces: list[Piece] = []
    done = 0
    for start, end in _word_places(text):
        typed = text[start:end]
        if typed in replacements:
            pieces += [Piece(text[done:start]), Piece(_in_case_of(typed, replacements[typed]), is_changed=True)]
            done = end
    if not pieces:
        return None
    return Respelling(tuple(piece for piece in (*pieces, Piece(text[done:])) if piece.text))


def _word_places(text: str) -> Iterator[tuple[int, int]]:
    for symbol in _symbols(text):
        leaf = symbol.leaf
        if isinstance(leaf, Word | Phrase) and leaf.field in _SPELT_FIELDS and not IDENTIFIER.match(leaf.text):
            for match in WORD.finditer(leaf.text):
                yield symbol.start + match.start(), symbol.start + match.end()


def _symbols(text: str) -> list[Symbol]:
    try:
        return list(read_symbols(text))
    except QuerySyntaxError:
        return list(read_plain_words(text))


def _in_case_of(typed: str, replacement: str) -> str:
    """The replacement with the capitals of what was typed, unless it has some of its own ("mir", "MRI")."""
    if replacement != replacement.lower():
        return replacement
    if len(typed) > 1 and typed.isupper():
        return replacement.upper()
    return replacement[:1].upper() + replacement[1:] if typed[:1].isupper() else replacement
