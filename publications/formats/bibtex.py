"""BibTeX: what people bring from JabRef, Zotero, Mendeley and publishers, and what biber, pybtex and they read back.

bibtexparser splits the file, because it keeps lines and goes on after a broken entry. Its other steps are not used:
they leave `#` concatenations and crossref unresolved, and treat `%` in an abstract as a comment.
"""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bibtexparser.model import (
    Block,
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    ImplicitComment,
    ParsingFailedBlock,
    String,
)
from bibtexparser.model import Entry as EntryBlock
from bibtexparser.splitter import Splitter
from django.utils.translation import gettext as _

from publications.formats import latex
from publications.formats.base import (
    TYPE_WORDS,
    Entry,
    clean,
    failed,
    find_arxiv,
    make_date,
    make_keys,
    prepare,
    read_arxiv,
    read_date,
    read_doi,
    read_isbn,
    read_issn,
    read_language,
    read_licence,
    read_month,
    read_type,
    read_url,
    tidy,
)
from publications.formats.names import in_braces, read_bibtex_names, split_outside_braces, write_bibtex_names
from publications.identifiers import doi_url
from publications.metadata import RecordMetadata, parse_partial_date

# What the splitter logs about a broken entry is reported with that entry.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)

MONTH_NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
NOT_WORKS = frozenset({"xdata", "set", "control", "bibnote"})
"""Entry types that hold settings or shared fields, no work."""

RESOURCE_TYPES = {
    "article": "journal_article",
    "periodical": "journal_article",
    "inproceedings": "conference_paper",
    "conference": "conference_paper",
    "book": "book",
    "booklet": "book",
    "mvbook": "book",
    "collection": "book",
    "mvcollection": "book",
    "proceedings": "book",
    "mvproceedings": "book",
    "reference": "book",
    "inbook": "book_part",
    "incollection": "book_part",
    "suppbook": "book_part",
    "suppcollection": "book_part",
    "inreference": "book_part",
    "techreport": "report",
    "report": "report",
    "manual": "report",
    "thesis": "thesis",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "bachelorsthesis": "thesis",
    "presentation": "slides",
    "slides": "slides",
    "poster": "poster",
    "talk": "lecture",
    "minutes": "minutes",
}
ENTRY_TYPES = {
    "journal_article": "article",
    "data_paper": "article",
    "conference_paper": "inproceedings",
    "book": "book",
    "book_part": "incollection",
    "report": "techreport",
    "event_report": "techreport",
    "thesis": "thesis",
}
PLAIN_TYPES = {"journal_article", "conference_paper", "book", "book_part", "other"}
"""The types that their entry type says in full: a techreport need not be technical, nor a thesis a doctor's."""

# A parent's own identifiers, files and texts are not its children's: a paper with the DOI of its proceedings would be
# taken for a copy of every other paper in them.
NOT_INHERITED = frozenset(
    {"crossref", "xref", "xdata", "title", "subtitle", "doi", "url", "eprint", "file", "abstract", "keywords", "pages"}
)


@dataclass(frozen=True)
class _Source:
    """An entry with its fields in lower case and their values in LaTeX, macros filled in."""

    key: str
    line: int
    entry_type: str
    fields: Mapping[str, str]


def loads(text: str) -> Iterator[Entry]:
    """The entries of a BibTeX file in order; what cannot be read is an entry with an error and its line."""
    blocks = Splitter(prepare(text)).split().blocks
    macros = {name: name.capitalize() for name in MONTH_NAMES}
    for block in blocks:
        if isinstance(block, String):
            macros[block.key.lower()] = _value(block.value, macros)
    sources = {id(block): _source(block, macros) for block in blocks}
    by_key = {source.key.lower(): source for source in reversed(sources.values()) if source and source.key}
    for block, following in zip(blocks, [*blocks, None][1:], strict=True):
        yield from _read_block(block, following, sources[id(block)], by_key)


def _read_block(
    block: Block, following: Block | None, source: _Source | None, by_key: Mapping[str, _Source]
) -> Iterator[Entry]:
    line = (block.start_line or 0) + 1
    if source and isinstance(block, DuplicateBlockKeyBlock) and source.key:
        first = (block.previous_block.start_line or 0) + 1
        message = _("The key “%(key)s” was used before, on line %(line)d. Give this entry a key of its own.")
        yield failed(message % {"key": source.key, "line": first}, line=line, key=source.key)
    elif source and _goes_on(following):
        message = _("This entry ends too early: a closing brace too many stands in it.")
        yield failed(message, line=line, key=source.key)
    elif source:
        if source.entry_type not in NOT_WORKS:
            yield _read_source(source, by_key)
    elif isinstance(block, ParsingFailedBlock):
        match = re.match(r"@\s*\w*\s*[{(]\s*([^\s,{}()=\"]*)\s*,", block.raw or "")
        message = _("This entry cannot be read: a brace, quote or comma is missing in it.")
        yield failed(message, line=line, key=match[1] if match else "")
    elif isinstance(block, ImplicitComment):
        yield from _read_stray_text(block, line)


