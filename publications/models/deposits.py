"""What a deposit is before it is a record: the answers of its depositor, and what editors said about them.

Every deposit has a record from the start, because its files need one. The record stays an empty draft until the
depositor sends the answers in; until then they are nobody else's, not even the editors'.
"""

from typing import Any, Self

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from wagtail.models import WorkflowState

from publications.models.records import Record
from publications.vocabularies import DepositState

EARLIER_KEPT = 20
"""So many earlier states of the answers are kept, for whoever has the form open twice."""


class DepositQuerySet(models.QuerySet["Deposit"]):
    """Filters that read as words."""

    def of(self, user: Any) -> Self:
        """Brought in by this user."""
        return self.filter(owner=user)

    def with_state(self) -> Self:
        """Each with what `state` reads, in one query."""
        return self.select_related("record").annotate(review=models.Subquery(_latest_review("record_id")))

    def in_review(self) -> Self:
        """An editor is asked to look at them."""
        return self.with_state().filter(review=WorkflowState.STATUS_IN_PROGRESS)

    def unsent(self) -> Self:
        """Still with the depositor, for the first time or again."""
        # Not `exclude`: what was never in a review has no state at all, and NULL is neither equal nor unequal.
        is_theirs = models.Q(review=None) | ~models.Q(review=WorkflowState.STATUS_IN_PROGRESS)
        return self.with_state().filter(is_theirs, record__live=False, record__withdrawn_at=None)


def _latest_review(key: str) -> models.QuerySet:
    """The status of the last workflow of a record that an outer query names by `key`."""
    return (
        WorkflowState.objects.filter(
            base_content_type=ContentType.objects.get_for_model(Record),
            object_id=Cast(models.OuterRef(key), models.CharField()),
        )
        .exclude(status=WorkflowState.STATUS_CANCELLED)
        .order_by("-created_at", "-pk")
        .values("status")[:1]
    )


class Deposit(models.Model):
    """A record on its way in, and what its depositor has answered so far."""

    record = models.OneToOneField(Record, models.CASCADE, related_name="deposit", verbose_name=_("record"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="deposits", verbose_name=_("depositor")
    )
    key = models.CharField(max_length=100, blank=True)
    """What the sender calls this upload: sent twice under one name, it is one deposit."""
    batch = models.CharField(max_length=40, blank=True, db_index=True)
    """What was brought in together shares it."""
    origin = models.CharField(max_length=200, blank=True)
    """The file or registry that the first answers came from; "" where they come from the deposited file."""
    language = models.CharField(max_length=2, default="en")
    """The language in which the depositor uses the hub: mails come in it."""
    answers = models.JSONField(default=dict, blank=True)
    """What the form holds, field by field; empty until somebody or something answered."""
    version = models.PositiveIntegerField(default=0)
    """Counts the saved states of the answers, so that two tabs do not overwrite each other."""
    earlier = models.JSONField(default=list, blank=True)
    """The states before: `version`, `answers`."""
    other_works = models.JSONField(default=list, blank=True)
    """PIDs that looked like duplicates and of which the depositor said that they are other works."""
    version_of = models.ForeignKey(
        Record, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("new version of")
    )
    new_topics = models.JSONField(default=list, blank=True)
    """Words that no topic is called yet; an editor decides whether they become topics."""
    send_when_read = models.BooleanField(default=False)
    """Sent in by a program, which does not wait for the reading."""
    problem = models.CharField(max_length=500, blank=True)
    """Why a program's deposit could not be sent in, in English."""
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    """When it first went live, and the depositor was told."""
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = DepositQuerySet.as_manager()

    class Meta:
        verbose_name = _("deposit")
        verbose_name_plural = _("deposits")
        ordering = ["-created_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "key"], condition=~models.Q(key=""), name="unique_key_of_depositor"
            )
        ]

    def __str__(self) -> str:
        return self.title or str(_("Untitled"))

    @property
    def title(self) -> str:
        """The title as answered so far, "" where there is none."""
        return str(self.answers.get("title", "")) or self.record.title

    @property
    def state(self) -> DepositState:
        """Where it stands; of those that come `with_state`, without a query."""
        record = self.record
        if record.withdrawn_at:
            return DepositState.WITHDRAWN
        if record.live:
            return DepositState.LIVE
        known = self if hasattr(self, "review") else type(self).objects.with_state().get(pk=self.pk)
        review = getattr(known, "review", None)
        if review == WorkflowState.STATUS_IN_PROGRESS:
            return DepositState.IN_REVIEW
        if review == WorkflowState.STATUS_NEEDS_CHANGES:
            return DepositState.SENT_BACK
        return DepositState.DRAFT

    @property
    def can_be_changed(self) -> bool:
        """Whether its depositor may change the answers now."""
        return self.state in (DepositState.DRAFT, DepositState.SENT_BACK)


class ReviewComment(models.Model):
    """What an editor says about a field of a deposit, or about all of it; the depositor reads it beside the field."""

    deposit = models.ForeignKey(Deposit, models.CASCADE, related_name="comments")
    field = models.CharField(max_length=40, blank=True)
    """The field of the form, "" for all of it."""
    text = models.TextField(_("comment"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    is_settled = models.BooleanField(default=False)
    """Whether the deposit was sent in again since."""

    class Meta:
        ordering = ["created_at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.text


class WithdrawalRequest(models.Model):
    """A depositor asks that a live record is withdrawn; an editor decides."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="withdrawal_requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reason = models.TextField(_("reason"))
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=models.Q(decided_at=None), name="one_open_withdrawal_request"
            )
        ]

    def __str__(self) -> str:
        return self.reason


class DailyUse(models.Model):
    """How often a record was read and its files were taken on one day; nothing about who did."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="daily_use")
    day = models.DateField()
    views = models.PositiveIntegerField(default=0)
    downloads = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["record", "day"], name="one_use_of_a_day")]

    def __str__(self) -> str:
        return f"{self.record_id} {self.day}"
