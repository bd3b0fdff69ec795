"""Sending the mails of questions: each is a row until the mail server has taken it, so none is lost.

A worker sends it at once; where the server is away, `run_due` tries again, less and less often. A mail may arrive twice
where a worker is killed between sending and noting it; that is better than not at all.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from publications.contact.mails import TO_RECEIVER, write_letter
from publications.errors import MailFailed
from publications.mailing import send_mail_to
from publications.models import ContactMail, ContactMessage, ContactRequest, Passing
from publications.queues import SOMEBODY_WAITS

logger = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(hours=6)
MOST_TRIES = 14
"""About two days."""
MOST_AT_ONCE = 200


def queue_mail(
    kind: str,
    asked: ContactRequest,
    *,
    passing: Passing | None = None,
    message: ContactMessage | None = None,
    now: datetime | None = None,
) -> ContactMail:
    """Have a mail sent once this transaction is over; kind: see `mails.py`."""
    mail = ContactMail.objects.create(
        kind=kind, request=asked, passing=passing, message=message, next_try_at=now or timezone.now()
    )
    transaction.on_commit(lambda: send_contact_mail.enqueue(mail.pk))
    return mail


@task(queue_name="default", priority=SOMEBODY_WAITS)
def send_contact_mail(mail_id: int) -> None:
    """Send one mail of a question."""
    try_to_send(mail_id, now=timezone.now())


def send_waiting_mails() -> int:
    """Send the mails whose time has come, of which an earlier try failed or no worker heard; returns how many."""
    now = timezone.now()
    waiting = ContactMail.objects.filter(sent_at=None, given_up_at=None, next_try_at__lte=now)
    return sum(try_to_send(pk, now=now) for pk in list(waiting.values_list("pk", flat=True)[:MOST_AT_ONCE]))


def try_to_send(mail_id: int, *, now: datetime) -> bool:
    """Send a mail unless it was sent, or its next try is still to come; returns whether it is on its way."""
    mail = _take(mail_id, now=now)
    if mail is None:
        return False
    letter = write_letter(mail)
    if letter is None:
        return _give_up(mail, now=now, tell=mail.kind in TO_RECEIVER and not mail.request.erased_at)
    try:
        send_mail_to(letter.address, letter.subject, letter.text, reply_to=letter.reply_to)
    except MailFailed as error:
        logger.warning("Mail %s (%s) was not sent, try %s: %s", mail.pk, mail.kind, mail.tries, error)
        return _give_up(mail, now=now, tell=True) if error.is_final or mail.tries >= MOST_TRIES else False
    ContactMail.objects.filter(pk=mail.pk).update(sent_at=now)
    return True


def _take(mail_id: int, *, now: datetime) -> ContactMail | None:
    """The mail, with its next try put off so that nobody else sends it meanwhile; None where it is not to be sent."""
    due = ContactMail.objects.filter(pk=mail_id, sent_at=None, given_up_at=None, next_try_at__lte=now)
    mail = due.select_related("request__person", "passing__person__merged_into", "message__person").first()
    if mail is None:
        return None
    pause = min(FIRST_PAUSE * 2**mail.tries, LONGEST_PAUSE)
    taken = due.filter(tries=mail.tries).update(tries=F("tries") + 1, next_try_at=now + pause)
    mail.tries += 1
    return mail if taken else None


def _give_up(mail: ContactMail, *, now: datetime, tell: bool) -> bool:
    """Stop trying; what a receiver cannot get goes back to the editors."""
    from publications.contact.passing import take_back_undelivered

    ContactMail.objects.filter(pk=mail.pk).update(given_up_at=now)
    if tell and mail.kind == "question" and mail.passing:
        take_back_undelivered(mail.passing, now=now)
    return False
