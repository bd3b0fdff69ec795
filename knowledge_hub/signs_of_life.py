"""Signs of life: what runs in the background says so every few seconds, for an idle worker looks like none otherwise.

A sign says that the process is there, not that it gets on: it comes from a thread of its own, as a file may take a
worker minutes. Whether tasks are taken is asked of the queue (`health.check_workers`).
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from knowledge_hub.models import SignOfLife

logger = logging.getLogger(__name__)

CLOCK = "clock"
BEAT_SECONDS = 15.0
LAST_BEAT_SECONDS = 15.0
"""So long the end of the work waits for a sign that is being left."""
SILENT_AFTER = {CLOCK: timedelta(minutes=5)}
SILENT_AFTER_OTHERWISE = timedelta(minutes=1)
"""Some beats may be lost to a locked database before anybody is missed."""


def leave_sign(name: str) -> None:
    """Note that this is running now; a database that cannot be written to is a matter for the log."""
    try:
        SignOfLife.objects.update_or_create(name=name, defaults={"seen_at": timezone.now()})
    except DatabaseError as error:  # locked, or starting again: the next sign will tell
        logger.warning("No sign of life of %s: %s", name, error)


@contextmanager
def beating(name: str) -> Iterator[None]:
    """Leave a sign at once and every few seconds, as long as the block runs."""
    is_over = threading.Event()
    thread = threading.Thread(target=_beat, args=(name, is_over), name=f"signs of life: {name}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join(timeout=LAST_BEAT_SECONDS)


def _beat(name: str, is_over: threading.Event) -> None:
    while not is_over.is_set():
        leave_sign(name)
        connection.close()  # this thread's own
        is_over.wait(BEAT_SECONDS)


def find_silent(*, now: datetime) -> dict[str, datetime | None]:
    """What should run and has not been seen lately, with the time when it was last seen."""
    seen = dict(SignOfLife.objects.values_list("name", "seen_at"))
    return {
        name: seen.get(name)
        for name in (*settings.TASKS["default"]["QUEUES"], CLOCK)
        if name not in seen or now - seen[name] > SILENT_AFTER.get(name, SILENT_AFTER_OTHERWISE)
    }
