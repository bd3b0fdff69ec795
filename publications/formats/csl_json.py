"""CSL-JSON: what citation processors take, and what Zotero, Crossref and DataCite hand out."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from typing import Any

from django.utils.translation import gettext as _

from publications.errors import FormatError, InvalidIdentifier
from publications.formats.base import (
    TYPE_WORDS,
    Entry,
    clean,
    clean_paragraphs,
    failed,
    find_arxiv,
    full_title,
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
    read_type,
    read_url,
    tidy,
)
from publications.formats.names import organisation, person, split_particle, split_suffix
from publications.identifiers import parse_orcid
from publications.metadata import Affiliation, Agent, FundingReference, RecordMetadata, parse_partial_date

RESOURCE_TYPES = {
    "article-journal": "journal_article",
    "journal-article": "journal_article",
    "article-magazine": "journal_article",
    "review": "journal_article",
    "paper-conference": "conference_paper",
    "proceedings-article": "conference_paper",
    "book": "book",
    "monograph": "book",
    "edited-book": "book",
    "reference-book": "book",
    "proceedings": "book",
    "chapter": "book_part",
    "book-chapter": "book_part",
    "book-section": "book_part",
    "book-part": "book_part",
    "report": "report",
    "report-component": "report",
    "standard": "report",
    "thesis": "thesis",
    "dissertation": "thesis",
    "article": "preprint",
    "posted-content": "preprint",
    "speech": "lecture",
}
"""Types of CSL, and of Crossref, which calls them otherwise."""

CSL_TYPES = {
    "journal_article": "article-journal",
    "data_paper": "article-journal",
    "conference_paper": "paper-conference",
    "book": "book",
    "book_part": "chapter",
    "report": "report",
    "event_report": "report",
    "thesis": "thesis",
    "preprint": "article",
    "slides": "speech",
    "poster": "speech",
    "lecture": "speech",
}
SAID_BY_TYPE = {"other", "journal_article", "conference_paper", "book", "book_part", "report", "thesis", "preprint"}
"""The types that need no `genre`."""

# The markup that CSL allows in text, and the JATS of Crossref's abstracts.
TAG = re.compile(r"<(/?)(i|b|u|em|strong|sup|sub|sc|span|p|title|jats:[a-z-]+|mml:[a-z-]+)(?:\s[^<>]*)?(/?)>")
BLOCKS = {"p", "title", "jats:p", "jats:title", "jats:sec"}


def loads(text: str) -> Iterator[Entry]:
    """The items of a CSL-JSON file in order; what cannot be read is an entry with an error and its line."""
    text = prepare(text)
    start = len(text) - len(text.lstrip())
    line = text.count("\n", 0, start) + 1
    # An object with "items" is what Zotero's and Crossref's interfaces answer; else a single item.
    wrapped = re.match(r'\s*\{\s*"items"\s*:\s*\[', text)
    if wrapped or text.startswith("[", start):
        yield from _read_array(text, wrapped.end() if wrapped else start + 1)
    elif text.startswith("{", start):
        yield _read_at(text, start, line=line)[0]
    elif start < len(text):
        yield failed(_("This is not CSL-JSON: it begins with neither [ nor {."), line=line)


def _read_array(text: str, position: int) -> Iterator[Entry]:
    """The items of an array, one by one, so that each knows its line and a broken one stops no other."""
    line, counted = 1, 0
    while True:
        position = _skip(text, position)
        line, counted = line + text.count("\n", counted, position), position
        if position >= len(text):
            yield failed(_("The file ends before its list does: the last ] is missing."), line=line)
            return
        if text[position] == "]":
            return
        entry, position = _read_at(text, position, line=line)
        yield entry


def _skip(text: str, position: int) -> int:
    """The next place that holds more than blanks and commas."""
    match = re.compile(r"[\s,]*").match(text, position)
    return match.end() if match else position


def _read_at(text: str, position: int, *, line: int) -> tuple[Entry, int]:
    """The item at a position, and where the next one may begin."""
    try:
        item, end = json.JSONDecoder().raw_decode(text, position)
    except (json.JSONDecodeError, RecursionError) as error:
        at = error.lineno if isinstance(error, json.JSONDecodeError) else line
        message = _("This item is not JSON: a comma, quote or bracket is missing on line %(line)d or before it.")
        return failed(message % {"line": at}, line=line), _next_item(text, position)
    if not isinstance(item, dict):
        return failed(_("This is no item: an item stands between { and }."), line=line), end
    key = clean(str(item.get("id") or ""))
    try:
        return Entry(key=key, line=line, metadata=read_item(item)), end
    except FormatError as error:
        return failed(str(error), line=line, key=key), end


def _next_item(text: str, position: int) -> int:
    """Where the next item begins: the next { that is indented as the broken one was."""
    indent = re.search(r"[ \t]*\Z", text[text.rfind("\n", 0, position) + 1 : position])
    if indent is None or not text.startswith("\n", position - len(indent[0]) - 1):
        return len(text)
    following = re.compile(rf"\n{indent[0]}\{{").search(text, position)
    return following.end() - 1 if following else len(text)


def read_item(item: Mapping[str, Any]) -> RecordMetadata:
    """The metadata of one CSL item, as Zotero, Crossref or DataCite make them. Raises FormatError without a title."""
    if item.get("source") == "Crossref":
        item = _unescape(item)  # Crossref hands out what publishers gave it: XML, with &amp; for &
    title = _text(item.get("title"))
    if not title:
        raise FormatError(_("This item has no title."))
    found_type = read_type(_text(item.get("genre"))) or RESOURCE_TYPES.get(_text(item.get("type")), "other")
    return tidy(
        RecordMetadata(
            title=title,
            subtitle=_text(item.get("subtitle")),
            resource_type=found_type,
            language=read_language(_text(item.get("language"))),
            agents=(*_read_agents(item.get("author")), *_read_agents(item.get("editor"), role="Editor")),
            abstract=clean_paragraphs(_strip_markup(_raw(item.get("abstract")))),
            subjects=_read_subjects(item),
            issued=_first_date(item, "issued", "published", "published-print", "published-online"),
            publisher=_text(item.get("publisher")),
            container_title=_text(item.get("container-title")),
            series=_text(item.get("collection-title")),
            volume=_text(item.get("volume")),
            issue=_text(item.get("issue")),
            page=re.sub(r"\s*[-‐–—]+\s*", "-", _text(item.get("page")) or _text(item.get("article-number"))),
            edition=_text(item.get("edition")),
            doi=read_doi(_text(item.get("DOI"))),
            isbn=read_isbn(_text(item.get("ISBN"))),
            issn=read_issn(_text(item.get("ISSN"))),
            arxiv=_read_arxiv_of(item),
            pmid=_text(item.get("PMID")),
            url=read_url(_text(item.get("URL"))),
            rights=_read_rights(item.get("license")),
            event_title=_text(item.get("event-title")) or _text(item.get("event")),
            event_place=_text(item.get("event-place")),
            event_dates=_read_interval(item.get("event-date")),
            funding_references=tuple(_read_funders(item.get("funder"))),
        )
    )


def _unescape(value: Any) -> Any:
    if isinstance(value, str):
        return unescape(value)
    if isinstance(value, list):
        return [_unescape(part) for part in value]
    if isinstance(value, dict):
        return {name: _unescape(part) for name, part in value.items()}
    return value


def _raw(value: Any) -> str:
    """The text of a value that may be a number, a list (Crossref's titles) or an object with a name."""
    if isinstance(value, list):
        return _raw(value[0]) if value else ""
    if isinstance(value, dict):
        return _raw(value.get("name") or value.get("title"))
    return "" if value is None or isinstance(value, bool) else str(value)


def _text(value: Any) -> str:
    return clean(_strip_markup(_raw(value)))


def _strip_markup(text: str) -> str:
    """The text without its tags; one that is not closed, or closes nothing, is no tag but text."""
    tags, opened = [], []
    for tag in TAG.finditer(text):
        if tag[3]:
            tags.append(tag)
        elif not tag[1]:
            opened.append(tag)
        elif opened and opened[-1][2] == tag[2]:
            tags += [opened.pop(), tag]
    parts, end = [], 0
    for tag in sorted(tags, key=lambda tag: tag.start()):
        parts += [text[end : tag.start()], "\n\n" if tag[2] in BLOCKS else ""]
        end = tag.end()
    return "".join([*parts, text[end:]])


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    return (part for part in value if isinstance(part, dict)) if isinstance(value, list) else iter(())


def _read_agents(value: Any, *, role: str = "Creator") -> Iterator[Agent]:
    for name in _dicts(value):
        literal = _text(name.get("literal") or name.get("name"))
        family = _join_particles(
            *(_text(name.get(part)) for part in ("dropping-particle", "non-dropping-particle", "family"))
        )
        given, suffix = _text(name.get("given")), _text(name.get("suffix"))
        if family or given:
            agent = person(family, given, role=role, suffix=suffix)
        elif literal:
            agent = organisation(literal, role=role)
        else:
            continue
        affiliations = tuple(Affiliation(found) for part in _dicts(name.get("affiliation")) if (found := _text(part)))
        yield Agent(**{**vars(agent), "orcid": _read_orcid(_text(name.get("ORCID"))), "affiliations": affiliations})


def _join_particles(*parts: str) -> str:
    joined = ""
    for part in filter(None, parts):
        joined += part if not joined or joined.endswith(("'", "’", "-")) else f" {part}"
    return joined


def _read_orcid(text: str) -> str:
    try:
        return parse_orcid(text)
    except InvalidIdentifier:
        return ""


def _read_subjects(item: Mapping[str, Any]) -> tuple[str, ...]:
    words = item.get("subject") or item.get("categories")
    if not isinstance(words, list):
        keyword = _text(item.get("keyword"))
        words = keyword.split(";" if ";" in keyword else ",")
    return tuple(dict.fromkeys(word for part in words if (word := _text(part))))


def _read_arxiv_of(item: Mapping[str, Any]) -> str:
    if _text(item.get("archive")).lower() == "arxiv" and (found := read_arxiv(_text(item.get("archive_location")))):
        return found
    return find_arxiv(f"{_text(item.get('number'))} {_text(item.get('note'))} {_text(item.get('archive_location'))}")


def _read_date(value: Any) -> str:
    """The first date of a CSL date; its parts may be numbers or text, and text may be anything."""
    if not isinstance(value, dict):
        return read_date(_text(value))
    parts = _date_parts(value)
    if parts:
        return make_date(*parts[0])
    return next((found for name in ("raw", "literal", "edtf") if (found := read_date(_text(value.get(name))))), "")


def _date_parts(value: Mapping[str, Any]) -> list[list[int]]:
    dates = value.get("date-parts")
    dates = dates if isinstance(dates, list) else []
    numbers = ([_text(part) for part in date[:3]] for date in dates if isinstance(date, list))
    return [[int(part) for part in date] for date in numbers if date and all(re.fullmatch("[0-9]+", n) for n in date)]


def _first_date(item: Mapping[str, Any], *names: str) -> str:
    return next((found for name in names if (found := _read_date(item.get(name)))), "")


def _read_interval(value: Any) -> str:
    if not isinstance(value, dict):
        return read_date(_text(value))
    ends = [make_date(*parts) for parts in _date_parts(value)[:2]]
    return "/".join(end for end in ends if end) or _read_date(value)


def _read_rights(value: Any) -> str:
    addresses = [_text(part.get("URL")) for part in _dicts(value)]
    return next((found for address in addresses if (found := read_licence(address))), "")


def _read_funders(value: Any) -> Iterator[FundingReference]:
    for funder in _dicts(value):
        awards = funder.get("award")
        numbers = [_text(award) for award in awards] if isinstance(awards, list) else []
        identifier = read_doi(_text(funder.get("DOI")))
        for number in numbers or [""]:
            if name := _text(funder):
                address = f"https://doi.org/{identifier}" if identifier else ""
                yield FundingReference(name, funder_identifier=address, award_number=number)


def dumps(records: Sequence[RecordMetadata]) -> str:
    """A JSON array of CSL items, valid against csl-data.json. A record's PID is its id."""
    items = [to_item(record, key=key) for record, key in zip(records, make_keys(records), strict=True)]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def to_item(record: RecordMetadata, *, key: str) -> dict[str, Any]:
    """The record as a CSL item with this id, without what is not known."""
    is_preprint = record.resource_type == "preprint"
    item = {
        "id": key,
        "type": CSL_TYPES.get(record.resource_type, "document"),
        "title": full_title(record),
        "author": [write_name(agent) for agent in record.creators if clean(agent.name)],
        "editor": [write_name(agent) for agent in record.agents if agent.role == "Editor" and clean(agent.name)],
        "issued": write_date(record.issued),
        "container-title": clean(record.container_title),
        "collection-title": clean(record.series),
        "volume": clean(record.volume),
        "issue": clean(record.issue),
        "page": clean(record.page),
        "edition": clean(record.edition),
        "publisher": clean(record.publisher),
        "genre": "" if record.resource_type in SAID_BY_TYPE else TYPE_WORDS.get(record.resource_type, ""),
        "event": clean(record.event_title),  # not event-title, which the schema lacks before CSL 1.0.2
        "event-place": clean(record.event_place),
        "event-date": write_date(record.event_dates),
        "DOI": record.doi,
        "ISBN": record.isbn,
        "ISSN": record.issn,
        "PMID": record.pmid,
        "number": f"arXiv:{record.arxiv}" if record.arxiv and is_preprint else "",
        "note": f"arXiv:{record.arxiv}" if record.arxiv and not is_preprint else "",
        "URL": record.url,
        "language": "" if record.language == "und" else record.language,
        "keyword": _write_subjects(record.subjects),
        "abstract": clean_paragraphs(record.abstract),
    }
    return {name: value for name, value in item.items() if value}


def write_name(agent: Agent) -> dict[str, str]:
    """A CSL name; particle and suffix stand apart, so that styles put each where it belongs."""
    if agent.is_organisation:
        return {"literal": clean(agent.name)}
    family, suffix = split_suffix(clean(agent.family_name))
    particle, family = split_particle(family)
    name = {"family": family, "given": clean(agent.given_name), "non-dropping-particle": particle, "suffix": suffix}
    return {part: text for part, text in name.items() if text}


def write_date(text: str) -> dict[str, list[list[int]]]:
    """A CSL date of an ISO 8601 date or interval, {} of none."""
    return {"date-parts": [list(parse_partial_date(end)) for end in text.split("/")]} if text else {}


def _write_subjects(subjects: Sequence[str]) -> str:
    words = [clean(subject) for subject in subjects]
    return ("; " if any("," in word for word in words) else ", ").join(word for word in words if word)
