"""Events: what the cluster holds, and where its records come from."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.fields import RichTextField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
)
from wagtail.search import index

from publications.models.addresses import Addressed
from publications.models.bilingual import local_text
from publications.models.changes import ChangesRecords
from publications.vocabularies import EventKind


class EventQuerySet(models.QuerySet["Event"]):
    """Filters that read as words."""

    def live(self) -> "EventQuerySet":
        """Published."""
        return self.filter(live=True)

    def upcoming(self) -> "EventQuerySet":
        """Not over yet, the next one first."""
        now = timezone.now()
        return self.filter(models.Q(ends__gte=now) | models.Q(ends=None, starts__gte=now)).order_by("starts")

    def past(self) -> "EventQuerySet":
        """Over, the latest first."""
        now = timezone.now()
        return self.filter(models.Q(ends__lt=now) | models.Q(ends=None, starts__lt=now)).order_by("-starts")


class Event(
    ChangesRecords,
    Addressed,
    index.Indexed,
    PreviewableMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    ClusterableModel,
):
    """A conference, meeting, tour or round table: when, where, with whom, and what came of it."""

    title_en = models.CharField(_("title in English"), max_length=255, blank=True)
    title_nl = models.CharField(_("title in Dutch"), max_length=255, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=EventKind.choices)
    starts = models.DateTimeField(_("starts"))
    ends = models.DateTimeField(_("ends"), null=True, blank=True)
    place = models.CharField(
        _("place"),
        max_length=200,
        blank=True,
        help_text=_("The building: The Spinning Mill."),
    )
    address = models.CharField(_("street and number"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)
    summary_nl = models.TextField(_("summary in Dutch"), blank=True)
    description_en = RichTextField(_("description in English"), blank=True)
    description_nl = RichTextField(_("description in Dutch"), blank=True)
    series = models.ForeignKey(
        "publications.EventSeries",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("series"),
        help_text=_("Where this event is one of several of one name."),
    )
    series_number = models.PositiveSmallIntegerField(
        _("number in the series"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Left empty, the events of the series that this hub has are counted."),
    )
    registration_url = models.URLField(_("registration"), blank=True)
    matches = models.PositiveIntegerField(
        _("matches made"),
        null=True,
        blank=True,
        help_text=_("How many of those who met there went on together. Shown only with the consent below."),
    )
    matches_consent = models.CharField(
        _("how they agreed to be counted"),
        max_length=200,
        blank=True,
        help_text=_("Such as: asked on the form of registration. Without it the number is shown to nobody."),
    )
    cover = models.ForeignKey(
        "publications.HubImage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )

    objects = EventQuerySet.as_manager()

    search_fields = [
        index.SearchField("title_en"),
        index.SearchField("title_nl"),
        index.SearchField("city"),
        index.AutocompleteField("title_en"),
        index.AutocompleteField("title_nl"),
        index.FilterField("kind"),
        index.FilterField("live"),
    ]

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-starts"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(title_en="", title_nl=""),
                name="event_has_a_title",
                violation_error_message=_("Give a title in at least one language."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends=None) | models.Q(ends__gte=models.F("starts")),
                name="event_ends_after_it_starts",
                violation_error_message=_("The event must not end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return str(local_text(self, "title"))

    def text_for_slug(self) -> str:
        return self.title_en or self.title_nl

    @property
    def shown_matches(self) -> int:
        """How many matches the site may tell of; none without their consent."""
        return (self.matches or 0) if self.matches_consent.strip() else 0

    def clean(self) -> None:
        super().clean()
        if self.starts and self.ends and self.ends < self.starts:
            raise ValidationError({"ends": _("The event must not end before it starts.")})

    def with_content_json(self, content: dict[str, Any]) -> "Event":
        """The event as a revision has it, with what was merged since replaced by what it became."""
        from publications.models.merges import follow_merges_of_event

        event: Event = super().with_content_json(content)
        follow_merges_of_event(event)
        return event

    def get_absolute_url(self) -> str:
        return reverse("publications:event", args=[self.slug])

    def get_preview_template(self, request: object, mode_name: str) -> str:
        return "publications/event.html"

    def get_preview_context(self, request: object, mode_name: str) -> dict[str, object]:
        from publications.views.events import event_context

        return event_context(self)

    def affected_pids(self) -> Iterable[str]:
        from publications.models.records import Record

        return Record.objects.filter(event=self).values_list("pid", flat=True)
