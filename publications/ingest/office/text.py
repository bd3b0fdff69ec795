"""Text as it is gathered from the XML of an office file: lines, the rows of tables, pages."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from lxml import etree

from publications.ingest.limits import Limits, Stopped
from publications.ingest.text import storable

BETWEEN_CELLS = " | "


class TextPages:
    """Pages of text under construction: words come in, lines, rows and pages are closed.

    most_characters: a page that grows beyond this is closed at the end of its paragraph, so that nothing is lost of a
    document that marks no pages.
    """

    def __init__(self, *, most_characters: int) -> None:
        self.most_characters = most_characters
        self.pages: list[str] = []
        self._lines: list[str] = []
        self._size = 0
        self._words: list[str] = []
        self._cells: list[list[str]] = []
        self._deferred: list[str] = []

    def write(self, text: str) -> None:
        """Add to the line."""
        self._words.append(text)

    def end_line(self) -> None:
        """Close the line; within a cell of a table that is only a space."""
        if self._cells:
            self._words.append(" ")
            return
        self._add_line("".join(self._words))
        self._words = []
        if self._size > self.most_characters:
            self.end_page()

    @contextmanager
    def row(self) -> Iterator[None]:
        """A row of a table becomes one line. Tables inside a cell become part of its text."""
        before, self._words = self._words, []
        self._cells.append([])
        yield
        self.end_cell()
        line = BETWEEN_CELLS.join(self._cells.pop())
        self._words = [*before, line]
        self.end_line()

    def end_cell(self) -> None:
        """Close a cell; empty ones are left out."""
        if self._cells and (text := " ".join("".join(self._words).split())):
            self._cells[-1].append(text)
        self._words = [] if self._cells else self._words

    def write_lines(self, lines: Iterable[str]) -> None:
        """Add whole lines."""
        for line in lines:
            self.write(line)
            self.end_line()

    def defer(self, lines: Iterable[str]) -> None:
        """Put lines at the end of the page: footnotes."""
        self._deferred += lines

    def end_page(self) -> None:
        """Close the page; one without any text is no page, as break marks often stand side by side."""
        if self._cells:
            return
        if self._words:
            self._add_line("".join(self._words))
        for note in self._deferred:
            self._add_line(note)
        text = "\n".join(self._lines).strip()
        if text:
            self.pages.append(text)
        self._lines, self._words, self._deferred, self._size = [], [], [], 0

    def _add_line(self, line: str) -> None:
        self._lines.append(line.rstrip())
        self._size += len(line) + 1


Rule = Callable[[Any, "Walk"], None]


class Walk:
    """A walk through XML in document order: what has a rule is left to it, all else is walked through."""

    def __init__(self, rules: Mapping[str, Rule], pages: TextPages) -> None:
        self.rules = rules
        self.pages = pages

    def into(self, element: Any) -> None:
        """Walk through the children of an element."""
        for child in element.iterchildren():
            if rule := self.rules.get(local_name(child)):
                rule(child, self)
            else:
                self.into(child)


def local_name(element: Any) -> str:
    """The name of an element without its namespace; "" for comments and processing instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """An attribute by its name without namespace, "" where there is none."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def plain_text(element: Any, rules: Mapping[str, Rule]) -> str:
    """All text of an element, without pages."""
    pages = TextPages(most_characters=1 << 60)
    Walk(rules, pages).into(element)
    pages.end_page()
    return "\n".join(pages.pages)


def tell_pages(gathered: TextPages, *, limits: Limits, info: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The messages for a document that was gathered whole; one without any text is one empty page."""
    gathered.end_page()
    pages = gathered.pages or [""]
    yield {"page_count": len(pages)}
    for number, text in enumerate(pages[: limits.pages], start=1):
        yield {"page": number, "text": storable(text), "width": 0.0, "height": 0.0}
    yield {"info": info}
    if len(pages) > limits.pages:
        raise Stopped("limit", "pages")


def parse(content: bytes) -> Any:
    """The root of a part of a package; entities are left as they are, and nothing is fetched."""
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


# --- Rules that both families of formats share


def skip(element: Any, walk: Walk) -> None:
    """Leave out: deleted text, comments, instructions, a second form of what was read."""


def write_text(element: Any, walk: Walk) -> None:
    """The text right inside an element."""
    walk.pages.write(element.text or "")


def write(text: str) -> Rule:
    """A rule that stands for a character."""
    return lambda element, walk: walk.pages.write(text)


def read_row(element: Any, walk: Walk) -> None:
    """A row of a table."""
    with walk.pages.row():
        walk.into(element)


def read_cell(element: Any, walk: Walk) -> None:
    """A cell of a table."""
    walk.into(element)
    walk.pages.end_cell()


def read_paragraph(element: Any, walk: Walk) -> None:
    """A paragraph is a line."""
    walk.into(element)
    walk.pages.end_line()


def break_page(element: Any, walk: Walk) -> None:
    """A mark that a page ends here."""
    walk.pages.end_page()
