"""After too many wrong passwords: whom axes counts them for, and what it answers."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def name_of_account(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The account that is being tried, by one name whether its username or its address was typed."""
    given = credentials or {}
    typed = str(given.get("username") or given.get("email") or "").strip()
    accounts = get_user_model()._default_manager.filter(Q(username__iexact=typed) | Q(email__iexact=typed))
    known = accounts.order_by("pk").values_list("username", flat=True).first() if typed else None
    return known or typed.lower()


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """The page for whoever was wrong too often: when to try again, and how to get a new password."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(request, "account/locked.html", {"minutes": minutes}, status=429)
