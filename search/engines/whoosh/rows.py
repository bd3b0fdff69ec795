"""What a document becomes in an index: one entry for its metadata and one for each passage, side by side.

All that is said about a record, and the text of each page, is one row of words with positions; where in that row the
title lies, or the abstract, is kept beside it. So `title:dose` and `dose` ask the same postings.
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import accumulate
from operator import attrgetter
from typing import Any, NamedTuple

from search.documents import FIELDS, Field, FieldKind, Name, Passage, SearchDocument, Text
from search.engines.whoosh.schema import term_bytes, term_text
from search.queries import bare_identifier

# Words of two texts are never neighbours: more than any phrase may leave out between two words (queries.MAX_SLOP).
POSITION_GAP = 32
# The words of a person's name have no endings to take off.
PERSONAL_FIELDS = frozenset({"person"})
_LAST_DAY = date.max.toordinal()
_TEXT_FOLLOWS = "\n"  # which JSON never has inside its strings
_decode = json.JSONDecoder().raw_decode
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

TEXT_FIELDS: tuple[Field, ...] = tuple(f for f in FIELDS if f.kind in (FieldKind.TEXT, FieldKind.NAMES) and f.weight)
ZONES: tuple[str, ...] = tuple(f.name for f in TEXT_FIELDS if f.queryable)
"""The fields that can be asked by themselves, in the order of their places in an entry."""
VALUE_FIELDS: tuple[str, ...] = tuple(f.name for f in FIELDS if f.filter or f.facet)
_get_texts = attrgetter(*(field.source for field in TEXT_FIELDS))


class FieldTexts(NamedTuple):
    """The texts of one field, and how often each counts in the combined text."""

    field: str
    texts: list[Text]
    weight: int


def searched_texts(document: SearchDocument) -> Iterator[FieldTexts]:
    """What can be searched of a document's metadata, field by field."""
    for field, value in zip(TEXT_FIELDS, _get_texts(document), strict=True):
        if value:
            values = value if isinstance(value, tuple) else (value,)
            texts = _texts_of_names(values, field) if field.kind == FieldKind.NAMES else _texts_of(values)
            yield FieldTexts(field.name, texts, field.weight)


def _texts_of(values: Iterable[Text | str]) -> list[Text]:
    return [Text(value) if isinstance(value, str) else value for value in values]


def _texts_of_names(names: Iterable[Name], field: Field) -> list[Text]:
    language = "zxx" if field.name in PERSONAL_FIELDS else "und"
    return [Text(text, language) for name in names for text in (name.name, *name.alternatives) if text]


def identifiers(document: SearchDocument) -> list[str]:
    """The identifiers of a document as they are looked up, each once."""
    return list(dict.fromkeys(bare_identifier(identifier) for identifier in document.identifiers))


def issued_number(document: SearchDocument) -> int:
    """The date as a number that sorts like it, as precise as known: 2019 before 2019-05 before 2019-05-03."""
    match = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", document.issued)
    if not match:
        return (document.year or 0) * 10_000
    year, month, day = (int(part or 0) for part in match.groups())
    return year * 10_000 + month * 100 + day


def available_number(document: SearchDocument) -> int:
    """The day an embargo ends as a number; the last of all days where none is known."""
    return document.available.toordinal() if document.available else _LAST_DAY


def completable_names(document: SearchDocument) -> list[tuple[str, str, str]]:
    """What a reader may be completing: (kind, text, key)."""
    topics = [
        ("topic", text, topic.key) for topic in document.topics for text in (topic.name, *topic.alternatives) if text
    ]
    people = [("person", person.name, person.key) for person in document.people]
    return [*topics, *people, ("title", document.title.value, document.id)]


def metadata_content(document: SearchDocument) -> bytes:
    """What is read back of a record that is shown."""
    return _pack(
        {
            "stored": document.stored,
            "title": (document.title.value, document.title.language),
            "abstracts": [(len(abstract.value), abstract.language) for abstract in document.abstracts],
        },
        "".join([abstract.value for abstract in document.abstracts]),
    )


def passage_content(passage: Passage) -> bytes:
    """What is read back of a page that is quoted."""
    facts = _passage_facts(passage.language, passage.file_name, passage.is_recognised, passage.kind)
    return facts + term_bytes(passage.text)


@lru_cache
def _passage_facts(language: str, file_name: str, is_recognised: bool, kind: str) -> bytes:
    """What the pages of a file have in common."""
    return _pack({"language": language, "file_name": file_name, "is_recognised": is_recognised, "kind": kind})


def read_content(content: bytes) -> dict[str, Any]:
    """What one of the two functions above packed."""
    facts, _, text = term_text(content).partition(_TEXT_FOLLOWS)
    found: dict[str, Any]
    found, _ = _decode(facts)
    if "abstracts" in found:
        ends = accumulate(length for length, _ in found["abstracts"])
        found["abstracts"] = [
            (text[end - length : end], language)
            for end, (length, language) in zip(ends, found["abstracts"], strict=True)
        ]
    else:
        found["text"] = text
    return found


def _pack(facts: dict[str, object], text: str = "") -> bytes:
    # The text as it is, since putting it into JSON and taking it out takes ten times as long. Not compressed: packing
    # took longer than anything else of a record, and unpacking is paid for at every hit.
    return term_bytes(_encode(facts) + _TEXT_FOLLOWS + text)
