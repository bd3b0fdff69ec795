"""The reader's query as a tree, and the parser that makes it from what was typed.

`parse("low-dose AND title:scan* NOT (mri OR \\"spin echo\\")")` gives a tree of the nodes below; each engine makes its
own query from it. Nothing here knows an engine or Django.

Words side by side belong together more closely than NOT, AND and OR, in this order: `lung cancer AND screening` is
`(lung cancer) AND screening`. Words side by side are alternatives, and more and rarer ones rank higher. A field beside
them narrows, as a filter does: `lung cancer year:2019 year:2020` is `(lung cancer) AND (year:2019 OR year:2020)`.
"""

import fnmatch
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from search.analysis.patterns import joined_term
from search.analysis.tokens import tokenize
from search.documents import FIELDS, QUERYABLE_FIELDS, FieldKind
from search.errors import QuerySyntaxError

MAX_LENGTH = 1000
MAX_CLAUSES = 64
MAX_EXPANDED = 8
MAX_DEPTH = 16
MAX_SLOP = 20


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


def gettext_noop(message: str) -> str:
    """Mark a message for translation; whoever shows it translates it."""
    return message


TOO_LONG = gettext_noop("The query is too long.")
TOO_MANY_WORDS = gettext_noop("The query has too many words.")
TOO_MANY_EXPANDED = gettext_noop("Too many words of the query have a *, ? or ~.")
TOO_DEEP = gettext_noop("The query has too many parentheses inside each other.")
OPEN_QUOTE = gettext_noop("A closing quotation mark is missing.")
EMPTY_QUOTE = gettext_noop("There is no word between the quotation marks.")
OPEN_PARENTHESIS = gettext_noop("A closing parenthesis is missing.")
STRAY_PARENTHESIS = gettext_noop("A closing parenthesis has no opening one.")
EMPTY_PARENTHESES = gettext_noop("There is no word between the parentheses.")
NO_OPERAND = gettext_noop("AND, OR and NOT need words beside them.")
NO_VALUE = gettext_noop("A word is missing after the colon.")
NO_YEAR = gettext_noop("A year looks like year:2019 or year:2015-2019.")

IDENTIFIER = re.compile(r'(?:https?://(?:dx\.)?doi\.org/|doi:\s?)?(10\.\d{4,9}/[^\s"<>]+)', re.IGNORECASE)
"""A DOI, bare or as an address."""

_NUMBER_FIELDS = {field.name for field in FIELDS if field.kind == FieldKind.NUMBER}
_KEYWORD_FIELDS = {field.name for field in FIELDS if field.kind == FieldKind.KEYWORD}
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_END_OF_CHUNK = re.compile(r'[\s"()]')
_FIELD = re.compile(r"([A-Za-z_]+):")
_FUZZY = re.compile(r"(.+)~([12])?$")
_SLOP = re.compile(r"~(\d{1,3})")
_YEARS = re.compile(r"(\d{1,4})|(\d{1,4})?\s*[-–]\s*(\d{1,4})?")
_WILDCARDS = re.compile(r"[*?]+")
# Before a letter; a question mark behind the last one is punctuation.
_INNER_WILDCARD = re.compile(r"[*?]+[^\W_]")
_FEWEST_LETTERS = 2
_SHORTEST_FUZZY = 3
_SHORTEST_TWICE_FUZZY = 5
_LONG_WORD = 8


def parse(text: str) -> Query:
    """The query tree of what was typed; everything for nothing typed.

    Raises QuerySyntaxError, with a sentence of the constants above, for what does not follow the query language.
    """
    if len(text) > MAX_LENGTH:
        raise QuerySyntaxError(TOO_LONG)
    symbols = list(_read_symbols(text.translate(_QUOTES)))
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
    words: list[Query] = []
    for chunk in _END_OF_CHUNK.split(text[: MAX_LENGTH * 4].translate(_QUOTES)):
        chunk = chunk.lower() if chunk in _OPERATORS else chunk.rstrip("*~?").removeprefix("-")
        words.extend(_plain_words(chunk))
    if not words:
        return Or(()) if text.strip() else Everything()
    return words[0] if len(words) == 1 else Or(tuple(words[:MAX_CLAUSES]))


def parse_leniently(text: str) -> tuple[Query, str | None]:
    """The query, and a sentence that says why it was searched as plain words (None where it was not)."""
    try:
        return parse(text), None
    except QuerySyntaxError as error:
        return parse_plain(text), str(error)


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


def folded_wildcard(text: str) -> str:
    """The letters of a Wildcard's text as the terms of an index have them, `*` and `?` between.

    >>> folded_wildcard("Pati**nt?n")
    'pati*nt?n'
    """
    pieces = [joined_term(piece) for piece in _WILDCARDS.split(text)]
    between = ["*" if set(run) == {"*"} else run for run in _WILDCARDS.findall(text)]
    return "".join(piece + run for piece, run in zip(pieces, [*between, ""], strict=True))


def wildcard_pattern(text: str) -> re.Pattern[str]:
    """What the whole of a folded word must match to be one that a Wildcard's text stands for.

    It never backtracks far, however many asterisks there are.
    """
    return re.compile(fnmatch.translate(folded_wildcard(text)))


def bare_identifier(text: str) -> str:
    """An identifier without its resolver, scheme, case and the hyphens of an ISBN or ISSN: as it is looked up."""
    bare = text.strip().casefold().rstrip(".,;")
    bare = re.sub(r"^(?:https?://(?:dx\.)?(?:doi\.org|arxiv\.org/abs|hdl\.handle\.net)/)", "", bare)
    bare = re.sub(r"^(?:urn:)?(?:doi|isbn|issn|arxiv|hdl|pmid):\s*", "", bare)
    if re.fullmatch(r"[\d -]{7,17}[\dx]", bare):
        return re.sub(r"[ -]", "", bare)
    return bare


