"""Counting how often records are read and taken: by day, without cookies, addresses or anything else about readers.

Robots say who they are in their User-Agent; who reads their own work is not counted either.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.http import HttpRequest
from django.utils import timezone

from publications.models import DailyUse, Record

ROBOT = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|archiver|scrap|fetch|preview|monitor|check|validator|headless|lighthouse|"
    r"^(curl|wget|python|java|go-http|okhttp|libwww|ruby|perl|php|axios|node|httpx|aiohttp|scrapy|apache-httpclient)|"
    r"facebookexternalhit|embedly|pinterest|whatsapp|skypeuripreview|mediapartners|feedfetcher|google-|bingpreview",
    re.IGNORECASE,
)
"""Programs by what they call themselves, after the COUNTER list of robots; who sends no name is one too."""


def is_robot(request: HttpRequest) -> bool:
    """Whether a program asks."""
    name = request.headers.get("User-Agent", "").strip()
    return not name or bool(ROBOT.search(name)) or is_prefetch(request)


def is_prefetch(request: HttpRequest) -> bool:
    """Whether a browser asks before its reader does."""
    return "prefetch" in (request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", ""))


def count_use(request: HttpRequest, record: Record, *, kind: str) -> None:
    """Count one view or download ("views", "downloads") of a live record by somebody else than its depositor."""
    user: Any = request.user
    if request.method != "GET" or not record.live or is_robot(request) or (user.pk and user.pk == record.owner_id):
        return
    day = timezone.localdate()
    rows = DailyUse.objects.filter(record_id=record.pk, day=day)
    with transaction.atomic():
        if not rows.update(**{kind: F(kind) + 1}):
            DailyUse.objects.get_or_create(record_id=record.pk, day=day)
            rows.update(**{kind: F(kind) + 1})


@dataclass(frozen=True)
class Use:
    """How often a record was read and its files taken."""

    views: int = 0
    downloads: int = 0


def use_of(record_ids: Iterable[int]) -> dict[int, Use]:
    """The use of these records since they are live, by their ids; one query."""
    rows = DailyUse.objects.filter(record__in=list(record_ids)).values("record")
    summed = rows.annotate(views=Sum("views"), downloads=Sum("downloads"))
    return {row["record"]: Use(row["views"], row["downloads"]) for row in summed}
