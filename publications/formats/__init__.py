"""Formats that records come in and go out in: one module each, listed in FORMATS. `base.Entry` is what reading gives.

The `citation_*` tags of a landing page are no file, so `highwire` is not listed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from publications.formats import bibtex, csl_json, csv, datacite, ris, schema_org
from publications.formats.base import Entry, decode
from publications.metadata import RecordMetadata

__all__ = ["FORMATS", "Entry", "Format", "decode", "format_by_file_name", "format_by_media_type"]


@dataclass(frozen=True)
class Format:
    """How records are written and, where `loads` is not None, read."""

    name: str
    """In addresses and commands: "bibtex"."""
    label: str
    """For people: a proper name, the same in every language."""
    extension: str
    """Without the first dot: "csl.json"."""
    media_type: str
    dumps: Callable[[Sequence[RecordMetadata]], str]
    loads: Callable[[str], Iterator[Entry]] | None = None


FORMATS: tuple[Format, ...] = (
    Format("bibtex", "BibTeX", "bib", "application/x-bibtex", bibtex.dumps, bibtex.loads),
    Format("ris", "RIS", "ris", "application/x-research-info-systems", ris.dumps, ris.loads),
    Format(
        "csl_json", "CSL-JSON", "csl.json", "application/vnd.citationstyles.csl+json", csl_json.dumps, csl_json.loads
    ),
    Format("csv", "CSV", "csv", "text/csv", csv.dumps, csv.loads),
    Format("schema_org", "JSON-LD", "jsonld", "application/ld+json", schema_org.dumps),
    Format("datacite", "DataCite JSON", "datacite.json", "application/vnd.datacite.datacite+json", datacite.dumps),
)

EXTENSIONS = {known.extension: known for known in FORMATS}
# What other programs call such files.
EXTENSIONS |= {"bibtex": EXTENSIONS["bib"], "json": EXTENSIONS["csl.json"], "tsv": EXTENSIONS["csv"]}


def format_by_file_name(name: str) -> Format | None:
    """The format of a file by the end of its name; None where it is none of ours."""
    longest_first = sorted(EXTENSIONS, key=len, reverse=True)
    return next((EXTENSIONS[end] for end in longest_first if name.lower().endswith(f".{end}")), None)


def format_by_media_type(media_type: str) -> Format | None:
    """The format of a media type without parameters, None where it is none of ours."""
    return next((known for known in FORMATS if known.media_type == media_type.lower()), None)
