"""What the finder asks of an engine: first the records that vote, then words of those that are shown.

Plain values, so that the bench asks the same as the site.
"""

from collections.abc import Collection, Mapping

from search.experts.voting import VOTERS
from search.queries import Query
from search.requests import FilterValue, Reader, SearchRequest


def voters(
    query: Query,
    *,
    reader: Reader,
    filters: Mapping[str, tuple[FilterValue, ...]] | None = None,
    records: tuple[str, ...] | None = None,
    facets: tuple[str, ...] = (),
) -> SearchRequest:
    """For `SearchEngine.rank`: the records that vote on a question."""
    return SearchRequest(query, reader=reader, filters=filters or {}, records=records, facets=facets, page_size=VOTERS)


def quotations(query: Query, records: Collection[str], *, reader: Reader) -> SearchRequest:
    """For `SearchEngine.search`: the best page of each of these records, or else words of its abstract."""
    return SearchRequest(
        query,
        reader=reader,
        records=tuple(dict.fromkeys(records)),
        page_size=max(1, len(records)),
        passages_per_hit=1,
        facets=(),
    )
