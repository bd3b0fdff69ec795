"""The small markup in which the demo content is written, read into blocks.

Blocks are parted by blank lines. What a block is shows in its first characters:

    # Section            ## Subsection            #* Section without a number
    - item               1. item                  [1] an entry of the references
    !box: a sentence in a frame                   Notes: what the speaker says
    ---slide---          ---page---

    !table: caption                               !figure line: caption
    Scanner | Dose (mGy)                          x = [1, 2, 4]
    A | 3.1                                       series = {Routine = [3, 4, 4]}

    !scan
    lines of a page that is a picture without text
    !end

Everything else is a paragraph. The lines under `!figure` are TOML and go to the drawing function of that name.
Inside a line: **bold**, *italic*, ^raised^, ~lowered~ and [words](address).
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from typing import Any


@dataclass(frozen=True)
class Heading:
    """A section heading; in slides, the title of the slide."""

    text: str
    level: int = 1
    is_numbered: bool = True


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True)
class Listing:
    """A list with bullets, or with numbers."""

    items: tuple[str, ...]
    is_ordered: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of cells, the first row naming the columns."""

    caption: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figure:
    """A drawing, by the name of the function that draws it and that function's arguments."""

    kind: str
    caption: str
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Box:
    """A sentence worth a frame."""

    text: str


@dataclass(frozen=True)
class Reference:
    """An entry of the list of references."""

    label: str
    text: str


@dataclass(frozen=True)
class Notes:
    """What the speaker says at a slide."""

    text: str


@dataclass(frozen=True)
class Scan:
    """A page that is a picture of text."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Break:
    """The end of a slide or a page."""

    kind: str


Block = Heading | Paragraph | Listing | Table | Figure | Box | Reference | Notes | Scan | Break

SCAN = re.compile(r"^!scan\n(.*?)\n!end$", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"(#{1,2})(\*?) (.+)")
REFERENCE = re.compile(r"\[(\d+)\] (.+)")
CAPTION = re.compile(r"!(table|figure)(?: ([a-z-]+))?: (.+)")
BREAK = re.compile(r"---(slide|page)---")


def parse(text: str) -> tuple[Block, ...]:
    """The blocks of a text, in order. Raises ValueError with the line that it cannot read."""
    blocks: list[Block] = []
    for position, part in enumerate(SCAN.split(text)):
        if position % 2:
            blocks.append(Scan(tuple(part.split("\n"))))
            continue
        for chunk in re.split(r"\n\s*\n", part.strip()):
            if chunk.strip():
                blocks.extend(_parse_chunk(chunk.strip().split("\n")))
    return tuple(blocks)


def _parse_chunk(lines: list[str]) -> list[Block]:
    """One chunk between blank lines; references and single-line blocks may follow each other without one."""
    first = lines[0]
    if match := BREAK.fullmatch(first):
        return [Break(match[1]), *(_parse_chunk(lines[1:]) if lines[1:] else [])]
    if match := HEADING.fullmatch(first):
        heading = Heading(match[3], len(match[1]), not match[2])
        return [heading, *(_parse_chunk(lines[1:]) if lines[1:] else [])]
    if match := CAPTION.fullmatch(first):
        return [_parse_captioned(match, lines[1:])]
    if first.startswith("!box: "):
        return [Box(" ".join(lines).removeprefix("!box: "))]
    if first.startswith("!") and not first.startswith("! "):
        raise ValueError(f"“{first}” is not a block that this markup knows.")
    if first.startswith("Notes: "):
        return [Notes(" ".join(lines).removeprefix("Notes: "))]
    if REFERENCE.match(first):
        return [Reference(label, text) for label, text in _entries(lines, r"\[(\d+)\] ")]
    if first.startswith("- "):
        return [Listing(tuple(text for _, text in _entries(lines, r"(-) ")))]
    if re.match(r"\d+\. ", first):
        return [Listing(tuple(text for _, text in _entries(lines, r"(\d+)\. ")), is_ordered=True)]
    return [Paragraph(" ".join(line.strip() for line in lines))]


def _parse_captioned(match: re.Match[str], lines: list[str]) -> Block:
    kind, name, caption = match.groups()
    if kind == "table":
        rows = tuple(tuple(cell.strip() for cell in line.split("|")) for line in lines)
        if len(rows) < 2 or len({len(row) for row in rows}) != 1:
            raise ValueError(f"The rows of the table “{caption}” have different numbers of cells, or there are none.")
        return Table(caption, rows)
    if not name:
        raise ValueError(f"The figure “{caption}” does not say how it is drawn.")
    try:
        return Figure(name, caption, tomllib.loads("\n".join(lines)))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"The figure “{caption}” has a mistake in its values: {error}") from error


def _entries(lines: list[str], opening: str) -> list[tuple[str, str]]:
    """The label and text of each entry; a line that opens none goes on with the entry before."""
    entries: list[tuple[str, str]] = []
    for line in lines:
        if match := re.match(opening, line):
            entries.append((match[1], line[match.end() :].strip()))
        else:
            label, text = entries[-1]
            entries[-1] = (label, f"{text} {line.strip()}")
    return entries


INLINE = (
    (re.compile(r"\*\*(.+?)\*\*"), "b"),
    (re.compile(r"(?<!\w)\*(.+?)\*"), "i"),
    (re.compile(r"\^(.+?)\^"), "sup"),
    (re.compile(r"~(.+?)~"), "sub"),
)
LINK = re.compile(r"\[([^\]]+)\]\((\S+?)\)")


def inline_html(text: str) -> str:
    """A line of markup as HTML, everything else escaped."""
    html = escape(text, quote=False)
    for pattern, tag in INLINE:
        html = pattern.sub(rf"<{tag}>\1</{tag}>", html)
    return LINK.sub(r'<a href="\2">\1</a>', html)


def to_html(blocks: Iterable[Block]) -> str:
    """Headings, paragraphs and lists as HTML. Sections are h2, subsections h3."""
    return "\n".join(_block_html(block) for block in blocks)


def _block_html(block: Block) -> str:
    match block:
        case Heading(text=words, level=level):
            return f"<h{level + 1}>{inline_html(words)}</h{level + 1}>"
        case Paragraph(text=words):
            return f"<p>{inline_html(words)}</p>"
        case Listing(items=items, is_ordered=is_ordered):
            tag = "ol" if is_ordered else "ul"
            return f"<{tag}>{''.join(f'<li>{inline_html(item)}</li>' for item in items)}</{tag}>"
    raise ValueError(f"A page cannot hold {block!r}: only headings, paragraphs and lists.")


def to_sections(text: str) -> list[tuple[str, str]]:
    """A page's text as ("heading", words) and ("paragraph", HTML), in order, as the body of a page has them."""
    sections: list[tuple[str, str]] = []
    for is_section, blocks in groupby(parse(text), key=lambda block: isinstance(block, Heading) and block.level == 1):
        if is_section:
            sections += [("heading", block.text) for block in blocks if isinstance(block, Heading)]
        else:
            sections.append(("paragraph", to_html(blocks)))
    return sections
