"""The abstract and the keywords, by their headings and by how their lines are set."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from publications.ingest.descriptive.headings import (
    Heading,
    abstract_headings,
    is_keywords,
    is_opening,
    is_running_text,
    stands_out,
)
from publications.ingest.descriptive.layout import Layout, Line, Look, Page, clean, same_size
from publications.ingest.descriptive.vocabulary import (
    ABSTRACT_LABEL,
    FIRST_PART,
    KEYWORDS_LABEL,
    LATER_PART,
    unspaced,
)
from publications.ingest.text import join_hyphens

FEWEST_CHARACTERS = 150
MOST_CHARACTERS = 8_000
COLUMN_SLACK = 2.5
PARAGRAPH_GAP = 1.5
# An abstract that ends higher than this on its page does not go on in another column or on another page.
FULL_PAGE = 0.65
NOT_OF_THE_TEXT = re.compile(
    r"(?:©|\(c\)|c ?⃝|⃝c|c 20\d\d\b|copyright\b|proceedings of\b|\d{1,4}$|submitted to\b|[ivx]{1,5}$)", re.IGNORECASE
)


@dataclass(frozen=True)
class Abstract:
    """An abstract and the lines it stands on; `is_labelled` where a heading says that it is one."""

    text: str
    lines: tuple[Line, ...]
    is_labelled: bool = True


def find_abstract(layout: Layout, front: Sequence[Line], *, vocabulary: Sequence[str]) -> Abstract | None:
    """The first abstract that has a paragraph of text below its heading; else a paragraph set apart before the text.

    front: the lines between title and text. vocabulary: the document's own texts, by which words that are broken at
    line ends are joined.
    """
    found = labelled_abstract(layout, layout.pages[:1], vocabulary) or unlabelled_abstract(layout, front, vocabulary)
    return found or labelled_abstract(layout, pages_before_text(layout)[1:], vocabulary)


def labelled_abstract(layout: Layout, pages: Sequence[Page], vocabulary: Sequence[str]) -> Abstract | None:
    for page in pages:
        for heading in abstract_headings(page, layout):
            lines = tuple(lines_below(heading, layout))
            text = paragraph_text(heading, lines, vocabulary=vocabulary)
            if is_abstract(text):
                return Abstract(text, lines)
    return None


def pages_before_text(layout: Layout) -> list[Page]:
    """The pages up to the one on which the first section begins; a table of contents has headings but no text."""
    for place, page in enumerate(layout.pages):
        for number, line in enumerate(page.lines):
            following = page.lines[number + 1 : number + 6]
            if is_opening(line, layout) and sum(map(is_running_text, following)) >= 2:
                return list(layout.pages[: place + 1])
    return list(layout.pages)


def unlabelled_abstract(layout: Layout, front: Sequence[Line], vocabulary: Sequence[str]) -> Abstract | None:
    for start in paragraph_starts(front):
        heading = Heading(start, runs_in=True)
        lines = (start, *lines_below(heading, layout))
        text = paragraph_text(heading, lines[1:], vocabulary=vocabulary)
        if is_abstract(text) and is_set_apart(lines, layout) and not ABOUT_RIGHTS.search(text):
            return Abstract(text, lines, is_labelled=False)
    return None


def is_abstract(text: str) -> bool:
    return FEWEST_CHARACTERS <= len(text) <= MOST_CHARACTERS and is_prose(text)


def is_prose(text: str) -> bool:
    """Whether a text has sentences: not the entries of a table of contents."""
    words = text.split()
    lower = sum(word[:1].islower() for word in words)
    return lower >= 0.4 * len(words) and bool(re.search(r"[^\W\d_]{2,}[\])”\"]?[.!?](?:\s|$)", text))


# --- An abstract without a heading

ABOUT_RIGHTS = re.compile(
    r"open access|creative commons|copyright|©|licen[cs]e|all rights|correspond(?:ing|ence)|conflicts? of interest|"
    r"to whom|e-?mail|permits unrestricted|properly cited",
    re.IGNORECASE,
)
FEWEST_LINES = 3
NARROWER = 0.92


def paragraph_starts(front: Sequence[Line]) -> Iterator[Line]:
    """The lines of running text in the front matter that have none just above them."""
    text = [line for line in front if is_running_text(line)]
    for last, line, following in zip([None, *text], text, [*text[1:], None], strict=False):
        step = following.baseline - line.baseline if following else 1.2 * line.size
        if last is None or line.baseline - last.baseline > 1.2 * step:
            yield line


def is_set_apart(lines: Sequence[Line], layout: Layout) -> bool:
    """Whether a paragraph is set unlike the text: smaller, bold, or indented on both sides."""
    if len(lines) < FEWEST_LINES:
        return False
    look = lines[1].look
    is_narrow = (
        max(line.right for line in lines) - min(line.left for line in lines) < NARROWER * (layout.right - layout.left)
        and min(line.left for line in lines[1:]) > layout.left + layout.body_size
    )
    return look.size < 0.95 * layout.body_size or look.is_bold or is_narrow


# --- Where an abstract ends


def lines_below(heading: Heading, layout: Layout) -> Iterator[Line]:
    """The lines of the abstract, from its heading's column, on to the next page where it goes on there."""
    taken: list[Line] = []
    for line in column_lines(heading, layout):
        if NOT_OF_THE_TEXT.match(line.text) or not re.search(r"\w", line.text):
            continue
        is_end = is_keywords(line) or is_opening(line, layout)
        if taken and not is_end and is_footnote(line, taken[0].look):
            continue
        if ends(heading, taken, line, layout):
            return
        taken.append(line)
        yield line


