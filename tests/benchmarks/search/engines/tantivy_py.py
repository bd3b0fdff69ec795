"""tantivy, the compiled engine that is nearest to Lucene, through its Python package."""

from collections.abc import Iterable
from typing import Any

import tantivy

from tests.benchmarks.search.data import Item
from tests.benchmarks.search.engines.base import (
    FACETS,
    FRAGMENT_LENGTH,
    NOTHING,
    PAGE_SIZE,
    Counts,
    Entry,
    Peer,
    ResultPage,
    entries,
)
from tests.benchmarks.search.workload import Question, free_words

HEAP_BYTES = 128_000_000
MAX_FACET_VALUES = 1000


class Tantivy(Peer):
    """One text field with English stems. Its quotations know no words of a fuzzy query: they stay unmarked."""

    name = "tantivy"
    setting = "its Python package: en_stem, OR, one thread, facets by one aggregation over fast fields"
    package = "tantivy"

    def build(self, items: Iterable[Item]) -> None:
        self.path.mkdir(parents=True)
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("text", stored=True, tokenizer_name="en_stem")
        builder.add_integer_field("year", fast=True)
        for name in ("type", "topic"):
            builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
        writer = tantivy.Index(builder.build(), path=str(self.path)).writer(HEAP_BYTES, 1)
        for entry in entries(items):
            writer.add_document(_document(entry))
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        self._index = tantivy.Index.open(str(self.path))
        self._index.config_reader("manual")
        self._schema = self._index.schema
        self._searcher = self._index.searcher()
        self._writer: Any = None
        # The same as "en_stem", whose analyzer the package does not hand out.
        analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
        self._analyzer = analyzer.filter(tantivy.Filter.stemmer("english")).build()

    def refresh(self) -> None:
        self._index.reload()
        self._searcher = self._index.searcher()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None

    def rank(self, text: str, limit: int) -> list[str]:
        found = self._searcher.search(self.translate(free_words(text)), limit, count=False)
        return [self._searcher.doc(address).get_first("id") for _score, address in found.hits]

    def page(self, question: Question) -> ResultPage:
        query = self.translate(question.query)
        if query is None:
            return NOTHING
        found = self._searcher.search(query, PAGE_SIZE, count=True)
        documents = [self._searcher.doc(address) for _score, address in found.hits]
        generator = tantivy.SnippetGenerator.create(self._searcher, query, self._schema, "text")
        generator.set_max_num_chars(FRAGMENT_LENGTH)
        return ResultPage(
            total=found.count,
            ids=tuple(document.get_first("id") for document in documents),
            facets=self._facets(query),
            snippets=tuple(generator.snippet_from_doc(document).to_html() for document in documents),
        )

    def _facets(self, query: Any) -> Counts:
        wanted = {name: {"terms": {"field": name, "size": MAX_FACET_VALUES}} for name in FACETS}
        counted = self._searcher.aggregate(query, wanted)
        return {
            name: {str(bucket["key"]): bucket["doc_count"] for bucket in counted[name]["buckets"]} for name in FACETS
        }

    def add(self, item: Item) -> None:
        self._writer = self._writer or self._index.writer(HEAP_BYTES, 1)
        for entry in entries([item]):
            self._writer.add_document(_document(entry))
        self._writer.commit()

    def word(self, text: str) -> Any:
        terms = self._analyzer.analyze(text)
        return self._term(terms[0]) if terms else None

    def phrase(self, text: str) -> Any:
        return tantivy.Query.phrase_query(self._schema, "text", self._analyzer.analyze(text))

    def prefix(self, text: str) -> Any:
        # As fast as a regular expression at 100,000 documents, and its words are ranked and marked.
        words = self._searcher.terms_with_prefix("text", text)
        return self.any_of([self._term(word) for word, _count in words]) if words else None

    def fuzzy(self, text: str) -> Any:
        return tantivy.Query.fuzzy_term_query(self._schema, "text", text, 1)

    def all_of(self, parts: list[Any]) -> Any:
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in parts])

    def any_of(self, parts: list[Any]) -> Any:
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, part) for part in parts])

    def _term(self, text: str) -> Any:
        return tantivy.Query.term_query(self._schema, "text", text)


def _document(entry: Entry) -> Any:
    return tantivy.Document(**vars(entry))
