"""Collections: the page of one, and the index of all."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from publications.formats import FORMATS
from publications.models import Collection, CollectionItem, Person, Record
from publications.models.bilingual import LocalText, local_text
from publications.views.addresses import find_shown, lead_to
from publications.views.summaries import people_of

ITEMS_PER_PAGE = 25
COLLECTIONS_PER_PAGE = 50


@require_safe
def collection(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a published collection; an old address leads to it."""
    found = find_shown(Collection.objects.live().select_related("cover"), slug)
    if found.slug != slug:
        return lead_to(found.get_absolute_url())
    is_newest_first = request.GET.get("sort") == "newest"
    context = collection_context(found, page=request.GET.get("page"), is_newest_first=is_newest_first)
    return render(request, "publications/collection.html", context)


@dataclass(frozen=True)
class Item:
    """A record of a collection, its place there, and the editor's word on it."""

    number: int
    record: Record
    note: LocalText


def collection_context(
    collection: Collection, *, page: str | None = None, is_newest_first: bool = False
) -> dict[str, Any]:
    """What the page of a collection shows: its live records; the collection may be a draft that was never saved."""
    items = live_items(collection)
    records = Record.objects.filter(pk__in=[item.record_id for _number, item in items])
    years = sorted(year for year in records.order_by().values_list("year", flat=True) if year)
    if is_newest_first:
        places = {pk: place for place, pk in enumerate(records.newest_first().values_list("pk", flat=True))}
        items.sort(key=lambda numbered: places[numbered[1].record_id])
    shown = Paginator(items, ITEMS_PER_PAGE).get_page(page)
    return {
        "collection": collection,
        "items": _with_records(shown),
        "page_of_items": shown,
        "formats": FORMATS,
        "total": len(items),
        "years": (years[0], years[-1]) if years else None,
        "is_newest_first": is_newest_first,
        "people": people_of(records),
        "curators": Person.objects.visible().filter(pk__in=[person.pk for person in collection.curators.all()]),
    }


def live_items(collection: Collection) -> list[tuple[int, CollectionItem]]:
    """The items whose record is live, numbered in the editor's order."""
    items = list(collection.items.all())
    live = set(Record.objects.live().filter(pk__in=[i.record_id for i in items]).values_list("pk", flat=True))
    return list(enumerate((item for item in items if item.record_id in live), start=1))


def _with_records(page: Page) -> list[Item]:
    found = Record.objects.for_listing().in_bulk([item.record_id for _number, item in page])
    return [Item(number, found[item.record_id], local_text(item, "note")) for number, item in page]


@require_safe
def collections(request: HttpRequest) -> HttpResponse:
    """Every published collection."""
    shown = Collection.objects.live().with_record_counts().order_by("title_en", "title_nl", "pk")
    page = Paginator(shown, COLLECTIONS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "publications/collections_index.html", {"page_of_collections": page})
