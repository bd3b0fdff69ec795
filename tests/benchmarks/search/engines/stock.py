"""Whoosh as it comes."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from whoosh import fields, index, query
from whoosh.analysis import StemmingAnalyzer
from whoosh.highlight import HtmlFormatter
from whoosh.sorting import Count

from tests.benchmarks.search.data import Item
from tests.benchmarks.search.engines.base import FACETS, PAGE_SIZE, Peer, ResultPage, entries
from tests.benchmarks.search.workload import Question, free_words


class StockWhoosh(Peer):
    """whoosh-reloaded with its defaults; free words as OrGroup makes them."""

    name = "whoosh-stock"
    setting = "whoosh-reloaded as it comes: one text field, StemmingAnalyzer, BM25F, OrGroup"
    package = "whoosh-reloaded"
    is_slow = True
    indexes_pages = False

    def build(self, items: Iterable[Item]) -> None:
        self.path.mkdir(parents=True)
        schema = fields.Schema(
            id=fields.ID(stored=True, unique=True),
            text=fields.TEXT(analyzer=StemmingAnalyzer(), stored=True),
            year=fields.NUMERIC(sortable=True),
            type=fields.ID(sortable=True),
            topic=fields.ID(sortable=True),
        )
        writer = index.create_in(self.path, schema).writer()
        for entry in entries(items):
            writer.add_document(**vars(entry))
        writer.commit()

    def open(self) -> None:
        self._index = index.open_dir(self.path)
        self._searcher = self._index.searcher()
        self._analyzer = self._index.schema["text"].analyzer

    def refresh(self) -> None:
        self._searcher = self._searcher.refresh()

    def close(self) -> None:
        self._searcher.close()
        self._index.close()

    def rank(self, text: str, limit: int) -> list[str]:
        return [hit["id"] for hit in self._searcher.search(self.translate(free_words(text)), limit=limit)]

    def page(self, question: Question) -> ResultPage:
        found = self._searcher.search(
            self.translate(question.query), limit=PAGE_SIZE, groupedby=list(FACETS), maptype=Count
        )
        found.formatter = HtmlFormatter(tagname="mark")
        # With groupedby, Whoosh hands out every hit, whatever the limit.
        hits = list(islice(found, PAGE_SIZE))
        return ResultPage(
            total=len(found),
            ids=tuple(hit["id"] for hit in hits),
            facets={name: {str(value): count for value, count in found.groups(name).items()} for name in FACETS},
            snippets=tuple(hit.highlights("text", top=1) for hit in hits),
        )

    def add(self, item: Item) -> None:
        writer = self._index.writer()
        for entry in entries([item]):
            writer.update_document(**vars(entry))
        writer.commit()

    def word(self, text: str) -> query.Query | None:
        terms = self._terms(text)
        return query.Term("text", terms[0]) if terms else None

    def phrase(self, text: str) -> query.Query:
        return query.Phrase("text", self._terms(text))

    def prefix(self, text: str) -> query.Query:
        return query.Prefix("text", text)

    def fuzzy(self, text: str) -> query.Query:
        return query.FuzzyTerm("text", text, maxdist=1)

    def all_of(self, parts: list[Any]) -> query.Query:
        return query.And(parts).normalize()

    def any_of(self, parts: list[Any]) -> query.Query:
        return query.Or(parts).normalize()

    def _terms(self, text: str) -> list[str]:
        return [token.text for token in self._analyzer(text, mode="query")]
