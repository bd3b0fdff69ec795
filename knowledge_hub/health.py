"""Whether the site works, for those who watch it.

`/healthz` says that the process answers. `/readyz` says that database, index and workers do, each by name; it answers
503 as soon as one of them does not.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

from knowledge_hub.signs_of_life import find_silent
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
    """ "ok", or what is wrong: who gave no sign of life lately, and queues with tasks in which nothing is done."""
    now = timezone.now()
    try:
        silent = find_silent(now=now)
        stuck = find_stuck(now=now)
    except Exception as error:
        return f"the queue cannot be read: {type(error).__name__}"
    problems = [
        f"{name}: last seen {seen_at:%Y-%m-%d %H:%M} UTC" if seen_at else f"{name}: never seen"
        for name, seen_at in silent.items()
    ]
    problems += [f"a task of queue “{name}” has been waiting since {since:%Y-%m-%d %H:%M} UTC" for name, since in stuck]
    return "; ".join(problems) or "ok"


def find_stuck(*, now: datetime) -> list[tuple[str, datetime]]:
    """The queues in which a task waits for minutes while none is taken, each with how long it has waited.

    A queue may be long, after a bulk import or with many scans; what counts is that it moves.
    """
    long_ago = now - WAITING_TOO_LONG
    waiting = DBTaskResult.objects.ready().filter(enqueued_at__lt=long_ago).order_by("enqueued_at")
    oldest = dict(reversed(waiting.values_list("queue_name", "enqueued_at")))
    moving = DBTaskResult.objects.filter(Q(started_at__gt=long_ago) | Q(finished_at__gt=long_ago))
    still = oldest.keys() - set(moving.values_list("queue_name", flat=True).distinct())
    return [(name, oldest[name]) for name in sorted(still)]


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
