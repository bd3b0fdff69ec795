"""Words in a text: where they stand and what they are once case, accents and invisible characters are gone.

A word joined by hyphens, apostrophes or slashes is found by its parts, by the parts in a row and by all of it
written together: "low-dose" is *low*, *dose* and *lowdose*. Stems and stop words are the business of the analyzers.
"""

import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from search.analysis.known import Known

MAX_TERM_LENGTH = 64
MAX_JOINED_PARTS = 4
MAX_PIECE_LENGTH = MAX_TERM_LENGTH * 2
MAX_CACHED = 200_000

# Characters that show nothing and may stand inside a word: soft hyphen, zero-width space and joiners, byte order mark.
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
# Chinese and Japanese are written without spaces: each character is a word, and a phrase finds them in a row.
IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Letters that Unicode does not take apart, as a reader without them types them.
UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i"}
)


def _combining_marks() -> str:
    """A character class of the marks that follow a letter: a word does not end at one."""
    codes = [code for code in range(0x300, 0x10000) if unicodedata.category(chr(code)) in ("Mn", "Mc")]
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in ranges)


_LETTERS = rf"[^\W_{IDEOGRAPHS}]+"
_RUN = rf"{_LETTERS}(?:[{INVISIBLE}{_combining_marks()}]+(?:{_LETTERS})?)*"
_NUMBER = r"[0-9]+(?:[.,][0-9]+)+[^\W_]*"
_PART = rf"(?:{_NUMBER}|{_RUN})"
_HYPHENS = "-\u2010\u2011\u2012\u2013\u2212"
_CONNECTOR = rf"(?:[{_HYPHENS}][ \t]*\r?\n[ \t]*|[{_HYPHENS}'’/·])"
_ABBREVIATION = r"(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?"

PART = re.compile(_PART)
WORD = re.compile(rf"{_ABBREVIATION}|{_PART}(?:{_CONNECTOR}{_PART})*|[{IDEOGRAPHS}]")
_APOSTROPHES = "'’"

# Most texts have none of the characters that make WORD slow. Those are cut coarsely first, two to four times as fast: a
# piece never ends inside a word, and WORD takes it apart once, the first time that it is seen.
_UNUSUAL = re.compile(rf"[{IDEOGRAPHS}{INVISIBLE}{_combining_marks()}]")
_COARSE = re.compile(
    rf"[^\W_]++(?:(?:[{_HYPHENS}](?:[ \t]*+\r?\n[ \t]*+)?+|['’/·.,])[^\W_]++)*+(?:\.(?<=\.[^\W\d_]\.))?+"
)
_COARSE_ASCII = re.compile(
    r"[A-Za-z0-9]++(?:(?:-(?:[ \t]*+\r?\n[ \t]*+)?+|['/.,])[A-Za-z0-9]++)*+(?:\.(?<=\.[A-Za-z]\.))?+"
)

# What no word has, as a space, and capitals as small letters: for texts of which only the words count.
JOINERS = "-'/.,"
_JOINERS = JOINERS.encode()
_WITHOUT_PUNCTUATION = bytes(
    code if code >= 128 or chr(code) in JOINERS else ord(chr(code).lower()) if chr(code).isalnum() else ord(" ")
    for code in range(256)
)
# In other texts too: what is left of dashes, quotation marks and odd spaces would glue words into one spelling.
_OTHER_PUNCTUATION = re.compile(rf"[^\w\x00-\x7f{_HYPHENS}’·]+")
_LINE_END = re.compile(rf"[{_HYPHENS}][ \t]*\r?\n[ \t]*")
_LINE_END_ASCII = re.compile(r"-[ \t]*\r?\n[ \t]*")

_PLAINLY_JOINED = re.compile(r"[A-Za-z0-9]+(?:[-/][A-Za-z0-9]+)+")


class Token(NamedTuple):
    """One term and where it stands: `width` words from the word number `position`, characters `start` to `end`."""

    term: str
    position: int
    width: int
    start: int
    end: int


def fold(word: str) -> str:
    """The word without case, accents, ligatures and anything but letters and digits; decimals keep their point.

    >>> fold("Patiënten"), fold("3,5T"), fold("ﬁlter")
    ('patienten', '3.5t', 'filter')
    """
    if word.isascii() and word.isalnum():
        return word.lower()[:MAX_TERM_LENGTH]
    decomposed = unicodedata.normalize("NFKD", word.casefold()).casefold().translate(UNDECOMPOSED)
    letters = "".join(_plain(c) for c in decomposed if c.isalnum() or c in ".,")
    if re.fullmatch(_NUMBER, letters):
        return letters.replace(",", ".")[:MAX_TERM_LENGTH]
    return letters.replace(".", "").replace(",", "")[:MAX_TERM_LENGTH]


