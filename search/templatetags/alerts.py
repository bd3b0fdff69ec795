"""What templates ask of saved searches: whether a question is kept, and what somebody keeps."""

from typing import Any

from django import template

from search.alerts.questions import parameters_of, title_of, url_of
from search.experts.questions import ExpertQuestion
from search.forms import Question
from search.models import Kind, SavedSearch

register = template.Library()


@register.inclusion_tag("search/alerts/includes/offer.html", takes_context=True)
def keep_offer(context: dict[str, Any], question: Question, *, as_way_on: bool = False) -> dict[str, Any]:
    """The button that keeps a question, or a word that it is kept. as_way_on: where nothing was found."""
    user = getattr(context.get("request"), "user", None)
    kind = Kind.EXPERTS if isinstance(question, ExpertQuestion) else Kind.RECORDS
    query = parameters_of(question)
    has_account = user is not None and user.is_authenticated
    return {
        "query": f"kind={kind.value}&{query}" if query else f"kind={kind.value}",
        "has_account": has_account,
        "as_way_on": as_way_on,
        "is_kept": has_account and _of(user).filter(kind=kind, query=query).exists(),
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def kept_by(user: Any) -> list[dict[str, Any]]:
    """The saved searches of an account: each with its address, its name and itself."""
    return [
        {"search": search, "url": url_of(search), "title": title_of(search)}
        for search in _of(user).defer("known", "closed")
    ]


def _of(user: Any) -> Any:
    return SavedSearch.objects.filter(subscriber__user=user.pk)
