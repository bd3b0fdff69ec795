"""Organisations: where people work, who takes part, who publishes."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.models import RevisionMixin
from wagtail.search import index

from publications.errors import InvalidIdentifier
from publications.identifiers import parse_ror
from publications.models.addresses import Addressed
from publications.models.bilingual import local_text
from publications.models.changes import ChangesRecords
from publications.vocabularies import OrganisationKind


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Filters that read as words."""

    def current(self) -> "OrganisationQuerySet":
        """Not merged into another."""
        return self.filter(merged_into=None)

    def visible(self) -> "OrganisationQuerySet":
        """Shown on the site: listed by an editor, or standing on a live record."""
        on_live_record = models.Exists(
            Organisation.affiliations_of_live_records().filter(organisation=models.OuterRef("pk"))
        )
        as_contributor = models.Exists(
            Organisation.contributions_to_live_records().filter(organisation=models.OuterRef("pk"))
        )
        return self.current().filter(models.Q(is_listed=True) | on_live_record | as_contributor)


class Organisation(ChangesRecords, Addressed, index.Indexed, RevisionMixin, ClusterableModel):
    """A company, university, hospital or other body, with its names in both languages."""

    name_en = models.CharField(_("name in English"), max_length=255, blank=True)
    name_nl = models.CharField(_("name in Dutch"), max_length=255, blank=True)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    other_names = models.TextField(
        _("other names"),
        blank=True,
        help_text=_("One on each line: as printed on papers, earlier names, abbreviations."),
    )
    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=OrganisationKind.choices,
        default=OrganisationKind.OTHER,
    )
    ror = models.CharField(_("ROR id"), max_length=9, blank=True)
    url = models.URLField(_("website"), blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("Two letters, such as NL."))
    description_en = models.TextField(_("description in English"), blank=True)
    description_nl = models.TextField(_("description in Dutch"), blank=True)
    logo = models.ForeignKey(
        "publications.HubImage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("logo"),
    )
    is_partner = models.BooleanField(_("partner of the cluster"), default=False)
    is_listed = models.BooleanField(
        _("shown on the site"),
        default=True,
        help_text=_("Without this, it is shown only once it stands on a live record."),
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )

    objects = OrganisationQuerySet.as_manager()

    search_fields = [
        index.SearchField("name_en"),
        index.SearchField("name_nl"),
        index.SearchField("short_name"),
        index.SearchField("other_names"),
        index.AutocompleteField("name_en"),
        index.AutocompleteField("name_nl"),
        index.AutocompleteField("short_name"),
        index.FilterField("kind"),
    ]

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name_en", "name_nl"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name_en="", name_nl=""),
                name="organisation_has_a_name",
                violation_error_message=_("Give a name in at least one language."),
            ),
            models.UniqueConstraint(
                fields=["ror"],
                condition=~models.Q(ror="") & models.Q(merged_into=None),
                name="unique_ror",
                violation_error_message=_("Another organisation has this ROR id."),
            ),
        ]

    def __str__(self) -> str:
        return str(local_text(self, "name"))

    def text_for_slug(self) -> str:
        return self.short_name or self.name_en or self.name_nl

    def clean(self) -> None:
        super().clean()
        if self.ror:
            try:
                self.ror = parse_ror(self.ror)
            except InvalidIdentifier as error:
                raise ValidationError({"ror": str(error)}) from error

    def get_absolute_url(self) -> str:
        return reverse("publications:organisation", args=[self.slug])

    @property
    def all_names(self) -> tuple[str, ...]:
        """Every name it is known by, each once."""
        names = [
            self.name_en,
            self.name_nl,
            self.short_name,
            *self.other_names.splitlines(),
        ]
        return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))

    @staticmethod
    def affiliations_of_live_records() -> models.QuerySet:
        """Affiliations printed on live records."""
        from publications.models.contributions import ContributionAffiliation

        return ContributionAffiliation.objects.filter(contribution__record__live=True)

    @staticmethod
    def contributions_to_live_records() -> models.QuerySet:
        """Contributions of organisations to live records."""
        from publications.models.contributions import Contribution

        return Contribution.objects.filter(record__live=True)

    def affected_pids(self) -> Iterable[str]:
        from publications.models.records import Record

        return Record.objects.filter(
            models.Q(contributions__organisation=self) | models.Q(contributions__affiliations__organisation=self)
        ).values_list("pid", flat=True)
