"""Collections: records that an editor picked, in order, and those that a rule finds; both or either."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.fields import StreamField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
)
from wagtail.search import index

from publications.access import EDITORS, MEMBERS, PUBLIC, StandIn
from publications.blocks import BodyBlock
from publications.models.addresses import Addressed
from publications.models.bilingual import local_text
from publications.models.changes import ChangesRecords
from publications.models.records import Record
from publications.rules import LONGEST


def stand_in(audience: str) -> Any:
    """Nobody in particular, with the rights of an audience; "" for whoever is not signed in."""
    names = {MEMBERS: _("A member"), EDITORS: _("An editor")}
    held = {MEMBERS: frozenset({PUBLIC, MEMBERS}), EDITORS: frozenset({PUBLIC, MEMBERS, EDITORS})}
    return StandIn(str(names[audience]), held[audience]) if audience in held else AnonymousUser()


class RuleOrder(models.TextChoices):
    """The order of what a rule finds. There is no best match: that is an answer to words, and this is a list."""

    NEWEST = "newest", _("added last comes first")
    YEAR = "year", _("latest year comes first")
    TITLE = "title", _("by title")


class CollectionQuerySet(models.QuerySet["Collection"]):
    """Filters that read as words."""

    def live(self) -> "CollectionQuerySet":
        """Published."""
        return self.filter(live=True)

    def with_rows(self) -> "CollectionQuerySet":
        """With what was picked and what was left out, in a fixed number of queries."""
        return self.prefetch_related("items", "exclusions")


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
    introduction_en = StreamField(BodyBlock(), verbose_name=_("introduction in English"), blank=True)
    introduction_nl = StreamField(BodyBlock(), verbose_name=_("introduction in Dutch"), blank=True)
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

    rule = models.CharField(
        _("rule"),
        max_length=LONGEST,
        blank=True,
        help_text=_(
            "Words as in the search box; or search the site, narrow it until it shows what you mean, and paste the "
            "address of that page here. What is picked by hand comes first."
        ),
    )
    """A question to the search, as the parameters of its page: "?q=dose&topic=ct". A draft may hold what is none."""
    rule_order = models.CharField(
        _("order of what the rule finds"), max_length=10, choices=RuleOrder.choices, default=RuleOrder.NEWEST
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

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """Whose page the CMS shows: a rule finds for each what they may read."""
        return [("", _("Outsiders")), (MEMBERS, _("Members")), (EDITORS, _("Editors"))]

    def serve_preview(self, request: Any, mode_name: str) -> Any:
        """The page as somebody of that audience gets it, with their head and thumbnails."""
        request.previewer, request.user = request.user, stand_in(mode_name)
        return super().serve_preview(request, mode_name)

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "publications/collection.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        from publications.views.collections import collection_context

        return collection_context(self, user=request.user)

    @property
    def has_rule(self) -> bool:
        """Whether it grows by itself."""
        return bool(self.rule)

    def affected_pids(self) -> Iterable[str]:
        return Record.objects.filter(collection_items__collection_id=self.pk).values_list("pid", flat=True)


class CollectionItem(Orderable):
    """A record that was picked for a collection, with a word on why it is there."""

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


class CollectionExclusion(models.Model):
    """A record that a collection does not show, whatever its rule finds."""

    collection = ParentalKey(Collection, on_delete=models.CASCADE, related_name="exclusions")
    record = models.ForeignKey(Record, models.CASCADE, related_name="+", verbose_name=_("record"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("record left out of a collection")
        verbose_name_plural = _("records left out of a collection")
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "record"],
                name="unique_exclusion_of_collection",
                violation_error_message=_("The collection leaves this record out already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.record)
