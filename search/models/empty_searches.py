"""What was looked for in vain."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class EmptySearch(models.Model):
    """How often a text was looked for on a day and not found. Nothing tells by whom."""

    text = models.CharField(max_length=100)
    day = models.DateField()
    times = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("search that found nothing")
        verbose_name_plural = _("searches that found nothing")
        ordering = ["-day", "text"]
        constraints = [models.UniqueConstraint(fields=["text", "day"], name="unique_empty_search_of_day")]

    def __str__(self) -> str:
        return self.text


class IgnoredSearch(models.Model):
    """A text that is no longer counted, as there is nothing to be done about it."""

    text = models.CharField(max_length=100, unique=True)
    ignored_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ignored_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("ignored search")
        verbose_name_plural = _("ignored searches")
        ordering = ["text"]

    def __str__(self) -> str:
        return self.text