def _goes_on(following: Block | None) -> bool:
    """Whether the text after an entry is its rest, cut off by a stray brace."""
    return isinstance(following, ImplicitComment) and following.comment.lstrip("}\"' \n").startswith(",")


def _read_stray_text(block: ImplicitComment, line: int) -> Iterator[Entry]:
    """Text between entries is a comment, unless it starts like an entry."""
    for offset, text in enumerate(block.comment.split("\n")):
        if re.match(r"\s*@\s*[\w-]+\s*(?:[{(]|$)", text):
            yield failed(_("This entry cannot be read: its first line is not as in @article{key,"), line=line + offset)


def _source(block: Block, macros: Mapping[str, str]) -> _Source | None:
    if isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock):
        return _source(block.ignore_error_block, macros) if block.ignore_error_block else None
    if not isinstance(block, EntryBlock):
        return None
    fields: dict[str, str] = {}
    for field in block.fields:
        # Of a field that stands twice the first counts, as in BibTeX; an empty one does not count.
        if value := _value(field.value, macros):
            fields.setdefault(field.key.lower(), value)
    return _Source(key=block.key, line=(block.start_line or 0) + 1, entry_type=block.entry_type.lower(), fields=fields)


def _value(raw: str, macros: Mapping[str, str]) -> str:
    """A field's value without its delimiters, its parts joined; an unknown macro stays as the word it is."""
    parts = []
    for part in _split_joined(raw):
        if in_braces(part) or (len(part) > 1 and part[0] == part[-1] == '"'):
            parts.append(part[1:-1])
        else:
            parts.append(macros.get(part.lower(), part))
    return "".join(parts).strip()


def _split_joined(raw: str) -> list[str]:
    """The parts of a BibTeX value that `#` joins."""
    parts, start, depth, quoted = [], 0, 0, False
    for match in re.finditer(r'[{}"#]', raw):
        character = match.group()
        if character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
        elif depth == 0 and character == '"':
            quoted = not quoted
        elif depth == 0 and not quoted:
            parts.append(raw[start : match.start()].strip())
            start = match.end()
    return [*parts, raw[start:].strip()]


def _inherited(source: _Source, by_key: Mapping[str, _Source]) -> dict[str, str]:
    """The entry's fields with those of its crossref and xdata, one level up as in BibTeX."""
    fields = dict(source.fields)
    for name in clean(fields.get("xdata", "")).split(","):
        if parent := by_key.get(name.strip().lower()):
            fields = {**parent.fields, **fields}
    parent = by_key.get(clean(fields.get("crossref", "")).lower())
    if parent and parent is not source:
        inherited = {name: value for name, value in parent.fields.items() if name not in NOT_INHERITED}
        if "title" in parent.fields:
            inherited.setdefault("booktitle", parent.fields["title"])
        if RESOURCE_TYPES.get(source.entry_type) != "book_part" or "author" in fields:
            inherited.pop("author", None)
        fields = {**inherited, **fields}
    return fields


def _read_source(source: _Source, by_key: Mapping[str, _Source]) -> Entry:
    fields = _inherited(source, by_key)
    title = latex.to_text(fields.get("title", ""))
    if not title:
        return failed(_("This entry has no title."), line=source.line, key=source.key)
    return Entry(key=source.key, line=source.line, metadata=_read_fields(source.entry_type, title, fields))


