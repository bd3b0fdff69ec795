"""How long questions are kept, erasing them, and telling somebody what the hub holds about an address."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from publications.contact import history
from publications.contact.passing import close, locked, remind, take_back
from publications.errors import ContactError
from publications.models import ContactRequest, Passing, Person, User
from publications.signals import address_erased, held_wanted
from publications.vocabularies import ContactOutcome, ContactState, PassingEnd

DAYS_OF_MONTH = 30.5


def erase(asked: ContactRequest, *, by: User | None, now: datetime) -> None:
    """Take everything personal out of a question: who asked, what, what was said. That it was, and its end, stays."""
    with locked(asked) as asked:
        if asked.state == ContactState.UNCONFIRMED:
            asked.delete()
            return
        asked.messages.all().delete()
        asked.mails.all().delete()
        for passing in asked.passings.open():
            passing.end(PassingEnd.CLOSED, now=now)
        asked.name = asked.organisation = asked.email = asked.text = asked.query = asked.notes = ""
        asked.evidence = []
        asked.erased_at, asked.closed_at = now, asked.closed_at or now
        asked.outcome = asked.outcome or _outcome_of(asked.state)
        asked.save()
        asked.move(ContactState.CLOSED, now=now)
        history.log_erased(asked, user=by)


def _outcome_of(state: str) -> ContactOutcome:
    """What came of a question that nobody closed."""
    return ContactOutcome.ANSWERED if state == ContactState.ANSWERED else ContactOutcome.NO_ANSWER


# By the clock ------------------------------------------------------------------------------------------------------


def forget_questions() -> int:
    """Delete questions whose address nobody confirmed, and erase those closed long ago; returns how many."""
    now = timezone.now()
    unconfirmed = ContactRequest.objects.filter(
        state=ContactState.UNCONFIRMED, created_at__lt=now - timedelta(hours=settings.CONTACT_CONFIRM_HOURS)
    )
    _rows, deleted = unconfirmed.delete()
    long_ago = now - timedelta(days=settings.CONTACT_KEEP_MONTHS * DAYS_OF_MONTH)
    closed = list(ContactRequest.objects.filter(closed_at__lt=long_ago, erased_at=None))
    for asked in closed:
        erase(asked, by=None, now=now)
    return deleted.get("publications.ContactRequest", 0) + len(closed)


def follow_questions() -> int:
    """Remind those who do not answer, then take the question back; close what is over; returns how many."""
    now = timezone.now()
    return sum(step(now) for step in (_take_back_silent, _remind_waiting, _close_answered, _close_forgotten))


def _take_back_silent(now: datetime) -> int:
    long_ago = now - timedelta(days=settings.CONTACT_DESK_DAYS)
    silent = list(Passing.objects.unanswered().filter(passed_at__lt=long_ago).select_related("request"))
    for passing in silent:
        take_back(passing, PassingEnd.SILENT, now=now)
    return len(silent)


def _remind_waiting(now: datetime) -> int:
    long_ago = now - timedelta(days=settings.CONTACT_REMIND_DAYS)
    unanswered = Passing.objects.unanswered().filter(passed_at__lt=long_ago, reminded_at=None)
    waiting = list(unanswered.select_related("request"))
    for passing in waiting:
        with suppress(ContactError):  # answered a moment ago
            remind(passing, by=None, now=now)
    return len(waiting)


def _close_answered(now: datetime) -> int:
    over = now - timedelta(days=settings.CONTACT_CLOSE_DAYS)
    return _close_all(ContactState.ANSWERED, ContactOutcome.ANSWERED, before=over, now=now, tell=False)


def _close_forgotten(now: datetime) -> int:
    """What lay at the desk for as long as anything is kept: it must not stay for ever."""
    over = now - timedelta(days=settings.CONTACT_KEEP_MONTHS * DAYS_OF_MONTH)
    return _close_all(ContactState.AT_DESK, ContactOutcome.NO_ANSWER, before=over, now=now, tell=True)


def _close_all(state: ContactState, outcome: ContactOutcome, *, before: datetime, now: datetime, tell: bool) -> int:
    found = list(ContactRequest.objects.filter(state=state, changed_at__lt=before))
    for asked in found:
        with suppress(ContactError):  # closed a moment ago
            close(asked, outcome, by=None, now=now, tell=tell)
    return len(found)


# What is held ------------------------------------------------------------------------------------------------------


def held_about(address: str) -> dict[str, Any]:
    """Everything that the hub holds under an e-mail address, as plain values: questions, people, accounts and more."""
    address = address.strip()
    elsewhere: Any = held_wanted.send(sender=ContactRequest, address=address)
    asked = ContactRequest.objects.filter(email__iexact=address).select_related("person").prefetch_related("messages")
    people = Person.objects.filter(email__iexact=address).order_by("pk")
    accounts = User.objects.filter(email__iexact=address)
    confirmed = EmailAddress.objects.filter(email__iexact=address).values("email", "verified", "user__username")
    return {
        "address": address,
        "questions": [as_held(question) for question in asked],
        "people": [
            {"name": person.name, "page": person.get_absolute_url(), "may_be_asked": person.has_consented}
            for person in people
        ],
        "accounts": [
            {"username": user.get_username(), "name": user.get_full_name(), "since": user.date_joined.isoformat()}
            for user in accounts
        ],
        "confirmed_addresses": list(confirmed),
        **{name: values for _receiver, held in elsewhere for name, values in held.items()},
    }


def as_held(asked: ContactRequest) -> dict[str, Any]:
    """One question as its asker may take it away; what editors noted belongs to it."""
    return {
        "name": asked.name,
        "organisation": asked.organisation,
        "email": asked.email,
        "asked_of": asked.person.name if asked.person else None,
        "question": asked.text,
        "searched_for": asked.query,
        "evidence": asked.evidence,
        "may_be_answered_by_mail": asked.shares_address,
        "state": asked.state,
        "outcome": asked.outcome,
        "notes": asked.notes,
        "written": asked.created_at.isoformat(),
        "confirmed": asked.confirmed_at.isoformat() if asked.confirmed_at else None,
        "closed": asked.closed_at.isoformat() if asked.closed_at else None,
        "messages": [
            {"from": message.voice, "text": message.text, "at": message.created_at.isoformat()}
            for message in asked.messages.all()
        ],
    }


def erase_all(address: str, *, now: datetime) -> int:
    """Erase what somebody left under an address without an account: questions, saved searches; returns how many."""
    address = address.strip()
    with transaction.atomic():
        found = list(ContactRequest.objects.filter(email__iexact=address))
        for asked in found:
            erase(asked, by=None, now=now)
        elsewhere: Any = address_erased.send(sender=ContactRequest, address=address)
    return len(found) + sum(count for _receiver, count in elsewhere)
