"""Whether what a link of the hub leads to is there, for readers."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from django.test import RequestFactory
from django.urls import Resolver404, resolve
from django.utils import translation
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import Page

from publications.errors import InvalidIdentifier
from publications.identifiers import parse_pid
from publications.links.finding import Target
from publications.models import Collection, Event, Organisation, Person, Record, Topic
from publications.models.addresses import Addressed, find_by_address
from publications.models.links import LinkProblem

SHOWN: dict[str, Callable[[], Any]] = {
    "person": Person.objects.visible,
    "organisation": Organisation.objects.visible,
    "topic": Topic.objects.visible,
    "event": Event.objects.live,
    "collection": Collection.objects.live,
}
"""The things that readers see, by the name of their page's address."""


def problems_inside(targets: Iterable[Target]) -> dict[Target, LinkProblem]:
    """What is wrong with links of the hub; asks once for all pages, and once for all documents."""
    targets = set(targets)
    live = dict(Page.objects.filter(pk__in=_numbers(targets, "page")).values_list("pk", "live"))
    documents = set(
        get_document_model().objects.filter(pk__in=_numbers(targets, "document")).values_list("pk", flat=True)
    )
    found = {}
    for target in targets:
        kind, _colon, number = target.address.partition(":")
        if kind == "page":
            problem = _problem_of_page(live.get(int(number) if number.isdigit() else 0))
        elif kind == "document":
            problem = None if number.isdigit() and int(number) in documents else LinkProblem.GONE
        else:
            problem = problem_of_path(target.address)
        if problem:
            found[target] = problem
    return found


def _numbers(targets: Iterable[Target], kind: str) -> set[int]:
    texts = (target.address.removeprefix(f"{kind}:") for target in targets if target.address.startswith(f"{kind}:"))
    return {int(text) for text in texts if text.isdigit()}


def _problem_of_page(live: bool | None) -> LinkProblem | None:
    if live is None:
        return LinkProblem.GONE
    return None if live else LinkProblem.OFFLINE


def problem_of_path(path: str) -> LinkProblem | None:
    """What is wrong with a path of the hub, if anything; an editor's redirect and an old address are as good."""
    path = urlsplit(path).path
    with translation.override(translation.get_language_from_path(path)):
        return _problem_of_path(path)


def _problem_of_path(path: str) -> LinkProblem | None:
    try:
        match = resolve(path)
    except Resolver404:
        return None if _is_redirected(path) else LinkProblem.GONE
    if match.url_name == "wagtail_serve":
        return None if _is_page(path) or _is_redirected(path) else LinkProblem.GONE
    if "pid" in match.kwargs:
        return _problem_of_record(match.kwargs["pid"])
    if match.url_name in SHOWN and "slug" in match.kwargs:
        return _problem_of_thing(SHOWN[match.url_name](), match.kwargs["slug"])
    return None


def _is_redirected(path: str) -> bool:
    return Redirect.objects.filter(old_path=Redirect.normalise_path(path)).exists()


def _is_page(path: str) -> bool:
    below = path.strip("/").partition("/")[2]
    return Page.route_for_request(RequestFactory().get(path), below) is not None


def _problem_of_record(pid: str) -> LinkProblem | None:
    try:
        record = Record.objects.filter(pid=parse_pid(pid)).first()
    except InvalidIdentifier:
        record = None
    if record is None:
        return LinkProblem.GONE
    return None if record.live else LinkProblem.OFFLINE


def _problem_of_thing(shown: Any, slug: str) -> LinkProblem | None:
    model: type[Addressed] = shown.model
    thing = find_by_address(model, slug)
    if thing is None:
        return LinkProblem.GONE
    return None if shown.filter(pk=thing.pk).exists() else LinkProblem.OFFLINE
