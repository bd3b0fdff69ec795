"""What a question's filters ask of an engine.

A collection with a rule holds for each reader what its rule finds for them, which no index knows: that is looked up,
and the records are named: all of them, also those beyond what its page shows.
"""

from typing import TypedDict

from publications.models import Collection
from publications.reading_lists import Audience, find_pids
from search.forms import Question
from search.requests import FilterValue, Reader

COLLECTION = "collection"


class Narrowed(TypedDict):
    """Arguments of a SearchRequest."""

    filters: dict[str, tuple[FilterValue, ...]]
    records: tuple[str, ...] | None


def narrow(question: Question, *, reader: Reader) -> Narrowed:
    """The filters of a question, and the only records that can answer where that is known beforehand."""
    filters = question.engine_filters()
    asked = question.filters.get(COLLECTION, ())
    collections = list(Collection.objects.live().with_rows().filter(slug__in=asked)) if asked else []
    if not any(collection.rule for collection in collections):
        return Narrowed(filters=filters, records=None)
    del filters[COLLECTION]
    pids = find_pids(collections, Audience(reader.audiences, reader.today))
    return Narrowed(filters=filters, records=tuple(pids))
