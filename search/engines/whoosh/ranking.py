"""The best records of a question with their best parts counted in: what people are ranked by."""

import numpy as np

from search.engines.base import RANKED_CANDIDATES
from search.engines.whoosh.arrays import Array
from search.engines.whoosh.matches import Match
from search.engines.whoosh.matching import Wanted
from search.engines.whoosh.results import add_counts, find
from search.engines.whoosh.snapshots import K1, Scores, View
from search.engines.whoosh.sorted_arrays import ranges
from search.requests import RankedRecord, Ranking, SearchRequest


def rank(view: View, request: SearchRequest) -> Ranking:
    """The ranking over what the reader of the request may see."""
    found = find(view, request)
    most = max(RANKED_CANDIDATES, request.page_size)
    candidates, scores = _best_as_a_whole(view, found.records, most)
    if not view.snapshot.is_flat:
        scores = (scores + _best_parts(view, candidates, found.wanted)) / 2
    # A stable sort: equals stay in the order of date and title.
    order = np.argsort(-scores, kind="stable")[: request.page_size].tolist()
    return Ranking(
        total=len(found.records),
        records=tuple(
            RankedRecord(view.snapshot.record_id(int(candidates[place])), float(scores[place])) for place in order
        ),
        facets=found.facets(request),
    )


def _best_as_a_whole(view: View, match: Match, most: int) -> tuple[Array, Array]:
    """The best records with their scores; of equal ones the newest first, then by title."""
    records, scores = match.records, match.values.astype(np.float64)
    if len(records) > most:
        least = np.partition(scores, len(scores) - most)[len(scores) - most]
        kept = scores >= least
        records, scores = records[kept], scores[kept]
    snapshot = view.snapshot
    order = np.lexsort((snapshot.title_beginnings[records], -snapshot.issued[records], -scores))[:most]
    return records[order].astype(np.int64), scores[order]


def _best_parts(view: View, records: Array, wanted: list[Wanted]) -> Array:
    """For each record, the score of the best of its readable entries."""
    snapshot = view.snapshot
    numbers = np.sort(records)
    starts = snapshot.metadata_entries[numbers].astype(np.int64)
    entries = ranges(starts, snapshot.entry_ends[numbers] - starts)
    entries = entries[view.readable[entries]]
    scores = _score(view, entries, wanted)
    best = np.zeros(len(numbers))
    np.maximum.at(best, np.searchsorted(numbers, snapshot.record_of[entries]), scores)
    return best[np.searchsorted(numbers, records)]


def _score(view: View, entries: Array, wanted: list[Wanted]) -> Scores:
    """BM25 of each of these entries by itself; what was asked of one field has no length, as in records."""
    norms = view.entry_norms[entries]
    scores = np.zeros(len(entries), np.float32)
    for item in wanted:
        frequencies = np.zeros(len(entries), np.int64)
        for part in item.found:
            add_counts(frequencies, entries, part)
        scores += item.worth * frequencies / (frequencies + (K1 if item.leaf.field else norms))
    return scores
