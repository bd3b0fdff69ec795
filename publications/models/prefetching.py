"""Prefetching many rows on SQLite.

Since Django 5.2 (its pull request 19072) the rows behind a foreign key are asked for by a lookup of tuples. SQLite has
none, so Django writes a chain of ORs instead, and SQLite takes a chain of 1000 at most: a hundred papers with eleven
authors each could neither be indexed nor listed. A tuple of one column is an IN, which has no such limit.
"""

from typing import Any

from django.db.models.fields.tuple_lookups import TupleIn
from django.db.models.lookups import In

chain_of_ors = TupleIn.get_fallback_sql


def in_or_chain_of_ors(lookup: TupleIn, compiler: Any, connection: Any) -> Any:
    """The lookup for a database without tuples."""
    if len(lookup.lhs) != 1 or not lookup.rhs_is_direct_value():
        return chain_of_ors(lookup, compiler, connection)
    (column,) = lookup.lhs
    return compiler.compile(In(column, [value for (value,) in lookup.rhs]))


def mend_prefetching() -> None:
    """Let Django use it."""
    TupleIn.get_fallback_sql = in_or_chain_of_ors  # type: ignore[method-assign, assignment]
