"""Whether what a link of the hub leads to is there, for readers."""

from collections.abc import Iterable

from wagtail.documents import get_document_model
from wagtail.models import Page

from publications.links.finding import Target
from publications.links.paths import problems_of_paths
from publications.models.links import LinkProblem


def problems_inside(targets: Iterable[Target]) -> dict[Target, LinkProblem]:
    """What is wrong with links of the hub; asks as often for many as for one of each kind.

    A page that only some may open is there: it asks who comes, as other sites do with 401 and 403.
    """
    targets = set(targets)
    pages, documents = _numbers(targets, "page"), _numbers(targets, "document")
    live = dict(Page.objects.filter(pk__in=pages).values_list("pk", "live"))
    kept = set(get_document_model().objects.filter(pk__in=documents).values_list("pk", flat=True))
    of_paths = problems_of_paths(target.address for target in targets if target.address.startswith("/"))
    found = {}
    for target in targets:
        kind, _colon, number = target.address.partition(":")
        if kind == "page":
            problem = _problem_of_page(live.get(int(number) if number.isdigit() else 0))
        elif kind == "document":
            problem = None if number.isdigit() and int(number) in kept else LinkProblem.GONE
        else:
            problem = of_paths.get(target.address)
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
