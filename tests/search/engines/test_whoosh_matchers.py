"""Whoosh: its own matchers, walking the same postings one by one, find and rank what our arrays do.

Texts here are of a language that is analysed as it stands, so that one word of ours is one term of Whoosh's.
"""

import math
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query as whoosh_query
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import MultiReader, SegmentReader, TermNotFound
from whoosh.scoring import BaseScorer, WeightingModel
from whoosh.searching import SearchContext, Searcher

from search.documents import Name, SearchDocument, Text
from search.engines.whoosh import writing
from search.engines.whoosh.engine import WhooshEngine
from search.engines.whoosh.schema import make_schema
from search.engines.whoosh.snapshots import K1, B
from search.engines.whoosh.writing import read_toc
from search.queries import And, Not, Or, Phrase, Prefix, Query, Word
from search.requests import FacetCount, SearchRequest

FIELD = "text_neutral"
WORDS = ["lunge", "herz", "herzen", "bild", "bilder", "dosis", "filter", "hirn"]

texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
words = st.sampled_from([*WORDS, "fehlt"]).map(Word)
phrases = st.builds(
    Phrase, st.lists(st.sampled_from(WORDS), min_size=2, max_size=3).map(" ".join), slop=st.integers(0, 2)
)
prefixes = st.sampled_from(["he", "bild", "x", "f"]).map(Prefix)


