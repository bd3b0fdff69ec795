"""Page texts and document information by pypdf. Runs in the reading process (`child.py`), never in the hub's own."""

import math
from collections.abc import Iterator
from typing import Any

from pypdf import PageObject, PdfReader, apply_configuration, get_configuration
from pypdf.errors import FileNotDecryptedError, LimitReachedError
from pypdf.generic import DictionaryObject, StreamObject

from publications.ingest.descriptive.xmp import read_properties
from publications.ingest.limits import Limits, Stopped
from publications.ingest.pdf_extras import list_attachments, read_notes, read_outline
from publications.ingest.text import storable

# Below pypdf's defaults: 100,000 pages are refused in 1.6 s instead of read for 20 s. No real paper met these.
CONFIGURATION = get_configuration().with_overwrites(
    page_tree_maximum_entries=20_000,
    stream_parsing_work_maximum_count=1_000_000,
    zlib_maximum_output_length=50_000_000,
    jbig2dec_binary=None,
)
INFO_FIELDS = {
    "/Title": "title",
    "/Author": "author",
    "/Subject": "subject",
    "/Keywords": "keywords",
    "/Creator": "creator",
    "/Producer": "producer",
    "/CreationDate": "created",
}
INFO_CHARACTERS = 2_000
# Bytes of instructions on a page, unpacked. A page of print has 10,000 to 50,000; more than this is a figure drawn line
# by line, which takes pypdf longer than it takes to start another engine and read the page with that.
MOST_INSTRUCTIONS = 250_000
DEEPEST_FORM = 8


def read_pages(
    path: str, *, pages: list[int] | None, limits: Limits, drawings: bool = False
) -> Iterator[dict[str, Any]]:
    """Tell the number of pages, then each page, then what the document says of itself.

    pages: the numbers (from 1) of those to read, None for all of them.
    drawings: whether to read also what is on pages with huge drawings, instead of leaving them to another engine.
    """
    with apply_configuration(CONFIGURATION):
        try:
            reader = open_document(path)
            count = len(reader.pages)
        except LimitReachedError as error:
            raise Stopped("limit", "size") from error
        yield {"page_count": count}
        for number in pages or range(1, min(count, limits.pages) + 1):
            yield read_page(reader, number, limits=limits, drawings=drawings)
        yield {"info": read_info(reader) | read_properties(reader)}
        if count > limits.pages:
            raise Stopped("limit", "pages")
        yield {"labels": read_labels(reader)}
        if outline := read_outline(reader):
            yield {"outline": outline}
        if attachments := list_attachments(reader):
            yield {"attachments": attachments}


def open_document(path: str) -> PdfReader:
    reader = PdfReader(path)
    # Many PDFs are encrypted with the empty password, only to forbid printing or copying.
    if reader.is_encrypted and not reader.decrypt(""):
        raise Stopped("password")
    return reader


def read_page(reader: PdfReader, number: int, *, limits: Limits, drawings: bool) -> dict[str, Any]:
    """The text and size of one page, or the name of what went wrong on it; `left_out` where its text is not read."""
    try:
        page = reader.pages[number - 1]
        left_out = not drawings and has_huge_drawing(page)
        text = "" if left_out else storable(page.extract_text())[: limits.page_characters]
        notes = page_notes(page)[: limits.page_characters]
        width, height = page_size(page)
    except (LimitReachedError, MemoryError) as error:
        return {"page": number, "error": type(error).__name__, "limit": True}
    except FileNotDecryptedError as error:
        raise Stopped("password") from error
    except Exception as error:
        return {"page": number, "error": type(error).__name__, "limit": False}
    return {
        "page": number,
        "text": text,
        "notes": notes,
        "width": width,
        "height": height,
        "left_out": left_out,
    }


def has_huge_drawing(page: PageObject) -> bool:
    """Whether the page, with the forms that it draws, has more instructions than pypdf should read.

    What is unpacked for this stays with the page, so that reading it does not unpack it again. A page with a broken or
    bloated stream is left to pypdf, which may never need that stream, and has limits where it does.
    """
    size = 0
    try:
        for stream in instructions_of(page):
            size += len(stream.get_data())
            if size > MOST_INSTRUCTIONS:
                return True
    except Exception:
        return False
    return False


def instructions_of(page: PageObject) -> Iterator[StreamObject]:
    """The streams of instructions that draw a page: its contents and the forms that it may draw, none twice."""
    contents = page.get("/Contents")
    contents = contents.get_object() if contents is not None else []
    for stream in contents if isinstance(contents, list) else [contents]:
        if isinstance(stream := stream.get_object(), StreamObject):
            yield stream
    yield from forms_of(page, seen=set(), depth=0)


def forms_of(drawn: DictionaryObject, *, seen: set[int], depth: int) -> Iterator[StreamObject]:
    """The form XObjects (PDF 1.7, 8.10) that a page or a form may draw, and those that they may draw in turn."""
    resources = drawn.get("/Resources")
    resources = resources.get_object() if resources is not None else None
    objects = resources.get("/XObject") if isinstance(resources, DictionaryObject) else None
    objects = objects.get_object() if objects is not None else None
    for form in objects.values() if isinstance(objects, DictionaryObject) else ():
        form = form.get_object()
        if isinstance(form, StreamObject) and form.get("/Subtype") == "/Form" and id(form) not in seen:
            seen.add(id(form))
            yield form
            if depth < DEEPEST_FORM:
                yield from forms_of(form, seen=seen, depth=depth + 1)


def page_notes(page: PageObject) -> str:
    """The words of annotations and form fields; a page whose annotations are broken is a page without."""
    try:
        return read_notes(page)
    except Exception:
        return ""


def page_size(page: PageObject) -> tuple[float, float]:
    """Width and height in points as a reader sees the page, (0, 0) where they make no sense."""
    try:
        box = page.cropbox
        width, height = abs(float(box.width)), abs(float(box.height))
        turned = page.rotation % 180 == 90
    except Exception:
        return 0.0, 0.0
    if not (math.isfinite(width) and math.isfinite(height)):
        return 0.0, 0.0
    return (height, width) if turned else (width, height)


def read_info(reader: PdfReader) -> dict[str, str]:
    """What the document's information dictionary says: title, author and so on, none that is blank."""
    try:
        info = dict(reader.metadata or {})
        found = {
            name: storable(str(info[key]))[:INFO_CHARACTERS].strip()
            for key, name in INFO_FIELDS.items()
            if info.get(key)
        }
    except Exception:
        return {}
    return {name: value for name, value in found.items() if value}


def read_labels(reader: PdfReader) -> list[str]:
    """The page numbers as printed ("iv", "327"), an empty list where they are just 1, 2, 3."""
    try:
        labels = [storable(label)[:40] for label in reader.page_labels]
    except Exception:
        return []
    return [] if labels == [str(number) for number in range(1, len(labels) + 1)] else labels
