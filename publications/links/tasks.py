"""The background work of looking at links: a few at a time, so that files which wait to be read come in between."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from publications.links.keeping import check_due, note_inside_links, note_outside_links
from publications.models.links import WatchedLink

COLLECT_EVERY = timedelta(hours=1)
"""Collecting the addresses reads those of all records."""


@task(queue_name="default")
def collect_links_task() -> int:
    """Settle which links to other sites there are; returns how many."""
    return note_outside_links()


@task(queue_name="default")
def check_links_task() -> int:
    """Look at a few links to other sites that are due; returns how many."""
    return check_due(limit=settings.LINKS_PER_ROUND)


def wake_link_checks() -> int:
    """Settle the hub's own links, and have others looked at where that is switched on; returns how many are broken."""
    note_inside_links()
    if settings.LINK_CHECKS_ENABLED:
        collected = DBTaskResult.objects.filter(task_path=collect_links_task.module_path)
        if not collected.filter(enqueued_at__gt=timezone.now() - COLLECT_EVERY).exists():
            collect_links_task.enqueue()
        checks = DBTaskResult.objects.filter(task_path=check_links_task.module_path)
        if WatchedLink.objects.due().exists() and not (checks.ready().exists() or checks.running().exists()):
            check_links_task.enqueue()
    return WatchedLink.objects.broken().count()