def joined(part: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    parts = st.lists(part, min_size=1, max_size=3).map(tuple)
    return st.one_of(parts.map(And), parts.map(Or))


def joined_or_left_out(part: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    return st.one_of(joined(part), st.tuples(part, part.map(Not)).map(And))


finding = st.recursive(st.one_of(words, phrases, prefixes), joined_or_left_out, max_leaves=5)
# Whoosh gives what is left out a score of its own, and its AndNot finds too much (2.7.5).
ranking = st.recursive(words, joined, max_leaves=5)

changes = st.one_of(
    st.tuples(st.just("add"), st.integers(0, 9), texts, texts, st.integers(2015, 2018)),
    st.tuples(st.just("delete"), st.integers(0, 9)),
    st.tuples(st.sampled_from(["commit", "merge", "reopen", "rebuild"])),
)


def document(number: int, title: str, abstract: str, year: int) -> SearchDocument:
    topics = tuple(Name(word, word) for word in sorted(set(title.split())))
    return SearchDocument(
        f"r{number}",
        "publication",
        Text(title, "de"),
        abstracts=(Text(abstract, "de"),),
        year=year,
        topics=tuple(Name("", topic.key) for topic in topics),
    )


class History:
    """An index that went through changes, and the documents that it should hold."""

    def __init__(self, path: Path, steps: list[tuple[Any, ...]]) -> None:
        self.path = path
        self.engine = WhooshEngine(path)
        self.truth: dict[str, SearchDocument] = {}
        with self.engine.rebuild(()):
            pass
        waiting: list[tuple[Any, ...]] = []
        for step in [*steps, ("commit",)]:
            if step[0] in ("add", "delete"):
                waiting.append(step)
                continue
            self._commit(waiting)
            waiting = []
            if step[0] == "merge":
                self.engine.merge()
            elif step[0] == "reopen":
                self.engine = WhooshEngine(path)
            elif step[0] == "rebuild":
                with self.engine.rebuild(list(self.truth.values())):
                    pass

    def _commit(self, steps: list[tuple[Any, ...]]) -> None:
        with self.engine.writer() as writer:
            for kind, number, *values in steps:
                if kind == "add":
                    self.truth[f"r{number}"] = document(number, *values)
                    writer.add(self.truth[f"r{number}"])
                else:
                    self.truth.pop(f"r{number}", None)
                    writer.delete(f"r{number}")

    def whoosh(self) -> "WhooshSide":
        snapshot = self.engine._snapshot()
        toc = read_toc(snapshot.generation, snapshot.commit)
        storage = FileStorage(str(snapshot.generation), supports_mmap=False)
        readers = [SegmentReader(storage, make_schema(), segment) for segment in toc.segments]
        ids = [record_id for segment in snapshot.segments for record_id in segment.facts.all_ids()]
        return WhooshSide(MultiReader(readers), ids)


class WhooshSide:
    """The same index, asked through Whoosh."""

    def __init__(self, reader: MultiReader, ids: list[str]) -> None:
        self.reader = reader
        self.ids = ids

    def scores(self, query: Query) -> dict[str, float]:
        """The records found, with their scores."""
        if self.reader.doc_count() == 0:
            return {}
        searcher = Searcher(self.reader, weighting=SameWeighting(self.reader))
        # Not normalised: that takes repeated words out.
        matcher = translate(query).matcher(searcher, searcher.boolean_context().set(weighting=None))
        scored = translate(query).matcher(searcher, SearchContext(weighting=searcher.weighting))
        found = {}
        while matcher.is_active():
            found[self.ids[matcher.id()]] = 0.0
            matcher.next()
        while scored.is_active():
            found[self.ids[scored.id()]] = scored.score()
            scored.next()
        return found


class SameWeighting(WeightingModel):
    """BM25 as ours: lengths and counts over live entries only."""

    def __init__(self, reader: MultiReader) -> None:
        self.reader = reader
        self.lengths = {doc: reader.doc_field_length(doc, FIELD) for doc in reader.all_doc_ids()}
        self.average = max(sum(self.lengths.values()) / max(len(self.lengths), 1), 1.0)

    def scorer(self, searcher: Searcher, fieldname: str, text: bytes, qf: int = 1) -> BaseScorer:
        try:
            matching = len(list(self.reader.postings(FIELD, text).all_ids()))
        except TermNotFound:
            matching = 0
        rarity = math.log(1 + (len(self.lengths) - matching + 0.5) / (matching + 0.5))
        offset = 0
        if searcher is not self.reader:
            offset = next((o for r, o in self.reader.leaf_readers() if r is searcher.reader()), 0)
        return SameScorer(self, rarity * (K1 + 1), offset)


class SameScorer(BaseScorer):
    def __init__(self, weighting: SameWeighting, worth: float, offset: int) -> None:
        self.weighting = weighting
        self.worth = worth
        self.offset = offset

    def score(self, matcher: Any) -> float:
        length = self.weighting.lengths[matcher.id() + self.offset]
        norm = K1 * (1 - B + B * length / self.weighting.average)
        return self.worth * matcher.weight() / (matcher.weight() + norm)


def translate(query: Query) -> whoosh_query.Query:
    """The query as one of Whoosh's."""
    match query:
        case Word(text):
            return whoosh_query.Term(FIELD, text)
        case Phrase(text, slop=slop):
            return whoosh_query.Phrase(FIELD, text.split(), slop=slop + 1)
        case Prefix(text):
            return whoosh_query.Prefix(FIELD, text)
        case And(parts):
            return whoosh_query.And([translate(part) for part in parts])
        case Or(parts):
            return whoosh_query.Or([translate(part) for part in parts])
        case Not(part):
            return whoosh_query.Not(translate(part))
    raise AssertionError(query)


@pytest.fixture(autouse=True)
def small_segments(monkeypatch):
    """Segments stay apart, unless a merge is asked for."""
    monkeypatch.setattr(writing, "MAX_QUICK_ENTRIES", 0)
    monkeypatch.setattr(writing, "SEGMENTS_PER_TIER", 2)


generous = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@given(st.lists(changes, max_size=25), st.lists(finding, min_size=1, max_size=8))
@generous
def test_both_find_the_same_records_and_count_the_same(steps, queries):
    with tempfile.TemporaryDirectory() as folder:
        history = History(Path(folder) / "index", steps)
        side = history.whoosh()
        for query in queries:
            response = history.engine.search(SearchRequest(query, page_size=100, facets=("year", "topic")))
            found = set(side.scores(query))

            assert {hit.id for hit in response.hits} == found
            assert response.total == len(found)
            assert set(response.facets["year"]) == counts(str(history.truth[i].year) for i in found)
            assert set(response.facets["topic"]) == counts(t.key for i in found for t in history.truth[i].topics)


def counts(values) -> set[FacetCount]:
    return {FacetCount(value, count) for value, count in Counter(values).items()}


@given(st.lists(changes, max_size=25), st.lists(ranking, min_size=1, max_size=8))
@generous
def test_both_rank_the_same_records_first(steps, queries):
    with tempfile.TemporaryDirectory() as folder:
        history = History(Path(folder) / "index", steps)
        side = history.whoosh()
        for query in queries:
            hits = history.engine.search(SearchRequest(query, facets=())).hits
            expected = side.scores(query)

            assert [hit.score for hit in hits] == pytest.approx(
                sorted(expected.values(), reverse=True)[:10], rel=1e-4, abs=1e-5
            )
            for hit in hits:
                assert hit.score == pytest.approx(expected[hit.id], rel=1e-4, abs=1e-5)
