"""The photos of an event: a gallery on its page, and a page for each, large, with the way to the next."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from publications.models import Event, EventPhoto, HubImage
from publications.models.bilingual import LocalText, local_text
from publications.views.addresses import find_shown, lead_to

WIDE, SMALL, LARGE = "fill-900x500", "fill-600x400", "max-1600x1200"
"""Crops keep the focal point; the large one shows all of the picture."""


@dataclass(frozen=True)
class Photo:
    """A photo at its place in the gallery, counted from 1."""

    number: int
    image: HubImage
    caption: LocalText


def photos_of(event: Event, *sizes: str) -> list[Photo]:
    """The photos in the editor's order; in a preview those of the form. Two queries, and one for their sizes."""
    rows: list[EventPhoto] = list(event.photos.all())
    images = HubImage.objects.prefetch_renditions(*sizes).in_bulk([row.image_id for row in rows])
    shown = [row for row in rows if row.image_id in images]
    return [
        Photo(number, images[row.image_id], local_text(row, "caption")) for number, row in enumerate(shown, start=1)
    ]


@require_safe
def event_photo(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One photo of a published event, large; an old address leads to it."""
    event = find_shown(Event.objects.live(), slug)
    if event.slug != slug:
        return lead_to(reverse("publications:event_photo", args=[event.slug, number]))
    photos = photos_of(event, LARGE)
    if not 1 <= number <= len(photos):
        raise Http404
    context = {
        "event": event,
        "photo": photos[number - 1],
        "before": photos[number - 2] if number > 1 else None,
        "next": photos[number] if number < len(photos) else None,
        "total": len(photos),
    }
    return render(request, "publications/event_photo.html", context)
