"""Metadata of a DOI from the agency that registered it: Crossref, else DataCite.

Off unless LOOKUPS_ENABLED says otherwise. One place asks (`fetch_json`) and one exception tells of everything that can
go wrong (`LookupFailed`, with a sentence for people); answers are data from outside and are checked where they are read
(`formats/csl_json.py`, `formats/datacite.py`).

https://www.crossref.org/documentation/retrieve-metadata/rest-api/ and https://support.datacite.org/docs/api-get-doi
"""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import requests
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_noop
from urllib3.exceptions import HTTPError

from publications.errors import FormatError, LookupFailed
from publications.formats import csl_json, datacite
from publications.identifiers import parse_doi
from publications.metadata import RecordMetadata
from publications.vocabularies import SuggestionSource

OFF = gettext_noop("This hub does not look up DOIs.")
UNKNOWN = gettext_noop("Neither Crossref nor DataCite knows this DOI.")
NO_ANSWER = gettext_noop("The registry of DOIs did not answer. Try again later.")
BAD_ANSWER = gettext_noop("The registry of DOIs gave an answer that cannot be read.")

LARGEST_ANSWER_BYTES = 8 << 20
"""A paper of three thousand authors has some 2 MiB."""
CHUNK_BYTES = 1 << 16
MOST_REDIRECTS = 3
CACHE_SECONDS = 600
REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True)
class Found:
    """What a registry knows of a DOI, and which one it was."""

    metadata: RecordMetadata
    source: SuggestionSource


class NotRegistered(LookupFailed):
    """This registry does not know the DOI; another may."""


@dataclass(frozen=True)
class Registry:
    """A registration agency: where it is asked, and how its answer is read."""

    source: SuggestionSource
    setting: str
    path: str
    read: Callable[[Mapping[str, Any]], RecordMetadata]


def look_up_doi(doi: str) -> Found:
    """What the registries know of a DOI. Raises LookupFailed, or InvalidIdentifier for what is no DOI."""
    doi = parse_doi(doi)
    if not settings.LOOKUPS_ENABLED:
        raise LookupFailed(OFF)
    key = "lookup:" + hashlib.sha256(doi.encode()).hexdigest()
    known: Found | str | None = cache.get(key)
    if known is None:
        known = ask_registries(doi)
        cache.set(key, known, CACHE_SECONDS)
    if isinstance(known, str):
        raise LookupFailed(known)
    return known


def ask_registries(doi: str) -> Found | str:
    """What the first registry that knows the DOI says of it; the sentence that none does."""
    for registry in REGISTRIES:
        try:
            answer = fetch_json(f"{getattr(settings, registry.setting)}/{registry.path}/{quote(doi, safe='')}")
        except NotRegistered:
            continue
        try:
            return Found(registry.read(answer), registry.source)
        except (FormatError, AttributeError, KeyError, TypeError, ValueError) as error:
            raise LookupFailed(BAD_ANSWER) from error
    return UNKNOWN


def read_crossref(answer: Mapping[str, Any]) -> RecordMetadata:
    """The work in an answer of Crossref."""
    return csl_json.read_item(answer["message"])


def read_datacite(answer: Mapping[str, Any]) -> RecordMetadata:
    """The work in an answer of DataCite."""
    return datacite.read_attributes(answer["data"]["attributes"])


REGISTRIES = (
    Registry(SuggestionSource.CROSSREF, "LOOKUP_CROSSREF_URL", "works", read_crossref),
    Registry(SuggestionSource.DATACITE, "LOOKUP_DATACITE_URL", "dois", read_datacite),
)


# --- The network


def fetch_json(url: str) -> Mapping[str, Any]:
    """The JSON object at an address. Raises NotRegistered for 404 and 410, LookupFailed for everything else."""
    deadline = time.monotonic() + settings.LOOKUP_TIMEOUT_SECONDS
    try:
        content = fetch(url, deadline=deadline)
    except (requests.RequestException, HTTPError) as error:
        raise LookupFailed(NO_ANSWER) from error
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise LookupFailed(BAD_ANSWER) from error
    if not isinstance(answer, dict):
        raise LookupFailed(BAD_ANSWER)
    return answer


def fetch(url: str, *, deadline: float) -> bytes:
    """The bytes at an address, or where that host says they have gone; never from another host."""
    with requests.Session() as session:
        for _ in range(MOST_REDIRECTS + 1):
            with session.get(
                url,
                headers={"User-Agent": user_agent(), "Accept": "application/json"},
                timeout=max(0.1, deadline - time.monotonic()),
                allow_redirects=False,
                stream=True,
            ) as response:
                if response.status_code not in REDIRECTS:
                    return read_body(response, deadline=deadline)
                target = urljoin(url, response.headers.get("Location", ""))
            if origin(target) != origin(url):
                raise LookupFailed(BAD_ANSWER)
            url = target
    raise LookupFailed(BAD_ANSWER)


def read_body(response: requests.Response, *, deadline: float) -> bytes:
    """The body of an answer, which must be whole, not too large, and there in time."""
    if response.status_code in (404, 410):
        raise NotRegistered(UNKNOWN)
    if response.status_code != requests.codes.ok:
        raise LookupFailed(NO_ANSWER)
    content = bytearray()
    # Not `iter_content`: it waits until a chunk is full, however slowly that drips.
    while chunk := response.raw.read1(CHUNK_BYTES, decode_content=True):
        content += chunk
        if len(content) > LARGEST_ANSWER_BYTES:
            raise LookupFailed(BAD_ANSWER)
        if time.monotonic() > deadline:
            raise LookupFailed(NO_ANSWER)
    return bytes(content)


def origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def user_agent() -> str:
    """Who asks, and whom to write to: registries serve those better who say so, and can warn them."""
    return f"KnowledgeHub/0.1 ({settings.BASE_URL}; mailto:{settings.LOOKUP_CONTACT})"
