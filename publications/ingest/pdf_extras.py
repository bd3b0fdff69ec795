"""What a PDF holds beside the text of its pages: annotations, filled-in forms, the outline, attached files.

Runs in the reading process (`child.py`). Attached files are listed by name and size and never opened: they may be
anything, and what is inside a deposit must be as visible as the deposit itself.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from publications.ingest.text import storable

MOST_ANNOTATIONS = 2_000
NOTE_CHARACTERS = 5_000
MOST_ENTRIES = 500
TITLE_CHARACTERS = 200
DEEPEST = 8

HIDDEN = 1 << 1 | 1 << 5
"""Annotation flags Hidden and NoView (PDF 1.7, table 165): no reader sees these."""
PASSWORD_FIELD = 1 << 13
SPOKEN_BY_THE_PAGE = ("/Link", "/Popup", "/Screen", "/Movie", "/RichMedia", "/3D", "/TrapNet", "/PrinterMark")


def read_notes(page: PageObject) -> str:
    """The words of a page's annotations and form fields, one on each line, none twice."""
    lines: dict[str, None] = {}
    annotations = page.get("/Annots")
    for annotation in list(resolved(annotations) or ())[:MOST_ANNOTATIONS]:
        annotation = resolved(annotation)
        if isinstance(annotation, DictionaryObject) and not int(annotation.get("/F", 0) or 0) & HIDDEN:
            lines |= dict.fromkeys(_words_of(annotation))
    return "\n".join(lines)


def resolved(thing: Any) -> Any:
    return thing.get_object() if thing is not None else None


def _words_of(annotation: DictionaryObject) -> Iterator[str]:
    kind = resolved(annotation.get("/Subtype"))
    if kind in SPOKEN_BY_THE_PAGE:
        return
    values = _field_values(annotation) if kind == "/Widget" else [resolved(annotation.get("/Contents"))]
    for value in values:
        # Names are states of buttons, streams are rich text beside the plain one.
        if isinstance(value, str) and not isinstance(value, NameObject) and value.strip():
            yield from storable(value)[:NOTE_CHARACTERS].strip().splitlines()


def _field_values(widget: DictionaryObject) -> Iterable[Any]:
    """What somebody filled in: a text, or the choices made. Not a password, not the state of a button."""
    if int(_inherited(widget, "/Ff") or 0) & PASSWORD_FIELD or _inherited(widget, "/FT") in ("/Btn", "/Sig"):
        return ()
    value = _inherited(widget, "/V")
    return [resolved(choice) for choice in value] if isinstance(value, ArrayObject) else [value]


def _inherited(field: DictionaryObject, key: str) -> Any:
    """A value of a field, which may be given by a field above it."""
    for _ in range(DEEPEST):
        if key in field:
            return resolved(field[key])
        parent = resolved(field.get("/Parent"))
        if not isinstance(parent, DictionaryObject):
            return None
        field = parent
    return None


def read_outline(reader: PdfReader) -> list[dict[str, Any]]:
    """The outline as titles with their pages and levels, in order; empty where there is none or it is broken."""
    try:
        return list(_outline_entries(reader, reader.outline, level=1))[:MOST_ENTRIES]
    except Exception:
        return []


def _outline_entries(reader: PdfReader, entries: Iterable[Any], *, level: int) -> Iterator[dict[str, Any]]:
    for entry in entries:
        if isinstance(entry, list):
            if level < DEEPEST:
                yield from _outline_entries(reader, entry, level=level + 1)
            continue
        number = reader.get_destination_page_number(entry)
        title = " ".join(storable(str(entry.title)).split())[:TITLE_CHARACTERS]
        if title and number is not None and number >= 0:
            yield {"title": title, "page": number + 1, "level": level}


def list_attachments(reader: PdfReader) -> list[dict[str, Any]]:
    """Names of the files inside the file, and the sizes that it declares (None where it does not)."""
    found: list[dict[str, Any]] = []
    try:
        for specification in _file_specifications(reader):
            name = next((specification[key] for key in ("/UF", "/F", "/DOS") if key in specification), "")
            found.append({"name": storable(str(name))[:TITLE_CHARACTERS] or "?", "size_bytes": _size_of(specification)})
            if len(found) >= MOST_ENTRIES:
                break
    except Exception:
        return found
    return found


def _file_specifications(reader: PdfReader) -> Iterator[DictionaryObject]:
    names = resolved(reader.root_object.get("/Names"))
    tree = resolved(names.get("/EmbeddedFiles")) if names else None
    yield from _leaves(tree, depth=0)
    for page in reader.pages[:MOST_ENTRIES]:
        for annotation in list(resolved(page.get("/Annots")) or ())[:MOST_ANNOTATIONS]:
            annotation = resolved(annotation)
            if isinstance(annotation, DictionaryObject) and annotation.get("/Subtype") == "/FileAttachment":
                specification = resolved(annotation.get("/FS"))
                if isinstance(specification, DictionaryObject):
                    yield specification


def _leaves(tree: Any, *, depth: int) -> Iterator[DictionaryObject]:
    """The values of a name tree."""
    if not isinstance(tree, DictionaryObject) or depth > DEEPEST:
        return
    pairs = list(resolved(tree.get("/Names")) or ())
    for value in pairs[1::2]:
        value = resolved(value)
        if isinstance(value, DictionaryObject):
            yield value
    for kid in list(resolved(tree.get("/Kids")) or ())[:MOST_ENTRIES]:
        yield from _leaves(resolved(kid), depth=depth + 1)


def _size_of(specification: DictionaryObject) -> int | None:
    embedded = resolved(specification.get("/EF")) or {}
    stream = next((resolved(embedded[key]) for key in ("/UF", "/F") if key in embedded), None)
    parameters = resolved(stream.get("/Params")) if stream is not None else None
    size = resolved(parameters.get("/Size")) if parameters else None
    return int(size) if isinstance(size, int) and size >= 0 else None