def column_lines(heading: Heading, layout: Layout) -> Iterator[Line]:
    """The lines below a heading that stand in its column; then those of the next page in the same place."""
    first = heading.line
    page = next(page for page in layout.pages if page.number == first.page)
    left, right = column_of(heading, page.lines, layout)
    for line in page.lines:
        is_below = line.baseline > first.baseline + 0.3 * first.size
        if is_below and line.left >= left and line.right <= right and not is_running(line, page, layout):
            yield line
    if right - COLUMN_SLACK * layout.body_size < (layout.left + layout.right) / 2:
        top = first.baseline - 2 * first.size
        beside = (line for line in page.lines if line.left > right - 4 * layout.body_size and line.baseline > top)
        yield from (line for line in beside if not page.is_at_edge(line))
        return
    for later in layout.pages:
        if later.number == first.page + 1:
            yield from (
                line for line in later.lines if not later.is_at_edge(line) and line.left >= left and line.right <= right
            )


def is_running(line: Line, page: Page, layout: Layout) -> bool:
    """Whether a line is a running header or footer: at the edge, and not in the type of the text."""
    return page.is_at_edge(line) and (line.look.size < 0.95 * layout.body_size or len(line.text) < 8)


def column_of(heading: Heading, lines: Sequence[Line], layout: Layout) -> tuple[float, float]:
    """Left and right of the column that a heading stands in, by the long lines just below it."""
    slack = COLUMN_SLACK * layout.body_size
    first = heading.line
    below = [line for line in lines if 0 < line.baseline - first.baseline < 8 * layout.body_size]
    below = [line for line in below if len(line.text) > 25]
    below = [line for line in below if line.overlaps(first.left, first.right)] or below
    if heading.runs_in or not below:
        below = [*below, first]
    return min(line.left for line in below) - slack, max(line.right for line in below) + slack


def ends(heading: Heading, taken: Sequence[Line], line: Line, layout: Layout) -> bool:
    """Whether a line is no longer of the abstract: keywords, the next heading, or text that is set otherwise."""
    if is_keywords(line):
        return True
    if is_part(heading, taken, line):
        return False
    if is_opening(line, layout):
        return True
    body = next((one for one in taken if len(one.text) > 25), None)
    if body is None:
        return False
    if is_next_heading(line, body.look, layout):
        return True
    is_elsewhere = line.page != taken[-1].page or line.baseline < taken[-1].baseline
    if is_elsewhere and taken[-1].baseline < FULL_PAGE * layout.first.height:
        return True
    return begins_other_text(taken, line, body)


def is_part(heading: Heading, taken: Sequence[Line], line: Line) -> bool:
    """Whether a line heads a part of the abstract, such as its methods, and looks less than the abstract's heading."""
    if heading.runs_in or line.size > heading.line.size or line.look == heading.line.look:
        return False
    return bool((LATER_PART if taken else FIRST_PART).fullmatch(unspaced(line.plain)))


