"""Nobody is tired of us: limits that allauth keeps in the cache begin anew with each test."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()
    yield
    cache.clear()
