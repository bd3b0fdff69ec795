"""One segment of an index, opened: its fields of words, its facts, and the contents of its entries.

A segment never changes once it is written (only which of its entries are deleted does, and that stands in the table
of contents), so it stays open, with all that was worked out about it, until it is merged away.
"""

from functools import cached_property
from pathlib import Path
from typing import Any

from whoosh.codec.whoosh3 import W3Segment

from search.analysis import Analyzer
from search.engines.whoosh.arrays import ArrayFile
from search.engines.whoosh.codec import FACTS, WORDS, open_fields
from search.engines.whoosh.facts import Facts
from search.engines.whoosh.postings import InvertedField
from search.engines.whoosh.rows import read_content
from search.engines.whoosh.schema import IDENTIFIERS, term_text, words_field


class Segment:
    """One segment; threads may share it."""

    def __init__(self, generation: Path, segment: W3Segment) -> None:
        self.id: str = segment.segment_id()
        self.count: int = segment.doc_count_all()
        self.words_file = ArrayFile(generation / segment.make_filename(WORDS))
        self.facts_file = ArrayFile(generation / segment.make_filename(FACTS))
        self.fields = open_fields(self.words_file)
        self.facts = Facts(self.facts_file)

    def field(self, analyzer: Analyzer) -> InvertedField:
        """The words of the texts of one analyzer."""
        return self.fields[words_field(analyzer.name)]

    @property
    def identifiers(self) -> InvertedField:
        """The identifiers of its records."""
        return self.fields[IDENTIFIERS]

    def content(self, entry: int) -> dict[str, Any]:
        """What was kept of an entry: texts as they were."""
        return read_content(self.facts.content(entry))

    def entries_of(self, record_id: str) -> list[int]:
        """The entries of a record, deleted ones too."""
        return self.facts.entries_of(self.facts.records_with_id(record_id))

    @cached_property
    def compound_words(self) -> frozenset[str]:
        """Every word of the texts in which compounds are written as one: of such are compounds made."""
        lexicons = [field.lexicon for field in self.fields.values()]
        return frozenset(
            term_text(word)
            for lexicon in lexicons
            if lexicon.analyzer and lexicon.analyzer.split_compound
            for word in lexicon.words.slice(0, len(lexicon))
        )
