"""Who has a question before them: passing it on to people, taking it back to the editors' desk, closing it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from publications.contact import history
from publications.contact.queue import queue_mail
from publications.contact.reaching import address_of, current_person
from publications.errors import ContactError
from publications.models import ContactMessage, ContactRequest, Passing, Person, User
from publications.vocabularies import ContactOutcome, ContactState, ContactVoice, PassingEnd


@contextmanager
def locked(asked: ContactRequest) -> Iterator[ContactRequest]:
    """The question as it is now, and nobody else's until the block ends."""
    with transaction.atomic():
        yield ContactRequest.objects.select_for_update().get(pk=asked.pk)


def check_open(asked: ContactRequest) -> None:
    """Raise ContactError for a question that nothing can come of any more."""
    if not asked.is_open:
        raise ContactError(_("This question is closed."))


def pass_on(asked: ContactRequest, person: Person, *, by: User | None, now: datetime) -> Passing:
    """Put the question before a person and mail them. by: the editor or colleague; None for the asker's own choice.

    Raises ContactError where the person takes no questions, has no address, or has this one already.
    """
    with locked(asked) as asked:
        chosen = current_person(person)
        if chosen is None or not chosen.is_contactable:
            raise ContactError(_("%(name)s takes no questions through the hub.") % {"name": person.name})
        if not address_of(chosen):
            raise ContactError(_("The hub has no address for %(name)s.") % {"name": chosen.name})
        if asked.passings.open().filter(person=chosen).exists():
            raise ContactError(_("%(name)s has this question already.") % {"name": chosen.name})
        passing = Passing.objects.create(request=asked, person=chosen, passed_by=by, passed_at=now)
        if asked.state != ContactState.ANSWERED:
            asked.move(ContactState.PASSED_ON, now=now)
        queue_mail("question", asked, passing=passing, now=now)
        if by is not None:
            queue_mail("moved", asked, now=now)
            history.log_passed_on(asked, chosen, user=by)
    return passing


def bring_to_desk(asked: ContactRequest, *, now: datetime, tell_asker: bool) -> None:
    """Let the editors decide what happens with a question; within a transaction that holds it."""
    if asked.passings.open().exists():
        return  # somebody else has it before them still
    asked.move(ContactState.AT_DESK, now=now)
    if settings.CONTACT_DESK_ADDRESS:
        queue_mail("desk", asked, now=now)
    if tell_asker:
        queue_mail("at_desk", asked, now=now)


def take_back(passing: Passing, why: PassingEnd, *, now: datetime) -> None:
    """Take the question away from somebody who does not answer it, and bring it to the desk."""
    with locked(passing.request) as asked:
        passing = asked.passings.get(pk=passing.pk)
        if passing.ended_at is None:
            passing.end(why, now=now)
            if asked.state == ContactState.PASSED_ON:
                bring_to_desk(asked, now=now, tell_asker=True)


def take_back_undelivered(passing: Passing, *, now: datetime) -> None:
    """Take back a question whose mail does not arrive."""
    take_back(passing, PassingEnd.UNDELIVERED, now=now)


def remind(passing: Passing, *, by: User | None, now: datetime) -> None:
    """Mail somebody once more that a question waits for them. Raises ContactError where it does not."""
    with locked(passing.request) as asked:
        waiting = asked.passings.unanswered().filter(pk=passing.pk).first()
        if waiting is None or not asked.is_open:
            raise ContactError(_("This question is no longer waiting for an answer."))
        waiting.reminded_at = now
        waiting.save(update_fields=["reminded_at"])
        queue_mail("reminder", asked, passing=waiting, now=now)
        if by is not None:
            history.log_reminded(asked, waiting.person, user=by)


def close(
    asked: ContactRequest,
    outcome: ContactOutcome,
    *,
    by: User | None,
    now: datetime,
    words: str = "",
    tell: bool = True,
) -> None:
    """End a question with what came of it; words: what the editors say to whoever asked. Raises ContactError."""
    with locked(asked) as asked:
        check_open(asked)
        message = ContactMessage.objects.create(request=asked, voice=ContactVoice.DESK, text=words) if words else None
        for passing in asked.passings.open():
            passing.end(PassingEnd.CLOSED, now=now)
        asked.outcome, asked.closed_at = outcome, now
        asked.save(update_fields=["outcome", "closed_at"])
        asked.move(ContactState.CLOSED, now=now)
        if tell:
            queue_mail("closed", asked, message=message, now=now)
        if by is not None:
            history.log_closed(asked, user=by)


def reopen(asked: ContactRequest, *, by: User, now: datetime) -> None:
    """Bring a closed question back to the desk. Raises ContactError where it was erased or is not closed."""
    with locked(asked) as asked:
        if asked.state != ContactState.CLOSED or asked.erased_at:
            raise ContactError(_("This question cannot be opened again."))
        asked.outcome, asked.closed_at = "", None
        asked.save(update_fields=["outcome", "closed_at"])
        asked.move(ContactState.AT_DESK, now=now)
        history.log_reopened(asked, user=by)
