"""Pages as lines with place, size and look: what `typography.py` tells, made ready for whoever looks for a title.

Plain values; nothing here knows a file or the database.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from publications.ingest.text import drop_hyphen_marks, tidy

SAME_BASELINE = 0.3
SAME_SIZE = 0.04
LETTERS_OF_BODY = 30
MARGIN_SHARE = 0.04
LONGEST_MARK = 12
EDGE_SHARE = 0.075


@dataclass(frozen=True)
class Look:
    """How letters look: size in points, font, "b" for bold and "i" for italic."""

    size: float
    font: str = ""
    style: str = ""

    @property
    def is_bold(self) -> bool:
        return "b" in self.style

    def is_like(self, other: "Look") -> bool:
        """Whether the two are the same, but for what rounding does to sizes."""
        return self.font == other.font and self.style == other.style and same_size(self.size, other.size)


def same_size(one: float, other: float) -> bool:
    return abs(one - other) <= SAME_SIZE * max(one, other)


@dataclass(frozen=True)
class Span:
    """A piece of a line that looks the same throughout; `rise` is how far above the baseline a mark stands."""

    text: str
    look: Look
    rise: float = 0.0

    @property
    def is_mark(self) -> bool:
        """Raised, as the number of a footnote or an affiliation is."""
        return self.rise > 0.15 * self.look.size


@dataclass(frozen=True)
class Line:
    """A line of one column on one page; places are points from the page's top left."""

    page: int
    left: float
    right: float
    baseline: float
    spans: tuple[Span, ...]

    @cached_property
    def text(self) -> str:
        """The whole line, cleaned."""
        return clean("".join(span.text for span in self.spans))

    @cached_property
    def plain(self) -> str:
        """The line without its raised marks."""
        return clean("".join(" " if span.is_mark else span.text for span in self.spans))

    @cached_property
    def look(self) -> Look:
        """How most of its letters look."""
        letters: Counter[Look] = Counter()
        for span in self.spans:
            letters[span.look] += len(span.text.strip()) * (1 if span.rise else 10)
        return letters.most_common(1)[0][0]

    @cached_property
    def size(self) -> float:
        """The size of its largest word; that of most letters where no word is larger."""
        words = (span.look.size for span in self.spans if re.search(r"[^\W\d_]{2}", span.text) and not span.rise)
        return max(words, default=self.look.size)

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    def overlaps(self, left: float, right: float) -> bool:
        """Whether it stands above or below that stretch of the page."""
        return self.left < right and self.right > left

    def __str__(self) -> str:
        return self.text


def clean(text: str) -> str:
    """A stretch of text on one line, cleaned."""
    return drop_hyphen_marks(tidy(text)).replace("\n", " ")


@dataclass(frozen=True)
class Page:
    """A page: its lines from top to bottom, those that run upwards apart, and the addresses it links to."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    turned: tuple[str, ...] = ()
    links: tuple[tuple[float, float, str], ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    def is_at_edge(self, line: Line) -> bool:
        """Whether a line stands where running headers and footers do."""
        return not EDGE_SHARE * self.height < line.baseline < (1 - EDGE_SHARE) * self.height


def read_pages(told: Iterable[Mapping[str, Any]]) -> list[Page]:
    """The pages of what `typography.read_layout` tells, in their order."""
    return sorted((read_page(message) for message in told), key=lambda page: page.number)


def read_page(told: Mapping[str, Any]) -> Page:
    drawn = [
        (Line(told["page"], left, right, baseline, read_spans(spans)), upright)
        for left, right, baseline, upright, spans in told["lines"]
    ]
    lines = join_pieces([line for line, upright in drawn if upright])
    return Page(
        number=told["page"],
        width=told["width"],
        height=told["height"],
        lines=tuple(sorted((line for line in lines if line.text), key=lambda line: (line.baseline, line.left))),
        turned=tuple(line.text for line, upright in drawn if not upright),
        links=tuple((left, top, address) for left, top, address in told["links"]),
    )


def read_spans(told: Sequence[Sequence[Any]]) -> tuple[Span, ...]:
    return tuple(Span(text, Look(size, font, style), rise) for text, size, font, style, rise in told)


def join_pieces(lines: list[Line]) -> list[Line]:
    """Put together what stands on one line but was drawn apart: pieces side by side, and marks raised beside them."""
    joined: list[Line] = []
    for line in sorted(lines, key=lambda line: (round(line.baseline), line.left)):
        for place in range(len(joined) - 1, max(-1, len(joined) - 8), -1):
            if whole := join(joined[place], line):
                joined[place] = whole
                break
        else:
            joined.append(line)
    return joined


def join(one: Line, other: Line) -> Line | None:
    """The two as one line where they are; None for lines of their own."""
    main, small = (one, other) if one.look.size >= other.look.size else (other, one)
    size = main.look.size
    rise = main.baseline - small.baseline
    first, second = (main, small) if main.left <= small.left else (small, main)
    gap = second.left - first.right
    if not -0.3 * size <= gap <= 0.8 * size:
        return None
    if abs(rise) <= SAME_BASELINE * size:
        # Small type beside large type is another column, such as a margin beside a heading.
        if gap > 0.8 * small.look.size or (gap > 0.3 * small.look.size and small.look.size < 0.75 * size):
            return None
        rise = 0.0
    elif not (0 < rise <= 0.7 * size and small.look.size < 0.86 * size and len(small.text) <= LONGEST_MARK):
        return None
    raised = tuple(replace(span, rise=span.rise + round(rise, 1)) for span in small.spans)
    spans = {main: main.spans, small: raised}
    blank = () if rise or gap < 0.15 * size else (Span(" ", main.look),)
    return replace(
        main, left=first.left, right=max(main.right, small.right), spans=(*spans[first], *blank, *spans[second])
    )


# --- What is told of the whole document


@dataclass(frozen=True)
class Layout:
    """The first pages of a document, the size of its running text, and where its text stands on a page."""

    pages: tuple[Page, ...]
    body_size: float
    left: float
    right: float

    @classmethod
    def of(cls, pages: Sequence[Page]) -> "Layout":
        body_size = find_body_size(pages)
        left, right = find_text_area(pages, body_size)
        return cls(tuple(pages), body_size, left, right)

    @property
    def first(self) -> Page:
        return self.pages[0]

    def is_in_margin(self, line: Line) -> bool:
        """Whether a line stands beside the column of text, where journals put dates and licences."""
        return line.right < self.left + MARGIN_SHARE * (self.right - self.left) or line.left > self.right


def find_body_size(pages: Sequence[Page]) -> float:
    """The size that most letters of long lines have; of all lines where none is long."""
    for fewest in (LETTERS_OF_BODY, 1):
        letters: Counter[float] = Counter()
        for page in pages:
            for line in page.lines:
                if len(line.text) >= fewest:
                    letters[round(line.look.size * 2) / 2] += len(line.text)
        if letters:
            return letters.most_common(1)[0][0]
    return 10.0


def find_text_area(pages: Sequence[Page], body_size: float) -> tuple[float, float]:
    """Where the columns of running text begin and end, from side to side; the whole page where there is little text."""
    lines = [
        line
        for page in pages
        for line in page.lines
        if len(line.text) >= LETTERS_OF_BODY and abs(line.look.size - body_size) <= 0.1 * body_size
    ]
    if len(lines) < 8:
        return 0.0, max((page.width for page in pages), default=0.0)
    lefts, rights = sorted(line.left for line in lines), sorted(line.right for line in lines)
    few = len(lines) // 20
    return lefts[few], rights[-1 - few]
