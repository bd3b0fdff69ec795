"""E-mail addresses in what a file says: taken out wherever its text is kept to be found, quoted and shown.

Whoever opens the file or looks at the picture of a page sees them, as they were printed. The hub's own texts have a
mark in their place, so that nobody gathers addresses by searching. Patient data is looked for, and authors are told
apart, before that.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from publications.suggestions import SuggestedAuthor, SuggestedMetadata, Suggestion

MASK = "[e-mail]"

AT = r"\s?(?:@|[\[(]\s?at\s?[\])])\s?"
DOT = r"(?:\.|\s?[\[(]\s?dot\s?[\])]\s?)"
HOST = rf"(?:[\w-]{{1,63}}(?:{DOT}[\w-]{{1,63}})*{DOT}[a-z]{{2,}}|[\w-]{{1,63}}\.\s[a-z]{{2,6}}\b)"
"""With letters at its end: “mAP@0.5” is a measure. The last part may stand on the next line."""
NAMES = r"(?:\{[^{}]{1,400}\}|(?<![\w.+%'’-])[\w.+%'’-]{1,100})"
"""The name before the at, or those of several who share what follows: “{anna, jan}@example.org”."""
ADDRESS = re.compile(rf"(?:mailto:\s?)?{NAMES}{AT}{HOST}", re.IGNORECASE)


def mask_addresses(text: str) -> str:
    """The text with a mark in place of each e-mail address."""
    return ADDRESS.sub(MASK, text)


def places_in_addresses(words: Sequence[str]) -> set[int]:
    """The places of those words, in the order of the page, that are or belong to an e-mail address."""
    starts, whole = [], ""
    for word in words:
        starts.append(len(whole))
        whole += f"{word} "
    return {
        place
        for match in ADDRESS.finditer(whole)
        for place, start in enumerate(starts)
        if start < match.end() and start + len(words[place]) > match.start()
    }


def mask_suggestion(suggested: SuggestedMetadata) -> SuggestedMetadata:
    """The suggestion with no address in its texts; that of each author stays, for editors."""
    return replace(suggested, **{name: _masked(suggestion) for name, suggestion in suggested.items()})


def _masked(suggestion: Suggestion[Any]) -> Suggestion[Any]:
    value = suggestion.value
    if isinstance(value, str):
        return replace(suggestion, value=mask_addresses(value))
    return replace(suggestion, value=tuple(_masked_part(part) for part in value))


def _masked_part(part: str | SuggestedAuthor) -> str | SuggestedAuthor:
    if isinstance(part, str):
        return mask_addresses(part)
    affiliations = tuple(replace(place, name=mask_addresses(place.name)) for place in part.agent.affiliations)
    return replace(part, agent=replace(part.agent, affiliations=affiliations))
