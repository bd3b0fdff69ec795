"""What is due for indexing, the outbox between the database and the index; and whether topics are called otherwise."""

import uuid
from collections.abc import Iterable
from typing import Self

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _


class IndexEntryQuerySet(models.QuerySet["IndexEntry"]):
    """Filters and changes that read as words."""

    def due(self) -> Self:
        """Changed since they were last indexed; those that failed most come last."""
        return self.exclude(revision=F("indexed_revision")).order_by("attempts", "pk")

    @transaction.atomic
    def mark_changed(self, pids: Iterable[str]) -> None:
        """Note that these records changed; call it in the transaction that changes them.

        Rows are made first and counted up afterwards, in one order. So two transactions that change one record each
        count once, and neither waits for the other in a circle. The last step is repeated for rows that were taken
        away between the two.
        """
        waiting = sorted(set(pids))
        while waiting:
            IndexEntry.objects.bulk_create([IndexEntry(pid=pid, revision=0) for pid in waiting], ignore_conflicts=True)
            found = set(self.select_for_update().filter(pid__in=waiting).order_by("pid").values_list("pid", flat=True))
            self.filter(pid__in=found).update(revision=F("revision") + 1, attempts=0, error="")
            waiting = [pid for pid in waiting if pid not in found]


class IndexEntry(models.Model):
    """How often a record has changed, and which of its changes the index has.

    It is written in the transaction that changes the record. Whoever indexes reads `revision` first and the record
    after it, and then notes that revision as indexed: a change made meanwhile leaves the entry due.
    """

    pid = models.CharField(max_length=8, unique=True)
    revision = models.PositiveBigIntegerField(default=1)
    indexed_revision = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=40, blank=True)
    """Of the document as indexed: tells whether the index still has what the database has."""
    changed_at = models.DateTimeField(auto_now=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    objects = IndexEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("state of a record in the index")
        verbose_name_plural = _("states of records in the index")
        ordering = ["pid"]

    def __str__(self) -> str:
        return self.pid


class ThesaurusStampQuerySet(models.QuerySet["ThesaurusStamp"]):
    """The one stamp there is."""

    def current(self) -> uuid.UUID | None:
        """The stamp now; None where no topic has changed yet."""
        return self.values_list("value", flat=True).first()

    def renew(self) -> None:
        """Say that what topics are called has changed; call it in the transaction that changes it."""
        self.update_or_create(pk=1, defaults={"value": uuid.uuid4()})


class ThesaurusStamp(models.Model):
    """Changes with the labels of topics, so that each process notices when its thesaurus is out of date.

    A random value rather than a number: one that was taken back with its transaction never comes again.
    """

    value = models.UUIDField()

    objects = ThesaurusStampQuerySet.as_manager()

    class Meta:
        verbose_name = _("state of the thesaurus")
        verbose_name_plural = _("states of the thesaurus")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_thesaurus_stamp")]

    def __str__(self) -> str:
        return str(self.value)
