"""Likeness: pairs that may be one, merges with all that undoes them, and pairs that editors found to be two."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class MergeLog(models.Model):
    """One merge: which two, who did it, and each row that it changed, before and after."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+", verbose_name=_("kind"))
    kept_id = models.PositiveBigIntegerField()
    kept_name = models.CharField(_("kept"), max_length=400)
    merged_id = models.PositiveBigIntegerField()
    merged_name = models.CharField(_("merged"), max_length=400)
    changes = models.JSONField()
    """A list of {"model", "pk", "before", "after"}: fields that changed; "after" is null where the row was deleted."""
    merged_at = models.DateTimeField(_("when"), auto_now_add=True)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-merged_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.merged_name} → {self.kept_name}"


class Distinction(models.Model):
    """Two that an editor has looked at and found to be two; the smaller key first."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    first_id = models.PositiveBigIntegerField()
    second_id = models.PositiveBigIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("pair of different things")
        verbose_name_plural = _("pairs of different things")
        constraints = [
            models.UniqueConstraint(fields=["content_type", "first_id", "second_id"], name="unique_distinction"),
            models.CheckConstraint(condition=models.Q(first_id__lt=models.F("second_id")), name="distinction_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"


class LikelyDoubleQuerySet(models.QuerySet["LikelyDouble"]):
    """Filters that read as words."""

    def involving(self, thing: models.Model) -> "LikelyDoubleQuerySet":
        """Pairs of which this is one."""
        either = models.Q(first_id=thing.pk) | models.Q(second_id=thing.pk)
        return self.filter(either, content_type=ContentType.objects.get_for_model(type(thing)))


class LikelyDouble(models.Model):
    """Two that may be one, for an editor to look at; the smaller key first. The clock makes this table anew."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    first_id = models.PositiveBigIntegerField()
    second_id = models.PositiveBigIntegerField()
    confidence = models.FloatField()
    reasons = models.JSONField()
    """Values of Likeness and Evidence."""
    found_at = models.DateTimeField(auto_now_add=True)

    objects = LikelyDoubleQuerySet.as_manager()

    class Meta:
        verbose_name = _("possible double")
        verbose_name_plural = _("possible doubles")
        ordering = ["-confidence", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["content_type", "first_id", "second_id"], name="unique_likely_double"),
            models.CheckConstraint(condition=models.Q(first_id__lt=models.F("second_id")), name="double_in_order"),
        ]
        indexes = [models.Index(fields=["content_type", "-confidence", "id"], name="double_by_confidence")]

    def __str__(self) -> str:
        return f"{self.first_id} ≈ {self.second_id}"


class DoublesPass(models.Model):
    """When all things of a kind were last compared, and what the tables looked like then."""

    content_type = models.OneToOneField(ContentType, models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.content_type} {self.made_at:%Y-%m-%d %H:%M}"
