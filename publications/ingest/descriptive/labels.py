"""Fields that a page names itself: "Published: 27 April 2021", or "DOI" with the value on the line below."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from publications.ingest.descriptive.layout import Line, Page

LABEL = re.compile(r"(?P<label>[^\W\d_][\w\- ()/]{1,40}?)\s*(?::|\s-\s)\s*(?P<value>\S.*)?")
LONGEST_LABEL = 40
STEP = 2.4


@dataclass(frozen=True)
class Field:
    """A labelled value on a page."""

    label: str
    value: str
    line: Line


def read_fields(page: Page) -> Iterator[Field]:
    """The labelled values of a page. A label without a colon counts where it is a line of its own, set otherwise."""
    for place, line in enumerate(page.lines):
        match = LABEL.fullmatch(line.text)
        if match and match["value"]:
            yield Field(match["label"].casefold(), match["value"], line)
        elif len(line.text) <= LONGEST_LABEL:
            below = line_below(line, page.lines[place + 1 :])
            if below and (line.text.endswith(":") or below.look != line.look):
                yield Field(line.text.rstrip(" :").casefold(), below.text, below)
        if len(line.spans) > 1 and line.spans[0].look != line.spans[1].look and ":" not in line.text:
            label = line.spans[0].text.strip()
            yield Field(label.casefold(), line.text[len(label) :].strip(), line)


def line_below(line: Line, following: Sequence[Line]) -> Line | None:
    """The next line in the same column, where it is close."""
    for other in following:
        if other.overlaps(line.left, line.right) or abs(other.right - line.right) < line.size:
            return other if other.baseline - line.baseline < STEP * max(line.size, other.size) else None
    return None
