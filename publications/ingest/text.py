"""Cleaning of page texts: what a PDF gives, made into words that can be searched and quoted.

Per 100 pages of papers pypdf gives 560 ligature characters and 268 hyphens at line ends; cleaning raises the share of
abstracts that are wholly findable from 3 to 86 %. Pure functions, from plain text to plain text.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache

SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class CleanPage:
    """A page's text, and apart from it its running headers and page number."""

    text: str
    running: tuple[str, ...] = ()


def clean_pages(pages: list[str], *, has_running_lines: bool = True) -> list[CleanPage]:
    """Clean the pages of one document, in their order.

    Headers that return on many pages are set apart, unless the document keeps them elsewhere; words broken at a line
    end are joined.
    """
    tidied = [tidy(page) for page in pages]
    parts = separate_running_lines(tidied) if has_running_lines else [(page, ()) for page in tidied]
    texts = join_hyphens([body for body, _ in parts])
    return [
        CleanPage(drop_hyphen_marks(text).strip(), running) for text, (_, running) in zip(texts, parts, strict=True)
    ]


def raw_words(raw: str, clean: CleanPage) -> str:
    """The words of a page as the file has them that its cleaned text has not, each once.

    Cleaning may join what should stay apart; with these a page is found either way, and readers see neither twice.
    """
    kept = {word.casefold() for word in WORD.findall("\n".join([clean.text, *clean.running]))}
    words = (unicodedata.normalize("NFKC", word) for word in WORD.findall(storable(raw)))
    found = dict.fromkeys(word for word in words if len(word) > 1 and word.casefold() not in kept)
    return " ".join(found)


def storable(text: str) -> str:
    """The text without what no database takes: NUL, and halves of characters (whole pairs are put together)."""
    if SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\0", "")


# --- Characters and spaces

SOFT_HYPHEN = "\u00ad"
PDFIUM_HYPHEN = "\ufffe"
TEX_HYPHEN = "\x02"
HYPHEN_MARKS = SOFT_HYPHEN + PDFIUM_HYPHEN + TEX_HYPHEN

# Presentation forms that mean the same letters: ligatures, styled mathematical letters, full-width forms, radicals.
# Superscripts, fractions, "…" and "™" stay: NFKC would turn 10² into 102.
SAME_LETTERS = (
    (0x0132, 0x0133),
    (0x017F, 0x017F),
    (0x2100, 0x2138),
    (0x2160, 0x217F),
    (0x2F00, 0x2FD5),
    (0xFB00, 0xFDFF),
    (0xFE70, 0xFEFC),
    (0xFF01, 0xFFEE),
    (0x1D400, 0x1D7FF),
)
INVISIBLE = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\uffff"
SPACES = (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
PRIVATE_USE = range(0xE000, 0xF900)


@cache
def character_table() -> dict[int, str | None]:
    """What each character becomes: `str.translate` of the whole cleaning that looks at one character only."""
    table: dict[int, str | None] = {}
    for first, last in SAME_LETTERS:
        for code in range(first, last + 1):
            plain = unicodedata.normalize("NFKC", chr(code))
            if plain != chr(code) and all(letter.isalnum() for letter in plain):
                table[code] = plain
    del table[0x2122]  # "™"
    table |= dict.fromkeys(PRIVATE_USE, " ")
    table |= dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)])
    table |= dict.fromkeys(map(ord, INVISIBLE))
    table |= dict.fromkeys(SPACES, " ")
    table |= {ord("\n"): "\n", ord("\t"): " ", ord("\v"): "\n", ord("\f"): "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n"}
    table |= {ord(TEX_HYPHEN): TEX_HYPHEN}
    return table


def tidy(text: str) -> str:
    """One spelling for each character, accents on their letters, single spaces, no control characters."""
    text = storable(text).replace("\r\n", "\n")
    # A lone return ends a line too, except where TeX fonts use its place for the circle of "©".
    text = re.sub(r"\r(?!c )", "\n", text).translate(character_table())
    text = re.sub(r" +", " ", text)
    text = re.sub(r" ?\n ?", "\n", text)
    text = re.sub(r"\n{3,}", "\n\n", text)
    return unicodedata.normalize("NFC", compose_accents(text)).strip()


def drop_hyphen_marks(text: str) -> str:
    """The text without marks of possible hyphens that joined nothing."""
    return text.translate(dict.fromkeys(map(ord, HYPHEN_MARKS)))


# --- Accents that stand beside their letter, as TeX fonts print them

