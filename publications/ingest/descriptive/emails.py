"""E-mail addresses on a page, and whose they are. They are private: a suggestion holds them, and nothing else does."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from publications.ingest.descriptive.layout import Line, Page

ADDRESS = re.compile(r"@|\[at\]|\(at\)|https?:|www\.", re.IGNORECASE)
ADDRESS_TOKEN = re.compile(r"\{[^{}]*\}\s?@\s?\S+|\S*(?:@|\[at\]|\(at\))\S*|(?:https?:|www\.)\S*", re.IGNORECASE)
EMAIL = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")
BRACED = re.compile(r"\{(?P<names>[^{}]+)\}\s?@\s?(?P<host>[\w\-]+(?:\.[\w\-]+)+)")
WRITTEN_OUT = re.compile(r"\s?[\[(]\s?(?:at|AT)\s?[\])]\s?")

FAMILY_NAME, INITIALS, GIVEN_NAME, FIRST_LETTER = 3, 2, 1, 1


def without_addresses(line: Line) -> Line | None:
    """The line without its e-mail and web addresses; None where nothing else is on it."""
    whole = "".join(span.text for span in line.spans)
    kept = ADDRESS_TOKEN.sub(lambda match: "\0" * len(match.group()), whole)
    if kept == whole:
        return line
    spans, start = [], 0
    for span in line.spans:
        text = kept[start : start + len(span.text)].replace("\0", "")
        start += len(span.text)
        if text.strip(" ,;"):
            spans.append(replace(span, text=text))
    return replace(line, spans=tuple(spans)) if spans else None


def find_emails(names: Sequence[str], lines: Sequence[Line], page: Page) -> dict[int, str]:
    """The address of each name for which one is printed: on its own line, else by what it says of the name.

    lines: where each name stands.
    """
    found: dict[int, str] = {}
    loose: list[str] = []
    for line in page.lines:
        addresses = list(emails_of(line))
        beside = [place for place, own in enumerate(lines) if is_beside(own, line)]
        if len(addresses) == len(beside) == 1:
            found[beside[0]] = addresses[0]
        else:
            loose += addresses
    for address in loose:
        scores = {place: likeness(address, name) for place, name in enumerate(names) if place not in found}
        best = max(scores, key=scores.__getitem__, default=None)
        if best is not None and scores[best] > 0 and list(scores.values()).count(scores[best]) == 1:
            found[best] = address
    return found


def is_beside(one: Line, other: Line) -> bool:
    return one.page == other.page and abs(one.baseline - other.baseline) < 0.5 * other.size


def emails_of(line: Line) -> Iterator[str]:
    """The addresses on a line; "{a, b}@example.org" is two."""
    text = WRITTEN_OUT.sub("@", line.text)
    for match in BRACED.finditer(text):
        for name in re.split(r"[,;|\s]+", match["names"].strip()):
            if name:
                yield f"{name}@{match['host']}".lower()
    text = re.sub(r"\s?@\s?", "@", BRACED.sub(" ", text))
    yield from (match.group().strip(".").lower() for match in EMAIL.finditer(text))


def likeness(address: str, name: str) -> int:
    """How much of a name is in an address."""
    local = letters_of(address.partition("@")[0])
    words = [word for word in map(letters_of, name.split()) if word]
    if not words or not local:
        return 0
    given, family = words[0], words[-1]
    score = FAMILY_NAME if len(family) > 2 and family in local else 0
    score += GIVEN_NAME if len(given) > 2 and given in local else 0
    score += FIRST_LETTER if score and local.startswith(given[0]) else 0
    return score + (INITIALS if local == "".join(word[0] for word in words) else 0)


def letters_of(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if "a" <= letter <= "z")
