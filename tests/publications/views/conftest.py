from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A request for a Dutch page leaves Dutch active in the test that made it; each test begins in English."""
    with translation.override("en"):
        yield