def _read_fields(entry_type: str, title: str, fields: Mapping[str, str]) -> RecordMetadata:
    def text(*names: str) -> str:
        return next((found for name in names if (found := latex.to_text(fields.get(name, "")))), "")

    def verbatim(*names: str) -> str:
        return next((found for name in names if (found := _read_verbatim(fields.get(name, "")))), "")

    container = text("journal", "journaltitle", "booktitle", "maintitle")
    is_arxiv = text("eprinttype", "archiveprefix", "archive").lower() == "arxiv"
    arxiv = read_arxiv(verbatim("eprint")) if is_arxiv else ""
    arxiv = (
        arxiv or read_arxiv(verbatim("arxiv", "arxivid")) or find_arxiv(f"{container} {text('howpublished', 'note')}")
    )
    resource_type = read_type(text("entrysubtype", "type", "howpublished")) or RESOURCE_TYPES.get(entry_type, "other")
    if arxiv and (entry_type in ("misc", "online", "unpublished") or container.lower().startswith("arxiv")):
        resource_type, container = "preprint", ""
    elif arxiv and entry_type == "article" and not container:
        resource_type = "preprint"
    return tidy(
        RecordMetadata(
            title=title,
            subtitle=text("subtitle"),
            resource_type=resource_type,
            language=read_language(text("langid", "language")),
            agents=(
                *read_bibtex_names(fields.get("author", "")),
                *read_bibtex_names(fields.get("editor", ""), role="Editor"),
            ),
            abstract=latex.to_paragraphs(fields.get("abstract", "")),
            subjects=_read_keywords(fields.get("keywords") or fields.get("keyword", "")),
            issued=_read_issued(fields),
            publisher=text("publisher", "institution", "school", "organization"),
            container_title=container,
            series=text("series"),
            volume=text("volume"),
            issue=text("number", "issue"),
            page=re.sub(r"\s*[-‐–—]+\s*", "-", text("pages", "eid", "articleno")),
            edition=text("edition"),
            doi=read_doi(verbatim("doi")),
            isbn=read_isbn(verbatim("isbn")),
            issn=read_issn(verbatim("issn", "eissn")),
            arxiv=arxiv,
            pmid=verbatim("pmid"),
            url=read_url(verbatim("url", "link", "howpublished")),
            rights=read_licence(verbatim("copyright", "license", "rights")),
            event_title=text("eventtitle"),
            event_place=text("venue"),
            event_dates=_read_interval(verbatim("eventdate")),
            file_names=_read_files(fields.get("file", "")),
        )
    )


def _read_verbatim(source: str) -> str:
    """An identifier or address: only what LaTeX forces upon it is undone."""
    bare = re.sub(r"\\(?:url|href|path)\s*(?=\{)|\{\\textless\}|\\textless\b", "", source)
    bare = re.sub(r"\{?\\([_&%#$~^])(?:\{\})?\}?", r"\1", bare)
    return clean(re.sub(r"[{}]", "", bare))


def _read_keywords(source: str) -> tuple[str, ...]:
    separators = ";" if len(split_outside_braces(source, ";")) > 1 else ",\n"
    words = (latex.to_text(part) for part in split_outside_braces(source, separators))
    return tuple(dict.fromkeys(word for word in words if word))


def _read_issued(fields: Mapping[str, str]) -> str:
    """The date by `date` (biblatex) or year, month and day; "" for "in press"."""
    if issued := read_date(latex.to_text(fields.get("date", ""))):
        return issued
    year = read_date(latex.to_text(fields.get("year", "")))
    if len(year) != 4:
        return year
    month_text = latex.to_text(fields.get("month", ""))  # "6", "June", "17 June", "June–July"
    month = read_month(month_text)
    if not month:
        return read_date(f"{year} {month_text}") or year
    day = clean(fields.get("day", ""))
    return make_date(int(year), month, int(day) if day.isascii() and day.isdigit() else 0)


def _read_interval(text: str) -> str:
    ends = [read_date(part) for part in text.split("/")[:2]]
    return "/".join(end for end in ends if end) if ends[0] else ""


def _read_files(source: str) -> tuple[str, ...]:
    """File names as JabRef (":a.pdf:PDF"), Zotero ("Full text:a.pdf:application/pdf") or people write them."""
    source = re.sub(r"\$?\\backslash\s*\$?:?", ":", source) if "backslash" in source else source
    source = re.sub(r"\{?\\([_&%#$])\}?", r"\1", source)
    names = []
    for part in split_outside_braces(source, ";"):
        pieces = [_unescape_path(piece) for piece in _split_file_parts(part)]
        if len(pieces) >= 3:
            names.append(":".join(pieces[1:-1]))
        elif len(pieces) == 2 and (not pieces[1] or re.fullmatch(r"pdf|[a-z]+/[\w.+-]+", pieces[1], re.IGNORECASE)):
            names.append(pieces[0])
        else:
            names.append(pieces[-1])
    return tuple(dict.fromkeys(name for name in names if name))


