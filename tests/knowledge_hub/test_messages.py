"""Texts of the site as translators meet them."""

import re
from collections import defaultdict
from pathlib import Path

from django.conf import settings

COUNTED = re.compile(
    r"{%\s*blocktrans(?:late)?\s+(?P<options>[^%]*?\bcount\b[^%]*)%}"
    r"(?P<one>.*?){%\s*plural\s*%}(?P<many>.*?){%\s*endblocktrans(?:late)?\s*%}",
    re.DOTALL,
)


def test_a_text_for_one_has_a_single_text_for_many():
    """Catalogues find both by the text for one: of two texts for many, one would be shown in the other's place."""
    plurals: dict[tuple[str, str], set[str]] = defaultdict(set)
    for path in Path(settings.BASE_DIR, "templates").rglob("*.html"):
        for found in COUNTED.finditer(path.read_text()):
            context = re.search(r'\bcontext\s+"([^"]*)"', found["options"])
            plurals[context[1] if context else "", found["one"].strip()].add(found["many"].strip())

    assert len(plurals) > 10
    assert {one: many for (_context, one), many in plurals.items() if len(many) > 1} == {}
