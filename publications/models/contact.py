"""Questions that somebody asks through the hub, whom they were passed on to, and what was said.

A question names a person, or nobody: then the whole cluster is asked. Only what is needed to get it answered is kept,
and `publications/contact/keeping.py` takes it away again.
"""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publications.models.people import Person
from publications.vocabularies import ContactOutcome, ContactState, ContactVoice, PassingEnd


class ContactRequestQuerySet(models.QuerySet["ContactRequest"]):
    """Filters that read as words."""

    def confirmed(self) -> Self:
        """Whoever asked has shown that the address is theirs."""
        return self.exclude(state=ContactState.UNCONFIRMED)

    def at_desk(self) -> Self:
        """An editor has to do something."""
        return self.filter(state=ContactState.AT_DESK)


class ContactRequest(models.Model):
    """What somebody asks of a person or of the cluster."""

    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=gettext_lazy("asked of")
    )
    language = models.CharField(max_length=2, default="en")
    """In which it was asked: mails to the asker come in it."""
    name = models.CharField(gettext_lazy("name"), max_length=150, blank=True)
    organisation = models.CharField(gettext_lazy("organisation"), max_length=200, blank=True)
    email = models.EmailField(gettext_lazy("e-mail"), blank=True)
    text = models.TextField(gettext_lazy("question"), blank=True)
    query = models.CharField(gettext_lazy("searched for"), max_length=500, blank=True)
    evidence = models.JSONField(default=list, blank=True)
    """The works and pages that go along, see contact/evidence.py."""
    shares_address = models.BooleanField(gettext_lazy("may be answered by mail"), default=False)
    state = models.CharField(
        gettext_lazy("state"), max_length=12, choices=ContactState.choices, default=ContactState.UNCONFIRMED
    )
    outcome = models.CharField(
        gettext_lazy("outcome"), max_length=12, choices=ContactOutcome.choices, blank=True, default=""
    )
    notes = models.TextField(gettext_lazy("notes of the editors"), blank=True)
    created_at = models.DateTimeField(gettext_lazy("written"), auto_now_add=True)
    confirmed_at = models.DateTimeField(gettext_lazy("asked"), null=True, blank=True)
    changed_at = models.DateTimeField(gettext_lazy("last step"), default=timezone.now)
    closed_at = models.DateTimeField(gettext_lazy("closed"), null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    """When everything personal was taken out."""

    objects = ContactRequestQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("question")
        verbose_name_plural = gettext_lazy("questions")
        ordering = ["-created_at", "-pk"]
        default_permissions = ("change",)
        indexes = [models.Index(fields=["state", "changed_at"], name="requests_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(erased_at=None) | models.Q(email="", name="", text=""),
                name="erased_request_tells_nothing",
            )
        ]

    def __str__(self) -> str:
        # Stands in the history, which is kept: so it tells neither who asked nor what.
        return _("Question %(number)s") % {"number": self.pk}

    @property
    def is_open(self) -> bool:
        """Whether something may still come of it."""
        return self.state in (ContactState.AT_DESK, ContactState.PASSED_ON, ContactState.ANSWERED)

    def move(self, state: ContactState, *, now: datetime) -> None:
        """Note a step."""
        self.state, self.changed_at = state, now
        self.save(update_fields=["state", "changed_at"])


class PassingQuerySet(models.QuerySet["Passing"]):
    """Filters that read as words."""

    def open(self) -> Self:
        """Those whom a question still lies before."""
        return self.filter(ended_at=None)

    def unanswered(self) -> Self:
        """Open, and nothing has come back."""
        return self.open().filter(answered_at=None)

    def of(self, person: Person) -> Self:
        """Before this person, or before one who was merged into them."""
        return self.filter(models.Q(person=person) | models.Q(person__merged_into=person))


class Passing(models.Model):
    """A question put before a person, and what they did with it."""

    request = models.ForeignKey(ContactRequest, models.CASCADE, related_name="passings")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="passings")
    passed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    """The editor or colleague; None where the asker chose the person."""
    passed_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended = models.CharField(max_length=12, choices=PassingEnd.choices, blank=True, default="")

    objects = PassingQuerySet.as_manager()

    class Meta:
        ordering = ["passed_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["request", "person"], condition=models.Q(ended_at=None), name="one_open_passing_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.request} → {self.person_id}"

    def end(self, why: PassingEnd, *, now: datetime) -> None:
        """Take the question away from before the person."""
        self.ended, self.ended_at = why, now
        self.save(update_fields=["ended", "ended_at"])


class ContactMessage(models.Model):
    """Something said about a question after it was asked."""

    request = models.ForeignKey(ContactRequest, models.CASCADE, related_name="messages")
    voice = models.CharField(max_length=10, choices=ContactVoice.choices)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    """Who answered, where somebody did who was asked."""
    text = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created_at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.request}: {self.voice}"


class ContactMail(models.Model):
    """A mail that is to be sent, or was. Whom to and what it says is looked up when it is sent, and kept nowhere."""

    kind = models.CharField(max_length=20)
    request = models.ForeignKey(ContactRequest, models.CASCADE, related_name="mails")
    passing = models.ForeignKey(Passing, models.CASCADE, null=True, related_name="mails")
    message = models.ForeignKey(ContactMessage, models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    next_try_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(sent_at=None, given_up_at=None),
                name="mails_to_send",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.request}"
