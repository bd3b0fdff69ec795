"""Our engine and its peers, each behind the same few methods (`base.py`)."""

from importlib import import_module

from tests.benchmarks.search.engines.base import Engine

OURS = "whoosh"

ENGINES = {
    OURS: "ours:Whoosh",
    "whoosh-stock": "stock:StockWhoosh",
    "fts5": "fts5:Fts5",
    "tantivy": "tantivy_py:Tantivy",
    "postgres": "postgresql:Postgres",
    "bm25s": "bm25:Bm25s",
}
"""Module and class of each, in the order of the tables. A module is imported when its engine is asked for."""


class EngineMissing(Exception):
    """The engine cannot be measured here; the message says why."""


def get_engine_class(name: str) -> type[Engine]:
    """The engine of this name. Raises EngineMissing where its package or its server is not there."""
    module, _, class_name = ENGINES[name].partition(":")
    try:
        engine: type[Engine] = getattr(import_module(f"{__name__}.{module}"), class_name)
    except ModuleNotFoundError as error:
        raise EngineMissing(f"{error.name} is not installed; make bench-search installs it") from error
    if reason := engine.why_not():
        raise EngineMissing(reason)
    return engine
