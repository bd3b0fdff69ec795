"""Dutch questions to English demo records and back: what widening by topics brings, by weight.

    PYTHONPATH=. .venv/bin/python tests/search/bilingual.py

prints a table. The records come without topics and translations here, as papers come from elsewhere; with them, both
languages stand in the record itself.
"""

import math
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from publications.demo.content import load_content
from publications.demo.things import DemoContent, DemoRecord
from search.documents import Name, Passage, SearchDocument, Text
from search.engines.base import SearchEngine
from search.engines.whoosh.engine import WhooshEngine
from search.queries import Query, parse
from search.requests import SearchRequest
from search.widening import WEIGHT_ALONE, WEIGHT_BESIDE, Label, Thesaurus, TopicLabels, widen

QUESTIONS = Path(__file__).with_name("bilingual_questions.toml")
WORDS_ON_A_PAGE = 300
DEPTH = 10


@dataclass(frozen=True)
class Question:
    """A question, and the records that answer it with how well they do."""

    text: str
    relevant: Mapping[str, int]


def questions() -> list[Question]:
    return [Question(**entry) for entry in tomllib.loads(QUESTIONS.read_text(encoding="utf-8"))["questions"]]


def thesaurus(content: DemoContent) -> Thesaurus:
    topics = []
    for topic in content.topics.values():
        labels = [Label(topic.label.en, "en"), Label(topic.label.nl, "nl")]
        labels += [Label(text, "en", is_synonym=True) for text in topic.synonyms_en]
        labels += [Label(text, "nl", is_synonym=True) for text in topic.synonyms_nl]
        topics.append(TopicLabels(tuple(labels)))
    return Thesaurus(tuple(topics))


def documents(content: DemoContent, *, with_topics: bool = False) -> Iterator[SearchDocument]:
    for record in content.records.values():
        yield SearchDocument(
            id=record.slug,
            type="publication",
            title=Text(record.title, record.language),
            language=record.language,
            subtitle=Text(record.subtitle, record.language) if record.subtitle else None,
            abstracts=(Text(record.abstract, record.language),),
            topics=tuple(topic_name(content, slug) for slug in record.topics) if with_topics else (),
            year=record.year,
            passages=tuple(pages(record)),
        )


def topic_name(content: DemoContent, slug: str) -> Name:
    topic = content.topics[slug]
    others = (topic.label.nl, *topic.synonyms_en, *topic.synonyms_nl)
    return Name(topic.label.en, key=slug, alternatives=others)


def pages(record: DemoRecord) -> Iterator[Passage]:
    for number, file in enumerate(record.files, start=1):
        words = file.text.split()
        for page, start in enumerate(range(0, len(words), WORDS_ON_A_PAGE), start=1):
            text = " ".join(words[start : start + WORDS_ON_A_PAGE])
            yield Passage(number, file.name, page, text, language=record.language)


def build_engine(folder: Path, content: DemoContent, *, with_topics: bool = False) -> SearchEngine:
    engine = WhooshEngine(folder)
    with engine.rebuild(documents(content, with_topics=with_topics)):
        pass
    return engine


def found(engine: SearchEngine, query: Query) -> list[str]:
    answer = engine.search(SearchRequest(query=query, page_size=100, facets=(), passages_per_hit=0))
    return [hit.id for hit in answer.hits]


def ndcg(ranking: list[str], relevant: Mapping[str, int]) -> float:
    """Normalised discounted cumulative gain of the first ten."""
    ideal = sorted(relevant.values(), reverse=True)[:DEPTH]
    return _gain([relevant.get(record, 0) for record in ranking[:DEPTH]]) / _gain(ideal)


def _gain(grades: list[int]) -> float:
    return sum(grade / math.log2(place + 2) for place, grade in enumerate(grades))


def recall(ranking: list[str], relevant: Mapping[str, int]) -> float:
    """The share of the relevant records among the first ten."""
    return len(set(ranking[:DEPTH]) & set(relevant)) / len(relevant)


def displaced(engine: SearchEngine, terms: Thesaurus, *, alone: float = WEIGHT_ALONE) -> tuple[int, int]:
    """For every label of every topic asked by itself: how many records have its words, and how many of these stand
    below one that has only other labels."""
    total = below = 0
    for label in {label.text for topic in terms.topics for label in topic.labels}:
        typed = parse(label.replace(":", " "))
        literal = set(found(engine, typed))
        has_other_above = False
        for record in found(engine, widen(typed, terms, alone=alone).query):
            has_other_above = has_other_above or record not in literal
            total += record in literal
            below += record in literal and has_other_above
    return total, below


def quality(engine: SearchEngine, terms: Thesaurus | None, *, beside: float = WEIGHT_BESIDE) -> tuple[float, float]:
    """Mean nDCG@10 and recall@10 over the questions; without a thesaurus, of the typed words alone."""
    rankings = [
        (found(engine, widen(parse(question.text), terms or Thesaurus(), beside=beside).query), question.relevant)
        for question in questions()
    ]
    count = len(rankings)
    return sum(ndcg(*ranking) for ranking in rankings) / count, sum(recall(*ranking) for ranking in rankings) / count


def table(engine: SearchEngine, terms: Thesaurus) -> Iterator[str]:
    yield "typed words alone: nDCG@10 {:.3f}, recall@10 {:.3f}".format(*quality(engine, None))
    for weight in (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 1.0):
        yield "beside others {:4.2f}: nDCG@10 {:.3f}, recall@10 {:.3f}".format(
            weight, *quality(engine, terms, beside=weight)
        )
    for weight in (0.02, 0.05, 0.1, 0.2, 0.3):
        total, below = displaced(engine, terms, alone=weight)
        yield f"alone {weight:4.2f}: {below} of {total} records with the typed words stand below one without"


if __name__ == "__main__":
    everything = load_content()
    for tagged in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            index = build_engine(Path(folder) / "index", everything, with_topics=tagged)
            sys.stdout.write("\n".join([f"with topics: {tagged}", *table(index, thesaurus(everything)), ""]))
