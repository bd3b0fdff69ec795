"""kill -9 of whoever sends: nobody is mailed twice, and whoever may have missed a mail is counted."""

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from io import StringIO
from multiprocessing.process import BaseProcess

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from search.alerts.sending import CUT_OFF_AFTER
from search.indexing import index_due
from search.models import Digest, SavedSearch
from tests.factories import PublicationFactory

pytestmark = pytest.mark.django_db(transaction=True)
READERS = 12
KILLS = 8


def start_sending() -> BaseProcess:
    """`send_alerts` in another process, with a connection to the database of its own."""
    connections.close_all()
    process = multiprocessing.get_context("fork").Process(target=send_alerts, daemon=True)
    process.start()
    return process


def send_alerts() -> None:
    call_command("send_alerts", stdout=StringIO())


def kill(process: BaseProcess) -> None:
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)


@pytest.fixture
def readers(kept) -> list[str]:
    """Readers who are all to be told of one new record."""
    addresses = [f"reader{number}@company.example" for number in range(READERS)]
    for address in addresses:
        kept("q=wavelets", email=address)
    PublicationFactory(title="Wavelets")
    index_due()
    return addresses


def test_a_process_killed_while_the_server_takes_a_mail_sends_no_mail_twice(readers, mailbox):
    running: list[BaseProcess] = []
    mailbox.before_answer = lambda: kill(running[-1]) if len(mailbox.mails) in (1, 4, 5) else None

    for _ in range(4):
        running.append(start_sending())
        running[-1].join()

    assert [process.exitcode for process in running] == [-signal.SIGKILL] * 3 + [0]
    assert Counter(mail["To"] for mail in mailbox.mails) == dict.fromkeys(readers, 1)
    # Of these three nobody can know that they arrived.
    assert Digest.objects.exclude(claimed_at=None).count() == 3
    said = StringIO()
    Digest.objects.update(claimed_at=timezone.now() - 2 * CUT_OFF_AFTER)
    call_command("send_alerts", stdout=said)
    assert "3 digests were cut off" in said.getvalue()
    assert len(mailbox.mails) == READERS


def test_killed_at_any_moment_nobody_is_told_twice_and_who_is_not_is_counted(readers, mailbox):
    chance = random.Random(6)

    for _ in range(KILLS):
        process = start_sending()
        time.sleep(chance.uniform(0.0, 1.0))
        kill(process)
        process.join()
    send_alerts()

    times = Counter(mail["To"] for mail in mailbox.mails)
    unsure = {digest.subscriber.email for digest in Digest.objects.select_related("subscriber")}
    assert set(times.values()) <= {1}
    assert set(readers) - set(times) <= unsure
    assert not SavedSearch.objects.filter(told_at=None).exists()
