"""Lines taken apart at commas, "and", wide gaps and raised marks: the pieces that may each be a name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from publications.ingest.descriptive.layout import Line, clean

MARKS = "∗*†‡§¶♦♣⋆★♯#✉⁎‖"
_MARK = rf"(?:\d{{1,2}}|[{re.escape(MARKS)}])"
INLINE_MARKS = re.compile(rf"(?<=[^\W\d_.)])\s?({_MARK}(?:\s?,?\s?{_MARK})*)(?!\w)")
MARK_FIRST = re.compile(rf"(?:\d{{1,2}}|[{re.escape(MARKS)}]+|[a-z])\s*(?=[^\W\d_a-z])")
MARK_TOKENS = re.compile(rf"\d+|[{re.escape(MARKS)}]|[a-z](?![a-z])")

AND = r"\b(?:and|en|und|et)\b(?! al\b)"
SEPARATOR = re.compile(rf",|;|·|•|\||&|/|\\|  +|\t|{AND}")
BRACKETS_OR_SEPARATOR = re.compile(rf"\([^()]*\)|{SEPARATOR.pattern}")


@dataclass(frozen=True)
class Piece:
    """A stretch of text between separators, with the marks raised behind it."""

    text: str
    line: Line
    marks: tuple[str, ...] = ()


def split_pieces(lines: Sequence[Line]) -> list[Piece]:
    """The pieces of lines that follow each other, each with the marks behind it."""
    pieces: list[Piece] = []
    is_open = False
    for line, part, is_mark in parts_of(lines):
        if is_mark:
            # A mark may stand behind the comma: "Xiaolu Huang,¹".
            if pieces:
                pieces[-1] = replace(pieces[-1], marks=(*pieces[-1].marks, *mark_tokens(part)))
            is_open = False
            continue
        for place, stretch in enumerate(split_outside_brackets(part)):
            is_open = is_open and place == 0
            if is_open:
                pieces[-1] = replace(pieces[-1], text=pieces[-1].text + stretch)
            elif stretch.strip(" .*"):
                pieces.append(Piece(stretch, line))
                is_open = True
    return [replace(piece, text=clean(piece.text)) for piece in pieces]


def parts_of(lines: Sequence[Line]) -> Iterator[tuple[Line, str, bool]]:
    """The lines' texts in order: line, text, and whether the text is a mark, raised or not."""
    for number, line in enumerate(lines):
        for span in line.spans:
            if span.is_mark:
                yield line, span.text, True
            else:
                yield from ((line, text, is_mark) for text, is_mark in split_marks(span.text))
        if number < len(lines) - 1 and not line.text.endswith("-"):
            yield line, " ", False


def split_marks(text: str) -> Iterator[tuple[str, bool]]:
    """A text in turns of words and of the marks that stand among them unraised: "Jan Smit1,2 and"."""
    last = 0
    for match in INLINE_MARKS.finditer(text):
        yield text[last : match.start()], False
        yield match.group(1), True
        last = match.end()
    if text[last:]:
        yield text[last:], False


def split_outside_brackets(text: str) -> list[str]:
    """The stretches of a text between separators that stand in no brackets."""
    stretches, last = [], 0
    for match in BRACKETS_OR_SEPARATOR.finditer(text):
        if not match.group().startswith("("):
            stretches.append(text[last : match.start()])
            last = match.end()
    return [*stretches, text[last:]]


def mark_tokens(text: str) -> list[str]:
    """The single marks of a raised text: "1,2∗" has three."""
    return MARK_TOKENS.findall(clean(text))


def starts_with_mark(line: Line) -> bool:
    """Whether a line begins with the mark of an institution: raised, or a figure before a word."""
    return len(line.spans) > 1 and (line.spans[0].is_mark or bool(MARK_FIRST.match(line.text)))
