"""Whether paths of the hub lead to what readers see: taken apart first, then asked about kind by kind."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from publications.errors import InvalidIdentifier
from publications.identifiers import parse_pid
from publications.models import Collection, Event, Organisation, Person, Record, Topic
from publications.models.addresses import Addressed, find_by_addresses
from publications.models.links import LinkProblem

Problems = dict[str, LinkProblem]

SHOWN: dict[str, Callable[[], Any]] = {
    "person": Person.objects.visible,
    "organisation": Organisation.objects.visible,
    "topic": Topic.objects.visible,
    "event": Event.objects.live,
    "collection": Collection.objects.live,
}
"""The things that readers see, by the name of their page's address."""


class Destination(NamedTuple):
    """What a path asks for: one of a kind of thing, by its name there; of no kind where there is nothing to ask."""

    kind: str = ""
    name: str = ""


def problems_of_paths(addresses: Iterable[str]) -> Problems:
    """What is wrong with paths of the hub, by path; an editor's redirect and an old address are as good as any."""
    destinations = {address: destination_of(address) for address in addresses}
    names: dict[str, set[str]] = defaultdict(set)
    for destination in destinations.values():
        names[destination.kind].add(destination.name)
    problems = {kind: _problems_of_kind(kind, names[kind]) for kind in names}
    found = {
        address: problems[destination.kind][destination.name]
        for address, destination in destinations.items()
        if destination.name in problems[destination.kind]
    }
    redirected = _redirected(found)
    return {address: problem for address, problem in found.items() if address not in redirected}


def destination_of(address: str) -> Destination:
    """What a path of the hub asks for. Static files are served beside the hub's own addresses, and not looked at."""
    path = unquote(urlsplit(address).path)
    if path.startswith(settings.STATIC_URL):
        return Destination()
    language = translation.get_language_from_path(path)
    with translation.override(language):
        match = _match(path)
    if match is None or "\x00" in path:
        return Destination("nowhere", "")
    if match.url_name == "wagtail_serve":
        return Destination("page", path.strip("/"))
    if "pid" in match.kwargs:
        return Destination("record", match.kwargs["pid"])
    if match.url_name in SHOWN and "slug" in match.kwargs:
        return Destination(str(match.url_name), match.kwargs["slug"])
    return Destination()


def _match(path: str) -> ResolverMatch | None:
    """The address that answers; one without its last slash is sent to the one with it, as Django does."""
    for candidate in (path, f"{path}/"):
        try:
            return resolve(candidate)
        except Resolver404:
            continue
    return None


def _problems_of_kind(kind: str, names: set[str]) -> Problems:
    match kind:
        case "":
            return {}
        case "nowhere":
            return dict.fromkeys(names, LinkProblem.GONE)
        case "page":
            return _problems_of_pages(names)
        case "record":
            return _problems_of_records(names)
        case _:
            return _problems_of_things(SHOWN[kind](), names)


def _problems_of_pages(paths: set[str]) -> Problems:
    """Of "en/about": a page below the home of its language, or else below another's, as `HomePage.route` finds it."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    homes = site.root_page.get_translations(inclusive=True).live() if site else Page.objects.none()
    roots = list(homes.values_list("url_path", flat=True))
    places: dict[str, list[str]] = {}
    for path in paths:
        below = path.partition("/")[2]
        places[path] = [f"{root}{below}/" if below else root for root in roots]
    asked = {place for group in places.values() for place in group}
    is_live = dict(Page.objects.filter(url_path__in=asked).values_list("url_path", "live"))
    return _without_fine(
        {path: [is_live[place] for place in group if place in is_live] for path, group in places.items()}
    )


def _problems_of_records(pids: set[str]) -> Problems:
    numbers = {}
    for pid in pids:
        try:
            numbers[pid] = parse_pid(pid)
        except InvalidIdentifier:
            continue
    is_live = dict(Record.objects.filter(pid__in=numbers.values()).values_list("pid", "live"))
    return _without_fine({pid: [is_live[numbers[pid]]] if numbers.get(pid) in is_live else [] for pid in pids})


def _problems_of_things(shown: Any, slugs: set[str]) -> Problems:
    model: type[Addressed] = shown.model
    things = find_by_addresses(model, slugs)
    seen = set(shown.filter(pk__in={thing.pk for thing in things.values()}).values_list("pk", flat=True))
    return _without_fine({slug: [things[slug].pk in seen] if slug in things else [] for slug in slugs})


def _without_fine(answers: dict[str, list[bool]]) -> Problems:
    """Problems by name. answers: of each thing that has the name, whether readers see it."""
    return {
        name: LinkProblem.OFFLINE if answers_of_name else LinkProblem.GONE
        for name, answers_of_name in answers.items()
        if not any(answers_of_name)
    }


def _redirected(addresses: Iterable[str]) -> set[str]:
    """Those that an editor's redirect leads on from, with their query or without."""
    old_paths = {
        address: {Redirect.normalise_path(address), Redirect.normalise_path(urlsplit(address).path)}
        for address in addresses
        if "\x00" not in unquote(address)
    }
    asked = set().union(*old_paths.values())
    known = set(Redirect.objects.filter(old_path__in=asked).values_list("old_path", flat=True))
    return {address for address, paths in old_paths.items() if paths & known}
