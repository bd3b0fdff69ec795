"""What depositors are mailed: at each step, in their language, with a link to the page where they can act.

Mails go through the queue of tasks, so that a mail server that is away delays the mail and nothing else.
"""

import logging

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override
from django_tasks import task

from publications.mailing import send_mail_to, split_letter
from publications.models import Deposit
from publications.queues import SOMEBODY_WAITS

logger = logging.getLogger(__name__)

STEPS = ("received", "taken_back", "sent_back", "published", "withdrawn", "stays")
"""Each has a template below publications/mails/: the first line is the subject."""


def tell_depositor(deposit: Deposit, step: str) -> None:
    """Write to the depositor once this transaction is over."""
    if deposit.owner.email:
        transaction.on_commit(lambda: send_step.enqueue(deposit.pk, step))


@task(queue_name="default", priority=SOMEBODY_WAITS)
def send_step(deposit_id: int, step: str) -> None:
    """Mail the depositor of a deposit that it has come this far."""
    deposit = Deposit.objects.with_state().select_related("owner").filter(pk=deposit_id).first()
    if deposit is None or not deposit.owner.email:
        return
    with override(deposit.language):
        subject, text = split_letter(compose(deposit, step))
    send_mail_to(deposit.owner.email, subject, text)


def compose(deposit: Deposit, step: str) -> str:
    """The mail of a step in the language that is active: its subject, a line break, its text."""
    context = {
        "deposit": deposit,
        "site_name": settings.SITE_NAME,
        "comments": deposit.comments.filter(is_settled=False),
        "my_url": settings.BASE_URL + reverse("publications:my_work"),
        "describe_url": settings.BASE_URL + reverse("publications:describe", args=[deposit.record.pid]),
        "record_url": settings.BASE_URL + deposit.record.get_absolute_url(),
    }
    return render_to_string(f"publications/mails/{step}.txt", context).strip()
