"""Collections: an editor's choice of records, in order, with an introduction in both languages."""

from collections.abc import Iterable

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.fields import RichTextField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
)
from wagtail.search import index

from publications.models.addresses import Addressed
from publications.models.bilingual import local_text
from publications.models.changes import ChangesRecords
from publications.models.records import Record


class CollectionQuerySet(models.QuerySet["Collection"]):
    """Filters that read as words."""

    def live(self) -> "CollectionQuerySet":
        """Published."""
        return self.filter(live=True)

    def with_record_counts(self) -> "CollectionQuerySet":
        """Each with `record_count`: how many live records it holds."""
        return self.annotate(record_count=models.Count("items", filter=models.Q(items__record__live=True)))


class Collection(
    ChangesRecords,
    Addressed,
    index.Indexed,
    PreviewableMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    ClusterableModel,
):
    """Records that belong together, in the order in which to read them."""

    title_en = models.CharField(_("title in English"), max_length=255, blank=True)
    title_nl = models.CharField(_("title in Dutch"), max_length=255, blank=True)
    summary_en = models.CharField(_("in one sentence, in English"), max_length=300, blank=True)
    summary_nl = models.CharField(_("in one sentence, in Dutch"), max_length=300, blank=True)
    introduction_en = RichTextField(_("introduction in English"), blank=True)
    introduction_nl = RichTextField(_("introduction in Dutch"), blank=True)
    curators = ParentalManyToManyField(
        "publications.Person",
        blank=True,
        related_name="collections",
        verbose_name=_("kept by"),
    )
    cover = models.ForeignKey(
        "publications.HubImage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("cover"),
    )

    objects = CollectionQuerySet.as_manager()

    search_fields = [
        index.SearchField("title_en"),
        index.SearchField("title_nl"),
        index.AutocompleteField("title_en"),
        index.AutocompleteField("title_nl"),
        index.FilterField("live"),
    ]

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        ordering = ["title_en", "title_nl"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(title_en="", title_nl=""),
                name="collection_has_a_title",
                violation_error_message=_("Give a title in at least one language."),
            )
        ]

    def __str__(self) -> str:
        return str(local_text(self, "title"))

    def text_for_slug(self) -> str:
        return self.title_en or self.title_nl

    def get_absolute_url(self) -> str:
        return reverse("publications:collection", args=[self.slug])

    def get_preview_template(self, request: object, mode_name: str) -> str:
        return "publications/collection.html"

    def get_preview_context(self, request: object, mode_name: str) -> dict[str, object]:
        from publications.views.collections import collection_context

        return collection_context(self)

    def affected_pids(self) -> Iterable[str]:
        return Record.objects.filter(collection_items__collection_id=self.pk).values_list("pid", flat=True)


class CollectionItem(Orderable):
    """A record in a collection, with a word on why it is there."""

    collection = ParentalKey(Collection, on_delete=models.CASCADE, related_name="items")
    record = models.ForeignKey(
        Record,
        models.CASCADE,
        related_name="collection_items",
        verbose_name=_("record"),
    )
    note_en = models.CharField(_("note in English"), max_length=300, blank=True)
    note_nl = models.CharField(_("note in Dutch"), max_length=300, blank=True)

    class Meta(Orderable.Meta):
        ordering = ["sort_order", "pk"]  # rows made in code have no place: they stay as they were made
        verbose_name = _("record of a collection")
        verbose_name_plural = _("records of a collection")
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "record"],
                name="unique_record_of_collection",
                violation_error_message=_("The collection already holds this record."),
            )
        ]

    def __str__(self) -> str:
        return str(self.record)
