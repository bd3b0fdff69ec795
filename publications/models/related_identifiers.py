"""How a record relates to other works, of this hub and elsewhere."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from publications.models.records import Record
from publications.vocabularies import VERSION_RELATIONS, IdentifierType, RelationType

STATED_VERSION = _("Versions of a work on this hub stand in a row of their own: see the tab “Versions”.")


class RelatedIdentifier(Orderable):
    """Another work that a record relates to: one of this hub, or one elsewhere by its identifier."""

    record = ParentalKey(Record, on_delete=models.CASCADE, related_name="related_identifiers")
    relation_type = models.CharField(_("this record"), max_length=30, choices=RelationType.choices)
    related_record = models.ForeignKey(
        Record,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="related_from",
        verbose_name=_("record of this hub"),
    )
    identifier = models.CharField(_("identifier elsewhere"), max_length=500, blank=True)
    identifier_type = models.CharField(
        _("kind of identifier"),
        max_length=10,
        choices=IdentifierType.choices,
        blank=True,
    )
    title = models.CharField(_("title elsewhere"), max_length=500, blank=True)

    class Meta(Orderable.Meta):
        ordering = ["sort_order", "pk"]  # rows made in code have no place: they stay as they were made
        verbose_name = _("related work")
        verbose_name_plural = _("related works")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(related_record=None, identifier=""),
                name="relation_names_a_work",
                violation_error_message=_("Choose a record, or give an identifier."),
            )
        ]

    def __str__(self) -> str:
        return self.title or self.identifier or str(self.related_record)

    def clean(self) -> None:
        super().clean()
        if self.states_a_version:
            raise ValidationError({"relation_type": STATED_VERSION})

    @property
    def states_a_version(self) -> bool:
        """Whether it says of two records of this hub what only their places in a row of versions can say."""
        return self.relation_type in VERSION_RELATIONS and self.related_record_id is not None
