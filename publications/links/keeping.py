"""What is kept of links: where each stands, what came of looking, and what is to be looked at next."""

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from publications.links.finding import Place, Target, find_links
from publications.links.inside import problems_inside
from publications.links.outside import Answer, check_address, longest_seconds
from publications.models.links import LinkUse, WatchedLink

FAILURES_THAT_COUNT = 3
"""So many times in a row a site must fail before its link is said to be broken, a day apart."""
AGAIN_AFTER = timedelta(days=1)

Found = dict[Target, set[Place]]


@dataclass(frozen=True)
class Kept:
    """The rows of links and of their places, by what they are of."""

    links: dict[Target, int]
    places: dict[tuple[Target, Place], int]


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
        problem = problems.get(Target(link.target))
        if problem and link.problem != problem:  # whoever noted at the same moment may have found another link
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


def _keep(found: Found, *, is_inside: bool) -> None:
    """Make the rows of these links and their places what they are now; locks and writes only where they differ."""
    wanted = {(target, place) for target, places in found.items() for place in places}
    kept = _read(is_inside=is_inside)
    if kept.links.keys() == found.keys() and kept.places.keys() == wanted:
        return
    with transaction.atomic():
        _wait_for_turn()
        kept = _read(is_inside=is_inside)
        WatchedLink.objects.filter(pk__in=[pk for target, pk in kept.links.items() if target not in found]).delete()
        LinkUse.objects.filter(pk__in=[pk for key, pk in kept.places.items() if key not in wanted]).delete()
        new = [
            WatchedLink(target=target.address, digest=digest(target), is_inside=is_inside)
            for target in found.keys() - kept.links.keys()
        ]
        WatchedLink.objects.bulk_create(new, ignore_conflicts=True)
        links = _read(is_inside=is_inside).links
        uses = [
            LinkUse(
                link_id=links[target], content_type_id=place.content_type, object_id=place.object_id, field=place.field
            )
            for target, place in wanted - kept.places.keys()
        ]
        LinkUse.objects.bulk_create(uses, ignore_conflicts=True)


def _wait_for_turn() -> None:
    """One writer of links at a time, until the transaction ends. SQLite sees to that itself."""
    number = ContentType.objects.get_for_model(WatchedLink).pk
    ContentType.objects.select_for_update(no_key=True).get(pk=number)


def _read(*, is_inside: bool) -> Kept:
    links = WatchedLink.objects.filter(is_inside=is_inside)
    targets = {link: Target(target) for link, target in links.values_list("pk", "target")}
    uses = LinkUse.objects.filter(link__is_inside=is_inside)
    rows = uses.values_list("pk", "link_id", "content_type_id", "object_id", "field")
    return Kept(
        links={target: link for link, target in targets.items()},
        places={
            (targets[link], Place(number, thing, field)): pk
            for pk, link, number, thing, field in rows
            if link in targets
        },
    )


def digest(target: Target) -> str:
    """What a link is known by: an address may be too long for an index."""
    return hashlib.sha256(target.address.encode()).hexdigest()


def check_due(*, limit: int, check: Callable[[str], Answer] | None = None) -> int:
    """Look at the links to other sites that are due, one of each site, until the round is over; returns how many."""
    ends, done = time.monotonic() + round_seconds(), 0
    for link in _one_of_each_site(WatchedLink.objects.due().iterator(), limit):
        if done and time.monotonic() + longest_seconds() > ends:
            break
        _settle(link, (check or check_address)(link.target))
        done += 1
    return done


def round_seconds() -> float:
    """How long a round may take: a task that takes too long is given to a second worker."""
    return settings.TASK_STALE_SECONDS / 2


def _one_of_each_site(links: Iterable[WatchedLink], limit: int) -> list[WatchedLink]:
    chosen: dict[str, WatchedLink] = {}
    for link in links:
        if len(chosen) == limit:
            break
        chosen.setdefault(_site_of(link.target), link)
    return list(chosen.values())


def _site_of(address: str) -> str:
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:  # "http://[x" has none; looking at it says so
        return address


def _settle(link: WatchedLink, answer: Answer) -> None:
    """Write down what came of looking at a link. One that an editor let be is asked about anew once it has worked.

    Only what looking tells is written: meanwhile an editor may have acted on the link, or it may be gone.
    """
    now, row = timezone.now(), WatchedLink.objects.filter(pk=link.pk)
    again_after = AGAIN_AFTER if answer.problem else timedelta(days=settings.LINK_CHECK_DAYS)
    row.filter(due_at=link.due_at).update(due_at=now + again_after)
    if answer.problem:
        failures = link.failures + 1
        row.update(
            checked_at=now,
            status=answer.status,
            problem=answer.problem,
            failures=failures,
            failing_since=link.failing_since or now,
            is_broken=answer.problem.is_lasting or failures >= FAILURES_THAT_COUNT,
        )
    else:
        works: dict[str, Any] = {"problem": "", "failures": 0, "failing_since": None, "is_broken": False}
        row.update(checked_at=now, status=answer.status, ignored_at=None, ignored_by=None, **works)


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


def let_be(link: WatchedLink, *, user: Any) -> None:
    """Take a link off the list: an editor looked at it."""
    WatchedLink.objects.filter(pk=link.pk).update(ignored_at=timezone.now(), ignored_by=user)


def watch_again(link: WatchedLink) -> None:
    """Put a link back on the list."""
    WatchedLink.objects.filter(pk=link.pk).update(ignored_at=None, ignored_by=None)


def look_again(link: WatchedLink) -> None:
    """Have a link to another site looked at in the next round."""
    WatchedLink.objects.filter(pk=link.pk).update(due_at=timezone.now() - timedelta(days=365))
