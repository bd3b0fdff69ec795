"""What a question's filters ask of an engine.

A collection with a rule holds for each reader what its rule finds for them, which no index knows: that is looked up,
and the records are named.
"""

from typing import TypedDict

from publications.models import Collection, Record
from publications.reading_lists import Reader as ListReader
from publications.reading_lists import list_all
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
    held = list_all(collections, ListReader(reader.audiences, reader.today))
    keys = {key for reading_list in held for key in reading_list.keys}
    pids = Record.objects.filter(pk__in=keys).values_list("pid", flat=True)
    del filters[COLLECTION]
    return Narrowed(filters=filters, records=tuple(pids))
