"""The step wedge in figures: strips of pages, and bars of years, as inline SVG.

A picture says nothing that is not in words beside it, so all are hidden from screen readers. Cells are placed by
attributes and coloured by classes, because the content security policy allows no style attribute.
"""

import itertools
from collections.abc import Iterable, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

CELL_PIXELS = 11
STRIP_PIXELS = 240
MOST_CELLS = 100
STRENGTHS = {"l0": 0, "unread": 1, "l1": 2, "l2": 3, "l3": 4, "l4": 5, "here": 6}
"""What a cell can be, weakest first: where many pages share a cell, the strongest is shown."""


def bin_cells(cells: Sequence[str], most: int = MOST_CELLS) -> list[str]:
    """At most so many cells; each takes the strongest of those it stands for."""
    if len(cells) <= most:
        return list(cells)
    edges = [round(i * len(cells) / most) for i in range(most + 1)]
    return [max(cells[start:end], key=lambda cell: STRENGTHS.get(cell, 0)) for start, end in itertools.pairwise(edges)]


def strip(cells: Iterable[str], css_class: str = "strip") -> SafeString:
    """One cell for each page, slide or year: "l0" nothing to "l4" most, "unread", or "here" for the page one is at."""
    shown = bin_cells(list(cells))
    if not shown:
        return SafeString("")
    rects = format_html_join(
        "", '<rect class="{}" x="{}" width="0.86" height="1"/>', ((cell, str(x)) for x, cell in enumerate(shown))
    )
    return format_html(
        '<svg class="{}" width="{}" height="12" viewBox="0 0 {} 1" preserveAspectRatio="none" aria-hidden="true" '
        'focusable="false">{}</svg>',
        css_class,
        str(min(CELL_PIXELS * len(shown), STRIP_PIXELS)),
        f"{len(shown) - 0.14:.2f}",
        rects,
    )


def year_bars(counts: Sequence[tuple[int, int]], first: int | None = None, last: int | None = None) -> SafeString:
    """A bar for each (year, number); with `first` or `last`, the years between them stand out."""
    if not counts:
        return SafeString("")
    most = max(number for _year, number in counts) or 1
    is_range = first is not None or last is not None
    bars = []
    for x, (year, number) in enumerate(counts):
        height = number / most
        if is_range:
            level = 4 if (first is None or year >= first) and (last is None or year <= last) else 1
        else:
            level = min(4, 1 + int(height * 4))
        bars.append((f"l{level}", str(x), f"{1 - height:.3f}", f"{height:.3f}"))
    rects = format_html_join("", '<rect class="{}" x="{}" y="{}" width="0.86" height="{}"/>', bars)
    return format_html(
        '<svg class="bars" viewBox="0 0 {} 1" preserveAspectRatio="none" aria-hidden="true" focusable="false">{}</svg>',
        f"{len(counts) - 0.14:.2f}",
        rects,
    )