def _split_file_parts(part: str) -> list[str]:
    """The parts between colons, but not at the colon of a Windows drive ("C:\\papers\\a.pdf")."""
    return re.split(r"(?<!\\)(?<!^[A-Za-z])(?<!:[A-Za-z]):(?![\\/]{2})", part.strip())


def _unescape_path(text: str) -> str:
    return clean(re.sub(r"\\([\\:;])", r"\1", re.sub(r"[{}]", "", text)))


def dumps(records: Sequence[RecordMetadata]) -> str:
    """A BibTeX file in UTF-8 for biber, pybtex and reference managers. A record's PID is its key."""
    keys = make_keys(records)
    return "\n".join(_write_record(record, key=key) for record, key in zip(records, keys, strict=True))


def _write_record(record: RecordMetadata, *, key: str) -> str:
    entry_type = ENTRY_TYPES.get(record.resource_type, "misc")
    fields = "".join(f"  {name} = {value},\n" for name, value in _write_fields(record, entry_type) if value)
    return f"@{entry_type}{{{key},\n{fields}}}\n"


def _write_fields(record: RecordMetadata, entry_type: str) -> Iterator[tuple[str, str]]:
    container = "journal" if entry_type == "article" else "booktitle"
    publisher = "institution" if entry_type in ("techreport", "thesis") else "publisher"
    # In a second pair of braces the title keeps its capitals in every style.
    yield "title", _braced(_braced(latex.from_text(clean(record.title))))
    yield "subtitle", _braced(_braced(latex.from_text(clean(record.subtitle))))
    yield "author", _braced(write_bibtex_names(record.creators))
    yield "editor", _braced(write_bibtex_names(tuple(agent for agent in record.agents if agent.role == "Editor")))
    yield from _write_issued(record.issued)
    if record.resource_type not in PLAIN_TYPES:
        type_field = "howpublished" if entry_type == "misc" else "type"
        yield type_field, _text(TYPE_WORDS.get(record.resource_type, ""))
    yield container, _text(record.container_title)
    yield publisher, _text(record.publisher)
    for name in ("series", "volume"):
        yield name, _text(getattr(record, name))
    yield "number", _text(record.issue)
    yield "pages", _text(record.page).replace("-", "--")
    yield "edition", _text(record.edition)
    yield "eventtitle", _text(record.event_title)
    yield "venue", _text(record.event_place)
    yield "eventdate", _verbatim(record.event_dates)
    # As a link a DOI can have its braces encoded.
    yield "doi", _braced(doi_url(record.doi) if re.search(r"[{}\\]", record.doi) else record.doi)
    yield "isbn", _verbatim(record.isbn)
    yield "issn", _verbatim(record.issn)
    if record.arxiv:
        yield "eprint", _verbatim(record.arxiv)
        yield "archiveprefix", "{arXiv}"
    yield "pmid", _verbatim(record.pmid)
    yield "url", _verbatim(record.url)
    yield "language", _text("" if record.language == "und" else record.language)
    yield "keywords", _braced(", ".join(_write_keyword(subject) for subject in record.subjects if clean(subject)))
    yield "copyright", _verbatim(record.rights)
    yield "abstract", _braced(latex.from_paragraphs(record.abstract))
    yield "file", _write_files(tuple(file.name for file in record.files) or record.file_names)


def _braced(text: str) -> str:
    return "{" + text + "}" if text else ""


def _text(text: str) -> str:
    return _braced(latex.from_text(clean(text)))


def _verbatim(text: str) -> str:
    """An identifier or address, which biblatex prints as it stands; a brace in it would end the value."""
    encoded = clean(text).replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D")
    return _braced(encoded)


def _write_keyword(subject: str) -> str:
    escaped = latex.from_text(clean(subject))
    return _braced(escaped) if re.search("[,;]", subject) else escaped


def _write_issued(issued: str) -> Iterator[tuple[str, str]]:
    # Not biblatex's `date`: BibTeX styles know only these, and biber warns of a file with both.
    parts = parse_partial_date(issued) if issued else ()
    if parts:
        yield "year", _braced(f"{parts[0]:04}")
    if len(parts) > 1:
        yield "month", MONTH_NAMES[parts[1] - 1]
    if len(parts) > 2:
        yield "day", _braced(str(parts[2]))


def _write_files(names: Sequence[str]) -> str:
    escaped = (re.sub(r"([\\:;])", r"\\\1", clean(name)) for name in names)
    return _braced(";".join(name.replace("{", "%7B").replace("}", "%7D") for name in escaped))
