"""The first records of a result in the order that was asked for, without sorting all of it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from search.engines.whoosh.arrays import Array
from search.engines.whoosh.matches import Match
from search.engines.whoosh.snapshots import Snapshot
from search.queries import Everything
from search.requests import SearchRequest, Sort


def first_records(snapshot: Snapshot, match: Match, request: SearchRequest) -> list[int]:
    """The records of the page asked for. Equal ones are in order of date (newest first), title and id."""
    first = max(request.page - 1, 0) * request.page_size
    needed = first + request.page_size
    if not first < min(needed, len(match)):
        return []
    sort = request.sort
    if sort == Sort.RELEVANCE and isinstance(request.query, Everything):
        sort = Sort.NEWEST
    keys: list[Callable[[Array], Array]] = []
    if sort == Sort.RELEVANCE:
        keys.append(lambda places: -match.values[places])
    if sort != Sort.TITLE:
        keys.append(lambda places: -snapshot.issued[match.records[places]])
    keys.append(lambda places: snapshot.title_beginnings[match.records[places]])
    candidates = _cut(match.records, keys, needed)
    return sorted(candidates, key=_sort_key(snapshot, match, sort))[first:needed]


def _cut(records: Array, keys: list[Callable[[Array], Array]], needed: int) -> list[int]:
    """Records among which the first `needed` are: where one key leaves doubt, the next decides.

    keys: the values of records, given their places, that sort like the records.
    """
    places = np.arange(len(records))
    sure: list[Array] = []
    for key in keys:
        if len(places) <= needed:
            break
        values = key(places)
        last = np.partition(values, needed - 1)[needed - 1]
        sure.append(places[values < last])
        places = places[values == last]
        needed -= len(sure[-1])
    found: list[int] = records[np.concatenate([*sure, places])].tolist()
    return found


def _sort_key(snapshot: Snapshot, match: Match, sort: Sort) -> Callable[[int], Any]:
    def title_key(record: int) -> tuple[bytes, str]:
        return snapshot.sort_title(record), snapshot.record_id(record)

    if sort == Sort.TITLE:
        return title_key
    if sort == Sort.NEWEST:
        return lambda record: (-int(snapshot.issued[record]), *title_key(record))
    return lambda record: (-match.value_of(record), -int(snapshot.issued[record]), *title_key(record))
