"""What an Office Open XML file says of itself, in the words that `pdf.read_info` uses."""

from typing import Any

from publications.ingest.text import storable

INFO_FIELDS = ("title", "author", "subject", "keywords", "created")
INFO_CHARACTERS = 2_000


def read_properties(properties: Any) -> dict[str, str]:
    """Title, author and so on, none that is blank."""
    found = {}
    for name in INFO_FIELDS:
        try:
            value = getattr(properties, name)
        except Exception:  # a property of the wrong form is no reason to lose the others
            continue
        if text := storable(str(value or "")).strip()[:INFO_CHARACTERS]:
            found[name] = text
    return found
