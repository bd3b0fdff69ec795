"""The engines, by name: nothing above this package knows which of them answers."""

from importlib import import_module
from typing import Any

from search.engines.base import SearchEngine

ENGINES = {"whoosh": "search.engines.whoosh.engine:WhooshEngine"}
"""Module and class of each engine; imported when first asked for."""


def get_engine(name: str, **options: Any) -> SearchEngine:
    """A new engine with its own options; `get_engine("whoosh", path="var/index")`.

    Keep the one you get: it holds open files and caches, and threads may share it.
    Raises ValueError for a name that is not in ENGINES.
    """
    if name not in ENGINES:
        raise ValueError(f"There is no search engine {name!r}. Choose one of: {', '.join(sorted(ENGINES))}.")
    module, _, class_name = ENGINES[name].partition(":")
    engine: SearchEngine = getattr(import_module(module), class_name)(**options)
    return engine
