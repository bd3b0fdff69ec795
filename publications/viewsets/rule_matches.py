"""What the rule of a collection finds, for each audience: shown in its form, and looked up again while it is typed."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.permissions import policy_registry

from publications.access import EDITORS, MEMBERS, PUBLIC
from publications.models import Collection, Record, RuleOrder
from publications.models.collections import stand_in
from publications.reading_lists import MOST_BY_RULE, audience_of, list_records
from publications.rules import ask_rules, read_rule

FIRST = 5
"""So many of the records are named."""


@dataclass(frozen=True)
class Share:
    """How many records a rule finds for an audience; None where that cannot be told for the moment."""

    label: str
    count: int | None


def matches_context(text: str, order: str) -> dict[str, Any]:
    """What a rule says and finds, as somebody types it."""
    rule = read_rule(text)
    if not rule.question:
        return {"rule": rule}
    shares = [
        Share(_("Outsiders"), _count(rule.question, PUBLIC)),
        Share(_("Members"), _count(rule.question, MEMBERS)),
        Share(_("Editors"), _count(rule.question, EDITORS)),
    ]
    found = [share.count for share in shares if share.count is not None]
    return {
        "rule": rule,
        "shares": shares if rule.url else [],
        "is_unavailable": bool(rule.url) and not found,
        "finds_nothing": bool(rule.url and found) and not max(found, default=0),
        "finds_everything": bool(found) and min(found) >= max(1, Record.objects.listed().count()),
        "most": MOST_BY_RULE,
        "is_cut": max(found, default=0) > MOST_BY_RULE,
        "first": _first(rule.question, order) if rule.url else [],
    }


def _count(question: str, audience: str) -> int | None:
    asking = audience_of(stand_in(audience))
    pids = ask_rules([question], audiences=asking.audiences, today=asking.today).get(question)
    return None if pids is None else len(pids)


def _first(question: str, order: str) -> list[Record]:
    """The records that outsiders would see first."""
    known = order if order in RuleOrder.values else RuleOrder.NEWEST
    keys = list_records(Collection(rule=question, rule_order=known), audience_of(stand_in(PUBLIC))).keys[:FIRST]
    records = Record.objects.in_bulk(keys)
    return [records[key] for key in keys if key in records]


@require_safe
def rule_matches(request: HttpRequest) -> HttpResponse:
    """A piece of the form: what the rule that is being typed finds."""
    if not policy_registry.get_by_type(Collection).user_has_any_permission(request.user, ["add", "change"]):
        raise PermissionDenied
    context = matches_context(request.GET.get("rule", "")[:5000], request.GET.get("order", ""))
    return render(request, "publications/admin/rule_matches.html", context)


admin_urls = [path("collections/rule/", rule_matches, name="rule_matches")]
