"""RIS: the tagged lines that reference managers and library databases exchange.

Written and read here: rispy 0.10 numbers entries where others expect none, merges an entry whose ER line is missing
into the one before it, drops the last one without ER, cuts addresses at a semicolon, and keeps no lines.
"""

import re
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from publications.formats.base import (
    TYPE_WORDS,
    Entry,
    clean,
    failed,
    find_arxiv,
    full_title,
    make_keys,
    prepare,
    read_date,
    read_doi,
    read_isbn,
    read_issn,
    read_language,
    read_licence,
    read_type,
    read_url,
    tidy,
)
from publications.formats.names import read_name, write_name
from publications.metadata import Agent, RecordMetadata

RESOURCE_TYPES = {
    "JOUR": "journal_article",
    "EJOUR": "journal_article",
    "MGZN": "journal_article",
    "JFULL": "journal_article",
    "INPR": "journal_article",
    "ABST": "journal_article",
    "CPAPER": "conference_paper",
    "CONF": "conference_paper",
    "BOOK": "book",
    "EBOOK": "book",
    "EDBOOK": "book",
    "CHAP": "book_part",
    "ECHAP": "book_part",
    "RPRT": "report",
    "GOVDOC": "report",
    "STAND": "report",
    "THES": "thesis",
    "PREPRINT": "preprint",
    "SLIDE": "slides",
}
RIS_TYPES = {
    "journal_article": "JOUR",
    "data_paper": "JOUR",
    "conference_paper": "CPAPER",
    "book": "BOOK",
    "book_part": "CHAP",
    "report": "RPRT",
    "event_report": "RPRT",
    "thesis": "THES",
    "slides": "SLIDE",
    "poster": "SLIDE",
    "lecture": "SLIDE",
}
SAID_BY_TYPE = {"other", "journal_article", "conference_paper", "book", "book_part", "report", "thesis", "slides"}
"""The types that need no M3."""

# Two blanks by the letter; one is common, but taken only where no running text can be meant.
TAG = re.compile(
    r"([A-Z][A-Z0-9])  -\s?(.*)|(TY|ER|A[U1-4B]|T[I1-3]|PY|Y1|DA|DO|UR|JO|JF|VL|IS|SP|EP|KW) -(?:\s(.*)|$)"
)

Fields = dict[str, list[str]]


def loads(text: str) -> Iterator[Entry]:
    """The entries of a RIS file in order; what cannot be read is an entry with an error and its line."""
    for line, fields in _split(prepare(text)):
        key = clean(" ".join(fields.get("ID", [])[:1]))
        if "TY" not in fields:
            yield failed(_("This entry does not begin with a TY line."), line=line, key=key)
        elif not _first(fields, "TI", "T1", "CT"):
            yield failed(_("This entry has no title (TI)."), line=line, key=key)
        else:
            yield Entry(key=key, line=line, metadata=_read_fields(fields))


def _split(text: str) -> Iterator[tuple[int, Fields]]:
    """Each entry's first line and its values by tag. A TY line begins an entry even where ER is missing before it."""
    fields: Fields = {}
    line, last = 0, ""
    for number, row in enumerate(text.split("\n"), start=1):
        match = TAG.match(row.lstrip())
        tag = (match[1] or match[3]) if match else ""
        value = ((match[2] or match[4] or "") if match else row).strip()
        if fields and tag in ("TY", "ER"):
            yield line, fields
            fields = {}
        if tag and tag != "ER":
            line, last = (line if fields else number), tag
            fields.setdefault(tag, []).append(value)
        elif fields and value:
            fields[last][-1] += f" {value}"
    if fields:
        yield line, fields


def _first(fields: Fields, *tags: str) -> str:
    return next((text for tag in tags for value in fields.get(tag, []) if (text := clean(value))), "")


