"""Where the front matter ends: the heading of the abstract, and that of the first section."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from publications.ingest.descriptive.layout import Layout, Line, Page
from publications.ingest.descriptive.vocabulary import (
    ABSTRACT_HEADING,
    ABSTRACT_LABEL,
    ABSTRACT_RUN_IN,
    FIRST_SECTION,
    KEYWORDS,
    KEYWORDS_LABEL,
    OPENING,
    unspaced,
)

LONGEST_HEADING = 80
LARGER = 1.06


@dataclass(frozen=True)
class Heading:
    """A heading on a page; `runs_in` where its text goes on in the same line."""

    line: Line
    runs_in: bool = False


def abstract_headings(page: Page, layout: Layout) -> Iterator[Heading]:
    """The lines of a page that may head an abstract, from top to bottom."""
    for line in page.lines:
        text = unspaced(line.text)
        if ABSTRACT_HEADING.fullmatch(text):
            yield Heading(line)
        elif ABSTRACT_RUN_IN.match(text) or label_stands_out(line, ABSTRACT_LABEL):
            yield Heading(line, runs_in=True)


def label_stands_out(line: Line, label: re.Pattern[str]) -> bool:
    """Whether a line begins with a label that looks unlike what follows it: "Abstract" in bold, the rest not."""
    first, *rest = line.spans
    return bool(rest) and bool(label.fullmatch(unspaced(first.text.strip()))) and not first.look.is_like(rest[-1].look)


def is_keywords(line: Line) -> bool:
    """Whether a line begins the keywords."""
    return bool(KEYWORDS.match(unspaced(line.text))) or label_stands_out(line, KEYWORDS_LABEL)


def is_opening(line: Line, layout: Layout) -> bool:
    """Whether a line heads the first section: by its words, or by its number and its look."""
    text = unspaced(line.plain)
    if len(text) > LONGEST_HEADING:
        return False
    return bool(OPENING.fullmatch(text)) or (bool(FIRST_SECTION.fullmatch(text)) and stands_out(line, layout))


def stands_out(line: Line, layout: Layout) -> bool:
    """Whether a line looks like a heading: bold, larger than running text, or all in capitals."""
    letters = [letter for letter in line.text if letter.isalpha()]
    is_capital = len(letters) > 3 and sum(letter.isupper() for letter in letters) > 0.9 * len(letters)
    return line.look.is_bold or line.size > LARGER * layout.body_size or is_capital


def is_running_text(line: Line) -> bool:
    """Whether a line is out of a sentence: long, and mostly words in lower case."""
    words = line.text.split()
    return len(line.text) > 40 and sum(word[:1].islower() for word in words) >= 0.5 * len(words)