ACCENTS = {
    "´": "\u0301",
    "`": "\u0300",
    "ˆ": "\u0302",
    "¨": "\u0308",
    "˜": "\u0303",
    "ˇ": "\u030c",
    "˘": "\u0306",
    "˙": "\u0307",
    "˚": "\u030a",
    "˝": "\u030b",
}
ACCENT = re.compile(rf"((?<=[^\W\d_]) (?=[{''.join(ACCENTS)}] ))?([{''.join(ACCENTS)}])( ?)([^\W\d_])")
CEDILLA = re.compile(r"(?:([cCsStT])¸ ?(?=[^\W\d_])|¸([cCsStT]))")
DOTLESS = {"ı": "i", "ȷ": "j"}


def compose_accents(text: str) -> str:
    """Put accents that precede their letter on it: "Andr´e" and "Andr ´ e" become "André".

    An apostrophe typed as an accent ("it´s") stays as it is.
    """
    return CEDILLA.sub(_compose_cedilla, ACCENT.sub(_compose_accent, text))


def _compose_accent(match: re.Match[str]) -> str:
    accent, space, letter = match.group(2, 3, 4)
    text, start, end = match.string, match.start(), match.end()
    inside_word = start > 0 and text[start - 1].isalpha()
    if space and not inside_word:
        return match.group()
    if accent == "´" and letter in "sS" and not text[end : end + 1].isalpha():
        return match.group()
    if accent == "`" and not inside_word and letter not in "AEIOU":
        return match.group()
    composed = unicodedata.normalize("NFC", DOTLESS.get(letter, letter) + ACCENTS[accent])
    return composed if len(composed) == 1 else match.group()


