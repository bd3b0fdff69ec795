"""The formats that topics come and go in, and how the bytes of a file become text."""

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.translation import gettext as _

from publications.errors import FormatError
from publications.skos.concepts import Concept, ConceptFile
from publications.skos.rdf import read_rdf, write_rdf
from publications.skos.table import read_table, write_table

MAX_BYTES = 5 * 1024 * 1024
MAX_CONCEPTS = 5000
ADDRESS = "/topics"
TITLES = {"en": "Topics", "nl": "Onderwerpen"}
SLUG = re.compile(r"[-\w]{1,120}", re.ASCII)
XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]*encoding=[\"']([A-Za-z0-9._-]+)[\"']")
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class Format:
    """A format by its extension; `syntax` is what rdflib calls it, "" for CSV."""

    extension: str
    label: str
    media_type: str
    syntax: str = ""
    other_extensions: tuple[str, ...] = ()


FORMATS = (
    Format("ttl", "Turtle", "text/turtle", "turtle"),
    Format("rdf", "RDF/XML", "application/rdf+xml", "xml", ("xml", "owl")),
    Format("jsonld", "JSON-LD", "application/ld+json", "json-ld", ("json",)),
    Format("csv", "CSV", "text/csv"),
)


def find_format(name: str) -> Format:
    """The format of a file by its name or extension. Raises FormatError for another."""
    extension = name.rpartition(".")[2].lower()
    for known in FORMATS:
        if extension in (known.extension, *known.other_extensions):
            return known
    offered = ", ".join(f".{known.extension}" for known in FORMATS)
    raise FormatError(_("Topics can be read from %(formats)s.") % {"formats": offered})


def uri_of(slug: str) -> str:
    """The lasting name of a topic of this hub."""
    return f"{settings.BASE_URL}{ADDRESS}/{slug}"


def slug_of(uri: str) -> str:
    """The slug of a topic of this hub by its lasting name; "" for what has another name."""
    prefix = uri_of("")
    slug = uri.removeprefix(prefix).strip("/") if uri.startswith(prefix) else ""
    return slug if SLUG.fullmatch(slug) else ""


def read_file(content: bytes, name: str) -> ConceptFile:
    """What a file says of topics. Raises FormatError where it cannot be read at all."""
    known = find_format(name)
    if len(content) > MAX_BYTES:
        limit = MAX_BYTES // 1024 // 1024
        raise FormatError(_("The file is larger than %(limit)d MB. Bring it in in parts.") % {"limit": limit})
    text = _decode(content)
    read = read_rdf(text, known.syntax, base=uri_of("")) if known.syntax else read_table(text)
    if len(read.concepts) > MAX_CONCEPTS:
        raise FormatError(_("The file has more than %(limit)d topics. Bring it in in parts.") % {"limit": MAX_CONCEPTS})
    if not read.concepts and not read.faults:
        raise FormatError(_("There is no topic in this file."))
    return read


def _decode(content: bytes) -> str:
    declared = XML_ENCODING.match(content)
    encoding = next(
        (name for bom, name in BOMS if content.startswith(bom)), declared[1].decode() if declared else "utf-8"
    )
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FormatError(_("The file is not in UTF-8. Save it as UTF-8."), line=line) from error
    except LookupError as error:
        raise FormatError(_("The file is not in UTF-8. Save it as UTF-8.")) from error
    if "\x00" in text:
        line = text.partition("\x00")[0].count("\n") + 1
        raise FormatError(_("There is a character in it that no text has."), line=line)
    return text


def write_file(concepts: Iterable[Concept], known: Format) -> str:
    """The concepts, named by slug, in a format."""
    if not known.syntax:
        return write_table(concepts)
    return write_rdf(map(_with_uris, concepts), known.syntax, scheme=f"{settings.BASE_URL}{ADDRESS}", titles=TITLES)


def _with_uris(concept: Concept) -> Concept:
    return replace(
        concept,
        uri=uri_of(concept.uri),
        broader=tuple(map(uri_of, concept.broader)),
        related=tuple(map(uri_of, concept.related)),
    )
