"""A question loosened: where two words are written as one, each by itself is looked for as well."""

from dataclasses import replace

from search.analysis.tokens import fold, tokenize
from search.queries.tree import Or, Query, Word

SHORTEST_PART = 2
"""The U of a U-Net stands in too many other places."""


def loosen(query: Query) -> Query:
    """The query with the parts of "micro-expression" beside it, where words stand side by side.

    For whoever weighs many records instead of listing those that match: a search would find too much by it.
    """
    if isinstance(query, Word):
        parts = _parts(query)
        return Or((query, *parts)) if parts else query
    if isinstance(query, Or):
        return Or(tuple(part for item in query.parts for part in (item, *_parts(item))))
    return query


def _parts(query: Query) -> tuple[Word, ...]:
    if not isinstance(query, Word) or query.field:
        return ()
    terms = [token.term for token in tokenize(query.text) if token.width == 1 and len(token.term) >= SHORTEST_PART]
    return tuple(replace(query, text=term) for term in terms) if terms != [fold(query.text)] else ()
