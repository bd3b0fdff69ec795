"""The title slide or first page of an office file as lines with a size, like those that `typography.py` tells of a PDF.

Runs in the reading process. Only the XML of the one part is read; styles stand for sizes where no size is given.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from publications.ingest.limits import Limits, Stopped
from publications.ingest.office.text import attribute, local_name, parse
from publications.ingest.packages import open_package
from publications.ingest.text import storable

MOST_LINES = 80
LEFT, PAGE_WIDTH, PAGE_HEIGHT = 72.0, 595.0, 842.0
SLIDE_WIDTH, SLIDE_HEIGHT = 960.0, 540.0
TITLE, SUBTITLE, HEADING, BODY = 28.0, 18.0, 14.0, 11.0

ROLES = {
    "ctrtitle": TITLE,
    "title": TITLE,
    "titel": TITLE,
    "subtitle": SUBTITLE,
    "ondertitel": SUBTITLE,
    "author": SUBTITLE - 4,
    "auteur": SUBTITLE - 4,
}


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, how large it is set, and whether in bold."""

    text: str
    size: float = BODY
    bold: bool = False


def read_layout(path: str, *, pages: list[int], limits: Limits) -> Iterator[dict[str, Any]]:
    """Tell the title slide, or the first page, as a page of lines."""
    if 1 not in pages:
        return
    with open_package(path, limits=limits) as archive:
        names = set(archive.namelist())
        if "ppt/presentation.xml" in names:
            yield page_of(list(read_pptx(archive)), is_slide=True)
        elif "word/document.xml" in names:
            yield page_of(list(read_docx(archive)), is_slide=False)
        elif "content.xml" in names:
            body = read_part(archive, "content.xml")
            is_slide = any(local_name(element) == "presentation" for element in body.iter())
            yield page_of(list(read_opendocument(body, is_slide=is_slide)), is_slide=is_slide)


def page_of(paragraphs: list[Paragraph], *, is_slide: bool) -> dict[str, Any]:
    """The paragraphs below each other, as the lines of a page."""
    width, height = (SLIDE_WIDTH, SLIDE_HEIGHT) if is_slide else (PAGE_WIDTH, PAGE_HEIGHT)
    lines, baseline = [], 90.0
    for paragraph in paragraphs[:MOST_LINES]:
        for text in storable(paragraph.text).splitlines():
            if text.strip():
                baseline += 1.3 * paragraph.size
                right = min(LEFT + len(text) * 0.5 * paragraph.size, width - LEFT)
                span = [text, paragraph.size, "", "b" if paragraph.bold else "", 0.0]
                lines.append([LEFT, right, round(baseline, 1), True, [span]])
    # However much there is, it stands on one page.
    return {"page": 1, "width": width, "height": max(height, baseline + 100), "lines": lines, "links": []}


def read_part(archive: zipfile.ZipFile, name: str) -> Any:
    """The root of a part of the package."""
    return parse(archive.read(name))


# --- PowerPoint


def read_pptx(archive: zipfile.ZipFile) -> Iterator[Paragraph]:
    """The paragraphs of the first slide: its title first, then the other shapes in their order."""
    shapes = [shape for shape in read_part(archive, first_slide(archive)).iter() if local_name(shape) == "sp"]
    roles = {id(shape): placeholder(shape) for shape in shapes}
    for shape in sorted(shapes, key=lambda shape: -ROLES.get(roles[id(shape)], BODY)):
        role = roles[id(shape)]
        if role in ("dt", "sldnum"):
            continue
        for paragraph in (element for element in shape.iter() if local_name(element) == "p"):
            text = "".join(
                (element.text or "") if local_name(element) == "t" else "\n" if local_name(element) == "br" else ""
                for element in paragraph.iter()
            )
            sizes = [attribute(run, "sz") for run in paragraph.iter() if local_name(run) == "rPr"]
            stated = max((int(size) / 100 for size in sizes if size.isdigit()), default=0.0)
            yield Paragraph(text, ROLES.get(role, stated or BODY), bold=role in ("ctrtitle", "title"))


