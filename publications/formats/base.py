"""What the formats share: an entry that was read, clean text, and words of other people's files in our vocabulary."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from publications.errors import FormatError, InvalidIdentifier
from publications.identifiers import parse_arxiv, parse_doi, parse_isbn, parse_issn
from publications.metadata import RecordMetadata, parse_partial_date
from publications.vocabularies import LICENCE_URIS, ResourceType


@dataclass(frozen=True)
class Entry:
    """One entry of a bibliography: what it says, or why it cannot be read. Exactly one of the two is None."""

    key: str
    """The entry's own name in its file, "" where it has none; `key`.pdf is often its file."""
    line: int
    """Where it begins, counted from 1."""
    metadata: RecordMetadata | None
    error: FormatError | None = None


def failed(message: str, *, line: int, key: str = "") -> Entry:
    """An entry that cannot be read."""
    return Entry(
        key=key,
        line=line,
        metadata=None,
        error=FormatError(message, line=line, key=key),
    )


def decode(content: bytes) -> str:
    """The text of a bibliography: UTF-8 or UTF-16 by its byte order mark, else UTF-8 with stray lines of Windows-1252.

    Reference managers append to files of another encoding, so each line is judged by itself.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
        return "\n".join(_decode_line(line) for line in lines)


def _decode_line(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def prepare(text: str) -> str:
    """The text without byte order mark, its lines ended by \\n alone."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


# Not allowed in XML 1.0, or in no text at all.
UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def clean(text: str) -> str:
    """The text on one line: NFC, single spaces, nothing that cannot be printed."""
    return " ".join(unicodedata.normalize("NFC", UNPRINTABLE.sub("", text)).split())


def clean_paragraphs(text: str) -> str:
    """As `clean`, with a blank line kept between paragraphs."""
    paragraphs = (clean(paragraph) for paragraph in re.split(r"\n[ \t]*\n", prepare(text)))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def first_valid(parse: Callable[[str], str], candidates: Iterable[str]) -> str:
    """The first candidate that `parse` accepts, in its canonical form; "" where it accepts none."""
    for candidate in candidates:
        try:
            return parse(candidate)
        except InvalidIdentifier:
            continue
    return ""


def read_doi(text: str) -> str:
    """The DOI, "" for anything that is none."""
    return first_valid(parse_doi, [text])


def read_isbn(text: str) -> str:
    """The first valid ISBN of a field that may name several, "" where there is none."""
    return first_valid(parse_isbn, [text, *re.split(r"[,;/|(]|\s+(?=97[89]|\d{9})", text)])


def read_issn(text: str) -> str:
    """The first valid ISSN of a field that may name several, "" where there is none."""
    return first_valid(parse_issn, [text, *re.findall(r"\d{4}-?\d{3}[\dXx]", text)])


def read_arxiv(text: str) -> str:
    """The arXiv id, "" for anything that is none."""
    bare = re.sub(r"\s*\[[^\]]*\]\s*$", "", text)  # arXiv's own citations end in the class: "1907.01234 [cs.CV]"
    return first_valid(parse_arxiv, [bare])


def read_url(text: str) -> str:
    """The first web address in a text, "" where it has none: no other scheme is ever linked to."""
    match = re.search(r"https?://[^\s<>\"]+", text, re.IGNORECASE)
    return match.group() if match else ""


ARXIV_IN_TEXT = re.compile(
    r"\barxiv[:\s]\s*([a-z-]+(?:\.[A-Z]{2})?/\d{7}|\d{4}\.\d{4,5})(?:v\d+)?",
    re.IGNORECASE,
)


def find_arxiv(text: str) -> str:
    """The arXiv id in running text such as "arXiv preprint arXiv:1907.01234", "" where there is none."""
    match = ARXIV_IN_TEXT.search(text)
    return read_arxiv(match[1]) if match else ""


# The first letters of the months in English, Dutch, German, French, Spanish and Italian.
MONTHS = {
    letters: number
    for number, all_letters in enumerate(
        (
            "jan ene gen",
            "feb fev fév",
            "mar mrt maa mär mrz",
            "apr avr abr",
            "may mei mai mag",
            "jun juin giu",
            "jul juil lug",
            "aug aoû aou ago",
            "sep set",
            "oct okt ott",
            "nov",
            "dec déc dez dic",
        ),
        start=1,
    )
    for letters in all_letters.split()
}


def read_month(text: str) -> int:
    """The number of a month written as a number, a name or a shortened name, 0 where it is none."""
    word = text.strip().strip(".").lower()
    if word.isascii() and word.isdigit():
        return int(word) if 1 <= int(word) <= 12 else 0
    return (MONTHS.get(word[:4]) or MONTHS.get(word[:3], 0)) if word.isalpha() else 0


def make_date(year: int, month: int = 0, day: int = 0) -> str:
    """An ISO 8601 date as precise as the calendar allows; "" where even the year cannot be."""
    for text in (
        f"{year:04}-{month:02}-{day:02}",
        f"{year:04}-{month:02}",
        f"{year:04}",
    ):
        try:
            parse_partial_date(text)
        except ValueError:
            continue
        return text
    return ""


NUMERIC_DATE = re.compile(r"(?<!\d)(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2})(?!\d))?)?(?!\d)")
COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
DAY_IN_WORDS = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|\.)?\b")


