"""The background work of searching: one task that drains the outbox, on a queue of its own."""

import logging

from django_tasks import task
from django_tasks_db.models import DBTaskResult

from search.errors import IndexNotWritten, IndexUnavailable

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
