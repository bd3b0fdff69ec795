"""Word files: pages as Word marked them when it saved, else the whole as one; tables, notes, headers and footers.

python-docx opens the package and knows its parts; the text is gathered from the XML itself, because its paragraphs
leave out text boxes, content controls, footnotes and breaks within them.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from docx.opc.constants import CONTENT_TYPE
from docx.opc.part import PartFactory
from docx.package import Package
from docx.parts.document import DocumentPart

from publications.ingest.limits import Limits
from publications.ingest.office.properties import read_properties
from publications.ingest.office.text import (
    Rule,
    TextPages,
    Walk,
    attribute,
    break_page,
    local_name,
    parse,
    plain_text,
    read_cell,
    read_paragraph,
    read_row,
    skip,
    tell_pages,
    write,
    write_text,
)
from publications.ingest.packages import open_package

NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}
GOES_ON = ("continuous", "nextColumn")

# Templates and documents with macros are built like documents; python-docx refuses them by their name only.
for kind in (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
    "application/vnd.ms-word.document.macroEnabled.main+xml",
    CONTENT_TYPE.WML_DOCUMENT_MAIN,
):
    PartFactory.part_type_for[kind] = DocumentPart


def read_pages(path: str, *, pages: list[int] | None, limits: Limits) -> Iterator[dict[str, Any]]:
    """Tell the number of pages, then each page, then what the file says of itself."""
    open_package(path, limits=limits).close()
    document = Package.open(path).main_document_part.document
    gathered = TextPages(most_characters=limits.page_characters)
    gathered.write_lines(edge_lines(document, "header"))
    gathered.defer(edge_lines(document, "footer"))
    Walk(rules_for(document), gathered).into(document.element.body)
    yield from tell_pages(gathered, limits=limits, info=read_properties(document.core_properties))


def edge_lines(document: Any, which: str) -> list[str]:
    """The lines of all headers, or footers, each once: they stand on every page and are kept on the first."""
    lines: dict[str, None] = {}
    for section in document.sections:
        for variant in (which, f"first_page_{which}", f"even_page_{which}"):
            edge = getattr(section, variant)
            # Looking into one that is linked to the section before it, or to none, would make it.
            if not edge.is_linked_to_previous:
                lines |= dict.fromkeys(plain_text(edge._element, RULES).splitlines())
    return [line for line in lines if any(letter.isalpha() for letter in line)]


def rules_for(document: Any) -> dict[str, Rule]:
    """The rules of this document: it has notes of its own, and sections that begin on a new page or go on."""
    notes = {name: find_notes(document, kind) for name, kind in NOTES.items()}
    sections = list(document.element.body.iter("{*}sectPr"))
    # A section says how it begins; so the break at the end of one is decided by the next.
    breaking = {end for end, following in pairwise(sections) if starts_page(following)}

    def read_note(element: Any, walk: Walk) -> None:
        walk.pages.defer(notes[local_name(element)].get(attribute(element, "id"), "").splitlines())

    def read_whole_paragraph(element: Any, walk: Walk) -> None:
        properties = next((child for child in element.iterchildren() if local_name(child) == "pPr"), None)
        if properties is not None and breaks_before(properties):
            walk.pages.end_page()
        read_paragraph(element, walk)
        if properties is not None and any(end in breaking for end in properties.iter("{*}sectPr")):
            walk.pages.end_page()

    return RULES | {"p": read_whole_paragraph} | dict.fromkeys(NOTES, read_note)


def starts_page(section: Any) -> bool:
    kinds = [attribute(child, "val") for child in section.iterchildren() if local_name(child) == "type"]
    return not any(kind in GOES_ON for kind in kinds)


def breaks_before(properties: Any) -> bool:
    """Whether a paragraph must begin a page."""
    marks = [child for child in properties.iterchildren() if local_name(child) == "pageBreakBefore"]
    return any(attribute(mark, "val") not in ("0", "false", "off") for mark in marks)


def find_notes(document: Any, kind: str) -> dict[str, str]:
    """Footnotes or endnotes by their ids."""
    for relation in document.part.rels.values():
        if not relation.is_external and relation.reltype.endswith(f"/{kind}"):
            root = parse(relation.target_part.blob)
            return {attribute(note, "id"): plain_text(note, RULES) for note in root.iterchildren()}
    return {}


def read_break(element: Any, walk: Walk) -> None:
    """A break of the line, or of the page."""
    if attribute(element, "type") == "page":
        walk.pages.end_page()
    else:
        walk.pages.write("\n")


RULES: dict[str, Rule] = {
    "t": write_text,
    "tab": write("\t"),
    "tabs": skip,
    "cr": write("\n"),
    "noBreakHyphen": write("-"),
    "br": read_break,
    "lastRenderedPageBreak": break_page,
    "p": read_paragraph,
    "tr": read_row,
    "tc": read_cell,
    "del": skip,
    "moveFrom": skip,
    # The older form of something that stands beside it in its newer form.
    "Fallback": skip,
}
