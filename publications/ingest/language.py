"""The language of a text, by py3langid (a naive Bayes classifier over byte n-grams; Lui & Baldwin 2012, "langid.py").

It knows 142 languages and takes headings and tables for rare ones, so the languages of the site come first: another
is named only where there is enough text and no doubt.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

SITE_LANGUAGES = ("nl", "en", "de", "fr", "es", "it", "fy")
UNKNOWN = "und"

# Enough to tell English from Dutch on every page of 508 that has running text.
SAMPLE_CHARACTERS = 1_000
SAMPLE_PAGES = 20
FEWEST_LETTERS = 25
LIKELY = 0.6
# For a language that is less to be expected: not one of the site's, or not the document's.
ENOUGH_LETTERS = 200
CERTAIN = 0.95


def detect_language(text: str) -> str:
    """The language of a text (BCP 47), "und" for too little text or none that can be told."""
    sample = _sample(text)
    if len(sample) < FEWEST_LETTERS:
        return UNKNOWN
    shares = _language_shares(sample)
    likeliest = max(shares, key=shares.__getitem__)
    if likeliest not in SITE_LANGUAGES and shares[likeliest] >= CERTAIN and len(sample) >= ENOUGH_LETTERS:
        return likeliest
    language, share = _best_of_site(shares)
    return language if share >= LIKELY else UNKNOWN


def detect_document_language(pages: Sequence[str]) -> str:
    """The language that most of the document's text is in, by up to SAMPLE_PAGES of its pages."""
    weights: Counter[str] = Counter()
    for page in pages[:: len(pages) // SAMPLE_PAGES + 1]:
        weights[detect_language(page)] += len(page)
    del weights[UNKNOWN]
    return weights.most_common(1)[0][0] if weights else detect_language(" ".join(pages))


def detect_page_language(text: str, *, document: str) -> str:
    """The language of one page: the document's, unless the page is clearly in another language of the site."""
    sample = _sample(text)
    if len(sample) < ENOUGH_LETTERS:
        return document
    language, share = _best_of_site(_language_shares(sample))
    if document not in SITE_LANGUAGES and document != UNKNOWN:
        return document
    return language if share >= CERTAIN else document


def _sample(text: str) -> str:
    """The first words of the text, without figures and signs."""
    return " ".join(re.findall(r"[^\W\d_]+", text[:SAMPLE_CHARACTERS]))


@lru_cache(maxsize=256)
def _language_shares(sample: str) -> dict[str, float]:
    """How likely each language is, adding up to 1. Kept, as each page is asked for the document too."""
    return {language: float(share) for language, share in _classifier().rank(sample)}


def _best_of_site(shares: dict[str, float]) -> tuple[str, float]:
    of_site = {language: shares[language] for language in SITE_LANGUAGES}
    best = max(of_site, key=of_site.__getitem__)
    return best, of_site[best] / (sum(of_site.values()) or 1.0)


@cache
def _classifier() -> "LanguageIdentifier":
    """Loading takes half a second, so it waits until the first text."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
