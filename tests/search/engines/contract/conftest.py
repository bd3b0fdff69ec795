"""An engine of each kind, empty."""

from pathlib import Path

import pytest

from search.engines import get_engine
from search.engines.base import SearchEngine

ENGINES = ["whoosh"]
"""Another engine adds its name here; the tests of this folder do the rest."""


@pytest.fixture(params=ENGINES)
def new_engine(request, tmp_path: Path) -> SearchEngine:
    """An engine without an index."""
    return get_engine(request.param, path=tmp_path / "index")


@pytest.fixture
def engine(new_engine) -> SearchEngine:
    """An engine with an empty index."""
    with new_engine.rebuild(()):
        pass
    return new_engine
