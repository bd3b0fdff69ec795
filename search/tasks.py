"""The background work of searching: draining the outbox, on a queue of its own, and telling readers what is new."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from search.alerts.digests import make_digests
from search.alerts.sending import MailServerAway, send_digests, waiting_digests
from search.errors import IndexNotWritten, IndexUnavailable
from search.models import SavedSearch
from search.models.alerts import SavedSearchQuerySet

logger = logging.getLogger(__name__)

QUEUE = "index"


@task(queue_name=QUEUE)
def index_due_task() -> int:
    """Index what is due; returns how many records that were."""
    from search.indexing import index_due

    try:
        return index_due()
    except (IndexNotWritten, IndexUnavailable) as error:
        # What is due stays due: the next attempt takes it in, or a rebuild.
        logger.error("%s", error)
        return 0


def wake_indexer() -> None:
    """Enqueue the task, unless one is waiting already: that one will see every change committed before it starts."""
    if not DBTaskResult.objects.ready().filter(task_path=index_due_task.module_path).exists():
        index_due_task.enqueue()


READERS_A_TIME = 200
"""The task ends after so many, so that files which wait to be read come in between; the clock wakes it again."""


@task(queue_name="default")
def send_alerts_task() -> int:
    """Look up saved searches and mail what is new; returns how many mails were sent."""
    now = timezone.now()
    try:
        make_digests(now=now, due=due_today(now), most_readers=READERS_A_TIME)
        return send_digests(now=now, most_readers=READERS_A_TIME).mails
    except (IndexUnavailable, MailServerAway) as error:
        # Digests wait, and what was not looked up is due still.
        logger.error("%s", error)
        return 0


def due_today(now: datetime) -> SavedSearchQuerySet:
    """What the clock has looked up: each search once a day, from `ALERTS_HOUR` on."""
    local = timezone.localtime(now)
    hour = local.replace(hour=settings.ALERTS_HOUR, minute=0, second=0, microsecond=0)
    since = hour if hour <= local else hour - timedelta(days=1)
    return SavedSearch.objects.due(now=now).not_compared_since(since)


def wake_alerts(now: datetime | None = None) -> int:
    """Enqueue the task where somebody may have to be told something; returns how many readers that are."""
    moment = now or timezone.now()
    readers = (due_today(moment), waiting_digests(now=moment))
    waiting = len(set().union(*(rows.values_list("subscriber_id", flat=True) for rows in readers)))
    tasks = DBTaskResult.objects.filter(task_path=send_alerts_task.module_path)
    if waiting and not (tasks.ready().exists() or tasks.running().exists()):
        send_alerts_task.enqueue()
    return waiting
