"""What tests of the segments share: papers of a few pages, an engine with them, and what it answers."""

from search.documents import Name, Passage, SearchDocument, Text
from search.engines.whoosh.engine import WhooshEngine
from search.queries import parse
from search.requests import SearchRequest, SearchResponse, Sort


def document(record_id: str, title: str = "Paper", **values) -> SearchDocument:
    text = f"page of {record_id} low-dose " + " ".join(f"word{number}" for number in range(50))
    passages = tuple(Passage(1, "f", n, f"{text} sheet{n}", "en") for n in range(1, 4))
    values = {"topics": (Name("Imaging", "imaging"),), "year": 2000 + len(record_id), **values}
    return SearchDocument(record_id, "publication", Text(title, "en"), passages=passages, **values)


def new_engine(path, documents=()) -> WhooshEngine:
    engine = WhooshEngine(path)
    with engine.rebuild(documents):
        pass
    return engine


QUESTIONS = [
    "",
    "page",
    "word1 word2 sheet2",
    '"word1 word2"',
    '"low dose word0"',
    "title:paper",
    "topic:imaging AND NOT sheet9",
    "wor* AND papr~",
    "he?rt OR pap*r",
    "year:2002-2003",
    "r7",
]


def answers(engine: WhooshEngine) -> list[SearchResponse]:
    """What an engine answers to every question, without the time it took."""
    requests = [SearchRequest(parse(q), sort=sort, page_size=100) for q in QUESTIONS for sort in Sort]
    return [
        SearchResponse(r.total, r.hits, r.facets, r.page_total)
        for r in (engine.search(request) for request in requests)
    ]
