"""What the tests of the contract share: records to find, and ways to ask for them."""

from datetime import date

from search.documents import Name, Passage, SearchDocument, Text
from search.engines.base import SearchEngine
from search.queries import parse
from search.requests import (
    Reader,
    SearchRequest,
    SearchResponse,
)

PUBLIC_READER = Reader(today=date(2026, 3, 1))
MEMBER = Reader(audiences=frozenset({"public", "members"}), today=date(2026, 3, 1))
SECRET = frozenset({"members"})


def document(record_id: str, title: str = "A paper", language: str = "en", **values) -> SearchDocument:
    abstract = values.pop("abstract", None)
    abstracts = (Text(abstract, language),) if abstract else ()
    values = {"type": "publication", "language": language, "abstracts": abstracts, **values}
    return SearchDocument(id=record_id, title=Text(title, language), **values)


def page(number: int, text: str, *, file: int = 1, language: str = "en", **values) -> Passage:
    return Passage(file=file, file_name=f"file{file}.pdf", page=number, text=text, language=language, **values)


def add(engine: SearchEngine, *documents: SearchDocument) -> None:
    with engine.writer() as writer:
        for item in documents:
            writer.add(item)


def search(engine: SearchEngine, query: str = "", *, reader: Reader = PUBLIC_READER, **values) -> SearchResponse:
    return engine.search(SearchRequest(query=parse(query), reader=reader, **values))


def ids(engine: SearchEngine, query: str = "", **values) -> list[str]:
    return [hit.id for hit in search(engine, query, **values).hits]


def found(engine: SearchEngine, query: str = "", **values) -> set[str]:
    return set(ids(engine, query, **values))


def closed(number: int, text: str, **values) -> Passage:
    return page(number, text, audiences=SECRET, **values)


def leaky_documents(secret: str) -> list[SearchDocument]:
    """Records with closed pages that hold the secret words often, and open pages and records beside them."""
    return [
        document(
            "mixed",
            "Lung study",
            year=2019,
            topics=(Name("MRI", "mri"),),
            passages=(page(1, "open lung"), closed(2, secret)),
        ),
        document("closed", "Liver study", year=2020, passages=(closed(1, secret), closed(2, secret))),
        document("open", "Lung nodules", year=2021, passages=(page(1, "nodule of a lung"),)),
        document("other", "Heart", year=2021, passages=(page(1, "lung lung heart"),)),
    ]
