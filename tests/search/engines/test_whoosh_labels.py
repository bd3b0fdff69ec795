"""Whoosh: labels of filters and facets, numbered over all segments."""

import sys
import threading

from search.documents import Name
from search.engines.whoosh.labels import LabelBook
from search.engines.whoosh.results import answer
from search.requests import FacetCount, Reader, SearchRequest
from tests.search.engines.papers import document, new_engine


def test_a_label_that_came_with_a_later_commit_is_in_no_record_of_an_earlier_one(tmp_path):
    engine = new_engine(tmp_path / "index", [document("without", topics=()), document("with")])
    before = engine._snapshot().view(Reader())
    request = SearchRequest(filters={"topic": ("later",)})
    assert answer(before, request).total == 0

    with engine.writer() as writer:
        writer.add(document("later", topics=(Name("Later", "later"),)))

    assert engine.search(request).total == 1
    assert answer(before, request).total == 0
    assert answer(before, SearchRequest()).facets["topic"] == (FacetCount("imaging", 1),)


def test_labels_are_forgotten_while_other_threads_number_them(tmp_path):
    segments = new_engine(tmp_path / "index", [document("r")])._snapshot().segments
    names = [f"field{number}" for number in range(400)]
    book = LabelBook(names)
    segments[0].facts.values |= dict.fromkeys(names, segments[0].facts.values["topic"])
    problems: list[Exception] = []
    is_done = threading.Event()

    def forget() -> None:
        try:
            while not is_done.is_set():
                book.forget(segments)
        except RuntimeError as error:
            problems.append(error)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=forget) for _ in range(2)]
        for thread in threads:
            thread.start()
        for name in names:
            book.join(name, segments)
    finally:
        is_done.set()
        for thread in threads:
            thread.join()
        sys.setswitchinterval(interval)

    assert problems == []
