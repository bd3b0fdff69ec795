"""The step wedge in figures: strips of pages, and bars of years, as inline SVG.

A picture says nothing that is not in words beside it, so all are hidden from screen readers. Cells are placed by
attributes and coloured by classes, because the content security policy allows no style attribute.
"""

import itertools
from collections.abc import Container, Iterable, Mapping, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

CELL_PIXELS = 11
STRIP_PIXELS = 240
MOST_CELLS = 100
MOST_YEARS = 60
"""Bars of a chart that can still be told apart."""
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


def year_bars(counts: Mapping[int, int], chosen: Container[int] = ()) -> SafeString:
    """A bar for every year from the first to the last, by its number; the years that were chosen stand out."""
    years = fill_years(counts)
    if not years:
        return SafeString("")
    most = max(number for _year, number in years) or 1
    bars = [
        (
            bar_level(number / most, is_chosen=year in chosen if chosen else None),
            str(x),
            f"{1 - number / most:.3f}",
            f"{number / most:.3f}",
        )
        for x, (year, number) in enumerate(years)
    ]
    rects = format_html_join("", '<rect class="{}" x="{}" y="{}" width="0.86" height="{}"/>', bars)
    return format_html(
        '<svg class="bars" viewBox="0 0 {} 1" preserveAspectRatio="none" aria-hidden="true" focusable="false">{}</svg>',
        f"{len(years) - 0.14:.2f}",
        rects,
    )


def bar_level(share: float, *, is_chosen: bool | None) -> str:
    """The grey of a bar: by its height, or by whether its year was chosen where some were."""
    if is_chosen is None:
        return f"l{min(4, 1 + int(share * 4))}"
    return "l4" if is_chosen else "l1"


def fill_years(counts: Mapping[int, int]) -> list[tuple[int, int]]:
    """Every year from the first to the last with its number; what lies too far back counts for the first one shown."""
    if not counts:
        return []
    last = max(counts)
    first = max(min(counts), last - MOST_YEARS + 1)
    earlier = sum(number for year, number in counts.items() if year < first)
    years = [(year, counts.get(year, 0)) for year in range(first, last + 1)]
    years[0] = (first, years[0][1] + earlier)
    return years


def year_captions(counts: Mapping[int, int], most: int = 5) -> list[str]:
    """A few years to write below the bars, evenly spread, the first and the last among them."""
    years = [str(year) for year, _number in fill_years(counts)]
    if len(years) < 2:
        return years
    gaps = next((gaps for gaps in range(most - 1, 1, -1) if (len(years) - 1) % gaps == 0), 1)
    return years[:: (len(years) - 1) // gaps]
