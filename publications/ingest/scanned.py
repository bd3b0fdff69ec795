"""What was recognised of a scanned page, with the place of each word: for marks on its picture, and to describe it.

`ocr.py` tells lines; they are kept without e-mail addresses. Plain values; nothing here knows a file or the database.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from publications.ingest.addresses import places_in_addresses
from publications.ingest.render import Word, join_halves, tidy_words
from publications.ingest.sandbox import Message

RecognisedLines = Sequence[Sequence[Any]]
"""Lines as `ocr.recognise_words` tells them: [size, baseline, words]."""

A4_WIDTH, A4_HEIGHT = 595.0, 842.0
NEXT_COLUMN = 1.6
"""As in `typography.py`: a line ends at a gap of so many times its size."""
LETTER_SHARE = 0.92
"""Tesseract measures a line from the top of its “l” to the foot of its “p”, which is this share of the font's size."""
SMALLER, LARGER = 0.85, 1.3
"""Shares of the running text's size between which a line is of that size: raised marks make lines seem larger."""
LIKE = 0.09
"""Sizes of lines of one font differ by up to this share, as pixels are whole and letters have blots."""
MARK = re.compile(r"(?:(?<=[^\W\d_]{2})|(?<=[^\W\d_]\)))(?:[^\w.,:;()\[\]-]|,?[\d¹²³⁰-⁹])+$")
"""The mark behind a word: raised numbers are often misread as “!”, “?” or a quotation mark."""


def without_addresses(lines: RecognisedLines) -> list[list[Any]]:
    """The lines without the words that are, or belong to, an e-mail address."""
    words = [word for _size, _baseline, line in lines for word in line]
    hidden = {id(words[place]) for place in places_in_addresses([word[0] for word in words])}
    kept = [[size, baseline, [word for word in line if id(word) not in hidden]] for size, baseline, line in lines]
    return [line for line in kept if line[2]]


def words_of(lines: RecognisedLines) -> tuple[Word, ...]:
    """The words in reading order, spelled as the text of the page is."""
    told = [
        (text, left, top, right - left, bottom - top)
        for _size, _baseline, words in lines
        for text, left, top, right, bottom, _raised in words
    ]
    return tuple(join_halves(tidy_words(told)))


def page_layout(number: int, lines: RecognisedLines, *, width: float, height: float) -> Message:
    """The page as `typography.read_layout` tells one with text of its own; width and height in points, 0 if unknown.

    A scan has no fonts: lines of nearly the same size are taken to be of the same font.
    """
    width, height = (width, height) if width and height else (A4_WIDTH, A4_HEIGHT)
    sizes = even_out(
        [size * height / LETTER_SHARE for size, _baseline, _words in lines],
        [sum(len(word[0]) for word in words) for _size, _baseline, words in lines],
    )
    told = [
        tell_piece(words, size=size, baseline=baseline * height, width=width)
        for size, (_size, baseline, line) in zip(sizes, lines, strict=True)
        for words in split_columns(line, gap=NEXT_COLUMN * size / width)
    ]
    return {"page": number, "width": width, "height": height, "lines": told, "links": []}


def even_out(sizes: Sequence[float], lengths: Sequence[int]) -> list[float]:
    """The sizes with those made one that are of one font, as far as can be told.

    lengths: how many letters each line has; the size that most letters have is that of the running text, and what
    comes near it is too. Of what is larger or smaller, sizes that lie close together are made one.
    """
    letters: Counter[float] = Counter()
    for size, length in zip(sizes, lengths, strict=True):
        letters[size] += length
    body = letters.most_common(1)[0][0] if letters else 0.0
    evened: dict[float, float] = {}
    group = 0.0
    for size in sorted(letters):
        if SMALLER * body < size < LARGER * body:
            evened[size] = body
        else:
            group = group if size <= group * (1 + LIKE) else size
            evened[size] = group
    return [round(evened[size], 1) for size in sizes]


def split_columns(words: Sequence[Sequence[Any]], *, gap: float) -> list[list[Sequence[Any]]]:
    """The words of a line in pieces, apart where the page has a gap that no blank is as wide as."""
    pieces: list[list[Sequence[Any]]] = []
    for word in words:
        if pieces and word[1] - pieces[-1][-1][3] <= gap:
            pieces[-1].append(word)
        else:
            pieces.append([word])
    return pieces


def tell_piece(words: Sequence[Sequence[Any]], *, size: float, baseline: float, width: float) -> list[Any]:
    """A piece of a line: [left, right, baseline, upright, spans]; marks raised at the end of a word are spans apart."""
    letters: list[tuple[str, bool]] = []
    for text, *_place, raised in words:
        raised = max(raised, len(text) - len(MARK.sub("", text)))
        letters += [(" ", False)] if letters else []
        letters += [(text[: len(text) - raised], False), (text[len(text) - raised :], True)]
    spans = [
        ["".join(text for text, _ in run), 0.6 * size if is_raised else size, "", "", 0.35 * size if is_raised else 0.0]
        for is_raised, run in groupby([letter for letter in letters if letter[0]], key=lambda letter: letter[1])
    ]
    return [round(words[0][1] * width, 1), round(words[-1][3] * width, 1), round(baseline, 1), True, spans]
