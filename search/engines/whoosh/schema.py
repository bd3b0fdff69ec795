"""What a document becomes in Whoosh: one entry for its metadata and one for each passage, side by side.

Words are kept as written (folded), with their positions, in one field for each analyzer; so the inflections that
match are decided when a query comes, and other stems or compounds need no new index.
"""

import json
import re
from array import array
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from whoosh.columns import VarBytesColumn
from whoosh.fields import COLUMN, STORED, FieldType, Schema
from whoosh.formats import Existence, Format

from search.analysis import ANALYZERS, get_analyzer
from search.analysis.tokens import fold, terms
from search.documents import FIELDS, Field, FieldKind, Name, Passage, SearchDocument, Text
from search.queries import bare_identifier

# Words of two fields, or of two authors, are never neighbours.
POSITION_GAP = 100
# The words of a person's name have no endings to take off.
PERSONAL_FIELDS = frozenset({"person"})

Words = dict[str, dict[str, list[int]]]
"""By the name of an analyzer, the positions of each term."""


class Positions(Format):
    """Where a term stands, as unsigned 32-bit numbers in a row: read back without a loop."""

    def fixed_value_size(self) -> None:
        return None

    def decode_frequency(self, value: bytes) -> int:
        return len(value) // 4

    def decode_positions(self, value: bytes) -> list[int]:
        return array("I", value).tolist()