def is_next_heading(line: Line, look: Look, layout: Layout) -> bool:
    is_short = len(line.text) < 80 and not line.text.endswith((".", ",")) and not line.text[:1].islower()
    return is_short and stands_out(line, layout) and not is_same(line.look, look)


def begins_other_text(taken: Sequence[Line], line: Line, body: Line) -> bool:
    """Whether a long line, after a gap or in another size, is set in a way of its own."""
    if len(line.text) <= 25:
        return False
    if line.page != taken[-1].page:
        return line.page > body.page + 1 or not is_same(line.look, body.look)
    if not same_size(line.look.size, body.look.size) and line.look.size > body.look.size:
        return True
    if line.baseline - taken[-1].baseline < PARAGRAPH_GAP * usual_step(taken, body):
        return False
    width = max(one.right for one in taken) - min(one.left for one in taken)
    is_narrow = line.right - line.left < 0.7 * width
    return not is_same(line.look, body.look) or is_narrow or line.look.font != body.look.font


def usual_step(taken: Sequence[Line], body: Line) -> float:
    """From one baseline to the next, where the lines stand closest."""
    steps = (two.baseline - one.baseline for one, two in pairwise(taken))
    return min((step for step in steps if step > 1), default=1.3 * body.size)


def is_same(one: Look, other: Look) -> bool:
    return same_size(one.size, other.size) and one.is_bold == other.is_bold


def is_footnote(line: Line, look: Look) -> bool:
    """Whether a line among the abstract's is none of them, as it is set in smaller type."""
    return line.look.size < 0.92 * look.size and len(line.text) > 3


def paragraph_text(heading: Heading, lines: Sequence[Line], *, vocabulary: Sequence[str]) -> str:
    texts = [line_text(line) for line in lines]
    if heading.runs_in:
        texts.insert(0, ABSTRACT_LABEL.sub("", unspaced(line_text(heading.line)), count=1))
    joined = join_hyphens(["\n".join(texts), *vocabulary])[0]
    return re.sub(r"\s+", " ", joined).strip()


def line_text(line: Line) -> str:
    """A line without marks of footnotes: raised figures behind a word in lower case or the end of a sentence."""
    text = ""
    for span in line.spans:
        follows_word = re.search(r"(?:[^\W\d_A-Z]{2}|[.,;)])\s*$", text)
        if not (span.is_mark and follows_word and re.fullmatch(r"[\d,∗*†‡§ ]+", span.text)):
            text += span.text
    return clean(text)


# --- Keywords

LONGEST_KEYWORD = 70
MOST_KEYWORD_LINES = 6


def find_keywords(layout: Layout, *, vocabulary: Sequence[str]) -> tuple[str, ...]:
    """The keywords that are printed on the first pages."""
    for page in layout.pages[:2]:
        for place, line in enumerate(page.lines):
            if is_keywords(line):
                found = split_keywords(keyword_lines(line, page.lines[place + 1 :], layout), vocabulary=vocabulary)
                if found:
                    return found
    return ()


def keyword_lines(first: Line, following: Sequence[Line], layout: Layout) -> list[str]:
    texts = [KEYWORDS_LABEL.sub("", unspaced(first.plain), count=1)]
    last = first
    look = first.spans[-1].look
    for line in following:
        if not line.overlaps(first.left, first.right):
            continue
        if len(texts) >= MOST_KEYWORD_LINES:
            break
        if line.baseline - last.baseline > 1.8 * last.size or is_opening(line, layout):
            break
        if texts[0] and (not same_size(line.look.size, look.size) or line.look.is_bold != look.is_bold):
            break
        texts.append(line.plain)
        last = line
    return [text for text in texts if text]


def split_keywords(texts: Sequence[str], *, vocabulary: Sequence[str]) -> tuple[str, ...]:
    joined = join_hyphens(["\n".join(texts), *vocabulary])[0] if texts else ""
    separators = r"[,;·•|]|\s[–—-]\s" if re.search(r"[,;·•|]|\s[–—-]\s", joined) else r"\n|\.\s"
    parts = [re.sub(r"\s+", " ", part).strip(" .:") for part in re.split(separators, joined)]
    parts = [re.sub(r"^and ", "", part) for part in parts if 1 < len(part) <= LONGEST_KEYWORD]
    return tuple(dict.fromkeys(parts))
