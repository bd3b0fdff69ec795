"""Texts and values in memory: read many at once, they are what each by itself would be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis.tokens import spellings
from search.documents import Name, SearchDocument, Text
from search.engines.whoosh import columns, texts
from search.engines.whoosh.building import SegmentBuilder
from search.engines.whoosh.columns import ValueColumns
from search.engines.whoosh.spellings import Spellings
from search.engines.whoosh.texts import Placement, Texts

TEXTS = st.text(alphabet="ab1é日 -.", max_size=30)


@pytest.fixture(scope="module", autouse=True)
def few_at_once():
    """Texts and values wait only for a few others."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "_AT_ONCE", 40)
        patch.setattr(texts, "_RETURNING", 12)
        patch.setattr(columns, "_AT_ONCE", 3)
        yield


@given(st.lists(TEXTS, max_size=20))
@settings(max_examples=200)
def test_texts_are_read_in_the_order_in_which_they_came(found):
    known = Spellings()
    read = Texts(known)
    numbers = np.array([read.add(text) for text in found], np.int32)
    read.read_all()

    assert read.lengths(numbers).tolist() == [len(spellings(text)) for text in found]
    assert read.spellings_of(numbers).tolist() == [n for text in found for n in known.read([text])[0].tolist()]


def test_a_name_that_comes_again_is_read_once():
    read = Texts(Spellings())

    assert read.add("Ada Lovelace") == read.add("Ada Lovelace")
    assert read.add("page " * 100) != read.add("page " * 100)


@given(st.lists(TEXTS, max_size=20))
@settings(max_examples=100)
def test_what_stands_in_all_places_is_counted(found):
    read = Texts(Spellings())
    placement = Placement(read)
    for entry, text in enumerate(found):
        placement.add(entry, read.add(text), "en")
        assert placement.spellings <= sum(len(spellings(text)) for text in found[: entry + 1])
    read.read_all()

    assert placement.spellings == sum(len(spellings(text)) for text in found)
    assert placement.characters == sum(map(len, found))


def test_pages_that_are_all_alike_cost_what_others_cost():
    def cost(pages: list[str]) -> int:
        builder = SegmentBuilder()
        for number, page in enumerate(pages):
            builder.add(SearchDocument(id=f"r{number}", type="publication", title=Text(page)))
        builder._texts.read_all()
        return builder.size_bytes

    alike, different = ["1 2 3 4 " * 25] * 300, [f"{number} 2 3 4 " * 25 for number in range(300)]

    assert cost(alike) > 0.7 * cost(different)


def test_values_are_those_of_each_document():
    documents = [
        SearchDocument(
            id=f"r{number}",
            type="publication",
            title=Text("A title"),
            year=None if number % 3 else 2000 + number,
            topics=tuple(Name(f"Topic {topic}", f"t{topic}") for topic in (*range(number % 3), 0)),
        )
        for number in range(8)
    ]
    values = ValueColumns()
    for document in documents:
        values.add(document)
    found = values.tables()

    def of_each(field: str) -> list[list[str]]:
        table = found[field]
        labels = [table.labels[code] for code in table.codes.tolist()]
        ends = np.cumsum(table.counts).tolist()
        return [labels[end - count : end] for end, count in zip(ends, table.counts.tolist(), strict=True)]

    assert of_each("topic") == [list(dict.fromkeys(topic.key for topic in d.topics)) for d in documents]
    assert of_each("year") == [[str(document.year)] if document.year else [] for document in documents]
    assert of_each("type") == [["publication"]] * 8


def test_no_documents_have_no_values():
    assert ValueColumns().tables()["year"].labels == []
