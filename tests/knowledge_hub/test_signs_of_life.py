"""A worker that has nothing to do can be told from one that is not there."""

import signal
import time

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from django.utils import timezone

from knowledge_hub import signs_of_life
from knowledge_hub.health import check_workers
from knowledge_hub.models import SignOfLife
from knowledge_hub.signs_of_life import beating, find_silent, leave_sign


def wait_for(name: str, *, after=None) -> SignOfLife:
    """The first sign of it, or the first one after that."""
    while (sign := SignOfLife.objects.filter(name=name).exclude(seen_at=after).first()) is None:
        time.sleep(0.02)
    return sign


@pytest.mark.django_db(transaction=True)
def test_an_idle_worker_is_seen_and_a_killed_one_is_missed(manage):
    for name in ("default", "recognition", "clock"):
        leave_sign(name)
    missing = check_workers()

    worker = manage("run_worker", "index", "--interval", "0.1")
    seen = wait_for("index")
    running = check_workers()
    worker.kill()
    worker.wait()
    SignOfLife.objects.filter(name="index").update(seen_at=seen.seen_at - signs_of_life.SILENT_AFTER_OTHERWISE)

    assert (missing, running) == ("index: never seen", "ok")
    assert check_workers().startswith("index: last seen ")


@pytest.mark.django_db(transaction=True)
def test_a_worker_ends_when_it_is_told_to(manage):
    worker = manage("run_worker", "index")
    wait_for("index")

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(timeout=60) == 0


@pytest.mark.django_db(transaction=True)
def test_signs_come_again_and_again_until_the_work_is_over(monkeypatch):
    monkeypatch.setattr(signs_of_life, "BEAT_SECONDS", 0.01)

    with beating("index"):
        first = wait_for("index")
        second = wait_for("index", after=first.seen_at)
    last = SignOfLife.objects.get().seen_at
    time.sleep(0.1)

    assert first.seen_at < second.seen_at <= last == SignOfLife.objects.get().seen_at


@pytest.mark.django_db
def test_the_clock_leaves_a_sign_each_time():
    call_command("run_due")

    assert set(find_silent(now=timezone.now())) == {"default", "index", "recognition"}


@pytest.mark.django_db
def test_a_database_that_cannot_be_written_to_stops_no_work(monkeypatch, caplog):
    def refuse(*args, **kwargs):
        raise DatabaseError("database is locked")

    monkeypatch.setattr(SignOfLife.objects, "update_or_create", refuse)
    leave_sign("index")

    assert "No sign of life of index: database is locked" in caplog.text
