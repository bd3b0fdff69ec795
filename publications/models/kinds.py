"""The kinds of record: each adds the few fields that only it has."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from publications.identifiers import parse_isbn, parse_issn
from publications.models.records import Record
from publications.vocabularies import (
    EVENT_OUTCOME_TYPES,
    PRESENTATION_TYPES,
    PUBLICATION_TYPES,
    PeerReview,
    RecordType,
    VersionType,
)


class Publication(Record):
    """A paper, book, report, thesis or the like."""

    kind = RecordType.PUBLICATION
    resource_types = PUBLICATION_TYPES

    version_type = models.CharField(_("version"), max_length=20, choices=VersionType.choices, blank=True)
    peer_review = models.CharField(_("peer review"), max_length=20, choices=PeerReview.choices, blank=True)
    container_title = models.CharField(
        _("published in"),
        max_length=255,
        blank=True,
        help_text=_("The journal, book or proceedings."),
    )
    series = models.CharField(_("series"), max_length=255, blank=True)
    volume = models.CharField(_("volume"), max_length=50, blank=True)
    issue = models.CharField(_("issue"), max_length=50, blank=True)
    page = models.CharField(_("pages"), max_length=50, blank=True, help_text=_("From and to: 101–118."))
    edition = models.CharField(_("edition"), max_length=50, blank=True)
    isbn = models.CharField(_("ISBN"), max_length=20, blank=True, db_index=True)
    issn = models.CharField(_("ISSN"), max_length=9, blank=True)
    arxiv = models.CharField(_("arXiv id"), max_length=20, blank=True, db_index=True)
    pmid = models.CharField(_("PubMed id"), max_length=20, blank=True, db_index=True)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")

    def _identifier_parsers(self) -> dict[str, Any]:
        return super()._identifier_parsers() | {"isbn": parse_isbn, "issn": parse_issn}


class Presentation(Record):
    """Slides, a poster or a lecture."""

    kind = RecordType.PRESENTATION
    resource_types = PRESENTATION_TYPES

    class Meta:
        verbose_name = _("presentation")
        verbose_name_plural = _("presentations")


class EventOutcome(Record):
    """What came of an event: minutes, decisions, lessons, matches, a report."""

    kind = RecordType.EVENT_OUTCOME
    resource_types = EVENT_OUTCOME_TYPES

    class Meta:
        verbose_name = _("event outcome")
        verbose_name_plural = _("event outcomes")


RECORD_MODELS: dict[str, type[Record]] = {model.kind: model for model in (Publication, Presentation, EventOutcome)}


def record_model_for(resource_type: str) -> type[Record]:
    """The kind of record that things of this resource type are; a publication where none claims it."""
    return next((model for model in RECORD_MODELS.values() if resource_type in model.resource_types), Publication)
