"""What is due for indexing."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class IndexEntry(models.Model):
    """A record that changed since it was last indexed: written in the transaction that changes it.

    `revision` counts the changes, so that clearing an entry after indexing does not clear a change made meanwhile.
    """

    pid = models.CharField(max_length=8, unique=True)
    revision = models.PositiveBigIntegerField(default=1)
    due_since = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("record due for indexing")
        verbose_name_plural = _("records due for indexing")
        ordering = ["attempts", "pk"]

    def __str__(self) -> str:
        return self.pid
