"""What an editor changes of many records at once: prepared, looked at, made by a worker, and taken back if need be."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from publications.models.records import Record
from publications.vocabularies import BulkOutcome, BulkRefusal, BulkState, RecordType


class BulkChange(models.Model):
    """One act upon many records of a kind."""

    kind = models.CharField(max_length=20, choices=RecordType.choices)
    state = models.CharField(max_length=10, choices=BulkState.choices, default=BulkState.PREPARED)
    wanted = models.JSONField(default=dict)
    """What every record is to get; see `publications.bulk.wanted`."""
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    """The spreadsheet it came from; each of its records has a `wanted` of its own."""
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("undone by")
    )
    made_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(_("undone"), null=True)

    class Meta:
        verbose_name = _("change of many records")
        verbose_name_plural = _("changes of many records")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name or str(self._meta.verbose_name)


class BulkChangeItem(models.Model):
    """One record of such an act, with what it had before and has after: `row` is what readers see."""

    change = models.ForeignKey(BulkChange, models.CASCADE, related_name="items")
    record = models.ForeignKey(Record, models.CASCADE, related_name="bulk_items")
    wanted = models.JSONField(null=True)
    """Only where records get different things."""
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    outcome = models.CharField(max_length=10, choices=BulkOutcome.choices, default=BulkOutcome.WAITING)
    refusal = models.CharField(max_length=10, choices=BulkRefusal.choices, blank=True)
    """Why it could not be changed, or changed back."""
    kept = models.JSONField(default=list)
    """The names of what was changed since, and was therefore not put back."""

    class Meta:
        verbose_name = _("record of such a change")
        verbose_name_plural = _("records of such a change")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["change", "record"], name="unique_record_of_bulk_change")]
        indexes = [models.Index(fields=["change", "outcome"], name="bulk_change_outcome")]

    def __str__(self) -> str:
        return str(self.record)
