"""What templates ask of search: the years of a facet, and records like one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template

from publications.models import Record
from publications.views.related import RelatedRecord
from search.discovery import find_similar
from search.facets import FacetValue, FacetView
from search.forms import Question
from search.requests import YearRange

register = template.Library()


@register.simple_tag(takes_context=True)
def similar_records(context: dict[str, Any], record: Record, related: Iterable[RelatedRecord]) -> tuple[Record, ...]:
    """Records most like this one that this reader may find, but for those that the page names already."""
    request = context.get("request")
    if request is None or not hasattr(request, "user"):
        return ()
    versions = context.get("versions", ())
    leave_out = [work.record.pid for work in related] + [version.record.pid for version in versions]
    return find_similar(record, user=request.user, leave_out=leave_out)


@dataclass(frozen=True)
class YearFacet:
    """The years of an answer: how many records of each, which are chosen, and the two ends of the choice."""

    counts: dict[int, int]
    chosen: frozenset[int]
    first: str
    last: str
    newest_first: list[FacetValue]


@register.simple_tag
def year_facet(facet: FacetView, question: Question) -> YearFacet:
    """The facet of years as bars and a form; "" for an end that was left open."""
    ranges = [
        value if isinstance(value, YearRange) else YearRange(int(value), int(value))
        for value in question.engine_filters().get("year", ())
    ]
    first = min((r.first for r in ranges), default=OPEN_START)
    last = max((r.last for r in ranges), default=OPEN_END)
    counts = {int(value.value): value.count for value in facet.values if value.value.isdigit()}
    return YearFacet(
        counts=counts,
        chosen=frozenset(year for year in counts if any(r.first <= year <= r.last for r in ranges)),
        first="" if first == OPEN_START else str(first),
        last="" if last == OPEN_END else str(last),
        newest_first=sorted(facet.values, key=lambda value: value.value, reverse=True),
    )


OPEN_START, OPEN_END = 1000, 9999
"""What the search view puts where one of the two boxes was left empty."""