@dataclass(frozen=True)
class _Symbol:
    """An operator, a parenthesis (with the field it stands behind) or a leaf."""

    kind: str
    field: str = ""
    leaf: Leaf | Range | None = None


_OPERATORS = frozenset({"AND", "OR", "NOT"})


def _read_symbols(text: str) -> Iterator[_Symbol]:
    position = 0
    while position < len(text):
        character = text[position]
        if character.isspace():
            position += 1
        elif character in "()":
            yield _Symbol(character)
            position += 1
        elif _is_minus(text, position):
            yield _Symbol("NOT")
            position += 1
        else:
            found, position = _read_item(text, position)
            yield from found


def _is_minus(text: str, position: int) -> bool:
    if text[position] != "-" or (position and not text[position - 1].isspace() and text[position - 1] != "("):
        return False
    following = text[position + 1 : position + 2]
    return following in ('"', "(") or following.isalnum()


def _read_item(text: str, position: int) -> tuple[list[_Symbol], int]:
    """The symbols that start at this character, and where the next one may start."""
    if match := IDENTIFIER.match(text, position):
        identifier = _balanced(match.group(1))
        field = "doi" if match.group().lower().startswith("doi:") else ""
        if not match.group().endswith("*"):
            return [_Symbol("leaf", leaf=Word(identifier, field))], match.start(1) + len(identifier)
    field = ""
    if (match := _FIELD.match(text, position)) and match.group(1).lower() in QUERYABLE_FIELDS:
        field = match.group(1).lower()
        position = match.end()
        if not text[position : position + 1].strip() or text[position] == ")":
            raise QuerySyntaxError(NO_VALUE)
        if text[position] == "(":
            return [_Symbol("(", field=field)], position + 1
    if text[position] == '"':
        return _read_phrase(text, position, field)
    chunk = _END_OF_CHUNK.split(text[position:], maxsplit=1)[0]
    end = position + len(chunk)
    if not field and chunk in _OPERATORS:
        return [_Symbol(chunk)], end
    return [_Symbol("leaf", leaf=leaf) for leaf in _read_words(chunk, field)], end


def _read_phrase(text: str, position: int, field: str) -> tuple[list[_Symbol], int]:
    end = text.find('"', position + 1)
    if end < 0:
        raise QuerySyntaxError(OPEN_QUOTE)
    words = text[position + 1 : end]
    end += 1
    slop = 0
    if match := _SLOP.match(text, end):
        slop = min(int(match.group(1)), MAX_SLOP)
        end = match.end()
    if field in _NUMBER_FIELDS | _KEYWORD_FIELDS:
        return [_Symbol("leaf", leaf=leaf) for leaf in _read_words(words.strip(), field)], end
    if not _has_terms(words):
        raise QuerySyntaxError(EMPTY_QUOTE)
    return [_Symbol("leaf", leaf=Phrase(words.strip(), field, slop))], end


def _read_words(chunk: str, field: str) -> list[Leaf | Range]:
    """The leaves of a run of characters without spaces: nothing for mere punctuation."""
    if field in _NUMBER_FIELDS:
        return [_read_range(chunk, field)]
    if chunk.endswith("*") and (field in _KEYWORD_FIELDS or IDENTIFIER.match(chunk)) and _has_terms(chunk):
        return [Prefix(chunk[:-1], field)]
    if field in _KEYWORD_FIELDS:
        return [Word(chunk, field)]
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
    return len(_WILDCARDS.sub("", folded_wildcard(text))) >= _FEWEST_LETTERS


def _distance(word: str, asked: str | None) -> int:
    """How many edits away: a short word two edits away is another word."""
    shortest = _SHORTEST_TWICE_FUZZY if asked == "2" else _LONG_WORD
    return 1 if asked == "1" or len(word) < shortest else 2


def _read_range(text: str, field: str) -> Range:
    match = _YEARS.fullmatch(text)
    if match is None or not any(match.groups()):
        raise QuerySyntaxError(NO_YEAR)
    year, first, last = (int(group) if group else None for group in match.groups())
    return Range(year, year, field) if match.group(1) else Range(first, last, field)


def _plain_words(chunk: str) -> list[Word]:
    if match := IDENTIFIER.match(chunk):
        return [Word(_balanced(match.group(1)))]
    parts = [chunk] if "://" in chunk else chunk.split(":")
    return [Word(part) for part in parts if _has_terms(part)]


def _balanced(identifier: str) -> str:
    """A DOI may hold parentheses; one closed too many and punctuation at the end belong to the text around it."""
    while identifier and (
        identifier[-1] in ".,;:" or (identifier[-1] == ")" and identifier.count(")") > identifier.count("("))
    ):
        identifier = identifier[:-1]
    return identifier


def _has_terms(text: str) -> bool:
    return next(tokenize(text), None) is not None


class _Parser:
    """Recursive descent over the symbols."""

    def __init__(self, symbols: list[_Symbol]) -> None:
        self.symbols = symbols
        self.position = 0

    @property
    def current(self) -> _Symbol | None:
        return self.symbols[self.position] if self.position < len(self.symbols) else None

    def take(self, *kinds: str) -> _Symbol | None:
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

    def operand(self, symbol: _Symbol, *, depth: int) -> Query:
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
        case Word(text, "") if field in _NUMBER_FIELDS:
            return _read_range(text, field)
        case Word() | Phrase() | Prefix() | Wildcard() | Fuzzy() if not query.field:
            return replace(query, field=field)
    return query
