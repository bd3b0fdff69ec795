"""bm25s: BM25 as sparse matrices. It ranks well, and that is all that is asked of it."""

import json
from collections.abc import Iterable

import bm25s
import Stemmer

from tests.benchmarks.search.data import Item
from tests.benchmarks.search.engines.base import NOTHING, Engine, ResultPage, entries
from tests.benchmarks.search.workload import Question


class Bm25s(Engine):
    """Its ranking is measured; it has neither positions nor facets, so it shows no pages."""

    name = "bm25s"
    setting = "Snowball English stems, its own stop words; it only ranks"
    package = "bm25s"
    kinds = ()
    indexes_pages = False

    def build(self, items: Iterable[Item]) -> None:
        documents = list(entries(items))
        retriever = bm25s.BM25()
        retriever.index(self._tokenize([entry.text for entry in documents]), show_progress=False)
        retriever.save(str(self.path))
        (self.path / "ids.json").write_text(json.dumps([entry.id for entry in documents]), encoding="utf-8")

    def open(self) -> None:
        self._retriever = bm25s.BM25.load(str(self.path))
        self._ids = json.loads((self.path / "ids.json").read_text(encoding="utf-8"))

    def rank(self, text: str, limit: int) -> list[str]:
        words = self._tokenize([text])
        found, scores = self._retriever.retrieve(words, k=min(limit, len(self._ids)), show_progress=False)
        return [self._ids[place] for place, score in zip(found[0], scores[0], strict=True) if score > 0]

    def page(self, question: Question) -> ResultPage:
        return NOTHING

    def add(self, item: Item) -> None:
        raise NotImplementedError("bm25s makes its index anew for every document.")

    @staticmethod
    def _tokenize(texts: list[str]) -> object:
        return bm25s.tokenize(texts, stopwords="en", stemmer=Stemmer.Stemmer("english"), show_progress=False)
