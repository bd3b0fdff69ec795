"""What a stored file suggests for its record: once it was read, and again once its scanned pages were recognised."""

import logging
from dataclasses import replace
from typing import Any

from django.conf import settings

from publications.ingest.addresses import mask_suggestion
from publications.ingest.descriptive.describing import PAGES_DESCRIBED, describe_file
from publications.ingest.descriptive.registries import with_registry
from publications.ingest.filetypes import PDF
from publications.ingest.limits import Limits
from publications.ingest.reading import DocumentText, PageText
from publications.ingest.sandbox import Message
from publications.ingest.scanned import page_layout
from publications.models import RecognisedWords, RecordFile
from publications.suggestions import SuggestedMetadata, Suggestion
from publications.vocabularies import SuggestionSource

logger = logging.getLogger(__name__)

RECOGNISED_SHARE = 0.8
"""How sure what was recognised is, compared with what was read: of 20 scans two lists of authors lack one of them."""


def suggest_metadata(file: RecordFile, text: DocumentText) -> SuggestedMetadata:
    """What the file says of the work in it, and the registry of its DOI; nothing where that fails."""
    return _suggest(file, text, {})


def suggest_from_scan(file: RecordFile) -> SuggestedMetadata:
    """As `suggest_metadata`, with the pages that were recognised; where the file said more by itself, that stays.

    Nothing where no page was recognised of those that name a work. What is found has no e-mail addresses in it.
    """
    recognised = recognised_layouts(file)
    if not recognised:
        return file.suggestion
    pages = tuple(
        PageText(page.number, page.status, text=page.text, language=page.language)
        for page in file.pages.order_by("number").only("file", "number", "status", "text", "language")
    )
    text = DocumentText(file.status, kind=PDF, page_count=file.page_count, pages=pages, language=file.language)
    found = _suggest(file, text, recognised)
    if min(recognised) == 1:
        found = replace(found, **{name: as_recognised(suggestion) for name, suggestion in found.items()})
    return file.suggestion.with_surer(mask_suggestion(found))


def _suggest(file: RecordFile, text: DocumentText, recognised: dict[int, Message]) -> SuggestedMetadata:
    try:
        limits = limits_from_settings()
        return with_registry(describe_file(file.content.path, text, limits=limits, recognised=recognised))
    except Exception:
        # A fault of ours must not cost the text that was read.
        logger.exception("Describing %s broke off", file.content.name)
        return SuggestedMetadata()


def recognised_layouts(file: RecordFile) -> dict[int, Message]:
    """The recognised among the file's first pages, by number, as lines with their places and sizes."""
    words = RecognisedWords.objects.filter(page__file=file, page__number__lte=PAGES_DESCRIBED).select_related("page")
    return {
        found.page.number: page_layout(found.page.number, found.lines, width=found.page.width, height=found.page.height)
        for found in words
    }


def as_recognised(suggestion: Suggestion[Any]) -> Suggestion[Any]:
    """The suggestion, if it is of the page, as one of text that may be misread."""
    if suggestion.source not in (SuggestionSource.PAGE, SuggestionSource.SLIDE):
        return suggestion
    confidence = round(suggestion.confidence * RECOGNISED_SHARE, 2)
    return replace(suggestion, source=SuggestionSource.RECOGNISED.value, confidence=confidence)


def limits_from_settings() -> Limits:
    """What reading one file may cost on this hub."""
    return Limits(
        size_bytes=settings.DEPOSIT_MAX_SIZE_BYTES,
        memory_bytes=settings.INGEST_MEMORY_BYTES,
        cpu_seconds=settings.INGEST_CPU_SECONDS,
        wall_seconds=settings.INGEST_WALL_SECONDS,
        pages=settings.INGEST_MAX_PAGES,
    )
