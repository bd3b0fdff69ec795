"""Texts as HTML, the words of a query in <mark>, and the part of a text that shows most of them.

Text is escaped first and marked then, so nothing of it can become markup.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from html import escape

from search.analysis import get_analyzer
from search.marks import Marker, Span, get_marker
from search.queries import Expansions, Query

ELLIPSIS = "…"
NOTHING: Expansions = frozenset()
_SPACE = re.compile(r"\s")
_UP_TO_LAST_SPACE = re.compile(r"(?s:.*)(\s)")


def mark(text: str, *, query: Query, language: str, field: str = "", also: Expansions = NOTHING) -> str:
    """The text as HTML, escaped, the words of the query in <mark>. `field` and `also` as in `find_marks`."""
    return mark_spans(text, find_marks(text, query=query, language=language, field=field, also=also))


def mark_spans(text: str, spans: Iterable[Span]) -> str:
    """The text as HTML, escaped, with these parts in <mark>; the parts are in order and do not overlap."""
    escaped = escape if escape(text) != text else str  # most texts have nothing to escape
    pieces = []
    done = 0
    for start, end in spans:
        pieces += [escaped(text[done:start]), "<mark>", escaped(text[start:end]), "</mark>"]
        done = end
    return "".join(pieces) + escaped(text[done:])


def find_marks(text: str, *, query: Query, language: str, field: str = "", also: Expansions = NOTHING) -> list[Span]:
    """Where words of the query stand in the text, in every inflection of its language: (start, end), in order.

    field: the field that the text is ("title", "abstract", …), "" for a page. Free words are marked anywhere, those
    asked for in one field only there, those behind NOT nowhere. Words of a phrase are marked where they stand in it.
    also: words that are marked besides, as `SearchEngine.expansions` gives them. A wildcard or a fuzzy word that it
    knows marks just those; any other, every word that is like it.
    """
    return get_marker(query, get_analyzer(language), field, also).find(text)


def best_fragment(text: str, marks: Sequence[Span], length: int) -> Span:
    """The part of about `length` characters with the most different marks, then the most marks; whole words."""
    if len(text) <= length:
        return 0, len(text)
    first, last = _densest(text, marks, length)
    room = max(0, length - (last - first))
    # Words that follow explain a hit better than those before it.
    start = max(0, min(first - room // 3, len(text) - length))
    end = min(len(text), max(start + length, last))
    return _whole_words(text, start, end, keep=(first, last))


def mark_fragment(
    text: str, *, query: Query, language: str, length: int, field: str = "", also: Expansions = NOTHING
) -> str:
    """The best part of the text as one line of HTML, its words marked, "…" where it was cut."""
    return fragment_of(text, get_marker(query, get_analyzer(language), field, also), length)


def fragment_of(text: str, marker: Marker, length: int) -> str:
    """The same, for whoever has the marker at hand."""
    start, end = best_fragment(text, marker.find_likely(text), length)
    marks = _find_around(text, start, end, marker)
    if not marks:
        marks = marker.find(text)
        start, end = best_fragment(text, marks, length)
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in marks if a < end and b > start]
    line = " ".join(mark_spans(text[start:end], inside).split())
    return (ELLIPSIS + " " if start else "") + line + (" " + ELLIPSIS if end < len(text) else "")


def _find_around(text: str, start: int, end: int, marker: Marker) -> list[Span]:
    """The marks in a part of the text, with whatever reaches into it."""
    first = max(0, start - marker.reach)
    found = marker.find(text[first : end + marker.reach])
    return [(first + a, first + b) for a, b in found if first + a < end and first + b > start]


def _densest(text: str, marks: Sequence[Span], length: int) -> Span:
    """From the first to the last mark of the best run of marks that fits."""
    words = [text[start:end].casefold() for start, end in marks]
    inside: defaultdict[str, int] = defaultdict(int)
    best, best_value = (0, 0), (0, 0)
    first = 0
    for last, (_, end) in enumerate(marks):
        inside[words[last]] += 1
        while first < last and end - marks[first][0] > length:
            inside[words[first]] -= 1
            if not inside[words[first]]:
                del inside[words[first]]
            first += 1
        value = (len(inside), last + 1 - first)
        if value > best_value:
            best, best_value = (marks[first][0], end), value
    return best


def _whole_words(text: str, start: int, end: int, *, keep: Span) -> Span:
    """The span without the halves of words at its ends, unless a word is as long as a line."""
    if start:
        space = _SPACE.search(text, start, max(start, keep[0]))
        start = space.end() if space else start
    if end < len(text):
        space = _UP_TO_LAST_SPACE.match(text, max(keep[1], start), end + 1)
        end = space.start(1) if space else end
    return start, end
