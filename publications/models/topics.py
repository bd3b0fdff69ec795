"""Topics: the site's django-taggit tag, with labels and synonyms in both languages, in a tree."""

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase, TagBase
from wagtail.models import RevisionMixin
from wagtail.search import index

from publications.models.addresses import Addressed
from publications.models.bilingual import local_text
from publications.models.changes import ChangesRecords, announce

URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
"""What RDF takes for the name of a thing (RFC 3987, without checking each part)."""


class TopicQuerySet(models.QuerySet["Topic"]):
    """Filters that read as words."""

    def current(self) -> "TopicQuerySet":
        """Not merged into another."""
        return self.filter(merged_into=None)

    def visible(self) -> "TopicQuerySet":
        """Shown on the site: on a live record, or tended by an editor. A word that only drafts have stays unknown."""
        on_live_record = models.Exists(
            TaggedRecord.objects.filter(tag=models.OuterRef("pk"), content_object__live=True)
        )
        has_narrower = models.Exists(Topic.objects.filter(broader=models.OuterRef("pk"), merged_into=None))
        is_translated = ~models.Q(label_en="") & ~models.Q(label_nl="")
        is_described = ~models.Q(definition_en="") | ~models.Q(definition_nl="")
        return self.current().filter(
            models.Q(broader__isnull=False) | is_translated | is_described | has_narrower | on_live_record
        )


class Topic(ChangesRecords, Addressed, index.Indexed, RevisionMixin, TagBase):
    """What records are about.

    `name` is what taggit and the CMS's autocomplete look for; it follows the labels.
    """

    # Both bases have a slug; ours keeps old addresses.
    slug = models.SlugField(
        _("address"),
        max_length=120,
        unique=True,
        blank=True,
        help_text=_("The last part of its web address."),
    )
    label_en = models.CharField(_("label in English"), max_length=100, blank=True)
    label_nl = models.CharField(_("label in Dutch"), max_length=100, blank=True)
    synonyms_en = models.TextField(_("synonyms in English"), blank=True, help_text=_("One on each line."))
    synonyms_nl = models.TextField(_("synonyms in Dutch"), blank=True, help_text=_("One on each line."))
    definition_en = models.TextField(_("definition in English"), blank=True)
    definition_nl = models.TextField(_("definition in Dutch"), blank=True)
    broader = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="narrower",
        verbose_name=_("broader topic"),
    )
    related = models.ManyToManyField(
        "self",
        blank=True,
        verbose_name=_("related topics"),
        help_text=_("What readers of this topic may look for as well. It holds both ways."),
    )
    exact_matches = models.TextField(
        _("the same elsewhere"),
        blank=True,
        help_text=_("Addresses of the same concept in other vocabularies, such as MeSH: one on each line."),
    )
    other_languages = models.JSONField(_("words in other languages"), default=dict, blank=True, editable=False)
    """By language: {"label": …, "synonyms": […], "definition": …}. Kept for whoever exports, and not shown."""
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )

    name: models.CharField  # taggit's, named here for the type checker
    record_count: int  # set by topic_tree.with_record_counts
    free_tagging = True
    objects = TopicQuerySet.as_manager()

    search_fields = [
        index.SearchField("label_en"),
        index.SearchField("label_nl"),
        index.SearchField("synonyms_en"),
        index.SearchField("synonyms_nl"),
        index.AutocompleteField("name"),
        index.AutocompleteField("label_en"),
        index.AutocompleteField("label_nl"),
    ]

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]

    def __str__(self) -> str:
        return str(local_text(self, "label")) or self.name

    def text_for_slug(self) -> str:
        return self.label_en or self.label_nl or self.name

    def clean(self) -> None:
        self.name = self.label_en or self.label_nl or self.name
        super().clean()
        if not self.name:
            raise ValidationError({"label_en": _("Give a label in at least one language.")})
        self._check_place()
        if bad := [line for line in self.exact_matches.split() if not URI.fullmatch(line)]:
            raise ValidationError({"exact_matches": _("“%(line)s” is not an address.") % {"line": bad[0][:100]}})

    def _check_place(self) -> None:
        """Raises ValidationError where the topic would stand above itself."""
        names, above, seen = [], self.broader, {self.pk}
        while above is not None:
            names.append(f"“{above}”")
            if above.pk in seen:
                raise ValidationError(
                    {
                        "broader": _(
                            "A topic cannot stand above itself, and this one would: %(names)s. Choose another broader "
                            "topic, or none."
                        )
                        % {"names": " → ".join([f"“{self}”", *names])}
                    }
                )
            seen.add(above.pk)
            above = above.broader

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name = self.label_en or self.label_nl or self.name
        if not self.label_en and not self.label_nl:
            self.label_en = self.name
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            # Read while the tree still says so: records on what is below counted for this topic too.
            pids = list(self.affected_pids())
            # What stood below it stands below what was above it.
            Topic.objects.filter(broader=self).update(broader=self.broader)
            deleted = super().delete(*args, **kwargs)
            announce(pids, sender=Topic)
            return deleted

    def get_absolute_url(self) -> str:
        return reverse("publications:topic", args=[self.slug])

    def get_other_languages_display(self) -> str:
        """The words in other languages, a line for each."""
        rows = self.other_languages.items()
        return "\n".join(f"{language}: {'; '.join([w['label'], *w['synonyms']])}" for language, w in rows)

    @property
    def all_labels(self) -> tuple[str, ...]:
        """Every label and synonym in both languages, each once."""
        labels = [
            self.label_en,
            self.label_nl,
            *self.synonyms_en.splitlines(),
            *self.synonyms_nl.splitlines(),
        ]
        return tuple(dict.fromkeys(label.strip() for label in labels if label.strip()))

    def affected_pids(self) -> Iterable[str]:
        from publications.models.records import Record

        # A record counts for the topics above its own, too.
        return Record.objects.filter(tagged_topics__tag__in=self._branch()).values_list("pid", flat=True)

    def _branch(self) -> set[int]:
        """This topic and all below it, a query for each level: most have nothing below, and many are saved in a row."""
        found, level = {self.pk}, {self.pk}
        while level:
            below = Topic.objects.current().filter(broader__in=level).values_list("pk", flat=True)
            level = set(below) - found
            found |= level
        return found


class TaggedRecord(ItemBase):
    """That a record is about a topic."""

    tag = models.ForeignKey(Topic, models.CASCADE, related_name="tagged_records")
    content_object = ParentalKey("publications.Record", on_delete=models.CASCADE, related_name="tagged_topics")

    class Meta:
        verbose_name = _("topic of a record")
        verbose_name_plural = _("topics of records")
        constraints = [models.UniqueConstraint(fields=["tag", "content_object"], name="unique_topic_of_record")]
