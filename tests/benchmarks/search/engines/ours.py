"""Our engine, through the protocol that every engine of the site keeps."""

from collections.abc import Iterable
from pathlib import Path

from search.documents import Name, Passage, SearchDocument, Text
from search.engines import get_engine
from search.queries import parse, parse_plain
from search.requests import SearchRequest
from tests.benchmarks.search.data import Item
from tests.benchmarks.search.engines.base import FACET_SIZE, FACETS, FRAGMENT_LENGTH, PAGE_SIZE, Engine, ResultPage
from tests.benchmarks.search.workload import Question

LANGUAGE = "en"


class Whoosh(Engine):
    """The embedded engine of the hub, set up as the hub does."""

    name = "whoosh"
    setting = "our engine, set up as the hub does; free words are alternatives"
    package = "whoosh-reloaded"

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._engine = get_engine("whoosh", path=path)

    def build(self, items: Iterable[Item]) -> None:
        with self._engine.rebuild(map(_document, items)):
            pass

    def open(self) -> None:
        """Nothing: the engine opens its index when it is first asked."""

    def rank(self, text: str, limit: int) -> list[str]:
        request = SearchRequest(parse_plain(text), page_size=limit, facets=(), passages_per_hit=0)
        return [hit.id for hit in self._engine.search(request).hits]

    def page(self, question: Question) -> ResultPage:
        query = parse_plain(question.text) if question.kind == "own" else parse(question.text)
        found = self._engine.search(
            SearchRequest(
                query,
                page_size=PAGE_SIZE,
                facets=FACETS,
                facet_size=FACET_SIZE,
                passages_per_hit=1,
                fragment_length=FRAGMENT_LENGTH,
            )
        )
        return ResultPage(
            total=found.total,
            ids=tuple(hit.id for hit in found.hits),
            facets={name: {value.value: value.count for value in counts} for name, counts in found.facets.items()},
            snippets=tuple(
                hit.passages[0].text if hit.passages else next(iter(reversed(hit.highlights.values())), "")
                for hit in found.hits
            ),
        )

    def add(self, item: Item) -> None:
        with self._engine.writer() as writer:
            writer.add(_document(item))


def _document(item: Item) -> SearchDocument:
    return SearchDocument(
        id=item.id,
        type=item.type,
        title=Text(item.title, LANGUAGE),
        language=LANGUAGE,
        abstracts=(Text(item.text, LANGUAGE),) if item.text else (),
        topics=(Name(item.topic),),
        year=item.year,
        passages=tuple(
            Passage(file=1, file_name="paper.pdf", page=number, text=text, language=LANGUAGE)
            for number, text in enumerate(item.pages, 1)
        ),
    )
