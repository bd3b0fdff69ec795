"""OpenDocument files: the slides of a presentation with their notes, the pages of a text.

odfdo opens the package and knows its parts; the text is gathered from the XML itself, in the order of the document.
"""

from collections.abc import Iterator
from typing import Any

from odfdo import Document

from publications.ingest.limits import Limits, Stopped
from publications.ingest.office.properties import read_each
from publications.ingest.office.text import (
    Rule,
    TextPages,
    Walk,
    attribute,
    break_page,
    local_name,
    plain_text,
    read_cell,
    read_row,
    skip,
    tell_pages,
    write,
)
from publications.ingest.packages import open_package
from publications.ingest.text import storable

POINTS = {"in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "pt": 1.0, "pc": 12.0, "px": 0.75}


def open_document(path: str, *, limits: Limits) -> Document:
    """The document; one that is encrypted says so in its manifest."""
    with open_package(path, limits=limits) as archive:
        names = set(archive.namelist())
        if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise Stopped("password")
    return Document(path)


def read_slides(path: str, *, pages: list[int] | None, limits: Limits) -> Iterator[dict[str, Any]]:
    """Tell the number of slides, then each slide with its notes, then what the file says of itself."""
    document = open_document(path, limits=limits)
    slides = list(xml_of(document.content.root).iter("{*}page"))
    width, height = slide_size(document)
    yield {"page_count": len(slides)}
    for number, slide in enumerate(slides[: limits.pages], start=1):
        notes = next((child for child in slide.iterchildren() if local_name(child) == "notes"), None)
        yield {
            "page": number,
            "text": storable(plain_text(slide, RULES))[: limits.page_characters],
            "notes": storable(plain_text(notes, RULES))[: limits.page_characters] if notes is not None else "",
            "width": width,
            "height": height,
        }
    yield {"info": read_info(document)}
    if len(slides) > limits.pages:
        raise Stopped("limit", "pages")


def read_text(path: str, *, pages: list[int] | None, limits: Limits) -> Iterator[dict[str, Any]]:
    """Tell the pages of a text document: those that its writer marked, else the whole as one."""
    document = open_document(path, limits=limits)
    gathered = TextPages(most_characters=limits.page_characters)
    gathered.write_lines(edge_lines(document, ("header", "header-first", "header-left")))
    gathered.defer(edge_lines(document, ("footer", "footer-first", "footer-left")))
    before, after = find_breaking_styles(document)

    def read_breaking_paragraph(element: Any, walk: Walk) -> None:
        style = attribute(element, "style-name")
        if style in before:
            walk.pages.end_page()
        read_mixed_paragraph(element, walk)
        if style in after:
            walk.pages.end_page()

    rules = RULES | {"p": read_breaking_paragraph, "h": read_breaking_paragraph}
    Walk(rules, gathered).into(xml_of(document.body))
    yield from tell_pages(gathered, limits=limits, info=read_info(document))


def xml_of(element: Any) -> Any:
    """The lxml element that odfdo wraps."""
    return element._xml_element


def slide_size(document: Document) -> tuple[float, float]:
    """Width and height in points, (0, 0) where the file does not say."""
    for layout in xml_of(document.styles.root).iter("{*}page-layout-properties"):
        width, height = in_points(attribute(layout, "page-width")), in_points(attribute(layout, "page-height"))
        if width and height:
            return width, height
    return 0.0, 0.0


def in_points(length: str) -> float:
    """A length such as "28cm" in points, 0 where it is none."""
    try:
        return float(length[:-2]) * POINTS.get(length[-2:], 0.0)
    except ValueError:
        return 0.0


def edge_lines(document: Document, names: tuple[str, ...]) -> list[str]:
    """The lines of all headers, or footers, each once: they stand on every page and are kept on the first."""
    lines: dict[str, None] = {}
    for master in xml_of(document.styles.root).iter("{*}master-page"):
        for edge in master.iterchildren():
            if local_name(edge) in names:
                lines |= dict.fromkeys(plain_text(edge, RULES).splitlines())
    return [line for line in lines if any(letter.isalpha() for letter in line)]


def find_breaking_styles(document: Document) -> tuple[set[str], set[str]]:
    """The paragraph styles that break the page before their paragraph, and after it."""
    before: set[str] = set()
    after: set[str] = set()
    for part in (document.content.root, document.styles.root):
        for style in xml_of(part).iter("{*}style"):
            name = attribute(style, "name")
            for properties in style.iter("{*}paragraph-properties"):
                if attribute(properties, "break-before") == "page":
                    before.add(name)
                if attribute(properties, "break-after") == "page":
                    after.add(name)
            # A style that names a master page begins a page.
            if attribute(style, "master-page-name"):
                before.add(name)
    return before, after


def read_info(document: Document) -> dict[str, str]:
    """Title, author and so on, none that is blank."""
    meta = document.meta
    getters = {
        "title": meta.get_title,
        "author": meta.get_initial_creator,
        "creator": meta.get_creator,
        "subject": meta.get_subject,
        "keywords": meta.get_keywords,
        "created": meta.get_creation_date,
    }
    return read_each(getters)


# --- Rules: in OpenDocument, text stands between elements


def read_mixed(element: Any, walk: Walk) -> None:
    """Text and elements in turn."""
    walk.pages.write(element.text or "")
    for child in element.iterchildren():
        rule = walk.rules.get(local_name(child), read_mixed)
        rule(child, walk)
        walk.pages.write(child.tail or "")


def read_mixed_paragraph(element: Any, walk: Walk) -> None:
    """A paragraph is a line."""
    read_mixed(element, walk)
    walk.pages.end_line()


def read_spaces(element: Any, walk: Walk) -> None:
    """Several spaces, which are counted. However many: one is read."""
    walk.pages.write(" ")


def read_note(element: Any, walk: Walk) -> None:
    """A footnote goes to the end of the page, without its number."""
    for body in element.iter("{*}note-body"):
        walk.pages.defer(plain_text(body, RULES).splitlines())


def read_frame(element: Any, walk: Walk) -> None:
    """A text box or picture that stands in a line must not run into its words."""
    walk.pages.write(" ")
    walk.into(element)


RULES: dict[str, Rule] = {
    "p": read_mixed_paragraph,
    "h": read_mixed_paragraph,
    "s": read_spaces,
    "tab": write("\t"),
    "line-break": write("\n"),
    "soft-page-break": break_page,
    "table-row": read_row,
    "table-cell": read_cell,
    "covered-table-cell": skip,
    "note": read_note,
    "frame": read_frame,
    # The notes of a slide are told apart; comments, deleted text and lists of fields are not the author's words.
    "notes": skip,
    "annotation": skip,
    "tracked-changes": skip,
    "forms": skip,
    "sequence-decls": skip,
    "variable-decls": skip,
}
