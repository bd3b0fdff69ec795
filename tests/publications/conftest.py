"""What tests of publications share."""

from tests.publications.registry import registry  # noqa: F401
