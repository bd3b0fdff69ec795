"""CSV: one record a row, for spreadsheets. The first row names the columns, in any order; only `title` is required.

    title, subtitle, abstract, issued (or year), doi, isbn, issn, arxiv, pmid, url, publisher, container_title,
    series, volume, issue, page, edition, event_title, event_place, event_dates
                    text, dates in ISO 8601: 2019, 2019-06 or 2019-06-17
    key             the row's own name; key.pdf is looked for where `file` is empty
    authors, editors
                    "Family, Given; Family, Given; Organisation", an organisation in {braces} where its name could
                    be taken for a person's
    topics, file    several, separated by ;
    type            a value or an English word of the resource types: conference_paper, Slides
    language        a code (nl, en) or a word (Dutch, Nederlands)
    rights          a licence: CC-BY-4.0
    access_right    open, embargoed, members, restricted or metadata_only; with `available`, the day an embargo ends
    translated_title, translated_abstract, translation_language

Columns are separated by commas, semicolons or tabs: whichever the first row has most of. A semicolon or backslash
that is part of a name stands behind a backslash.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from publications.errors import FormatError, InvalidIdentifier
from publications.formats.base import (
    Entry,
    clean,
    clean_paragraphs,
    failed,
    make_keys,
    prepare,
    read_language,
    read_licence,
    read_type,
    read_url,
    tidy,
)
from publications.formats.names import read_name, split_outside_braces, write_name
from publications.identifiers import parse_arxiv, parse_doi, parse_isbn, parse_issn
from publications.metadata import Agent, RecordMetadata, parse_partial_date
from publications.vocabularies import AccessRight

COLUMNS = (
    "key",
    "type",
    "title",
    "subtitle",
    "authors",
    "editors",
    "issued",
    "language",
    "abstract",
    "topics",
    "publisher",
    "container_title",
    "series",
    "volume",
    "issue",
    "page",
    "edition",
    "doi",
    "isbn",
    "issn",
    "arxiv",
    "pmid",
    "url",
    "rights",
    "access_right",
    "available",
    "event_title",
    "event_place",
    "event_dates",
    "translated_title",
    "translated_abstract",
    "translation_language",
    "file",
)
ALIASES = {
    "year": "issued",
    "date": "issued",
    "jaar": "issued",
    "datum": "issued",
    "titel": "title",
    "ondertitel": "subtitle",
    "author": "authors",
    "creators": "authors",
    "auteur": "authors",
    "auteurs": "authors",
    "editor": "editors",
    "samenvatting": "abstract",
    "taal": "language",
    "topic": "topics",
    "keywords": "topics",
    "subjects": "topics",
    "trefwoorden": "topics",
    "onderwerpen": "topics",
    "journal": "container_title",
    "tijdschrift": "container_title",
    "pages": "page",
    "licence": "rights",
    "license": "rights",
    "licentie": "rights",
    "files": "file",
    "filename": "file",
    "bestand": "file",
    "resource_type": "type",
    "soort": "type",
    "uitgever": "publisher",
    "id": "key",
}
# A spreadsheet takes a cell that begins like this for a formula; an apostrophe before it keeps it text.
FORMULA = re.compile(r"'*[=+\-@]")


def loads(text: str) -> Iterator[Entry]:
    """The rows of a CSV file in order; what cannot be read is an entry with an error and its line."""
    lines = prepare(text).split("\n")
    delimiter = max(",;\t", key=lines[0].count)
    rows = _read_rows(lines, delimiter=delimiter)
    header_line, header, problem = next(rows, (1, [], ""))
    columns = [_column(name) for name in header]
    if problem or "title" not in columns:
        if any(line.strip() for line in lines):
            yield failed(problem or _("The first row names no column “title”."), line=header_line)
        return
    broken = False
    for line, cells, problem in rows:
        if problem:
            broken = True
            yield failed(problem, line=line)
        elif not any(cell.strip() for cell in cells):
            continue
        elif broken and len(cells) != len(columns):
            # Possibly the rest of a cell with line breaks in it, and no row at all.
            yield failed(_("This row has not as many cells as the first row, and follows a broken one."), line=line)
        else:
            yield _read_row(columns, cells, line=line)


def _read_rows(lines: Sequence[str], *, delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    """Each row's first line, its cells, and what is wrong with it. After a broken row, reading goes on below it."""
    start = 0
    while start < len(lines):
        rest = (f"{lines[number]}\n" for number in range(start, len(lines)))
        reader = csv.reader(rest, delimiter=delimiter, strict=True)
        first = start
        try:
            for cells in reader:
                yield first + 1, cells, ""
                first = start + reader.line_num
            return
        except csv.Error:
            message = _(
                "This row cannot be read: a quotation mark is not closed or not doubled, or a cell is too long."
            )
            yield first + 1, [], message
            start = first + 1


def _column(name: str) -> str:
    column = re.sub(r"[\s-]+", "_", name.strip().lower())
    return ALIASES.get(column, column)


def _read_row(columns: Sequence[str], cells: Sequence[str], *, line: int) -> Entry:
    if any(cell.strip() for cell in cells[len(columns) :]):
        return failed(_("This row has more cells than the first row has columns."), line=line)
    row: dict[str, str] = {}
    for column, cell in zip(columns, cells, strict=False):
        if cell.strip():
            row.setdefault(column, unescape_formula(cell.strip()))
    key = clean(row.get("key", ""))
    try:
        return Entry(key=key, line=line, metadata=_read_cells(row))
    except (FormatError, InvalidIdentifier, ValueError) as error:
        return failed(str(error), line=line, key=key)


