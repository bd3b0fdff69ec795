"""Finding what stands at an address, or where it went."""

from typing import TypeVar

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect

from publications.models.addresses import Addressed, find_by_address

T = TypeVar("T", bound=Addressed)


def find_shown(shown: QuerySet[T], slug: str) -> T:
    """The thing at this address now, or the one that an old address leads to. Raises Http404 for all others.

    shown: what this reader may know of. Whoever asks compares the slugs, and redirects for good where they differ.
    """
    thing = shown.filter(slug=slug).first()
    if thing is None:
        moved = find_by_address(shown.model, slug)
        thing = shown.filter(pk=moved.pk).first() if moved else None
    if thing is None:
        raise Http404
    return thing


def lead_to(address: str) -> HttpResponse:
    """A redirect from an old address, for good, which browsers ask for again each time.

    A browser remembers a permanent redirect else: whoever saw a merge would never see that it was undone.
    """
    return HttpResponsePermanentRedirect(address, headers={"Cache-Control": "no-cache"})