def _compose_cedilla(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", (match.group(1) or match.group(2)) + "\u0327")


# --- Running headers, footers and page numbers

EDGE_LINES = 3
RUNNING_SHARE = 0.3
RUNNING_PAGES = 3
RUNNING_CHARACTERS = 200
NUMBER_LINE = re.compile(r"[\W_]*(\d{1,4})[\W_]*")


def separate_running_lines(pages: list[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Set apart the lines at the edges of pages that return on many of them, and the page numbers.

    A line returns when it is the same but for its digits. The first page keeps such lines, as its title is often the
    running header of the others. A bare number is a page number where it counts along with the pages.
    """
    lines = [page.split("\n") for page in pages]
    ends = [_edges(page, least=1) for page in lines]
    # A slide of three lines has no header: decks that build up slides repeat all three.
    edges = [_edges(page, least=0) for page in lines]
    enough = max(RUNNING_PAGES, RUNNING_SHARE * len(pages))
    returning = _returning(lines, edges, enough=enough)
    offsets = _number_offsets(lines, ends, enough=min(enough, len(pages)) if len(pages) > 1 else 2)
    parts = []
    for index, page in enumerate(lines):
        numbers = {place for place in ends[index] if _number(page[place], index) in offsets}
        headers = {place for place in edges[index] if index > 0 and _line_key(page[place]) in returning}
        body, running = _split(page, numbers | headers)
        # Pages that are all alike, such as a slide that builds up, are not headers from top to bottom.
        if headers and not any(letter.isalpha() for letter in body):
            body, running = _split(page, numbers)
        parts.append((body, running))
    return parts


def _split(page: list[str], running: set[int]) -> tuple[str, tuple[str, ...]]:
    body = "\n".join(line for place, line in enumerate(page) if place not in running)
    return body.strip(), tuple(page[place] for place in sorted(running))


def _edges(lines: list[str], *, least: int) -> list[int]:
    """The places of the first and last lines that are not blank; fewer, and at least so many, on a short page."""
    filled = [place for place, line in enumerate(lines) if line]
    reach = max(least, min(EDGE_LINES, len(filled) // 4))
    return sorted({*filled[:reach], *filled[len(filled) - reach :]})


def _line_key(line: str) -> str:
    return re.sub(r"\d+", "#", line.casefold()) if len(line) <= RUNNING_CHARACTERS else ""


def _returning(lines: list[list[str]], edges: list[list[int]], *, enough: float) -> set[str]:
    pages_of_key = Counter(
        key
        for page, places in zip(lines, edges, strict=True)
        for key in {_line_key(page[place]) for place in places}
        if any(letter.isalpha() for letter in key)
    )
    return {key for key, pages in pages_of_key.items() if pages >= enough}


def _number(line: str, index: int) -> int | None:
    """How far the bare number in a line is ahead of the page's place in the file."""
    match = NUMBER_LINE.fullmatch(line[:40])
    return int(match[1]) - index if match else None


def _number_offsets(lines: list[list[str]], edges: list[list[int]], *, enough: float) -> set[int | None]:
    pages_of_offset = Counter(
        offset
        for index, (page, places) in enumerate(zip(lines, edges, strict=True))
        for offset in {_number(page[place], index) for place in places}
        if offset is not None
    )
    return {offset for offset, pages in pages_of_offset.items() if pages >= enough}


# --- Words broken at a line end

WORD_REACH = 60
WORD = re.compile(r"[^\W_]+")
BROKEN = "\0"
CHAIN = re.compile(rf"[^\W\d_]+(?:[-‐{BROKEN}][^\W\d_]+)*")
CHAIN_BEFORE = re.compile(r"[^\W_]+(?:[-‐][^\W_]+)*\Z")
BREAK = re.compile(rf"(?<=[^\W_])(?:[-‐{SOFT_HYPHEN}{TEX_HYPHEN}]\n|{PDFIUM_HYPHEN}\n?|{SOFT_HYPHEN})(?=[^\W_])")
# "röntgen- en MRI-onderzoek": a hyphen that stands for the rest of the next word.
SUSPENDING = frozenset({"and", "or", "en", "of", "und", "oder", "et", "ou"})


def join_hyphens(pages: list[str]) -> list[str]:
    """Join words broken at line ends by the document's own vocabulary.

    "seg-mentation" joins; "low-dose" keeps its hyphen where the document writes it so elsewhere.
    """
    if not any(BREAK.search(page) for page in pages):
        return pages
    vocabulary = count_words(pages)
    return [_join_page(page, vocabulary) for page in pages]


def count_words(pages: list[str]) -> Counter[str]:
    """How often each word stands unbroken in the pages: "low-dose" counts for itself, for "low" and for "dose"."""
    chains = Counter(chain for page in pages for chain in CHAIN.findall(BREAK.sub(BROKEN, page).casefold()))
    vocabulary: Counter[str] = Counter()
    for chain, times in chains.items():
        if BROKEN in chain:
            continue
        parts = chain.replace("‐", "-").split("-")
        for word in {*parts, "-".join(parts)}:
            vocabulary[word] += times
    return vocabulary


def _join_page(page: str, vocabulary: Counter[str]) -> str:
    joined, last = [], 0
    for match in BREAK.finditer(page):
        before = CHAIN_BEFORE.findall(page[max(0, match.start() - WORD_REACH) : match.start()])[-1]
        after = WORD.findall(page[match.end() : match.end() + WORD_REACH])[0]
        joined += [page[last : match.start()], _hyphen_between(before, after, match[0], vocabulary)]
        last = match.end()
    return "".join([*joined, page[last:]])


def _hyphen_between(before: str, after: str, mark: str, vocabulary: Counter[str]) -> str:
    """What to put between the two halves of a broken word: nothing, a hyphen, or a hyphen and a space."""
    if mark == SOFT_HYPHEN:
        return ""
    chain = before.replace("‐", "-").casefold()
    half, rest = chain.rsplit("-", 1)[-1], after.casefold()
    whole, hyphenated = vocabulary[half + rest], max(vocabulary[f"{half}-{rest}"], vocabulary[f"{chain}-{rest}"])
    if whole or hyphenated:
        return "-" if hyphenated > whole else ""
    if rest in SUSPENDING:
        return "- "
    if after[0].isupper() and not before.isupper():
        return "-"
    if after[0].isdigit() or before[-1].isdigit() or len(half) == 1:
        return "-"
    # In a chain such as "state-of-the-art" every part is a word of its own.
    return "-" if half != chain and vocabulary[half] and vocabulary[rest] else ""


# --- How good a text is

JUDGED_WORDS = 20
LONG_WORD = 30
UNSPACED_SCRIPTS = 0x0E00
# What engines put where a font does not say which letters it draws: "/G01/G02", control characters, private use.
UNREAD = re.compile(r"(?:/[A-Za-z]{1,3}[0-9A-F]{2,5}){2,}|[\x80-\x9f\ue000-\uf8ff\ufffd]")


def quality(text: str) -> float:
    """How much the text looks like words, from 0 to 1: few single letters, no endless tokens, no unread characters.

    Scripts that put no spaces between words are not held to have long ones. 1.0 for an empty text.
    """
    if not text:
        return 1.0
    unread = sum(len(found) for found in UNREAD.findall(text)) / len(text)
    mixed = sum(len(token) for token in text.split() if mixes_scripts(token)) / len(text)
    words = re.findall(r"[^\W\d_]+", text)
    if len(words) < JUDGED_WORDS:
        return max(0.0, 1.0 - unread - mixed)
    spaced = [word for word in words if ord(word[0]) < UNSPACED_SCRIPTS]
    single = sum(len(word) == 1 for word in spaced) / len(words)
    endless = sum(len(word) for word in spaced if len(word) > LONG_WORD) / sum(map(len, words))
    return max(0.0, 1.0 - unread - mixed - single - endless)


def mixes_scripts(token: str) -> bool:
    """Whether a token has letters of three scripts between Armenian and Lao, which each fill a block of Unicode."""
    return not token.isascii() and len({ord(letter) >> 7 for letter in token if 0x0530 <= ord(letter) < 0x0F00}) > 2
