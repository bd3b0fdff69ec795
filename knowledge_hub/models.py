"""The one table of the project itself."""

from django.db import models


class SignOfLife(models.Model):
    """When something that runs in the background was last known to run."""

    name = models.CharField(max_length=50, primary_key=True)
    """A queue that a worker serves, or "clock"."""
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}, {self.seen_at}"
