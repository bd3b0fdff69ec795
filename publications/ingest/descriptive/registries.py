"""What the registry of a DOI adds to what stands on the page, if the two are of the same work."""

import logging
from dataclasses import replace

from django.conf import settings
from rapidfuzz import fuzz

from publications.errors import InvalidIdentifier, LookupFailed
from publications.ingest.descriptive.front import plain_words
from publications.lookups import look_up_doi
from publications.suggestions import SuggestedMetadata, suggestion_of

logger = logging.getLogger(__name__)

CONFIDENCE = 0.97
SAME_TITLE = 75
OF_ANOTHER_WORK = 0.3


def with_registry(suggested: SuggestedMetadata) -> SuggestedMetadata:
    """The suggestion with what Crossref or DataCite knows of its DOI, where look-ups are on and the DOI is known.

    A DOI whose title is another one is probably that of something else on the page, such as the data: it stays as a
    doubtful suggestion, and nothing else is taken from it.
    """
    if not settings.LOOKUPS_ENABLED or suggested.doi is None:
        return suggested
    try:
        found = look_up_doi(suggested.doi.value)
    except (LookupFailed, InvalidIdentifier) as error:
        logger.info("Looking up %s: %s", suggested.doi.value, error)
        return suggested
    if not is_same_work(suggested, found.metadata.title):
        return replace(suggested, doi=replace(suggested.doi, confidence=OF_ANOTHER_WORK))
    return suggested.preferring(suggestion_of(found.metadata, source=found.source, confidence=CONFIDENCE))


def is_same_work(suggested: SuggestedMetadata, title: str) -> bool:
    """Whether the registry's title is the one on the page; subtitles may be on one of them only."""
    if suggested.title is None:
        return True
    return fuzz.token_set_ratio(plain_words(suggested.title.value), plain_words(title)) >= SAME_TITLE
