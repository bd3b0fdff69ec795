"""The CMS's own search of pages, pictures and documents: the database's backend, with what was typed made harmless.

SQLite's full-text search takes a quotation mark in a word for the end of it, and a NUL for the end of the question;
PostgreSQL refuses a NUL. Both would be errors of the server (modelsearch 1.3.2). Neither character is ever part of a
word, so both become blanks.
"""

from collections.abc import Mapping
from typing import Any

from wagtail.search.backends import database
from wagtail.search.query import And, Boost, Fuzzy, Not, Or, Phrase, PlainText, SearchQuery

HARMLESS = str.maketrans({'"': " ", "\x00": " "})


def clean(query: str | SearchQuery) -> str | SearchQuery:
    """The query without the characters that a database stumbles over."""
    match query:
        case str():
            return query.translate(HARMLESS).strip()
        case PlainText():
            return PlainText(clean(query.query_string), operator=query.operator, boost=query.boost)
        case Fuzzy():
            return Fuzzy(clean(query.query_string), operator=query.operator, unaccent=query.unaccent)
        case Phrase():
            return Phrase(clean(query.query_string))
        case And() | Or():
            return type(query)([clean(part) for part in query.subqueries])
        case Not():
            return Not(clean(query.subquery))
        case Boost():
            return Boost(clean(query.subquery), query.boost)
    return query


class CleanQueries:
    """Goes before a backend's own class."""

    def _search(self, query_compiler_class: type, query: str | SearchQuery, *args: Any, **kwargs: Any) -> Any:
        return super()._search(query_compiler_class, clean(query), *args, **kwargs)  # type: ignore[misc]


def SearchBackend(params: Mapping[str, Any]) -> Any:  # noqa: N802 - Wagtail asks a module for this name
    """The backend of the database that the hub runs on, behind `CleanQueries`."""
    stock = type(database.SearchBackend(params))
    return type(stock.__name__, (CleanQueries, stock), {})(params)
