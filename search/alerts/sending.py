"""Sends the digests. A mail goes out once or, where the process is killed while the server takes it, maybe not at all.

A row is claimed before the server is spoken to, and a claim without an end is not sent again. What the server refuses
is.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from search.alerts.mails import compose_digest
from search.errors import IndexUnavailable
from search.models import Digest, Subscriber

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 6
FIRST_PAUSE = timedelta(minutes=15)
"""After a refusal; each further one doubles it."""
CUT_OFF_AFTER = timedelta(minutes=10)
"""No mail server takes so long for a mail: whoever sent it was killed."""
KEPT_DAYS = 7
"""So long a digest that was cut off stays to be counted."""

Progress = Callable[[int, int], None]
"""Told how many of how many readers are done."""


class MailServerAway(Exception):
    """The mail server cannot be reached, or takes nothing from us now."""


@dataclass
class Sent:
    """What a run did."""

    mails: int = 0
    empty: int = 0
    """Digests of which nothing was left to tell."""
    refused: int = 0
    """Mails that the server did not take; they are tried again."""
    given_up: int = 0
    cut_off: int = 0
    """Digests, of earlier runs too, of which nobody knows whether they went out."""


def send_digests(*, now: datetime, most_readers: int | None = None, on_progress: Progress | None = None) -> Sent:
    """Send what waits, one mail for each reader.

    Raises IndexUnavailable where there is no index to ask, MailServerAway where the server is: the rest waits.
    """
    sent = Sent(cut_off=cut_off_digests(now=now).count())
    readers = list(waiting_digests(now=now).order_by("retry_at").values_list("subscriber_id", flat=True).distinct())
    readers = list(dict.fromkeys(readers))[:most_readers]
    if not readers:
        return sent
    with _mail_server() as connection:
        for done, subscriber in enumerate(readers, start=1):
            _send_to(subscriber, connection, now=now, sent=sent)
            if on_progress:
                on_progress(done, len(readers))
    return sent


@contextmanager
def _mail_server() -> Iterator[Any]:
    """One connection for all mails."""
    connection = get_connection()
    try:
        connection.open()
        yield connection
    except (SMTPException, OSError) as error:
        raise MailServerAway(str(error)) from error
    finally:
        connection.close()


def waiting_digests(*, now: datetime) -> QuerySet[Digest]:
    """Those to be sent now."""
    return Digest.objects.filter(claimed_at=None, retry_at__lte=now)


def cut_off_digests(*, now: datetime) -> QuerySet[Digest]:
    """Those whose sending was cut off."""
    return Digest.objects.filter(claimed_at__lt=now - CUT_OFF_AFTER)


def forget_cut_off(*, now: datetime | None = None) -> int:
    """Delete digests whose sending was cut off long ago; returns how many."""
    long_ago = (now or timezone.now()) - timedelta(days=KEPT_DAYS)
    deleted, _by_model = Digest.objects.filter(claimed_at__lt=long_ago).delete()
    return deleted


def _send_to(subscriber_id: int, connection: Any, *, now: datetime, sent: Sent) -> None:
    """Everything that waits for one reader, in one mail."""
    subscriber = Subscriber.objects.select_related("user").filter(pk=subscriber_id).first()
    digests = list(waiting_digests(now=now).filter(subscriber=subscriber_id))
    if subscriber is None or not digests:
        return
    rows = Digest.objects.filter(pk__in=[digest.pk for digest in digests])
    try:
        mail = compose_digest(subscriber, _join(digests), today=timezone.localdate(now))
    except IndexUnavailable:
        raise
    except Exception as error:  # one that cannot be made must not keep the others from their readers
        logger.exception("A digest could not be made")
        _try_later(rows, error, now=now, sent=sent)
        return
    if mail is None:
        sent.empty += rows.filter(claimed_at=None).delete()[0]
    elif _claim(rows, count=len(digests), now=now):
        mail.connection = connection
        _deliver(mail, rows, now=now, sent=sent)


def _deliver(mail: EmailMessage, rows: QuerySet[Digest], *, now: datetime, sent: Sent) -> None:
    """Hand the mail of claimed digests to the server."""
    try:
        mail.send()
    except (SMTPRecipientsRefused, SMTPDataError) as error:
        _try_later(rows, error, now=now, sent=sent)
    except (SMTPException, OSError):
        # Nothing is wrong with this mail: the server is away, or takes nothing from us.
        rows.update(claimed_at=None, retry_at=now + FIRST_PAUSE)
        raise
    else:
        rows.delete()
        sent.mails += 1


def _join(digests: list[Digest]) -> dict[str, dict[str, list[int]]]:
    """What several digests found, as one."""
    found: dict[str, dict[str, list[int]]] = {}
    for digest in digests:
        for search, news in digest.found.items():
            known = found.setdefault(search, {"new": [], "opened": []})
            for name in known:
                known[name] = sorted({*known[name], *news[name]}, reverse=True)
    return found


@transaction.atomic
def _claim(rows: QuerySet[Digest], *, count: int, now: datetime) -> bool:
    """Take these digests, all or none: somebody else may have taken one meanwhile."""
    if rows.filter(claimed_at=None).update(claimed_at=now) == count:
        return True
    transaction.set_rollback(True)
    return False


def _try_later(rows: QuerySet[Digest], error: Exception, *, now: datetime, sent: Sent) -> None:
    """Try these digests again after a while, or give them up. The address is in no log."""
    attempts = max(rows.values_list("attempts", flat=True)) + 1
    logger.warning("A digest was not sent, attempt %d: %s", attempts, _reason(error))
    if attempts >= MOST_ATTEMPTS:
        rows.delete()
        sent.given_up += 1
    else:
        pause = FIRST_PAUSE * 2 ** (attempts - 1)
        rows.update(claimed_at=None, attempts=F("attempts") + 1, retry_at=now + pause)
        sent.refused += 1


def _reason(error: Exception) -> str:
    """What the server said, by its number alone: its sentences repeat addresses."""
    codes: list[int] = []
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _sentence in error.recipients.values()]
    elif isinstance(error, SMTPDataError):
        codes = [error.smtp_code]
    return f"{type(error).__name__} {' '.join(map(str, codes))}".strip()