def first_slide(archive: zipfile.ZipFile) -> str:
    """The part of the slide that is shown first."""
    relations = {
        attribute(relation, "Id"): attribute(relation, "Target")
        for relation in read_part(archive, "ppt/_rels/presentation.xml.rels").iter()
        if local_name(relation) == "Relationship"
    }
    for slide in read_part(archive, "ppt/presentation.xml").iter():
        if local_name(slide) == "sldId":
            key = next((value for name, value in slide.attrib.items() if name.endswith("}id")), "")
            target = relations.get(key, "")
            return target.lstrip("/") if target.startswith("/") else f"ppt/{target}"
    raise Stopped("unreadable", "no slides")


def placeholder(shape: Any) -> str:
    mark = next((element for element in shape.iter() if local_name(element) == "ph"), None)
    return attribute(mark, "type").casefold() if mark is not None else ""


# --- Word


def read_docx(archive: zipfile.ZipFile) -> Iterator[Paragraph]:
    """The first paragraphs, sized by their style's name or by what their runs say."""
    names = docx_styles(archive)
    found = 0
    for element in read_part(archive, "word/document.xml").iter():
        if local_name(element) != "p" or found >= MOST_LINES:
            continue
        text = "".join(child.text or "" for child in element.iter() if local_name(child) == "t")
        if text.strip():
            found += 1
            style = child_value(element, "pStyle")
            yield docx_paragraph(element, text, names.get(style, style).casefold())


def docx_styles(archive: zipfile.ZipFile) -> dict[str, str]:
    """The names of styles by their ids, which are translated in Dutch Word."""
    if "word/styles.xml" not in archive.namelist():
        return {}
    styles = (style for style in read_part(archive, "word/styles.xml").iter() if local_name(style) == "style")
    return {attribute(style, "styleId"): child_value(style, "name") for style in styles}


def child_value(element: Any, name: str) -> str:
    """The value of the first element of that name inside, "" where there is none."""
    return next((attribute(child, "val") for child in element.iter() if local_name(child) == name), "")


def docx_paragraph(element: Any, text: str, style: str) -> Paragraph:
    sizes = [attribute(child, "val") for child in element.iter() if local_name(child) == "sz"]
    size = max((int(value) / 2 for value in sizes if value.isdigit()), default=BODY)
    is_bold = any(
        local_name(child) == "b" and attribute(child, "val") not in ("0", "false") for child in element.iter()
    )
    if style in ROLES:
        return Paragraph(text, ROLES[style], bold=style in ("title", "titel"))
    if style.startswith(("heading", "kop")):
        return Paragraph(text, HEADING, bold=True)
    return Paragraph(text, size, bold=is_bold)


# --- OpenDocument


def read_opendocument(body: Any, *, is_slide: bool) -> Iterator[Paragraph]:
    """The paragraphs of the first slide, or the first ones of a text."""
    if is_slide:
        slide = next((element for element in body.iter() if local_name(element) == "page"), None)
        frames = [child for child in slide if local_name(child) == "frame"] if slide is not None else []
        roles = [attribute(frame, "class") for frame in frames]
        if frames and "title" not in roles:
            # Other programs leave out what a frame is for; the first one is the title then.
            roles[0] = "title"
        for frame, role in sorted(zip(frames, roles, strict=True), key=lambda pair: -ROLES.get(pair[1], BODY)):
            for paragraph in (element for element in frame.iter() if local_name(element) in ("p", "h")):
                yield Paragraph("".join(paragraph.itertext()), ROLES.get(role, BODY), bold=role == "title")
        return
    for element in [element for element in body.iter() if local_name(element) in ("p", "h")][: 2 * MOST_LINES]:
        style = attribute(element, "style-name").casefold()
        is_heading = local_name(element) == "h"
        size = ROLES.get(style, HEADING if is_heading else BODY)
        yield Paragraph("".join(element.itertext()), size, bold=is_heading or style == "title")
