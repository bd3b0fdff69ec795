"""Questions that the hub keeps asking for a reader, what it has told of their answers, and mails on their way out."""

from datetime import datetime, time, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from search.models.record_sets import RecordSetField


class Kind(models.TextChoices):
    """What a question asks for."""

    RECORDS = "records", _("Records")
    EXPERTS = "experts", _("Experts")


class Frequency(models.TextChoices):
    """How often a reader is told what is new, at most."""

    DAY = "day", _("at most once a day")
    WEEK = "week", _("at most once a week")
    NONE = "none", _("never: keep it only")


DAYS = {Frequency.DAY: 1, Frequency.WEEK: 7}


class Subscriber(models.Model):
    """Who is told: an account, or an address that belongs to none. All that is new goes to them in one mail.

    A row without saved searches has no use and is deleted, and with it the address.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="subscriber"
    )
    email = models.EmailField(_("e-mail"), blank=True)
    """Of whoever has no account; an account is written to at its own address."""
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="en")

    class Meta:
        verbose_name = _("reader of alerts")
        verbose_name_plural = _("readers of alerts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user=None) ^ models.Q(email=""), name="subscriber_is_an_account_or_an_address"
            ),
            models.UniqueConstraint(Lower("email"), condition=~models.Q(email=""), name="one_subscriber_an_address"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def address(self) -> str:
        """Where the mail goes, "" for an account without an address."""
        return self.email if self.user is None else self.user.email


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    """Filters that read as words."""

    def confirmed(self) -> Self:
        """Asked for by whoever reads the address's mail."""
        return self.exclude(confirmed_at=None)

    def waiting(self, *, since: datetime) -> Self:
        """Not confirmed, and asked for before this moment."""
        return self.filter(confirmed_at=None, asked_at__lt=since)

    def watched(self) -> Self:
        """Those whose reader is to be told what is new."""
        left_out = models.Q(is_paused=True) | models.Q(frequency=Frequency.NONE) | models.Q(subscriber__user__email="")
        return self.confirmed().exclude(left_out | models.Q(subscriber__user__is_active=False))

    def due(self, *, now: datetime) -> Self:
        """Watched, and told of nothing in their period up to today."""
        midnight = datetime.combine(timezone.localtime(now).date(), time(), tzinfo=timezone.get_current_timezone())
        untold = models.Q(told_at=None)
        for frequency, days in DAYS.items():
            untold |= models.Q(frequency=frequency, told_at__lt=midnight - timedelta(days=days - 1))
        return self.watched().filter(untold)

    def not_compared_since(self, moment: datetime) -> Self:
        """Those whose answer nobody looked up from this moment on."""
        return self.filter(models.Q(compared_at=None) | models.Q(compared_at__lt=moment))


class SavedSearch(models.Model):
    """A question with its filters, and what of its answer its reader knows.

    `known` are the records that answered when it was kept, and those told of since. `closed` are those of them that the
    reader could not open then: they are told of once more when they can be. Nothing is ever taken out of `known`, so
    nothing is told twice, whatever becomes of the index.
    """

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="searches")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.RECORDS)
    query = models.CharField(max_length=2000, blank=True)
    """The parameters of its page, without those that do not change the answer."""
    name = models.CharField(_("name"), max_length=200, blank=True)
    """Left empty: the question in words."""
    frequency = models.CharField(_("You get a mail"), max_length=5, choices=Frequency.choices, default=Frequency.WEEK)
    is_paused = models.BooleanField(_("paused"), default=False)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    compared_at = models.DateTimeField(null=True)
    """When its answer was last compared with what its reader knows; None where that was never known."""
    told_at = models.DateTimeField(null=True)
    known = RecordSetField()
    closed = RecordSetField()

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["subscriber", "kind", "query"], name="a_question_is_kept_once"),
        ]

    def __str__(self) -> str:
        return self.name or self.query


class Digest(models.Model):
    """What a reader is to be told: made in the transaction that notes it as known, sent after that.

    `claimed_at` is set before the mail server is spoken to, and taken back where it says no. One that stays claimed was
    cut off in between: whether its mail went out is not known, and it is not sent again.
    """

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="digests")
    found = models.JSONField()
    """By the key of each saved search: the keys of the records that are `new` and of those `opened`."""
    made_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.pk)
