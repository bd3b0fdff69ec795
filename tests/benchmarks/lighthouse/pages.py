"""The pages that are looked at: one of each kind, found as a reader finds it, beginning with a search."""

import json
import urllib.parse
import urllib.request

QUESTION = "contour"


def find_pages(site: str) -> dict[str, str]:
    """The address of each page under its name. Raises LookupError where the hub has nothing of a kind."""
    asked = urllib.parse.urlencode({"q": QUESTION, "lang": "en"})
    found = _ask(f"{site}/api/v1/search?{asked}")
    experts = _ask(f"{site}/api/v1/experts?{asked}")
    events = found["facets"]["event"]
    if not (found["hits"] and experts["experts"] and events):
        raise LookupError(f"This hub has no record, person or event that answers “{QUESTION}”.")
    return {
        "home": f"{site}/en/",
        "search": f"{site}/en/search/?q={QUESTION}",
        "record": site + found["hits"][0]["url"],
        "person": site + experts["experts"][0]["url"],
        "event": f"{site}/en/events/{events[0]['value']}/",
    }


def _ask(address: str) -> dict:  # type: ignore[type-arg]
    with urllib.request.urlopen(address, timeout=30) as answer:
        found: dict = json.load(answer)  # type: ignore[type-arg]
        return found
