"""What an office file says of itself, in the words that `pdf.read_info` uses."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from publications.ingest.text import storable

INFO_FIELDS = ("title", "author", "subject", "keywords", "created")
INFO_CHARACTERS = 2_000


def read_properties(properties: Any) -> dict[str, str]:
    """Title, author and so on of an Office Open XML file, none that is blank."""
    return read_each({name: partial(getattr, properties, name) for name in INFO_FIELDS})


def read_each(getters: Mapping[str, Callable[[], Any]]) -> dict[str, str]:
    """What the getters give, as text, none that is blank; one that fails is no reason to lose the others."""
    found = {name: storable(str(try_to(get) or "")).strip()[:INFO_CHARACTERS] for name, get in getters.items()}
    return {name: value for name, value in found.items() if value}


def try_to(get: Callable[[], Any]) -> Any:
    """What it gives, None where it raises: libraries refuse properties of the wrong form in many ways."""
    try:
        return get()
    except Exception:
        return None
