"""Funders and projects: who paid for the cluster and for its records."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable
from wagtail.search import index

from publications.models.bilingual import local_text


class Funder(index.Indexed, models.Model):
    """Somebody who pays; those of the cluster itself are shown on the home page."""

    name_en = models.CharField(_("name in English"), max_length=255, blank=True)
    name_nl = models.CharField(_("name in Dutch"), max_length=255, blank=True)
    identifier = models.CharField(
        _("identifier"),
        max_length=255,
        blank=True,
        help_text=_("A ROR id or Crossref Funder ID, as a link."),
    )
    url = models.URLField(_("website"), blank=True)
    logo = models.ForeignKey(
        "publications.HubImage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("logo"),
    )
    contribution_en = models.CharField(
        _("contribution in English"),
        max_length=200,
        blank=True,
        help_text=_("As shown: more than € 730,000."),
    )
    contribution_nl = models.CharField(_("contribution in Dutch"), max_length=200, blank=True)
    is_funder_of_cluster = models.BooleanField(_("shown on the home page"), default=False)
    sort_order = models.PositiveSmallIntegerField(_("place in the list"), default=0)

    search_fields = [
        index.SearchField("name_en"),
        index.SearchField("name_nl"),
        index.AutocompleteField("name_en"),
    ]

    class Meta:
        verbose_name = _("funder")
        verbose_name_plural = _("funders")
        ordering = ["sort_order", "name_en"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name_en="", name_nl=""),
                name="funder_has_a_name",
                violation_error_message=_("Give a name in at least one language."),
            )
        ]

    def __str__(self) -> str:
        return str(local_text(self, "name"))


class Project(index.Indexed, models.Model):
    """Work that was paid under one number."""

    title_en = models.CharField(_("title in English"), max_length=255, blank=True)
    title_nl = models.CharField(_("title in Dutch"), max_length=255, blank=True)
    acronym = models.CharField(_("acronym"), max_length=60, blank=True)
    funder = models.ForeignKey(
        Funder,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("funder"),
    )
    award_number = models.CharField(_("grant number"), max_length=100, blank=True)
    url = models.URLField(_("website"), blank=True)
    start_year = models.PositiveSmallIntegerField(_("from year"), null=True, blank=True)
    end_year = models.PositiveSmallIntegerField(_("to year"), null=True, blank=True)

    search_fields = [
        index.SearchField("title_en"),
        index.SearchField("title_nl"),
        index.SearchField("acronym"),
        index.AutocompleteField("title_en"),
        index.AutocompleteField("acronym"),
    ]

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["acronym", "title_en"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(title_en="", title_nl=""),
                name="project_has_a_title",
                violation_error_message=_("Give a title in at least one language."),
            )
        ]

    def __str__(self) -> str:
        return self.acronym or str(local_text(self, "title"))


class FundingReference(Orderable):
    """Who paid for a record, and under which number."""

    record = ParentalKey(
        "publications.Record",
        on_delete=models.CASCADE,
        related_name="funding_references",
    )
    funder = models.ForeignKey(
        Funder,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="funding_references",
        verbose_name=_("funder"),
    )
    project = models.ForeignKey(
        Project,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="funding_references",
        verbose_name=_("project"),
    )
    award_number = models.CharField(_("grant number"), max_length=100, blank=True)

    class Meta(Orderable.Meta):
        ordering = ["sort_order", "pk"]  # rows made in code have no place: they stay as they were made
        verbose_name = _("funding reference")
        verbose_name_plural = _("funding references")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(funder=None, project=None),
                name="funding_names_a_funder_or_project",
                violation_error_message=_("Choose a funder or a project."),
            )
        ]

    def __str__(self) -> str:
        return str(self.funder or self.project)
