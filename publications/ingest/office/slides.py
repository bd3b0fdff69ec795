"""PowerPoint files: each slide with its notes.

python-pptx opens the package and knows its parts; the text is gathered from the XML itself, because its shapes leave
out diagrams and whatever PowerPoint stores in two forms.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from pptx.opc.constants import CONTENT_TYPE
from pptx.opc.package import PartFactory
from pptx.package import Package
from pptx.parts.presentation import PresentationPart

from publications.ingest.limits import Limits, Stopped
from publications.ingest.office.properties import read_properties
from publications.ingest.office.text import (
    Rule,
    Walk,
    attribute,
    local_name,
    parse,
    plain_text,
    read_cell,
    read_paragraph,
    read_row,
    skip,
    write,
    write_text,
)
from publications.ingest.packages import open_package
from publications.ingest.text import storable

EMU_PER_POINT = 12_700

# Slide shows and templates are built like presentations; python-pptx refuses them by their name only.
for kind in (CONTENT_TYPE.PML_SLIDESHOW_MAIN, CONTENT_TYPE.PML_TEMPLATE_MAIN):
    PartFactory.part_type_for[kind] = PresentationPart


def read_pages(path: str, *, pages: list[int] | None, limits: Limits) -> Iterator[dict[str, Any]]:
    """Tell the number of slides, then each slide with its notes, then what the file says of itself."""
    open_package(path, limits=limits).close()
    presentation = Package.open(path).presentation_part.presentation
    slides = list(presentation.slides)
    size = {
        "width": (presentation.slide_width or 0) / EMU_PER_POINT,
        "height": (presentation.slide_height or 0) / EMU_PER_POINT,
    }
    yield {"page_count": len(slides)}
    for number, slide in enumerate(slides[: limits.pages], start=1):
        yield read_slide(slide, number, limits=limits) | size
    yield {"info": read_properties(presentation.core_properties)}
    if len(slides) > limits.pages:
        raise Stopped("limit", "pages")


def read_slide(slide: Any, number: int, *, limits: Limits) -> dict[str, Any]:
    """The words of one slide and of its notes, or the name of what went wrong on it."""
    try:
        text, notes = slide_text(slide), notes_of(slide)
    except Exception as error:
        return {"page": number, "error": type(error).__name__, "limit": isinstance(error, MemoryError)}
    return {
        "page": number,
        "text": storable(text)[: limits.page_characters],
        "notes": storable(notes)[: limits.page_characters],
    }


def slide_text(slide: Any) -> str:
    """The text of all shapes, groups, tables, charts and diagrams of a slide, in the order in which they lie."""
    return plain_text(slide.shapes._spTree, RULES | {"graphicData": partial(read_graphic, slide.part)})


def notes_of(slide: Any) -> str:
    """What the speaker wrote below a slide, without the picture of the slide and the page number there."""
    if not slide.has_notes_slide or slide.notes_slide.notes_text_frame is None:
        return ""
    return plain_text(slide.notes_slide.notes_text_frame._txBody, RULES)


def read_graphic(part: Any, element: Any, walk: Walk) -> None:
    """A table, or a chart or diagram, which are parts of their own."""
    walk.into(element)
    for child in element.iterchildren():
        if local_name(child) == "chart":
            words = plain_text(parse(part.related_part(attribute(child, "id")).blob), CHART_RULES)
            # Each series names all the categories again.
            walk.pages.write_lines(dict.fromkeys(words.splitlines()))
        elif local_name(child) == "relIds":
            Walk(RULES, walk.pages).into(parse(part.related_part(attribute(child, "dm")).blob))


def read_words(element: Any, walk: Walk) -> None:
    """The names of a chart's series and categories, each a line."""
    for value in element.iter("{*}v"):
        walk.pages.write(value.text or "")
        walk.pages.end_line()


RULES: dict[str, Rule] = {
    "t": write_text,
    "br": write("\n"),
    "tab": write("\t"),
    "p": read_paragraph,
    "tr": read_row,
    "tc": read_cell,
    # The older form of something that stands beside it in its newer form.
    "Fallback": skip,
}
CHART_RULES: dict[str, Rule] = RULES | {"strCache": read_words, "numCache": skip, "f": skip}
