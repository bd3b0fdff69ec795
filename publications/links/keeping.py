"""What is kept of links: where each stands, what came of looking, and what is to be looked at next."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from publications.links.finding import Place, Target, find_links
from publications.links.inside import problems_inside
from publications.links.outside import Answer, check_address
from publications.models.links import LinkUse, WatchedLink

FAILURES_THAT_COUNT = 3
"""So many times in a row a site must fail before its link is said to be broken, a day apart."""
AGAIN_AFTER = timedelta(days=1)

Found = dict[Target, set[Place]]


@dataclass(frozen=True)
class Checked:
    """What a round of looking came to."""

    inside: int
    outside: int
    waiting: int


def note_inside_links() -> int:
    """Settle which links of the hub lead nowhere now; returns how many. Nothing is written where nothing changed."""
    found = _collect(inside_only=True)
    problems = problems_inside(found)
    _keep({target: found[target] for target in problems}, is_inside=True)
    for link in WatchedLink.objects.filter(is_inside=True):
        problem = problems[Target(link.target)]
        if link.problem != problem:
            _settle(link, Answer(problem))
    return len(problems)


def note_outside_links() -> int:
    """Settle which addresses of other sites there are to look at; returns how many."""
    found = {target: places for target, places in _collect().items() if not target.is_inside}
    _keep(found, is_inside=False)
    return len(found)


def _collect(*, inside_only: bool = False) -> Found:
    found: Found = defaultdict(set)
    for target, place in find_links(inside_only=inside_only):
        if target.is_inside or not inside_only:
            found[target].add(place)
    return found


@transaction.atomic
def _keep(found: Found, *, is_inside: bool) -> None:
    """Make the rows of these links and their places what they are now."""
    links = {Target(link.target): link for link in WatchedLink.objects.filter(is_inside=is_inside)}
    gone = [link.pk for target, link in links.items() if target not in found]
    WatchedLink.objects.filter(pk__in=gone).delete()
    new = [
        WatchedLink(target=target.address, digest=digest(target), is_inside=is_inside)
        for target in found.keys() - links.keys()
    ]
    links |= {Target(link.target): link for link in WatchedLink.objects.bulk_create(new)}
    known = {
        (use.link_id, Place(use.content_type_id, use.object_id, use.field)): use.pk
        for use in LinkUse.objects.filter(link__is_inside=is_inside)
    }
    wanted = {(links[target].pk, place) for target, places in found.items() for place in places}
    LinkUse.objects.filter(pk__in=[pk for key, pk in known.items() if key not in wanted]).delete()
    LinkUse.objects.bulk_create(
        LinkUse(link_id=link, content_type_id=place.content_type, object_id=place.object_id, field=place.field)
        for link, place in wanted - known.keys()
    )


def digest(target: Target) -> str:
    """What a link is known by: an address may be too long for an index."""
    return hashlib.sha256(target.address.encode()).hexdigest()


def check_due(*, limit: int, check: Callable[[str], Answer] | None = None) -> int:
    """Look at the links to other sites that are due, one of each site; returns how many."""
    links = _one_of_each_site(WatchedLink.objects.due().iterator(), limit)
    for link in links:
        _settle(link, (check or check_address)(link.target))
    return len(links)


def _one_of_each_site(links: Iterable[WatchedLink], limit: int) -> list[WatchedLink]:
    chosen: dict[str, WatchedLink] = {}
    for link in links:
        if len(chosen) == limit:
            break
        chosen.setdefault(urlsplit(link.target).netloc.lower(), link)
    return list(chosen.values())


def _settle(link: WatchedLink, answer: Answer) -> None:
    """Write down what came of looking at a link. One that an editor let be is asked about anew once it has worked."""
    now = timezone.now()
    link.checked_at = now
    link.status = answer.status
    link.problem = answer.problem or ""
    if answer.problem:
        link.failures += 1
        link.failing_since = link.failing_since or now
        link.is_broken = answer.problem.is_lasting or link.failures >= FAILURES_THAT_COUNT
        link.due_at = now + AGAIN_AFTER
    else:
        link.failures, link.is_broken = 0, False
        link.failing_since = link.ignored_at = link.ignored_by = None
        link.due_at = now + timedelta(days=settings.LINK_CHECK_DAYS)
    link.save()


def check_all(*, limit: int | None = None) -> Checked:
    """Settle all links of the hub, and look at those to other sites that are due, or at so many of them."""
    inside, _found = note_inside_links(), note_outside_links()
    outside = 0
    while limit is None or outside < limit:
        done = check_due(
            limit=settings.LINKS_PER_ROUND if limit is None else min(limit - outside, settings.LINKS_PER_ROUND)
        )
        if not done:
            break
        outside += done
    return Checked(inside, outside, WatchedLink.objects.due().count())


def let_be(link: WatchedLink, *, user: object) -> None:
    """Take a link off the list: an editor looked at it."""
    link.ignored_at, link.ignored_by = timezone.now(), user  # type: ignore[assignment]
    link.save(update_fields=["ignored_at", "ignored_by"])


def watch_again(link: WatchedLink) -> None:
    """Put a link back on the list."""
    link.ignored_at = link.ignored_by = None
    link.save(update_fields=["ignored_at", "ignored_by"])


def look_again(link: WatchedLink) -> None:
    """Have a link to another site looked at in the next round."""
    link.due_at = timezone.now() - timedelta(days=365)
    link.save(update_fields=["due_at"])
