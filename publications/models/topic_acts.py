"""What editors do with many topics or records at once: files of topics brought in, topics split in two."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from publications.models.topics import Topic


class TopicImport(models.Model):
    """A file of topics that somebody uploaded: looked at first, applied at most once."""

    name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField()
    """Emptied when it is applied: the history of each topic says what it did."""
    replaces = models.BooleanField(default=False)
    """Whether what the file lacks is taken away from the topics that it names."""
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    made_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("file of topics")
        verbose_name_plural = _("files of topics")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class TopicSplit(models.Model):
    """A topic of which some records went to a new one, and which records those were."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="splits", verbose_name=_("topic"))
    part = models.ForeignKey(Topic, models.CASCADE, related_name="split_from", verbose_name=_("new topic"))
    record_ids = models.JSONField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    made_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name = _("split of a topic")
        verbose_name_plural = _("splits of topics")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.topic} → {self.part}"