def _plain(character: str) -> str:
    """The character, a digit of any script as 0 to 9."""
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


_PLAIN_LETTERS = {chr(code): folded for code in range(0xC0, 0x250) if len(folded := fold(chr(code))) == 1}
_ACCENTED = re.compile(f"[{''.join(_PLAIN_LETTERS)}]")


def with_plain_letters(text: str) -> str:
    """The text in small letters, most of its accents taken off, nearly always as long as it was."""
    lowered = text.lower()
    # Of most texts few letters have an accent: `str.translate` would look up every letter of all.
    return lowered if text.isascii() else _ACCENTED.sub(lambda letter: _PLAIN_LETTERS[letter[0]], lowered)


def is_plain(piece: str) -> bool:
    """Whether a piece is one word that is itself, but for capitals."""
    return piece.isascii() and piece.isalnum()


def take_apart(piece: str) -> tuple[Token, ...]:
    """The tokens of one piece, counted from its own start: `tokens_of` for whoever keeps them."""
    return _take_plain_apart(piece) or tuple(_take_apart(piece))


def _take_plain_apart(word: str) -> tuple[Token, ...]:
    """The tokens of a plain word, or of a few joined by hyphens or slashes, as nearly all are; none of any other."""
    if is_plain(word):
        return (Token(sys.intern(fold(word)), 0, 1, 0, len(word)),)
    return _take_joined_apart(word) if _PLAINLY_JOINED.fullmatch(word) else ()


def _take_joined_apart(piece: str) -> tuple[Token, ...]:
    """What `_take_word_apart` gives for plain words joined by hyphens or slashes, sooner."""
    parts = piece.lower().replace("/", "-").split("-")
    tokens, start = [], 0
    for position, part in enumerate(parts):
        tokens.append(Token(sys.intern(part[:MAX_TERM_LENGTH]), position, 1, start, start + len(part)))
        start += len(part) + 1
    joined = "".join([token.term for token in tokens])
    if len(parts) <= MAX_JOINED_PARTS and len(joined) <= MAX_TERM_LENGTH:
        tokens.append(Token(sys.intern(joined), 0, len(parts), 0, len(piece)))
    return tuple(tokens)


def _take_apart(piece: str) -> Iterator[Token]:
    """The tokens of a piece of text, counted from its beginning."""
    first = 0
    for match in WORD.finditer(piece):
        width, offset = 0, match.start()
        for term, position, parts, start, end in _take_plain_apart(match[0]) or _take_word_apart(match[0]):
            yield Token(term, first + position, parts, offset + start, offset + end)
            width = max(width, position + parts)
        first += width


def _take_word_apart(surface: str) -> Iterator[Token]:
    if "." in surface and not PART.fullmatch(surface) and re.fullmatch(_ABBREVIATION, surface):
        yield Token(fold(surface), 0, 1, 0, len(surface))
        return
    spans = [(m.start(), m.end()) for m in PART.finditer(surface)] or [(0, len(surface))]
    spans = _without_possessive(surface, spans)
    parts = [(fold(surface[start:end]), start, end) for start, end in spans]
    parts = [part for part in parts if part[0]]
    for position, (term, start, end) in enumerate(parts):
        yield Token(sys.intern(term), position, 1, start, end)
    joined = "".join(term for term, _, _ in parts)
    if 2 <= len(parts) <= MAX_JOINED_PARTS and len(joined) <= MAX_TERM_LENGTH:
        yield Token(sys.intern(joined), 0, len(parts), parts[0][1], parts[-1][2])


