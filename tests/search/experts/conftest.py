"""Two people who know things."""

import pytest

from tests.factories import PersonFactory


@pytest.fixture
def ada():
    return PersonFactory(given_name="Ada", family_name="Lovelace", slug="ada-lovelace")


@pytest.fixture
def bas():
    return PersonFactory(given_name="Bas", family_name="Smit", slug="bas-smit")
