"""Whether the site works, for those who watch it.

`/healthz` says that the process answers. `/readyz` says that database, index and workers do, each by name; it answers
503 as soon as one of them does not.
"""

from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

from search.errors import SearchError
from search.indexing import get_search_engine

WAITING_TOO_LONG = timedelta(minutes=5)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is up."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def check_database() -> str:
    """ "ok", or what is wrong."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception as error:  # any database may fail in any way; the answer is the same
        return f"the database does not answer: {type(error).__name__}"
    return "ok"


def check_index() -> str:
    """ "ok", or what is wrong."""
    try:
        get_search_engine().status()
    except SearchError as error:
        return str(error)
    return "ok"


def check_workers() -> str:
    """ "ok", or what is wrong: a task that nobody took for minutes means that no worker runs."""
    try:
        oldest = DBTaskResult.objects.ready().order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    except Exception as error:
        return f"the queue cannot be read: {type(error).__name__}"
    if oldest and timezone.now() - oldest > WAITING_TOO_LONG:
        return f"a task has been waiting since {oldest:%Y-%m-%d %H:%M} UTC: is a worker running?"
    return "ok"


CHECKS: dict[str, Callable[[], str]] = {
    "database": check_database,
    "index": check_index,
    "workers": check_workers,
}


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Everything the site needs is up, or 503 with the names of what is not."""
    results = {name: check() for name, check in CHECKS.items()}
    return JsonResponse(results, status=200 if set(results.values()) == {"ok"} else 503)
