"""From what matches to an answer: filters, facets, order, and for the shown records their pages and marks."""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from search.analysis import UNKNOWN
from search.analysis.patterns import word_patterns
from search.documents import FILTER_FIELDS, NUMBER_FIELDS
from search.engines.whoosh.matching import Matcher, Wanted
from search.engines.whoosh.postings import Integers
from search.engines.whoosh.segments import Values
from search.engines.whoosh.snapshots import Mask, Scores, View
from search.highlighting import find_marks, mark_fragment, mark_spans
from search.queries import Everything, Phrase, Query, Word
from search.requests import (
    FacetCount,
    FilterValue,
    Hit,
    PageMatch,
    PassageHit,
    SearchRequest,
    SearchResponse,
    Sort,
    YearRange,
)


def answer(view: View, request: SearchRequest) -> SearchResponse:
    """The response to a request over what its reader may see."""
    matcher = Matcher(view)
    mask, scores = matcher.evaluate(request.query)
    if request.records is not None:
        mask = mask & _only(view, request.records)
    filters = {field: filter_mask(view, field, values) for field, values in request.filters.items() if values}
    found = _narrow(mask, filters.values())
    pages = Pages(view, matcher.wanted)
    order = _order(view, found, scores, request)
    first = max(request.page - 1, 0) * request.page_size
    shown = order[first : first + request.page_size]
    return SearchResponse(
        total=int(found.sum()),
        hits=tuple(_hits(view, shown.tolist(), scores, pages, request)),
        facets={name: _count(view, name, mask, filters, request.facet_size) for name in request.facets},
        page_total=int((pages.matching & found[view.snapshot.record_of]).sum()),
    )


def matching_pages(view: View, record: int, query: Query) -> tuple[PageMatch, ...]:
    """The readable pages of a record with words of the query."""
    matcher = Matcher(view)
    matcher.evaluate(query)
    pages = Pages(view, matcher.wanted).of_records([record]).get(record, [])
    return tuple(page.match for page in sorted(pages, key=lambda page: (page.match.file, page.match.page)))


def filter_mask(view: View, field: str, values: Iterable[FilterValue]) -> Mask:
    """The records that have one of the values. Raises ValueError for a field that is no filter."""
    if field not in FILTER_FIELDS:
        raise ValueError(f"{field!r} is not a filter. Choose one of: {', '.join(sorted(FILTER_FIELDS))}.")
    mask = np.zeros(len(view.snapshot.record_ids), np.bool_)
    texts = set()
    for value in values:
        if isinstance(value, YearRange):
            years = view.snapshot.years
            mask |= (years > 0) & (years >= value.first) & (years <= value.last)
        else:
            texts.add(str(value))
    found = _values(view, field)
    wanted = np.array([label in texts for label in found.labels], np.bool_)
    mask[found.records[wanted[found.codes]]] = True
    return mask


def _values(view: View, field: str) -> Values:
    """The values of a field as they are today: an embargo whose day has come is open access."""
    values = view.snapshot.values[field]
    if field != "access":
        return values
    labels = (*values.labels, "open")
    embargoed = np.array([label == "embargoed" for label in labels], np.bool_)
    lifted = embargoed[values.codes] & (view.snapshot.available[values.records] <= view.today)
    first_open = labels.index("open")
    return Values(values.records, np.where(lifted, first_open, values.codes), labels)


def _only(view: View, record_ids: Iterable[str]) -> Mask:
    mask = np.zeros(len(view.snapshot.record_ids), np.bool_)
    numbers = view.snapshot.number_of
    mask[[numbers[record_id] for record_id in record_ids if record_id in numbers]] = True
    return mask


def _narrow(mask: Mask, filters: Iterable[Mask]) -> Mask:
    for narrower in filters:
        mask = mask & narrower
    return mask


def _count(view: View, field: str, mask: Mask, filters: Mapping[str, Mask], size: int) -> tuple[FacetCount, ...]:
    """How many records have each value, the field's own filter left out; the most frequent first."""
    mask = _narrow(mask, (narrower for name, narrower in filters.items() if name != field))
    values = _values(view, field)
    if field in NUMBER_FIELDS:
        size = len(values.labels)
    counts = np.bincount(values.codes[mask[values.records]], minlength=len(values.labels)).tolist()
    counted = ((-count, values.labels[code]) for code, count in enumerate(counts) if count)
    return tuple(FacetCount(label, -count) for count, label in heapq.nsmallest(size, counted))