def _read_cells(row: Mapping[str, str]) -> RecordMetadata:
    title = clean(row.get("title", ""))
    if not title:
        raise FormatError(_("This row has no title."))
    return tidy(
        RecordMetadata(
            title=title,
            resource_type=_checked(row, "type", read_type, _("“%(value)s” is no type of record.")) or "other",
            language=read_language(row.get("language", "")),
            agents=(*_read_agents(row.get("authors", "")), *_read_agents(row.get("editors", ""), role="Editor")),
            abstract=clean_paragraphs(row.get("abstract", "")),
            translated_abstract=clean_paragraphs(row.get("translated_abstract", "")),
            translation_language=read_language(row["translation_language"]) if "translation_language" in row else "",
            subjects=read_list(row.get("topics", "")),
            issued=_read_date(row.get("issued", "")),
            available=_read_date(row.get("available", "")),
            doi=parse_doi(row["doi"]) if "doi" in row else "",
            isbn=parse_isbn(row["isbn"]) if "isbn" in row else "",
            issn=parse_issn(row["issn"]) if "issn" in row else "",
            arxiv=parse_arxiv(row["arxiv"]) if "arxiv" in row else "",
            rights=_checked(row, "rights", read_licence, _("“%(value)s” is no licence that this hub knows.")),
            access_right=_checked(row, "access_right", _read_access, _("“%(value)s” is no access right.")) or "open",
            file_names=read_list(row.get("file", "")),
            subtitle=clean(row.get("subtitle", "")),
            translated_title=clean(row.get("translated_title", "")),
            publisher=clean(row.get("publisher", "")),
            container_title=clean(row.get("container_title", "")),
            series=clean(row.get("series", "")),
            volume=clean(row.get("volume", "")),
            issue=clean(row.get("issue", "")),
            page=clean(row.get("page", "")),
            edition=clean(row.get("edition", "")),
            pmid=clean(row.get("pmid", "")),
            url=_checked(row, "url", read_url, _("“%(value)s” is no web address.")),
            event_title=clean(row.get("event_title", "")),
            event_place=clean(row.get("event_place", "")),
            event_dates=_read_interval(row.get("event_dates", "")),
        )
    )


def _checked(row: Mapping[str, str], column: str, read: Callable[[str], str], message: str) -> str:
    """What a cell means; an error where it means nothing, because a person wrote it and can mend it."""
    text = clean(row.get(column, ""))
    if text and not read(text):
        raise FormatError(message % {"value": text})
    return read(text) if text else ""


def _read_access(text: str) -> str:
    return text.lower() if text.lower() in AccessRight.values else ""


def _read_date(text: str) -> str:
    if text:
        parse_partial_date(text)
    return text.strip()


def _read_interval(text: str) -> str:
    return "/".join(_read_date(end) for end in text.split("/"))


def read_list(text: str) -> tuple[str, ...]:
    """The parts of a cell that are separated by semicolons, each once."""
    parts = (clean(re.sub(r"\\([\\;])", r"\1", part)) for part in split_outside_braces(text, ";"))
    return tuple(dict.fromkeys(part for part in parts if part))


def _read_agents(text: str, *, role: str = "Creator") -> tuple[Agent, ...]:
    parts = (clean(re.sub(r"\\([\\;])", r"\1", part)) for part in split_outside_braces(text, ";"))
    return tuple(read_name(part, role=role) for part in parts if part)


def dumps(records: Sequence[RecordMetadata]) -> str:
    """A CSV file with commas and every column. A record's PID is its key."""
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for record, key in zip(records, make_keys(records), strict=True):
        row = _write_row(record, key=key)
        writer.writerow([escape_formula(row[column]) for column in COLUMNS])
    return output.getvalue()


def _write_row(record: RecordMetadata, *, key: str) -> dict[str, str]:
    row = {column: clean(getattr(record, column)) for column in COLUMNS if hasattr(record, column)}
    return row | {
        "key": key,
        "type": record.resource_type,
        "authors": "; ".join(_write_part(write_name(agent)) for agent in record.creators if clean(agent.name)),
        "editors": "; ".join(_write_part(write_name(agent)) for agent in record.agents if agent.role == "Editor"),
        "language": "" if record.language == "und" else record.language,
        "abstract": clean_paragraphs(record.abstract),
        "translated_abstract": clean_paragraphs(record.translated_abstract),
        "topics": "; ".join(_write_part(clean(subject)) for subject in record.subjects),
        "file": "; ".join(_write_part(name) for name in [file.name for file in record.files] or record.file_names),
    }


def write_list(parts: Iterable[str]) -> str:
    """Several things in a cell, separated by semicolons."""
    return "; ".join(map(_write_part, parts))


def _write_part(text: str) -> str:
    return re.sub(r"([\\;])", r"\\\1", text)


def escape_formula(cell: str) -> str:
    """A cell that a spreadsheet shows as it is, where it could be taken for a formula."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def unescape_formula(cell: str) -> str:
    """A cell as it was before `escape_formula`."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell
