"""From what matches to an answer: filters, facets, and for the shown records their pages and marks."""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from search.analysis import UNKNOWN
from search.analysis.patterns import word_patterns
from search.documents import FILTER_FIELDS, NUMBER_FIELDS
from search.engines.whoosh.arrays import Array
from search.engines.whoosh.expanding import expansions_of
from search.engines.whoosh.finding import Found as Places
from search.engines.whoosh.labels import FieldValues
from search.engines.whoosh.matches import Match
from search.engines.whoosh.matching import Matcher, Wanted
from search.engines.whoosh.ordering import first_records
from search.engines.whoosh.snapshots import Mask, View
from search.engines.whoosh.sorted_arrays import is_among, ranges
from search.highlighting import fragment_of, mark_spans
from search.marks import Marking
from search.queries import Phrase, Query, Word
from search.requests import (
    FacetCount,
    FilterValue,
    Hit,
    PageMatch,
    PassageHit,
    SearchRequest,
    SearchResponse,
    YearRange,
)


@dataclass(frozen=True)
class Found:
    """What was looked for, what matches before the filters, each of those as a mask, and the records after them."""

    view: View
    wanted: list[Wanted]
    match: Match
    filters: Mapping[str, Mask]
    records: Match

    def facets(self, request: SearchRequest) -> dict[str, tuple[FacetCount, ...]]:
        """The facets that the request asks for."""
        return {name: _facet(self, name, request.facet_size) for name in request.facets}


def find(view: View, request: SearchRequest) -> Found:
    """Everything that matches, in no order yet."""
    wanted, match = evaluate(view, request.query)
    if request.records is not None:
        match = _narrow(match, [_only(view, request.records)])
    filters = {field: filter_mask(view, field, values) for field, values in request.filters.items() if values}
    return Found(view, wanted, match, filters, _narrow(match, filters.values()))


def evaluate(view: View, query: Query) -> tuple[list[Wanted], Match]:
    """What was found of each leaf, and the records that match. The same question is often asked twice in a row: for
    its best records, then for words of some of them."""
    if (known := view.evaluated) and known[0] == query:
        wanted, match = known[1]
    else:
        matcher = Matcher(view)
        match, wanted = matcher.evaluate(query), matcher.wanted
        view.evaluated = query, (wanted, match)
    return wanted, match


def answer(view: View, request: SearchRequest) -> SearchResponse:
    """The response to a request over what its reader may see."""
    found = find(view, request)
    pages = Pages(view, found.wanted)
    shown = first_records(view.snapshot, found.records, request)
    return SearchResponse(
        total=len(found.records),
        hits=tuple(_hits(found, shown, pages, request)),
        facets=found.facets(request),
        page_total=pages.count_in(found.records.records),
    )


def find_all(view: View, request: SearchRequest) -> frozenset[str]:
    """The ids of all records of the answer."""
    return frozenset(view.snapshot.record_id(record) for record in find(view, request).records.records.tolist())


def matching_pages(view: View, record: int, query: Query) -> tuple[PageMatch, ...]:
    """The readable pages of a record with words of the query."""
    wanted, _ = evaluate(view, query)
    pages = Pages(view, wanted).of_records([record]).get(record, [])
    return tuple(page.match for page in sorted(pages, key=lambda page: (page.match.file, page.match.page)))


# Filters and facets ------------------------------------------------------------------------------------------


def filter_mask(view: View, field: str, values: Iterable[FilterValue]) -> Mask:
    """The records that have one of the values. Raises ValueError for a field that is no filter."""
    if field not in FILTER_FIELDS:
        raise ValueError(f"{field!r} is not a filter. Choose one of: {', '.join(sorted(FILTER_FIELDS))}.")
    mask = np.zeros(view.snapshot.record_count, np.bool_)
    texts = set()
    for value in values:
        if isinstance(value, YearRange):
            years = view.snapshot.years
            mask |= (years > 0) & (years >= value.first) & (years <= value.last)
        else:
            texts.add(str(value))
    return mask | _values(view, field).with_labels(texts) if texts else mask


def _values(view: View, field: str) -> FieldValues:
    """The values of a field as they are today: an embargo whose day has come is open access."""
    values = view.snapshot.values(field)
    if field != "access":
        return values
    opened, embargoed = values.labels.number_all(["open", "embargoed"]).tolist()
    return values.replaced(embargoed, opened, view.snapshot.available <= view.today)


def _only(view: View, record_ids: Iterable[str]) -> Mask:
    mask = np.zeros(view.snapshot.record_count, np.bool_)
    mask[[number for record_id in record_ids if (number := view.snapshot.number_of(record_id)) is not None]] = True
    return mask


def _narrow(match: Match, filters: Iterable[Mask]) -> Match:
    for mask in filters:
        match = match.only(mask[match.records])
    return match


def _facet(found: Found, field: str, size: int) -> tuple[FacetCount, ...]:
    """How many records have each value, the facet's own filter left out; the most frequent first."""
    records = found.records
    if field in found.filters:
        records = _narrow(found.match, (mask for name, mask in found.filters.items() if name != field))
    values = _values(found.view, field)
    counts = values.counts(records.records)
    codes = np.flatnonzero(counts)
    if field not in NUMBER_FIELDS and len(codes) > size > 0:
        # Only what can be among the first is looked at, with all that ties with its last.
        least = np.partition(counts[codes], len(codes) - size)[len(codes) - size]
        codes = codes[counts[codes] >= least]
    texts = values.labels.texts
    found_codes = zip(codes.tolist(), counts[codes].tolist(), strict=True)
    counted = [(-count, texts[code]) for code, count in found_codes]
    first = sorted(counted) if field in NUMBER_FIELDS else heapq.nsmallest(size, counted)
    return tuple([FacetCount(label, -count) for count, label in first])