def _without_possessive(surface: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Let "patient's" and "foto's" be one part: the s belongs to the word before it."""
    if len(spans) < 2 or surface[spans[-1][0] - 1] not in _APOSTROPHES:
        return spans
    if surface[spans[-1][0] : spans[-1][1]] not in ("s", "S"):
        return spans
    return spans[:-1]


def _pattern(text: str) -> re.Pattern[str]:
    if text.isascii():
        return _COARSE_ASCII
    return WORD if _UNUSUAL.search(text) else _COARSE


def pieces(text: str) -> list[str]:
    """The text cut into pieces of one word or a few joined ones, without what stands between them."""
    return _pattern(text).findall(text)


def find_pieces(text: str) -> Iterator[re.Match[str]]:
    """The same pieces with their places."""
    return _pattern(text).finditer(text)


def pieces_at(text: str, starts: Iterable[int]) -> Iterator[tuple[int, str]]:
    """The pieces that begin at these places in the text, or as much of each as can matter, with their places."""
    match_at = _pattern(text).match
    for start in starts:
        if match := match_at(text, start, start + MAX_PIECE_LENGTH):
            yield start, match[0]


def spelled(text: str) -> bytes | None:
    """The text with nothing but spaces instead of nearly all punctuation, without capitals, as UTF-8.

    What stands between its spaces are `spellings`. None where words cannot be cut at spaces.
    """
    if text.isascii():
        return _LINE_END_ASCII.sub("-", text).encode().translate(_WITHOUT_PUNCTUATION)
    lowered = text.lower()
    # One letter, İ, becomes two characters, which is no abbreviation any more. What is written without spaces would
    # make one spelling of a sentence.
    if len(lowered) != len(text) or _UNUSUAL.search(text):
        return None
    spaced = _OTHER_PUNCTUATION.sub(" ", _LINE_END.sub("-", lowered))
    return spaced.encode().translate(_WITHOUT_PUNCTUATION)


def spellings(text: str) -> list[bytes]:
    """The text cut at spaces and nearly all punctuation, without capitals, as UTF-8: fast, for who counts words.

    `apart` knows the words in each; together they are those of `tokenize`, in their order.
    """
    line = spelled(text)
    if line is not None:
        return line.split()
    return [(piece.lower() if piece.isascii() else piece).encode() for piece in WORD.findall(text)]


class _Terms(NamedTuple):
    """The terms in a spelling: those that are one word, and all."""

    words: tuple[str, ...]
    all: tuple[str, ...]


def _work_out_terms(spelling: bytes) -> _Terms:
    word = spelling.strip(_JOINERS)
    if word.isalnum() and len(word) <= MAX_TERM_LENGTH:  # nearly always
        terms = (sys.intern(word.decode()),)
        return _Terms(terms, terms)
    tokens = [token for piece in pieces(spelling.decode()) for token in take_apart(piece)]
    return _Terms(tuple([t.term for t in tokens if t.width == 1]), tuple([t.term for t in tokens]))


_terms = Known(_work_out_terms, most=MAX_CACHED)


def terms_in(text: str, *, joined: bool = True) -> list[str]:
    """The terms in a text, in order; `joined`: with those that "low-dose" and the like make when written as one."""
    if joined:
        return [term for spelling in spellings(text) for term in _terms[spelling].all]
    return [term for spelling in spellings(text) for term in _terms[spelling].words]


def apart(spelling: str) -> tuple[list[tuple[str, int]], int]:
    """The terms in a spelling and how many positions after its beginning each stands; and how many it takes."""
    terms, width = [], 0
    for piece in pieces(spelling):
        tokens = take_apart(piece)
        terms += [(token.term, width + token.position) for token in tokens]
        width += width_of(tokens)
    return terms, width


def width_of(tokens: tuple[Token, ...]) -> int:
    """How many positions the tokens of a piece take."""
    # A joined word stands before the end of its last part, or with it.
    return tokens[-1].position + tokens[-1].width if tokens else 0


_pieces = Known(take_apart, most=MAX_CACHED)
_widths: Known[str, int] = Known(lambda piece: width_of(_pieces[piece]), most=MAX_CACHED)

# Bound methods of the dictionaries, as these are asked for every piece of every text that is marked.
tokens_of: Callable[[str], tuple[Token, ...]] = _pieces.__getitem__
"""The tokens of one piece, counted from its own start; kept for the next time."""
width_in: Callable[[str], int] = _widths.__getitem__
"""How many positions a piece takes; kept for the next time."""


def tokenize(text: str) -> Iterator[Token]:
    """The tokens of a text in the order they stand in; the parts of a joined word before the whole."""
    first = 0
    for match in find_pieces(text):
        offset = match.start()
        tokens = _pieces[match.group()]
        for term, position, width, start, end in tokens:
            yield Token(term, first + position, width, offset + start, offset + end)
        first += width_of(tokens)