def _order(view: View, found: Mask, scores: Scores, request: SearchRequest) -> Integers:
    """The records found, the first ones in order, as far as the page asked for."""
    records = np.flatnonzero(found)
    snapshot = view.snapshot
    if request.sort == Sort.TITLE:
        return records[np.argsort(snapshot.title_ranks[records], kind="stable")]
    if request.sort == Sort.NEWEST or isinstance(request.query, Everything):
        return records[np.argsort(snapshot.newest_ranks[records], kind="stable")]
    needed = max(request.page, 1) * request.page_size
    if needed < len(records):
        # Only what can be on the page is sorted, with all that ties with its last.
        least = np.partition(scores[records], len(records) - needed)[len(records) - needed]
        records = records[scores[records] >= least]
    return records[np.lexsort((snapshot.newest_ranks[records], -scores[records]))]


@dataclass(frozen=True)
class _Page:
    entry: int
    score: float
    match: PageMatch


class Pages:
    """The readable pages on which free words of the query stand."""

    def __init__(self, view: View, wanted: list[Wanted]) -> None:
        self.view = view
        self.wanted = [item for item in wanted if not item.leaf.field]

    @cached_property
    def matching(self) -> Mask:
        """Whether each entry is such a page."""
        mask = np.zeros(len(self.view.readable), np.bool_)
        for item in self.wanted:
            mask[item.found.entries] = True
        return mask & self.view.snapshot.is_passage

    def of_records(self, records: list[int]) -> dict[int, list[_Page]]:
        """The pages of these records, the best first."""
        snapshot = self.view.snapshot
        entries = np.flatnonzero(self.matching & np.isin(snapshot.record_of, np.array(records, np.int64)))
        scores = np.zeros(len(entries))
        occurrences = np.zeros(len(entries), np.int64)
        counted = set()
        for item in self.wanted:
            frequencies = _sum_at(entries, item.found.entries, item.found.counts)
            scores += item.worth * frequencies / (frequencies + self.view.page_norms[entries])
            if (signature := _signature(item)) not in counted:
                counted.add(signature)
                occurrences += frequencies.astype(np.int64)
        pages: dict[int, list[_Page]] = {}
        for place in np.lexsort((entries, -scores)).tolist():
            entry = int(entries[place])
            match = PageMatch(int(snapshot.files[entry]), int(snapshot.pages[entry]), int(occurrences[place]))
            page = _Page(entry, float(scores[place]), match)
            pages.setdefault(int(snapshot.record_of[entry]), []).append(page)
        return pages


def _sum_at(wanted: Integers, entries: Integers, counts: Integers) -> Scores:
    """The counts of these entries, summed over those that are wanted (in order)."""
    places = np.searchsorted(wanted, entries)
    places[places == len(wanted)] = 0
    hit = wanted[places] == entries if len(wanted) else np.zeros(len(entries), np.bool_)
    sums: Scores = np.bincount(places[hit], weights=counts[hit], minlength=len(wanted)).astype(np.float64)
    return sums


def _signature(item: Wanted) -> object:
    """The same for "lung" and "lungs": they stand on a page once."""
    leaf = item.leaf
    if not isinstance(leaf, Word | Phrase):
        return leaf
    patterns = word_patterns(leaf.text)
    return type(leaf), tuple(tuple((at, UNKNOWN.keys(term)) for at, term in pattern) for pattern in patterns)


def _hits(view: View, shown: list[int], scores: Scores, pages: Pages, request: SearchRequest) -> Iterable[Hit]:
    pages_by_record = pages.of_records(shown) if shown and pages.wanted else {}
    for record in shown:
        content = view.snapshot.content(view.snapshot.metadata_entry(record))
        best = pages_by_record.get(record, [])
        matches = sorted((page.match for page in best), key=lambda match: (match.file, match.page))
        yield Hit(
            id=view.snapshot.record_ids[record],
            score=float(scores[record]),
            stored=content["stored"],
            highlights=_highlights(content, request),
            passages=tuple(_passage(view, page, request) for page in best[: request.passages_per_hit]),
            pages=tuple(matches),
        )


def _highlights(content: Mapping[str, Any], request: SearchRequest) -> dict[str, str]:
    highlights = {}
    title, language = content["title"]
    if marks := find_marks(title, query=request.query, language=language, field="title"):
        highlights["title"] = mark_spans(title, marks)
    for abstract, language in content["abstracts"]:
        html = mark_fragment(
            abstract, query=request.query, language=language, field="abstract", length=request.fragment_length
        )
        if "<mark>" in html:
            highlights["abstract"] = html
            break
    return highlights


def _passage(view: View, page: _Page, request: SearchRequest) -> PassageHit:
    content = view.snapshot.content(page.entry)
    language = content["language"]
    return PassageHit(
        file=page.match.file,
        file_name=content["file_name"],
        page=page.match.page,
        text=mark_fragment(content["text"], query=request.query, language=language, length=request.fragment_length),
        score=page.score,
        language=language,
        is_recognised=content["is_recognised"],
        kind=content["kind"],
    )