# Pages -------------------------------------------------------------------------------------------------------


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

    def count_in(self, records: Array) -> int:
        """How many of them belong to these records."""
        snapshot = self.view.snapshot
        if snapshot.is_flat or not len(records):
            return 0
        is_page = np.zeros(len(snapshot.record_of), np.bool_)
        for item in self.wanted:
            for part in item.found:
                is_page[part.entries] = True
        entries = np.flatnonzero(is_page & snapshot.is_passage)
        if len(records) < snapshot.live_count:
            is_found = np.zeros(snapshot.record_count, np.bool_)
            is_found[records] = True
            entries = entries[is_found[snapshot.record_of[entries]]]
        return len(entries)

    def of_records(self, records: list[int]) -> dict[int, list[_Page]]:
        """The pages of these records, the best first; nothing is read of any other."""
        snapshot = self.view.snapshot
        if snapshot.is_flat or not self.wanted:
            return {}
        numbers = np.array(sorted(records), np.int64)
        starts = snapshot.metadata_entries[numbers] + 1
        entries = ranges(starts, snapshot.entry_ends[numbers] - starts)
        entries = entries[self.view.readable[entries]]
        scores, occurrences = self._score(entries)
        pages: dict[int, list[_Page]] = {}
        for place in np.lexsort((entries, -scores)).tolist():
            if occurrences[place]:
                entry = int(entries[place])
                match = PageMatch(int(snapshot.files[entry]), int(snapshot.pages[entry]), int(occurrences[place]))
                page = _Page(entry, float(scores[place]), match)
                pages.setdefault(int(snapshot.record_of[entry]), []).append(page)
        return pages

    def _score(self, entries: Array) -> tuple[Array, Array]:
        """The score of each of these pages, and how many words of the query stand on it."""
        norms = self.view.page_norms[entries]
        scores = np.zeros(len(entries))
        occurrences = np.zeros(len(entries), np.int64)
        counted = set()
        for item in self.wanted:
            frequencies = np.zeros(len(entries), np.int64)
            for part in item.found:
                add_counts(frequencies, entries, part)
            scores += item.worth * frequencies / (frequencies + norms)
            if (signature := _signature(item)) not in counted:
                counted.add(signature)
                occurrences += frequencies
        return scores, occurrences


def add_counts(frequencies: Array, entries: Array, found: Places) -> None:
    """Add how often something stands in each of these entries, which are in order."""
    here = is_among(entries, found.entries)
    if here.any():
        frequencies[here] += found.counts[np.searchsorted(found.entries, entries[here])]


def _signature(item: Wanted) -> object:
    """The same for "lung" and "lungs": they stand on a page once."""
    leaf = item.leaf
    if not isinstance(leaf, Word | Phrase):
        return leaf
    patterns = word_patterns(leaf.text)
    return type(leaf), tuple(tuple((at, UNKNOWN.keys(term)) for at, term in pattern) for pattern in patterns)


# Hits --------------------------------------------------------------------------------------------------------


def _hits(found: Found, shown: list[int], pages: Pages, request: SearchRequest) -> Iterable[Hit]:
    view = found.view
    pages_by_record = pages.of_records(shown) if shown else {}
    scores = found.records.values_of(np.array(shown, np.intp)).tolist()
    marking = Marking(request.query, expansions_of(view, found.wanted))
    for record, score in zip(shown, scores, strict=True):
        content = view.snapshot.content(int(view.snapshot.metadata_entries[record]))
        best = pages_by_record.get(record, [])
        matches = sorted((page.match for page in best), key=lambda match: (match.file, match.page))
        yield Hit(
            id=view.snapshot.record_id(record),
            score=score,
            stored=content["stored"],
            highlights=_highlights(content, marking, request.fragment_length),
            passages=tuple(
                _passage(view, page, marking, request.fragment_length) for page in best[: request.passages_per_hit]
            ),
            pages=tuple(matches),
        )


def _highlights(content: Mapping[str, Any], marking: Marking, length: int) -> dict[str, str]:
    highlights = {}
    title, language = content["title"]
    if marks := marking.marker(language=language, field="title").find(title):
        highlights["title"] = mark_spans(title, marks)
    for abstract, language in content["abstracts"]:
        html = fragment_of(abstract, marking.marker(language=language, field="abstract"), length)
        if "<mark>" in html:
            highlights["abstract"] = html
            break
    return highlights


def _passage(view: View, page: _Page, marking: Marking, length: int) -> PassageHit:
    content = view.snapshot.content(page.entry)
    language = content["language"]
    return PassageHit(
        file=page.match.file,
        file_name=content["file_name"],
        page=page.match.page,
        text=fragment_of(content["text"], marking.marker(language=language), length),
        score=page.score,
        language=language,
        is_recognised=content["is_recognised"],
        kind=content["kind"],
    )
