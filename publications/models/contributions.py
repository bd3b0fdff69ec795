"""Who did what for a record: the name as printed, and the person or organisation behind it where known."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from publications.vocabularies import ContributorRole


class Contribution(Orderable, ClusterableModel):
    """One line of a record's list of authors and other contributors, in the order of the title page.

    The names are those printed on the work; `person` may be called otherwise today.
    """

    record = ParentalKey("publications.Record", on_delete=models.CASCADE, related_name="contributions")
    role = models.CharField(
        _("role"),
        max_length=20,
        choices=ContributorRole.choices,
        default=ContributorRole.CREATOR,
    )
    given_name = models.CharField(_("given name"), max_length=150, blank=True)
    family_name = models.CharField(
        _("family name"),
        max_length=255,
        help_text=_("Of an organisation: its whole name."),
    )
    person = models.ForeignKey(
        "publications.Person",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="contributions",
        verbose_name=_("person"),
    )
    organisation = models.ForeignKey(
        "publications.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="contributions",
        verbose_name=_("organisation"),
        help_text=_("Only where the contributor is an organisation and not a person."),
    )
    is_organisation = models.BooleanField(_("this is an organisation or group"), default=False)

    class Meta(Orderable.Meta):
        ordering = ["sort_order", "pk"]  # rows made in code have no place: they stay as they were made
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        indexes = [models.Index(fields=["record", "role"], name="contribution_role")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """As printed: "Marieke van der Hoeven"."""
        return f"{self.given_name} {self.family_name}".strip()


class ContributionAffiliation(Orderable):
    """Where a contributor worked when the record was made, as printed."""

    contribution = ParentalKey(Contribution, on_delete=models.CASCADE, related_name="affiliations")
    name = models.CharField(_("as printed"), max_length=500, blank=True)
    organisation = models.ForeignKey(
        "publications.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="contribution_affiliations",
        verbose_name=_("organisation"),
    )

    class Meta(Orderable.Meta):
        ordering = ["sort_order", "pk"]  # rows made in code have no place: they stay as they were made
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")

    def __str__(self) -> str:
        return self.name or str(self.organisation or "")
