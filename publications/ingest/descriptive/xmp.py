"""What a PDF says of itself in XMP (ISO 16684-1) and in its information dictionary beside the usual fields.

Runs in the reading process: XMP is XML that somebody uploaded.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from pypdf import PdfReader

from publications.ingest.text import storable

PRISM = tuple(f"http://prismstandard.org/namespaces/basic/{version}/" for version in ("2.0", "2.1", "3.0"))
PRISM_FIELDS = {
    "doi": "doi",
    "publicationName": "container_title",
    "coverDate": "issued",
    "volume": "volume",
    "number": "issue",
    "pageRange": "page",
    "issn": "issn",
}
LONGEST = 8_000
MOST_NAMES = 500


def read_properties(reader: PdfReader) -> dict[str, str]:
    """What XMP says, each under its name with "xmp_" before it; lists have one entry on each line."""
    try:
        found = dict(read_xmp(reader))
        info = dict(reader.metadata or {})
        found["doi"] = found.get("xmp_doi") or text_of(info.get("/doi") or info.get("/WPS-ARTICLEDOI"))
    except Exception:
        return {}
    return {name: storable(value)[:LONGEST].strip() for name, value in found.items() if value.strip()}


def read_xmp(reader: PdfReader) -> Iterator[tuple[str, str]]:
    xmp = reader.xmp_metadata
    if xmp is None:
        return
    yield "xmp_title", first_of((xmp.dc_title or {}).values())
    yield "xmp_creators", "\n".join(list(xmp.dc_creator or [])[:MOST_NAMES])
    yield "xmp_description", first_of((xmp.dc_description or {}).values())
    yield "xmp_subjects", "\n".join(list(xmp.dc_subject or [])[:MOST_NAMES])
    yield "xmp_doi", text_of(xmp.dc_identifier)
    for namespace in PRISM:
        for name, called in PRISM_FIELDS.items():
            for node in xmp.get_element("", namespace, name):
                yield f"xmp_{called}", node_text(node)


def first_of(values: Iterable[Any]) -> str:
    return next((text_of(value) for value in values), "")


def text_of(value: Any) -> str:
    return str(value) if value is not None else ""


def node_text(node: Any) -> str:
    if getattr(node, "value", None):
        return str(node.value)
    return "".join(child.data for child in getattr(node, "childNodes", ()) if hasattr(child, "data"))
