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
    """The records of the page asked for. Equal ones are in order of date (newest first), title and id.

    Dates, titles and ids are read only where what is asked for leaves doubt.
    """
    first = max(request.page - 1, 0) * request.page_size
    needed = first + request.page_size
    if not first < min(needed, len(match)):
        return []
    sort = request.sort
    if sort == Sort.RELEVANCE and isinstance(request.query, Everything):
        sort = Sort.NEWEST
    keys: list[Callable[[Array], Array]] = []
    if sort == Sort.RELEVANCE:
        keys.append(lambda records: -match.values_of(records))
    if sort != Sort.TITLE:
        keys.append(lambda records: -snapshot.issued[records])
    keys.append(lambda records: snapshot.title_beginnings[records])
    candidates = _cut(match.leading(needed) if sort == Sort.RELEVANCE else match.records, keys, needed)
    ranks = dict(zip(candidates, keys[0](np.array(candidates, np.intp)).tolist(), strict=True))
    if len(set(ranks.values())) == len(ranks):
        return sorted(ranks, key=ranks.__getitem__)[first:needed]

    def full_key(record: int) -> tuple[Any, ...]:
        date = 0 if sort == Sort.TITLE else -int(snapshot.issued[record])
        return ranks[record], date, snapshot.sort_title(record), snapshot.record_id(record)

    return sorted(ranks, key=full_key)[first:needed]


def _cut(records: Array, keys: list[Callable[[Array], Array]], needed: int) -> list[int]:
    """Records among which the first `needed` are: where one key leaves doubt, the next decides.

    keys: numbers for records that sort like them.
    """
    sure: list[int] = []
    for key in keys:
        if len(records) <= needed - len(sure):
            break
        values = key(records)
        last = np.partition(values, needed - len(sure) - 1)[needed - len(sure) - 1]
        before, records = records[values < last], records[values == last]
        sure += before.tolist()
    return sure + records.tolist()
