"""From what was typed to a query tree: the grammar over the symbols, and what to do with text that breaks it."""

from collections.abc import Iterator
from dataclasses import replace

from search.documents import NUMBER_FIELDS
from search.errors import QuerySyntaxError
from search.queries.notes import (
    EMPTY_PARENTHESES,
    NO_OPERAND,
    OPEN_PARENTHESIS,
    STRAY_PARENTHESIS,
    TOO_DEEP,
    TOO_LONG,
    TOO_MANY_EXPANDED,
    TOO_MANY_WORDS,
)
from search.queries.symbols import Symbol, read_plain_words, read_range, read_symbols
from search.queries.tree import And, Everything, Fuzzy, Not, Or, Phrase, Prefix, Query, Wildcard, Word, leaves

MAX_LENGTH = 1000
MAX_CLAUSES = 64
MAX_EXPANDED = 8
MAX_DEPTH = 16


def parse(text: str) -> Query:
    """The query tree of what was typed; everything for nothing typed.

    Raises QuerySyntaxError, with a sentence of `notes.py`, for what does not follow the query language.
    """
    if len(text) > MAX_LENGTH:
        raise QuerySyntaxError(TOO_LONG)
    symbols = list(read_symbols(text))
    if not symbols:
        return Or(()) if text.strip() else Everything()
    parser = _Parser(symbols)
    query = parser.alternatives(depth=0)
    if parser.current is not None:
        raise QuerySyntaxError(STRAY_PARENTHESIS)
    clauses = list(leaves(query))
    if len(clauses) > MAX_CLAUSES:
        raise QuerySyntaxError(TOO_MANY_WORDS)
    if sum(isinstance(leaf, Prefix | Wildcard | Fuzzy) for leaf in clauses) > MAX_EXPANDED:
        raise QuerySyntaxError(TOO_MANY_EXPANDED)
    return query


def parse_plain(text: str) -> Query:
    """Every word of the text as a plain word: no operators, fields or phrases, and never an error."""
    words = [symbol.leaf for symbol in read_plain_words(text[: MAX_LENGTH * 4]) if symbol.leaf]
    if not words:
        return Or(()) if text.strip() else Everything()
    return words[0] if len(words) == 1 else Or(tuple(words[:MAX_CLAUSES]))


def parse_leniently(text: str) -> tuple[Query, str | None]:
    """The query, and a sentence that says why it was searched as plain words (None where it was not)."""
    try:
        return parse(text), None
    except QuerySyntaxError as error:
        return parse_plain(text), str(error)


class _Parser:
    """Recursive descent over the symbols."""

    def __init__(self, symbols: list[Symbol]) -> None:
        self.symbols = symbols
        self.position = 0

    @property
    def current(self) -> Symbol | None:
        return self.symbols[self.position] if self.position < len(self.symbols) else None

    def take(self, *kinds: str) -> Symbol | None:
        """The next symbol, taken, if it is of one of these kinds."""
        symbol = self.current
        if symbol is None or symbol.kind not in kinds:
            return None
        self.position += 1
        return symbol

    def alternatives(self, *, depth: int) -> Query:
        if depth > MAX_DEPTH:
            raise QuerySyntaxError(TOO_DEEP)
        parts = [self.conditions(depth=depth)]
        while self.take("OR"):
            parts.append(self.conditions(depth=depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def conditions(self, *, depth: int) -> Query:
        parts = [self.run(depth=depth)]
        while self.take("AND"):
            parts.append(self.run(depth=depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def run(self, *, depth: int) -> Query:
        """Words side by side, and those that NOT or a minus takes out."""
        wanted: list[Query] = []
        unwanted: list[Query] = []
        while symbol := self.take("NOT", "leaf", "("):
            if symbol.kind == "NOT":
                operand = self.take("leaf", "(")
                if operand is None:
                    raise QuerySyntaxError(NO_OPERAND)
                unwanted.append(Not(self.operand(operand, depth=depth)))
            else:
                wanted.append(self.operand(symbol, depth=depth))
        if not wanted and not unwanted:
            raise QuerySyntaxError(NO_OPERAND)
        parts = [*_by_field(wanted), *unwanted]
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def operand(self, symbol: Symbol, *, depth: int) -> Query:
        if symbol.leaf is not None:
            return symbol.leaf
        if self.current is not None and self.current.kind == ")":
            raise QuerySyntaxError(EMPTY_PARENTHESES)
        query = self.alternatives(depth=depth + 1)
        if not self.take(")"):
            raise QuerySyntaxError(OPEN_PARENTHESIS)
        return _in_field(query, symbol.field) if symbol.field else query


def _by_field(parts: list[Query]) -> Iterator[Query]:
    """Parts side by side as conditions: those of one field are alternatives, and so are those of none."""
    fields = [getattr(part, "field", "") for part in parts]
    for field in dict.fromkeys(fields):
        group = [part for part, its_field in zip(parts, fields, strict=True) if its_field == field]
        yield group[0] if len(group) == 1 else Or(tuple(group))


def _in_field(query: Query, field: str) -> Query:
    """The query with its free words in this field: `title:(low dose)`."""
    match query:
        case And(parts):
            return And(tuple(_in_field(part, field) for part in parts))
        case Or(parts):
            return Or(tuple(_in_field(part, field) for part in parts))
        case Not(part):
            return Not(_in_field(part, field))
        case Word(text, "") if field in NUMBER_FIELDS:
            return read_range(text, field)
        case Word() | Phrase() | Prefix() | Wildcard() | Fuzzy() if not query.field:
            return replace(query, field=field)
    return query