class WordsField(FieldType):
    """A field of terms with positions, worked out before: its value is a mapping of terms to positions."""

    def __init__(self) -> None:
        super().__init__(Positions(), None)

    def index(self, value: Mapping[str, list[int]], **options: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        for term, positions in value.items():
            yield term_bytes(term), len(positions), float(len(positions)), array("I", positions).tobytes()


class KeywordsField(FieldType):
    """A field of whole values: its value is a collection of texts."""

    def __init__(self) -> None:
        super().__init__(Existence(), None)

    def index(self, value: Iterable[str], **options: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        for text in dict.fromkeys(value):
            yield term_bytes(text), 1, 1.0, b""


def term_bytes(text: str) -> bytes:
    """A term as Whoosh keeps it; text from outside may hold half a character."""
    return text.encode("utf-8", "surrogatepass")


def words_field(field: str, analyzer: str) -> str:
    """The Whoosh field with the words of one of our fields, "" for the combined text, in one analysis."""
    return f"{field or 'text'}_{analyzer}"


WORD_FIELDS: tuple[Field, ...] = tuple(
    field for field in FIELDS if field.queryable and field.kind in (FieldKind.TEXT, FieldKind.NAMES)
)


def make_schema() -> Schema:
    """The fields of an index: words, keywords, and what is read back with a document."""
    schema = Schema(
        record=KeywordsField(),
        doi=KeywordsField(),
        facts=COLUMN(VarBytesColumn()),
        names=COLUMN(VarBytesColumn()),
        content=STORED(),
    )
    for field in ("", *(field.name for field in WORD_FIELDS)):
        for analyzer in ANALYZERS:
            schema.add(words_field(field, analyzer.name), WordsField())
    return schema


def entries(document: SearchDocument) -> Iterator[dict[str, Any]]:
    """The document as Whoosh takes it: its metadata, then its passages."""
    yield _metadata_entry(document)
    for passage in document.passages:
        yield _passage_entry(document.id, passage)


def _metadata_entry(document: SearchDocument) -> dict[str, Any]:
    combined = [text for field in FIELDS for text in _texts(document, field) * field.weight]
    words = _words(combined)
    entry = {words_field("", analyzer): found for analyzer, found in words.items()}
    for field in WORD_FIELDS:
        for analyzer, found in _words(_texts(document, field)).items():
            entry[words_field(field.name, analyzer)] = found
    return {
        **entry,
        "record": (document.id,),
        "doi": [bare_identifier(identifier) for identifier in document.identifiers],
        "facts": _dump(_record_facts(document, _length(words))),
        "names": _dump(_names(document)),
        "content": {
            "stored": dict(document.stored),
            "title": (document.title.value, document.title.language),
            "abstracts": [(abstract.value, abstract.language) for abstract in document.abstracts],
        },
    }


def _passage_entry(record_id: str, passage: Passage) -> dict[str, Any]:
    words = _words([Text(passage.text, passage.language)])
    facts = {
        "record": record_id,
        "length": _length(words),
        "file": passage.file,
        "page": passage.page,
        "audiences": sorted(passage.audiences),
        "open_from": passage.open_from.toordinal() if passage.open_from else 0,
    }
    return {
        **{words_field("", analyzer): found for analyzer, found in words.items()},
        "record": (record_id,),
        "facts": _dump(facts),
        "names": b"",
        "content": {
            "text": passage.text,
            "language": passage.language,
            "file_name": passage.file_name,
            "is_recognised": passage.is_recognised,
            "kind": passage.kind,
        },
    }


def _record_facts(document: SearchDocument, length: int) -> dict[str, Any]:
    return {
        "record": document.id,
        "length": length,
        "values": {field.name: _values(document, field) for field in FIELDS if field.filter or field.facet},
        "year": document.year,
        "issued": _issued_number(document.issued) or (document.year or 0) * 10_000,
        "available": document.available.toordinal() if document.available else date.max.toordinal(),
        "sort_title": " ".join(fold(word) for word in document.title.value.split()),
    }


def _values(document: SearchDocument, field: Field) -> list[str]:
    """What filters and facets compare: keys of names, texts of everything else."""
    value = getattr(document, field.source)
    if value is None or value == "":
        return []
    if field.kind == FieldKind.NAMES:
        return list(dict.fromkeys(name.key or name.name for name in value))
    return [str(value)]


def _issued_number(issued: str) -> int:
    """A date as precise as known as a number that sorts like it: 2019 before 2019-05 before 2019-05-03."""
    match = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", issued)
    if not match:
        return 0
    year, month, day = (int(part or 0) for part in match.groups())
    return year * 10_000 + month * 100 + day


def _names(document: SearchDocument) -> list[tuple[str, str, str]]:
    """What a reader may be completing: (kind, text, key)."""
    topics = [("topic", text, topic.key) for topic in document.topics for text in (topic.name, *topic.alternatives)]
    people = [("person", person.name, person.key) for person in document.people]
    return [*topics, *people, ("title", document.title.value, document.id)]


def _texts(document: SearchDocument, field: Field) -> list[Text]:
    """The texts of a field with their languages; none of a keyword or a number."""
    if field.kind not in (FieldKind.TEXT, FieldKind.NAMES):
        return []
    value = getattr(document, field.source)
    values = value if isinstance(value, tuple) else (value,)
    return [text for item in values if item for text in _texts_of(item, field)]


def _texts_of(item: Text | Name | str, field: Field) -> list[Text]:
    if isinstance(item, Text):
        return [item]
    if isinstance(item, str):
        return [Text(item)]
    language = "zxx" if field.name in PERSONAL_FIELDS else "und"
    return [Text(name, language) for name in (item.name, *item.alternatives)]


def _words(texts: Iterable[Text]) -> Words:
    words: Words = {}
    position = 0
    for text in texts:
        found = words.setdefault(get_analyzer(text.language).name, {})
        for term, at in terms(text.value, first=position):
            found.setdefault(term, []).append(at)
            position = max(position, at)
        position += POSITION_GAP
    return words


def _length(words: Words) -> int:
    """How many words say something: what a frequency is compared with."""
    stop_words = {analyzer.name: analyzer.stop_words for analyzer in ANALYZERS}
    return sum(
        len(positions)
        for analyzer, found in words.items()
        for term, positions in found.items()
        if term not in stop_words[analyzer]
    )


def _dump(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
