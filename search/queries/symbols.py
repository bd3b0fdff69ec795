"""What was typed, cut into symbols: operators, parentheses, and words, phrases and so on with their places."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from search.analysis.tokens import tokenize
from search.documents import FIELDS, NUMBER_FIELDS, QUERYABLE_FIELDS, FieldKind
from search.errors import QuerySyntaxError
from search.queries.identifiers import IDENTIFIER, balanced
from search.queries.notes import EMPTY_QUOTE, NO_VALUE, NO_YEAR, OPEN_QUOTE
from search.queries.tree import Fuzzy, Leaf, Phrase, Prefix, Range, Wildcard, Word
from search.queries.wildcards import WILDCARDS, folded_wildcard

MAX_SLOP = 20

_KEYWORD_FIELDS = {field.name for field in FIELDS if field.kind == FieldKind.KEYWORD}
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_CHUNK = re.compile(r'[^\s"()]+')
_FIELD = re.compile(r"([A-Za-z_]+):")
_FUZZY = re.compile(r"(.+)~([12])?$")
_SLOP = re.compile(r"~(\d{1,3})")
_YEARS = re.compile(r"(\d{1,4})|(\d{1,4})?\s*[-–]\s*(\d{1,4})?")
# Before a letter; a question mark behind the last one is punctuation.
_INNER_WILDCARD = re.compile(r"[*?]+[^\W_]")
_FEWEST_LETTERS = 2
_SHORTEST_FUZZY = 3
_SHORTEST_TWICE_FUZZY = 5
_LONG_WORD = 8

OPERATORS = frozenset({"AND", "OR", "NOT"})


@dataclass(frozen=True)
class Symbol:
    """An operator, a parenthesis (with the field it stands behind) or a leaf, which begins at character `start`."""

    kind: str
    field: str = ""
    leaf: Leaf | Range | None = None
    start: int = 0


def read_symbols(text: str) -> Iterator[Symbol]:
    """The symbols of the query language in this text, in order.

    Raises QuerySyntaxError for a quotation mark that is not closed, and for a field without a value that fits it.
    """
    text = text.translate(_QUOTES)
    position = 0
    while position < len(text):
        character = text[position]
        if character.isspace():
            position += 1
        elif character in "()":
            yield Symbol(character)
            position += 1
        elif _is_minus(text, position):
            yield Symbol("NOT")
            position += 1
        else:
            found, position = _read_item(text, position)
            yield from found


def read_plain_words(text: str) -> Iterator[Symbol]:
    """Every word of the text as a leaf: no operators, fields or phrases, and never an error."""
    for match in _CHUNK.finditer(text.translate(_QUOTES)):
        chunk = match.group()
        words = _plain_words(chunk.lower() if chunk in OPERATORS else chunk.rstrip("*~?").removeprefix("-"))
        yield from _place(words, chunk.lower() if chunk in OPERATORS else chunk, match.start())


def _is_minus(text: str, position: int) -> bool:
    if text[position] != "-" or (position and not text[position - 1].isspace() and text[position - 1] != "("):
        return False
    following = text[position + 1 : position + 2]
    return following in ('"', "(") or following.isalnum()


def _read_item(text: str, position: int) -> tuple[list[Symbol], int]:
    """The symbols that start at this character, and where the next one may start."""
    if match := IDENTIFIER.match(text, position):
        identifier = balanced(match.group(1))
        field = "doi" if match.group().lower().startswith("doi:") else ""
        if not match.group().endswith("*"):
            start = match.start(1)
            return [Symbol("leaf", leaf=Word(identifier, field), start=start)], start + len(identifier)
    field = ""
    if (match := _FIELD.match(text, position)) and match.group(1).lower() in QUERYABLE_FIELDS:
        field = match.group(1).lower()
        position = match.end()
        if not text[position : position + 1].strip() or text[position] == ")":
            raise QuerySyntaxError(NO_VALUE)
        if text[position] == "(":
            return [Symbol("(", field=field)], position + 1
    if text[position] == '"':
        return _read_phrase(text, position, field)
    match = _CHUNK.match(text, position)
    chunk = match.group() if match else ""
    end = position + len(chunk)
    if not field and chunk in OPERATORS:
        return [Symbol(chunk)], end
    return list(_place(_read_words(chunk, field), chunk, position)), end


def _read_phrase(text: str, position: int, field: str) -> tuple[list[Symbol], int]:
    end = text.find('"', position + 1)
    if end < 0:
        raise QuerySyntaxError(OPEN_QUOTE)
    words = text[position + 1 : end]
    end += 1
    slop = 0
    if match := _SLOP.match(text, end):
        slop = min(int(match.group(1)), MAX_SLOP)
        end = match.end()
    if not _has_terms(words):
        raise QuerySyntaxError(EMPTY_QUOTE)
    if field in NUMBER_FIELDS | _KEYWORD_FIELDS:
        return list(_place(_read_words(words.strip(), field), words, position + 1)), end
    return list(_place([Phrase(words.strip(), field, slop)], words, position + 1)), end


def _place(leaves: Iterable[Leaf | Range], source: str, start: int) -> Iterator[Symbol]:
    """The leaves as symbols; they were read from `source`, in this order, which begins at character `start`."""
    done = 0
    for leaf in leaves:
        if not isinstance(leaf, Range):
            done = source.index(leaf.text, done)
        yield Symbol("leaf", leaf=leaf, start=start + done)


def _read_words(chunk: str, field: str) -> list[Leaf | Range]:
    """The leaves of a run of characters without spaces: nothing for mere punctuation."""
    if field in NUMBER_FIELDS:
        return [read_range(chunk, field)]
    if chunk.endswith("*") and (field in _KEYWORD_FIELDS or IDENTIFIER.match(chunk)) and _has_terms(chunk):
        return [Prefix(chunk[:-1], field)]
    if field in _KEYWORD_FIELDS:
        return [Word(chunk, field)] if _has_terms(chunk) else []
    return [_read_word(word.text.rstrip("?"), field) for word in _plain_words(chunk)]


def _read_word(text: str, field: str) -> Leaf:
    """A word, or what asterisks, question marks or a tilde make of it."""
    if _is_wildcard(text):
        return Wildcard(text, field)
    if text.endswith("*"):
        return Prefix(text.strip("*?"), field)
    if (match := _FUZZY.fullmatch(text)) and _has_terms(match.group(1)) and len(match.group(1)) >= _SHORTEST_FUZZY:
        return Fuzzy(match.group(1), field, _distance(match.group(1), match.group(2)))
    return Word(text, field)


def _is_wildcard(text: str) -> bool:
    """Whether an asterisk or a question mark stands for letters: not in an address, and beside two letters at least."""
    if "://" in text or not _INNER_WILDCARD.search(text):
        return False
    return len(WILDCARDS.sub("", folded_wildcard(text))) >= _FEWEST_LETTERS


def _distance(word: str, asked: str | None) -> int:
    """How many edits away: a short word two edits away is another word."""
    shortest = _SHORTEST_TWICE_FUZZY if asked == "2" else _LONG_WORD
    return 1 if asked == "1" or len(word) < shortest else 2


def read_range(text: str, field: str) -> Range:
    """The range that `2019` or `2015-2019` names; raises QuerySyntaxError for anything else."""
    match = _YEARS.fullmatch(text)
    if match is None or not any(match.groups()):
        raise QuerySyntaxError(NO_YEAR)
    year, first, last = (int(group) if group else None for group in match.groups())
    return Range(year, year, field) if match.group(1) else Range(first, last, field)


def _plain_words(chunk: str) -> list[Word]:
    if match := IDENTIFIER.match(chunk):
        return [Word(balanced(match.group(1)))]
    parts = [chunk] if "://" in chunk else chunk.split(":")
    return [Word(part) for part in parts if _has_terms(part)]


def _has_terms(text: str) -> bool:
    return next(tokenize(text), None) is not None