def _read_fields(fields: Fields) -> RecordMetadata:
    ris_type = _first(fields, "TY").upper()
    resource_type = read_type(_first(fields, "M3")) or RESOURCE_TYPES.get(ris_type, "other")
    is_talk = resource_type in ("slides", "poster", "lecture")
    container = _first(fields, "C3", "JF", "JO", "T2", "BT", "JA", "J2") if not is_talk else ""
    event = _first(fields, "T2") if is_talk or "C3" in fields else ""
    pages = "-".join(filter(None, (_first(fields, "SP"), _first(fields, "EP"))))
    return tidy(
        RecordMetadata(
            title=_first(fields, "TI", "T1", "CT"),
            translated_title=_first(fields, "TT"),
            resource_type=resource_type,
            language=read_language(_first(fields, "LA")),
            agents=(*_read_agents(fields, "AU", "A1"), *_read_agents(fields, "A2", "ED", role="Editor")),
            abstract=_first(fields, "AB", "N2"),
            subjects=tuple(dict.fromkeys(word for value in fields.get("KW", []) if (word := clean(value)))),
            issued=_read_issued(fields),
            publisher=_first(fields, "PB"),
            container_title=container,
            series=_first(fields, "T3"),
            volume=_first(fields, "VL"),
            issue=_first(fields, "IS"),
            page=re.sub(r"\s*[-‐–—]+\s*", "-", pages),
            edition=_first(fields, "ET"),
            # EndNote writes the DOI of an article as its "type of work".
            doi=read_doi(_first(fields, "DO")) or read_doi(_first(fields, "M3")),
            isbn=read_isbn(_first(fields, "SN")),
            issn=read_issn(_first(fields, "SN")),
            arxiv=find_arxiv(" ".join(fields.get("AN", []) + fields.get("N1", []) + [container])),
            url=read_url(_first(fields, "UR")),
            rights=next((found for value in fields.get("C4", []) if (found := read_licence(value))), ""),
            event_title=event,
            event_place=_first(fields, "CY") if event else "",
            file_names=tuple(name for value in fields.get("L1", []) if (name := _read_file_name(value))),
        )
    )


def _read_agents(fields: Fields, *tags: str, role: str = "Creator") -> Iterator[Agent]:
    return (read_name(value, role=role) for tag in tags for value in fields.get(tag, []) if clean(value))


def _read_issued(fields: Fields) -> str:
    """The date (DA) where it agrees with the year (PY): some databases put the day they were asked there."""
    year, date = read_date(_first(fields, "PY", "Y1")), read_date(_first(fields, "DA"))
    return date if date and (not year or date[:4] == year[:4]) and len(date) > len(year) else year


def _read_file_name(text: str) -> str:
    return re.sub(r"^(?:internal-pdf|file)://(?:localhost)?/*(?:\d+/)?", "", clean(text))


def dumps(records: Sequence[RecordMetadata]) -> str:
    """A RIS file. A record's PID is its ID."""
    entries = zip(records, make_keys(records), strict=True)
    return "\n".join(_write_record(record, key=key) for record, key in entries)


def _write_record(record: RecordMetadata, *, key: str) -> str:
    lines = [(tag, text) for tag, value in _write_fields(record, key) if (text := clean(value))]
    return "".join(f"{tag}  - {text}\n" for tag, text in lines) + "ER  - \n"


def _write_fields(record: RecordMetadata, key: str) -> Iterator[tuple[str, str]]:
    yield "TY", RIS_TYPES.get(record.resource_type, "GEN")
    yield "ID", key
    yield "TI", full_title(record)
    yield "TT", record.translated_title
    yield from (("AU", write_name(agent)) for agent in record.creators if clean(agent.name))
    yield from (("A2", write_name(agent)) for agent in record.agents if agent.role == "Editor" and clean(agent.name))
    if record.issued:
        year, month, day = (*record.issued.split("-"), "", "")[:3]
        yield "PY", year
        yield "DA", f"{year}/{month}/{day}/" if month else ""
    if record.resource_type not in SAID_BY_TYPE:
        yield "M3", TYPE_WORDS.get(record.resource_type, "")
    yield "T2", record.event_title or record.container_title
    yield "C3", record.container_title if record.event_title else ""
    yield "T3", record.series
    yield "VL", record.volume
    yield "IS", record.issue
    first, _dash, last = record.page.partition("-")
    yield "SP", first
    yield "EP", last
    yield "ET", record.edition
    yield "PB", record.publisher
    yield "CY", record.event_place
    yield "SN", record.issn or record.isbn
    yield "DO", record.doi
    yield "AN", f"arXiv:{record.arxiv}" if record.arxiv else ""
    yield "UR", record.url
    yield "LA", "" if record.language == "und" else record.language
    yield from (("KW", subject) for subject in record.subjects)
    yield "AB", record.abstract
    yield from (("L1", file.url or file.name) for file in record.files if file.is_open)
    if not record.files:
        yield from (("L1", name) for name in record.file_names)
