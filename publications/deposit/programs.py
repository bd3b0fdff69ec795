"""Deposits of programs: sent in by themselves once their files have been read, as nobody is there to press a button."""

import logging
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django_tasks import task

from publications.deposit.answers import current_answers, suggested_for
from publications.deposit.forms import Description
from publications.deposit.saving import Conflict, NotYours
from publications.deposit.sending import Incomplete, send, unread
from publications.models import Deposit
from publications.queues import SOMEBODY_WAITS

logger = logging.getLogger(__name__)

INCOMPLETE = gettext_noop("It could not be sent in as it is. Open it in My work, complete it and send it.")


def enqueue_if_waiting(record_id: int) -> None:
    """Have a program's deposit sent in, where that is what it waits for."""
    waiting = Deposit.objects.filter(record_id=record_id, send_when_read=True).values_list("pk", flat=True).first()
    if waiting:
        transaction.on_commit(lambda: send_when_read.enqueue(waiting))


@task(queue_name="default", priority=SOMEBODY_WAITS)
def send_when_read(deposit_id: int) -> None:
    """Send in the deposit of a program, if all its files have been read; twice does nothing more."""
    deposit = Deposit.objects.with_state().select_related("owner").filter(pk=deposit_id, send_when_read=True).first()
    if deposit is None or unread(deposit.record):
        return
    answers = answers_to_send(deposit)
    try:
        send(deposit, answers, version=deposit.version, user=deposit.owner, language=deposit.language)
    except (Incomplete, Conflict, NotYours) as error:
        logger.info("Deposit %s of a program stays a draft: %s", deposit.record.pid, error)
        Deposit.objects.filter(pk=deposit.pk).update(
            send_when_read=False, problem=INCOMPLETE, changed_at=timezone.now()
        )


def answers_to_send(deposit: Deposit) -> dict[str, Any]:
    """The answers as they are, what the files suggest filling the rest."""
    return {"access_right": "open"} | current_answers(deposit, suggested_for(deposit))


def problems_of(deposit: Deposit) -> dict[str, list[str]]:
    """What stands in the way of sending it in, by field, in the language that is active."""
    return Description(answers_to_send(deposit), record=deposit.record, user=deposit.owner).errors


def send_waiting() -> int:
    """Enqueue those whose files are read and whose task was lost; returns how many."""
    waiting = Deposit.objects.filter(send_when_read=True).exclude(
        record__files__status__in=["received", "reading"], record__files__removed_at=None
    )
    pks = list(waiting.values_list("pk", flat=True))
    for pk in pks:
        send_when_read.enqueue(pk)
    return len(pks)


def sentence_of(deposit: Deposit) -> str:
    """Why it is still a draft, in the language that is active; "" where nothing is wrong."""
    return _(deposit.problem) if deposit.problem else ""
