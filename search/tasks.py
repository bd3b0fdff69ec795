"""The background work of searching: one task that drains the outbox, on a queue of its own."""

from django_tasks import task
from django_tasks_db.models import DBTaskResult

QUEUE = "index"


@task(queue_name=QUEUE)
def index_due_task() -> int:
    """Index what is due; returns how many records that were."""
    from search.indexing import index_due

    return index_due()


def wake_indexer() -> None:
    """Enqueue the task, unless one is waiting already: that one will see every change committed before it starts."""
    if not DBTaskResult.objects.ready().filter(task_path=index_due_task.module_path).exists():
        index_due_task.enqueue()