def read_date(text: str) -> str:
    """The ISO 8601 date in a text such as "2019-06-17", "2019/06", "17 juni 2019", "c. 2019"; "" where it has none."""
    match = COMPACT_DATE.fullmatch(text.strip()) or NUMERIC_DATE.search(text)
    if not match:
        return ""
    year, month, day = (int(part or 0) for part in match.groups())
    if month:
        return make_date(year, month, day)
    rest = text[: match.start()] + " " + text[match.end() :]
    month = next(
        (number for word in re.findall(r"[^\W\d_]{3,}", rest) if (number := read_month(word))),
        0,
    )
    found_day = DAY_IN_WORDS.search(rest) if month else None
    return make_date(year, month, int(found_day[1]) if found_day else 0)


LANGUAGE_CODES = {
    name: code
    for code, names in {
        "nl": "nl nld dut dutch nederlands",
        "en": "en eng english engels american british ukenglish usenglish canadian australian",
        "de": "de deu ger german ngerman austrian naustrian deutsch duits",
        "fr": "fr fra fre french français francais frans",
        "es": "es spa spanish español espanol spaans",
        "it": "it ita italian italiano italiaans",
        "fy": "fy fry frisian frysk fries",
        "mul": "mul multiple",
    }.items()
    for name in names.split()
}


def read_language(text: str) -> str:
    """The BCP 47 code, without region, of a language named by code or by word; "und" where it is not known."""
    word = text.strip().lower()
    if word in LANGUAGE_CODES:
        return LANGUAGE_CODES[word]
    code = re.fullmatch(r"([a-z]{2,3})(?:[-_][a-z0-9-_]+)?", word)
    return LANGUAGE_CODES.get(code[1], code[1]) if code else "und"


def read_licence(text: str) -> str:
    """The Licence named by its SPDX identifier, label or address, "" where it is none that the hub knows."""
    wanted = text.strip().lower()
    address = re.sub(r"^https?://(?:www\.)?|/(?:legalcode|deed)(?:\.[\w-]+)?/?$", "", wanted).rstrip("/")
    for licence, uri in LICENCE_URIS.items():
        if wanted.replace(" ", "-") == licence.lower() or (
            address and address == uri.lower().split("://")[1].rstrip("/")
        ):
            return str(licence)
    return ""


# In English, as everybody's files are; the labels of the vocabulary are in the reader's language.
TYPE_WORDS: dict[str, str] = {
    ResourceType.JOURNAL_ARTICLE: "Journal article",
    ResourceType.CONFERENCE_PAPER: "Conference paper",
    ResourceType.BOOK: "Book",
    ResourceType.BOOK_PART: "Book chapter",
    ResourceType.REPORT: "Report",
    ResourceType.THESIS: "Thesis",
    ResourceType.PREPRINT: "Preprint",
    ResourceType.DATA_PAPER: "Data paper",
    ResourceType.OTHER: "Other",
    ResourceType.SLIDES: "Slides",
    ResourceType.POSTER: "Poster",
    ResourceType.LECTURE: "Lecture",
    ResourceType.MINUTES: "Minutes",
    ResourceType.DECISIONS: "Decisions",
    ResourceType.LESSONS: "Lessons learned",
    ResourceType.MATCHES: "Matches made",
    ResourceType.EVENT_REPORT: "Report of an event",
}
TYPE_BY_WORD = {word.lower(): str(resource_type) for resource_type, word in TYPE_WORDS.items()} | {
    "presentation": "slides",
    "powerpoint presentation": "slides",
    "slide deck": "slides",
    "talk": "lecture",
    "conference poster": "poster",
    "presentatie": "slides",
    "dia's": "slides",
    "lezing": "lecture",
    "notulen": "minutes",
    "rapport": "report",
    "proefschrift": "thesis",
    "artikel": "journal_article",
}


def read_type(text: str) -> str:
    """The resource type of a word for it ("Slides", "conference_paper"), "" where the word is none of ours."""
    word = clean(text).lower()
    if word in ResourceType.values:
        return word
    return TYPE_BY_WORD.get(word, "")


def tidy(metadata: RecordMetadata) -> RecordMetadata:
    """The metadata with a DOI and an arXiv id taken from the address where they stand nowhere else."""
    doi, arxiv = metadata.doi, metadata.arxiv
    if not doi and "doi.org/" in metadata.url.lower():
        doi = read_doi(metadata.url)
    if not arxiv and "arxiv.org/" in metadata.url.lower():
        arxiv = read_arxiv(metadata.url)
    return replace(metadata, doi=doi, arxiv=arxiv)


def make_keys(records: Sequence[RecordMetadata]) -> list[str]:
    """A key for each record, unique in the file whatever its case: its PID, else first author and year."""
    keys: list[str] = []
    used: set[str] = set()
    for record in records:
        author = record.agents[0].family_name if record.agents else "anonymous"
        stem = record.pid or re.sub(r"[^a-z0-9]", "", author.lower()) + record.issued[:4] or "record"
        key, number = stem, 1
        while key.lower() in used:
            number += 1
            key = f"{stem}-{number}"
        used.add(key.lower())
        keys.append(key)
    return keys


def full_title(record: RecordMetadata) -> str:
    """Title and subtitle, for formats that know only one title."""
    title, subtitle = clean(record.title), clean(record.subtitle)
    if not subtitle:
        return title
    return f"{title} {subtitle}" if title.endswith(("?", "!", ":")) else f"{title}: {subtitle}"
