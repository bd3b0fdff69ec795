"""What people do with a question: read it, answer it, decline, pass it on, and what its asker says to that."""

from datetime import datetime

from django.utils.translation import gettext as _

from publications.contact import history
from publications.contact.passing import bring_to_desk, check_open, close, locked, pass_on
from publications.contact.queue import queue_mail
from publications.errors import ContactError
from publications.models import ContactMessage, ContactRequest, Passing, Person, User
from publications.vocabularies import ContactOutcome, ContactState, ContactVoice, PassingEnd

MOST_MESSAGES = 50
"""Of one question; who has more to say has found each other."""


def find_passings(person: Person) -> list[Passing]:
    """The questions that lie or lay before a person, the newest first, without those that were erased."""
    found = Passing.objects.of(person).filter(request__erased_at=None).select_related("request")
    return list(found.order_by("-passed_at", "-pk")[:100])


def mark_read(passing: Passing, *, now: datetime) -> None:
    """Note that the receiver has opened the question; their asker sees that."""
    Passing.objects.open().filter(pk=passing.pk, read_at=None).update(read_at=now)


def answer(passing: Passing, text: str, *, now: datetime) -> ContactMessage:
    """The receiver answers; the answer is mailed to whoever asked. Raises ContactError."""
    with locked(passing.request) as asked:
        passing = _still_before(asked, passing)
        message = _say(asked, ContactVoice.RECEIVER, text, person=passing.person)
        _note_answer(asked, passing, now=now)
        queue_mail("answer", asked, message=message, now=now)
    return message


def note_answered_by_mail(passing: Passing, *, now: datetime) -> None:
    """The receiver says that they answered by mail, of which the hub knows nothing. Raises ContactError."""
    with locked(passing.request) as asked:
        _note_answer(asked, _still_before(asked, passing), now=now)


def decline(passing: Passing, text: str, *, now: datetime) -> None:
    """The receiver cannot help; what they say goes to the asker, and the question to the editors."""
    with locked(passing.request) as asked:
        passing = _still_before(asked, passing)
        if text:
            message = _say(asked, ContactVoice.RECEIVER, text, person=passing.person)
            queue_mail("answer", asked, message=message, now=now)
        passing.end(PassingEnd.DECLINED, now=now)
        bring_to_desk(asked, now=now, tell_asker=True)


def hand_on(passing: Passing, colleague: Person | None, *, by: User | None, now: datetime) -> None:
    """The receiver gives the question to a colleague, or to the cluster. Raises ContactError where that cannot be."""
    with locked(passing.request) as asked:
        passing = _still_before(asked, passing)
        if colleague is not None:
            given = pass_on(asked, colleague, by=None, now=now)
            Passing.objects.filter(pk=given.pk).update(passed_by=by)
            passing.end(PassingEnd.PASSED_ON, now=now)
            queue_mail("moved", asked, now=now)
            return
        passing.end(PassingEnd.PASSED_ON, now=now)
        bring_to_desk(asked, now=now, tell_asker=True)


def follow_up(asked: ContactRequest, text: str, *, now: datetime) -> ContactMessage:
    """Whoever asked says something more; those who have the question before them are mailed. Raises ContactError."""
    with locked(asked) as asked:
        check_open(asked)
        message = _say(asked, ContactVoice.ASKER, text)
        for passing in asked.passings.open():
            queue_mail("follow_up", asked, passing=passing, message=message, now=now)
    return message


def answer_from_desk(asked: ContactRequest, text: str, *, by: User, now: datetime) -> ContactMessage:
    """The editors answer themselves. Raises ContactError."""
    with locked(asked) as asked:
        check_open(asked)
        message = _say(asked, ContactVoice.DESK, text)
        asked.move(ContactState.ANSWERED, now=now)
        queue_mail("answer", asked, message=message, now=now)
        history.log_answered(asked, user=by)
    return message


def say_whether_it_helped(asked: ContactRequest, *, helped: bool, now: datetime) -> None:
    """Whoever asked says what came of it: that closes the question, or brings it to the editors. Raises ContactError.

    Those who have answered are mailed that it helped.
    """
    with locked(asked) as asked:
        check_open(asked)
        if helped:
            for passing in asked.passings.open().exclude(answered_at=None):
                queue_mail("helped", asked, passing=passing, now=now)
            close(asked, ContactOutcome.ANSWERED, by=None, now=now, tell=False)
            return
        for passing in asked.passings.open():
            passing.end(PassingEnd.CLOSED, now=now)
        bring_to_desk(asked, now=now, tell_asker=False)


def _say(asked: ContactRequest, voice: ContactVoice, text: str, *, person: Person | None = None) -> ContactMessage:
    if asked.messages.count() >= MOST_MESSAGES:
        raise ContactError(_("This conversation has become long. Go on by mail."))
    return ContactMessage.objects.create(request=asked, voice=voice, person=person, text=text)


def _note_answer(asked: ContactRequest, passing: Passing, *, now: datetime) -> None:
    passing.answered_at = passing.answered_at or now
    passing.read_at = passing.read_at or now
    passing.save(update_fields=["answered_at", "read_at"])
    asked.move(ContactState.ANSWERED, now=now)


def _still_before(asked: ContactRequest, passing: Passing) -> Passing:
    """The passing as it is now. Raises ContactError where the question no longer lies before its person."""
    check_open(asked)
    found = asked.passings.open().filter(pk=passing.pk).select_related("person").first()
    if found is None:
        raise ContactError(_("This question is no longer waiting for you."))
    return found
