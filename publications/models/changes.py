"""How a change is told to whoever listens: inside the transaction that makes it, so that neither exists alone."""

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction

from publications.signals import record_changed


def announce(pids: Iterable[str], *, sender: type[models.Model]) -> None:
    """Say that what can be found of these records may have changed."""
    changed = tuple(dict.fromkeys(pids))
    if changed:
        record_changed.send(sender=sender, pids=changed)


class ChangesRecords(models.Model):
    """A thing whose name or place stands on records: saving or deleting it announces them."""

    class Meta:
        abstract = True

    def affected_pids(self) -> Iterable[str]:
        """The PIDs of the records that show this thing."""
        raise NotImplementedError

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            before = list(self.affected_pids()) if self.pk else []
            super().save(*args, **kwargs)
            announce([*before, *self.affected_pids()], sender=type(self))

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            before = list(self.affected_pids())
            deleted = super().delete(*args, **kwargs)
            announce(before, sender=type(self))
        return deleted
