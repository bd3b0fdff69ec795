"""What must be done every minute: publish what is scheduled, wake what a crash left lying, throw away what is old.

Each part is safe to run at any time, twice, and beside itself; one that fails does not stop the others.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from axes.models import AccessAttempt
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.models import DraftStateMixin, Page, Revision

from publications import doubles
from publications.contact.keeping import follow_questions, forget_questions
from publications.contact.queue import send_waiting_mails
from publications.deposit.programs import send_waiting
from publications.guarding import forget_tallies
from publications.ingest.page_images import prune_page_images
from publications.ingest.pipeline import requeue_stale
from publications.ingest.recognition import QUEUE as RECOGNITION_QUEUE
from publications.ingest.recognition import requeue_recognition
from publications.links.tasks import wake_link_checks
from publications.models import Record
from publications.records.files import prune_incoming
from search import indexing
from search.alerts import keeping, sending
from search.empty_searches import forget_old
from search.models import IndexEntry
from search.tasks import wake_alerts, wake_indexer

logger = logging.getLogger(__name__)


def publish_scheduled() -> int:
    """Publish and unpublish what editors set to a time that has come; returns how many things.

    Wagtail's command of this name stops at the first that fails, and so does every later run. Here the others go on.
    """
    done, errors = 0, []
    for change in _scheduled_changes(timezone.now()):
        try:
            with transaction.atomic():
                change()
            done += 1
        except Exception as error:  # a draft may clash with anything published since
            errors.append(error)
    if errors:
        raise ExceptionGroup("Not everything could be published on time", errors)
    return done


def _scheduled_changes(now: datetime) -> Iterator[Callable[[], object]]:
    """What to call for each thing whose time is over, then for each whose time has come, in order."""
    drafts = [model for model in apps.get_models() if issubclass(model, DraftStateMixin)]
    # Pages are asked once for all their types; records for each of theirs, as it is those that the CMS knows.
    for model in [Page, *(model for model in drafts if not issubclass(model, Page) and model is not Record)]:
        for thing in model._default_manager.filter(live=True, expire_at__lt=now).order_by("expire_at"):
            yield partial(thing.unpublish, set_expired=True, log_action="wagtail.unpublish.scheduled")
    for revision in Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at"):
        yield partial(revision.publish, log_action="wagtail.publish.scheduled")


def requeue_stale_tasks() -> int:
    """Give tasks back that a killed worker left running; returns how many.

    django-tasks-db keeps such a task as running for ever: nobody else may take it.
    """
    return _stale_tasks().update(status="READY", started_at=None)


def _stale_tasks() -> QuerySet[DBTaskResult]:
    too_long_ago = timezone.now() - timedelta(seconds=settings.TASK_STALE_SECONDS)
    return DBTaskResult.objects.running().filter(started_at__lt=too_long_ago)


def requeue_stale_files() -> int:
    """Read files again whose reading a crash cut off; returns how many."""
    return requeue_stale()


def requeue_stale_recognition() -> int:
    """Recognise pages whose recognition a crash cut off, or for which Tesseract came later; returns how many files."""
    waiting = DBTaskResult.objects.filter(queue_name=RECOGNITION_QUEUE)
    is_idle = not (waiting.ready().exists() or waiting.running().exists())
    return requeue_recognition(is_idle=is_idle)


def wake_waiting_records() -> int:
    """Wake the indexer where records are due and nobody was told; returns how many wait."""
    waiting = IndexEntry.objects.due().count()
    if waiting:
        wake_indexer()
    return waiting


def tell_readers() -> int:
    """Once a day, have saved searches looked up and readers mailed what is new; returns how many readers wait."""
    return wake_alerts()


def forget_unconfirmed_alerts() -> int:
    """Delete the questions, and the addresses, that nobody confirmed in time; returns how many questions."""
    return keeping.forget_unconfirmed()


def forget_cut_off_digests() -> int:
    """Delete digests whose sending a crash cut off long ago; returns how many."""
    return sending.forget_cut_off()


def merge_index() -> int:
    """Tidy up the index where many small changes left many parts; returns how many became one.

    The worker that indexes must not wait for it, so it is done here.
    """
    return indexing.merge_index()


def refresh_doubles() -> int:
    """Look for people, organisations and topics that may be one, where something changed; returns how many pairs."""
    return doubles.refresh_doubles()


def prune_tasks() -> int:
    """Delete the rows of tasks that ended long ago; returns how many."""
    long_ago = timezone.now() - timedelta(days=settings.TASK_RESULT_DAYS)
    deleted, _by_model = DBTaskResult.objects.finished().filter(finished_at__lt=long_ago).delete()
    return deleted


def prune_sign_in_failures() -> int:
    """Forget the wrong passwords that lock nobody out any more; returns how many rows.

    They hold names and addresses of computers, which nobody needs once the lock is over.
    """
    over = timezone.now() - settings.AXES_COOLOFF_TIME
    deleted, _by_model = AccessAttempt.objects.filter(attempt_time__lt=over).delete()
    return deleted


def prune_pages() -> int:
    """Delete the page images used longest ago, beyond PAGE_CACHE_MAX_BYTES; returns the bytes freed."""
    return prune_page_images(max_bytes=settings.PAGE_CACHE_MAX_BYTES)


def prune_broken_uploads() -> int:
    """Delete the halves that killed uploads left; returns how many files."""
    return prune_incoming()


def forget_empty_searches() -> int:
    """Delete what was looked for in vain long ago, and sooner what few looked for; returns how many rows."""
    return forget_old(today=timezone.localdate())


def check_links() -> int:
    """Look whether links lead anywhere; returns how many lead nowhere."""
    return wake_link_checks()


JOBS: tuple[Callable[[], int], ...] = (
    publish_scheduled,
    requeue_stale_tasks,
    requeue_stale_files,
    requeue_stale_recognition,
    send_waiting,
    wake_waiting_records,
    tell_readers,
    forget_unconfirmed_alerts,
    forget_cut_off_digests,
    merge_index,
    refresh_doubles,
    prune_tasks,
    prune_sign_in_failures,
    prune_pages,
    prune_broken_uploads,
    forget_tallies,
    forget_empty_searches,
    follow_questions,
    send_waiting_mails,
    forget_questions,
    check_links,
)


def run_due() -> dict[str, int | str]:
    """Run every job; returns its number, or its error, by name."""
    done: dict[str, int | str] = {}
    for job in JOBS:
        try:
            done[job.__name__] = job()
        except Exception as error:  # the other jobs must still run; the log has it all
            logger.exception("%s failed", job.__name__)
            done[job.__name__] = f"{type(error).__name__}: {error}"
    return done
