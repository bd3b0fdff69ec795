"""What happens at an event and who speaks there, and the series that an event is one of."""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable
from wagtail.search import index

from publications.models.addresses import Addressed
from publications.models.bilingual import local_text
from publications.vocabularies import EventRole, SpeakerRole


class EventSeries(Addressed, index.Indexed, models.Model):
    """Events of one name that are held again and again."""

    title_en = models.CharField(_("title in English"), max_length=255, blank=True)
    title_nl = models.CharField(_("title in Dutch"), max_length=255, blank=True)

    search_fields = [
        index.SearchField("title_en"),
        index.SearchField("title_nl"),
        index.AutocompleteField("title_en"),
        index.AutocompleteField("title_nl"),
    ]

    class Meta:
        verbose_name = _("series of events")
        verbose_name_plural = _("series of events")
        ordering = ["title_en", "title_nl"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(title_en="", title_nl=""),
                name="series_has_a_title",
                violation_error_message=_("Give a title in at least one language."),
            )
        ]

    def __str__(self) -> str:
        return str(local_text(self, "title"))

    def text_for_slug(self) -> str:
        return self.title_en or self.title_nl

    def get_absolute_url(self) -> str:
        return f"{reverse('publications:events')}?series={self.slug}"


class EventSession(Orderable, ClusterableModel):
    """One line of the programme of an event: a talk, a round table, a break."""

    event = ParentalKey("publications.Event", on_delete=models.CASCADE, related_name="sessions")
    starts = models.DateTimeField(_("starts"), null=True, blank=True)
    ends = models.DateTimeField(_("ends"), null=True, blank=True)
    title_en = models.CharField(_("title in English"), max_length=255, blank=True)
    title_nl = models.CharField(_("title in Dutch"), max_length=255, blank=True)
    is_break = models.BooleanField(
        _("a break"), default=False, help_text=_("Coffee, lunch, the way from here to there.")
    )
    record = models.ForeignKey(
        "publications.Record",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("record"),
        help_text=_("What was shown, or what came of it: the slides, the minutes."),
    )

    class Meta(Orderable.Meta):
        ordering = ["sort_order", "pk"]  # rows made in code have no place: they stay as they were made
        verbose_name = _("part of the programme")
        verbose_name_plural = _("parts of the programme")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(title_en="", title_nl=""),
                name="session_has_a_title",
                violation_error_message=_("Give a title in at least one language."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends=None) | models.Q(starts=None) | models.Q(ends__gte=models.F("starts")),
                name="session_ends_after_it_starts",
                violation_error_message=_("This part must not end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return str(local_text(self, "title"))

    def clean(self) -> None:
        super().clean()
        if self.ends and not self.starts:
            raise ValidationError({"starts": _("Say when this part starts, too.")})
        if self.starts and self.ends and self.ends < self.starts:
            raise ValidationError({"ends": _("This part must not end before it starts.")})


class EventSpeaker(Orderable):
    """Somebody who speaks in a part of the programme: the name as printed, and the person behind it where known.

    The printed name stays when the person is deleted.
    """

    session = ParentalKey(EventSession, on_delete=models.CASCADE, related_name="speakers")
    role = models.CharField(_("role"), max_length=20, choices=SpeakerRole.choices, default=SpeakerRole.SPEAKER)
    name = models.CharField(_("name"), max_length=255)
    affiliation = models.CharField(_("where they work, as printed"), max_length=255, blank=True)
    person = models.ForeignKey(
        "publications.Person",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="talks",
        verbose_name=_("person"),
    )
    organisation = models.ForeignKey(
        "publications.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="talks",
        verbose_name=_("organisation"),
    )

    class Meta(Orderable.Meta):
        ordering = ["sort_order", "pk"]  # rows made in code have no place: they stay as they were made
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")

    def __str__(self) -> str:
        return self.name


class EventPartner(Orderable):
    """An organisation that takes part in an event, and as what."""

    event = ParentalKey("publications.Event", on_delete=models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(
        "publications.Organisation", models.CASCADE, related_name="event_roles", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=20, choices=EventRole.choices, default=EventRole.PARTNER)

    class Meta(Orderable.Meta):
        ordering = ["sort_order", "pk"]  # rows made in code have no place: they stay as they were made
        verbose_name = _("organisation at an event")
        verbose_name_plural = _("organisations at events")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "organisation", "role"],
                name="unique_role_at_event",
                violation_error_message=_("The organisation has this role at this event already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.get_role_display()})"


class EventPhoto(Orderable):
    """A picture in the gallery of an event."""

    event = ParentalKey("publications.Event", on_delete=models.CASCADE, related_name="photos")
    image = models.ForeignKey("publications.HubImage", models.CASCADE, related_name="+", verbose_name=_("picture"))
    caption_en = models.CharField(_("caption in English"), max_length=255, blank=True)
    caption_nl = models.CharField(_("caption in Dutch"), max_length=255, blank=True)

    class Meta(Orderable.Meta):
        ordering = ["sort_order", "pk"]  # rows made in code have no place: they stay as they were made
        verbose_name = _("photo")
        verbose_name_plural = _("photos")

    def __str__(self) -> str:
        return str(local_text(self, "caption") or self.image)
