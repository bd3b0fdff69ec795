"""A Whoosh codec over arrays: whatever Whoosh itself asks of a segment is answered from them.

Our own matching reads the arrays directly. This is the way back: any query of Whoosh, walked posting by posting by its
own matchers, gives what ours gives (tests/search/engines/test_whoosh_matchers.py), and answers what ours does not know.
"""

from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec.base import Codec, PerDocumentReader, TermsReader
from whoosh.codec.whoosh3 import W3Segment
from whoosh.matching import LeafMatcher, ReadTooFar
from whoosh.reading import TermInfo, TermNotFound

from search.analysis import ANALYZERS
from search.engines.whoosh.arrays import ArrayFile
from search.engines.whoosh.facts import Facts
from search.engines.whoosh.postings import InvertedField, Postings
from search.engines.whoosh.schema import IDENTIFIERS, term_text, words_field

WORDS = ".words"
FACTS = ".facts"


class ArrayCodec(Codec):
    """Reads segments that `building` or `merging` wrote; Whoosh writes none itself."""

    length_stats = False

    def terms_reader(self, storage: Any, segment: W3Segment) -> "ArrayTermsReader":
        return ArrayTermsReader(open_fields(ArrayFile(Path(storage.folder) / segment.make_filename(WORDS))))

    def per_document_reader(self, storage: Any, segment: W3Segment) -> "ArrayDocumentReader":
        return ArrayDocumentReader(ArrayFile(Path(storage.folder) / segment.make_filename(FACTS)), segment)

    def new_segment(self, storage: Any, indexname: str) -> W3Segment:
        return W3Segment(self, indexname)


def open_fields(file: ArrayFile) -> dict[str, InvertedField]:
    """The fields of a segment by name."""
    fields = {words_field(a.name): InvertedField(file, words_field(a.name), a) for a in ANALYZERS}
    return {IDENTIFIERS: InvertedField(file, IDENTIFIERS), **fields}


class ArrayTermsReader(TermsReader):
    """Terms and postings as Whoosh asks for them."""

    def __init__(self, fields: dict[str, InvertedField]) -> None:
        self._fields = fields

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        field, text = term
        return field in self._fields and self._fields[field].lexicon.words.find(text) >= 0

    def indexed_field_names(self) -> list[str]:
        return sorted(self._fields)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for name in self.indexed_field_names():
            yield from self.terms_from(name, b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        words = self._fields[fieldname].lexicon.words
        for number in range(words.bisect(prefix), len(words)):
            yield fieldname, words[number]

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        postings = self._postings(fieldname, text)
        return TermInfo(
            weight=float(postings.counts.sum(dtype=np.int64)),
            df=len(postings.entries),
            minlength=1,
            maxlength=1 << 30,
            maxweight=float(postings.counts.max()),
            minid=int(postings.entries[0]),
            maxid=int(postings.entries[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        return float(self.term_info(fieldname, text).weight()) if (fieldname, text) in self else 0.0

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        return len(self._postings(fieldname, text).entries) if (fieldname, text) in self else 0

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> "ArrayMatcher":
        return ArrayMatcher(self._postings(fieldname, text), (fieldname, text), format_, scorer)

    def _postings(self, field: str, text: bytes) -> Postings:
        postings = self._fields[field].find(term_text(text)) if field in self._fields else None
        if postings is None:
            raise TermNotFound(f"{field}:{text!r}")
        return postings


class ArrayDocumentReader(PerDocumentReader):
    """Lengths and deletions of entries as Whoosh asks for them."""

    def __init__(self, file: ArrayFile, segment: W3Segment) -> None:
        self._lengths = Facts(file).entries["length"]
        self._segment = segment

    def doc_count(self) -> int:
        return int(self._segment.doc_count())

    def doc_count_all(self) -> int:
        return int(self._segment.doc_count_all())

    def has_deletions(self) -> bool:
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        return bool(self._segment.is_deleted(docnum))

    def deleted_docs(self) -> Any:
        return self._segment.deleted_docs()

    def supports_columns(self) -> bool:
        return False

    def has_column(self, fieldname: str) -> bool:
        return False

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        return int(self._lengths[docnum])

    def field_length(self, fieldname: str) -> int:
        return int(self._lengths.sum(dtype=np.int64))

    def min_field_length(self, fieldname: str) -> int:
        return int(self._lengths.min(initial=0))

    def max_field_length(self, fieldname: str) -> int:
        return int(self._lengths.max(initial=0))

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        return {}


class ArrayMatcher(LeafMatcher):
    """The postings of one term, walked one by one."""

    def __init__(self, postings: Postings, term: tuple[str, bytes], format_: Any, scorer: Any) -> None:
        self.scorer = scorer
        self.format = format_
        self._term = term
        self._postings = postings
        self._entries: list[int] = postings.entries.tolist()
        self._counts: list[int] = postings.counts.tolist()
        self._starts: list[int] | None = None
        self._place = 0

    def is_active(self) -> bool:
        return self._place < len(self._entries)

    def reset(self) -> None:
        self._place = 0

    def copy(self) -> "ArrayMatcher":
        other = ArrayMatcher(self._postings, self._term, self.format, self.scorer)
        other._place = self._place
        return other

    def id(self) -> int:
        return self._entries[self._place]

    def all_ids(self) -> Iterator[int]:
        return iter(self._entries[self._place :])

    def next(self) -> bool:
        if not self.is_active():
            raise ReadTooFar
        self._place += 1
        return False

    def skip_to(self, id: int) -> None:  # noqa: A002 (Whoosh's own name)
        if not self.is_active():
            raise ReadTooFar
        self._place = bisect_left(self._entries, id, self._place)

    def skip_to_quality(self, minquality: float) -> int:
        return 0

    def supports_block_quality(self) -> bool:
        return False

    def weight(self) -> float:
        return float(self._counts[self._place])

    def supports(self, astype: str) -> bool:
        return astype in ("frequency", "weight", "positions")

    def value_as(self, astype: str) -> Any:
        if astype != "positions":
            return self._counts[self._place]
        if self._starts is None:
            self._starts = np.concatenate([[0], np.cumsum(self._postings.counts, dtype=np.int64)]).tolist()
        return self._postings.positions[self._starts[self._place] : self._starts[self._place + 1]].tolist()
