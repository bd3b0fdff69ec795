"""What tests of searching share."""

import pytest

from search.indexing import rebuild_index


@pytest.fixture
def empty_index(db):
    """An index that exists and holds nothing yet."""
    rebuild_index()
