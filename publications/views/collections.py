"""Collections: the page of one, and the index of all."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from publications.access import User
from publications.formats import FORMATS
from publications.models import Collection, Person, Record
from publications.models.bilingual import LocalText, local_text, site_language
from publications.printing import PrintedEntry, PrintedList, print_list
from publications.reading_lists import MOST_BY_RULE, Entry, ReadingList, audience_of, count_records, list_records
from publications.rules import read_rule
from publications.views.addresses import find_shown, lead_to
from publications.views.summaries import people_of
from publications.views.wording import access_words, names_in_words, published_in

ITEMS_PER_PAGE = 25
COLLECTIONS_PER_PAGE = 24
"""Each rule among them is asked how much it finds."""


@require_safe
def collection(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a published collection; an old address leads to it."""
    found = find_shown(Collection.objects.live().select_related("cover"), slug)
    if found.slug != slug:
        return lead_to(found.get_absolute_url())
    is_newest_first = request.GET.get("sort") == "newest"
    context = collection_context(
        found, user=request.user, page=request.GET.get("page"), is_newest_first=is_newest_first
    )
    return _answer(request, "publications/collection.html", found, context)


@require_safe
def reading_list_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as a PDF."""
    found = find_shown(Collection.objects.live(), slug)
    if found.slug != slug:
        return lead_to(reverse("publications:reading_list_pdf", args=[found.slug]))
    held = list_records(found, audience_of(request.user))
    pdf = print_list(_printed(found, held), now=timezone.now())
    name = f"{found.slug}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "X-Robots-Tag": "noindex"}
    response = HttpResponse(pdf, content_type="application/pdf", headers=headers)
    return _kept_private(response, found)


@require_safe
def reading_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that a published collection holds, on one page that is meant for paper."""
    found = find_shown(Collection.objects.live(), slug)
    if found.slug != slug:
        return lead_to(reverse("publications:reading_list", args=[found.slug]))
    held = list_records(found, audience_of(request.user))
    context = {
        "collection": found,
        "held": held,
        "items": _with_records(held.entries),
        "curators": _curators(found),
        "today": timezone.localdate(),
    }
    return _answer(request, "publications/reading_list.html", found, context)


def _answer(request: HttpRequest, template: str, collection: Collection, context: dict[str, Any]) -> HttpResponse:
    """The page; what a rule finds depends on who asks, so that no cache on the way may keep it for others."""
    return _kept_private(render(request, template, context), collection)


def _kept_private(response: HttpResponse, collection: Collection) -> HttpResponse:
    if collection.rule:
        patch_cache_control(response, private=True)
    return response


@dataclass(frozen=True)
class Item:
    """A record of a collection, its place there, and the editor's word on it."""

    number: int
    record: Record
    note: LocalText | None


def collection_context(
    collection: Collection, *, user: User, page: str | None = None, is_newest_first: bool = False
) -> dict[str, Any]:
    """What the page of a collection shows a user; the collection may be a draft that was never saved."""
    held = list_records(collection, audience_of(user))
    records = Record.objects.filter(pk__in=held.keys)
    years = sorted(year for year in records.order_by().values_list("year", flat=True) if year)
    entries = list(held.entries)
    if is_newest_first:
        places = {pk: place for place, pk in enumerate(records.newest_first().values_list("pk", flat=True))}
        entries.sort(key=lambda entry: places[entry.record_id])
    shown = Paginator(entries, ITEMS_PER_PAGE).get_page(page)
    return {
        "collection": collection,
        "held": held,
        "rule": read_rule(collection.rule) if collection.rule else None,
        "most_by_rule": MOST_BY_RULE,
        "items": _with_records(shown),
        "page_of_items": shown,
        "formats": FORMATS,
        "total": len(entries),
        "years": (years[0], years[-1]) if years else None,
        "is_newest_first": is_newest_first,
        "people": people_of(records),
        "curators": _curators(collection),
    }


def _curators(collection: Collection) -> QuerySet[Person]:
    """Those who keep it and are shown on the site."""
    return Person.objects.visible().filter(pk__in=[person.pk for person in collection.curators.all()])


def _printed(collection: Collection, held: ReadingList) -> PrintedList:
    """The list of a collection, as it is printed in the language of the reader."""
    entries = tuple(_printed_entry(item) for item in _with_records(held.entries))
    title, summary = local_text(collection, "title"), local_text(collection, "summary")
    count = ngettext("%(count)s record", "%(count)s records", len(entries)) % {"count": len(entries)}
    curators = ", ".join(person.name for person in _curators(collection))
    remark = ""
    if not held.is_complete:
        remark = _("What the rule of this collection finds cannot be shown for the moment. Try again later.")
    elif held.has_more:
        remark = _("The rule of this collection finds more than is listed here.")
    return PrintedList(
        title=str(title),
        language=site_language(),
        kind=_("Reading list"),
        address=f"{settings.BASE_URL}{collection.get_absolute_url()}",
        made=f"{count}, {formats.date_format(timezone.localdate(), 'j F Y')}",
        kept_by=f"{_('Kept by')} {curators}" if curators else "",
        summary=str(summary),
        entries=entries,
        remark=remark,
    )


def _printed_entry(item: Item) -> PrintedEntry:
    record, where = item.record, published_in(item.record)
    facts = [names_in_words(record), str(record.year or _("year unknown"))]
    if where and str(where) != record.title:
        facts.append(str(where))
    lasting = reverse("record_plain", args=[record.pid])
    return PrintedEntry(
        number=item.number,
        title=record.title,
        language=record.language,
        facts=", ".join(filter(None, facts)),
        address=f"https://doi.org/{record.doi}" if record.doi else f"{settings.BASE_URL}{lasting}",
        access=access_words(record.access_status(today=timezone.localdate()), record.available),
        note=str(item.note or ""),
        note_language=item.note.language if item.note else "",
    )


def _with_records(entries: Iterable[Entry]) -> list[Item]:
    shown = list(entries)
    found = Record.objects.for_listing().in_bulk([entry.record_id for entry in shown])
    return [
        Item(entry.number, found[entry.record_id], local_text(entry.item, "note") if entry.item else None)
        for entry in shown
    ]


@require_safe
def collections(request: HttpRequest) -> HttpResponse:
    """Every published collection."""
    shown = Collection.objects.live().with_rows().order_by("title_en", "title_nl", "pk")
    page = Paginator(shown, COLLECTIONS_PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = count_records(page.object_list, audience_of(request.user))
    response = render(request, "publications/collections_index.html", {"page_of_collections": page})
    patch_cache_control(response, private=True)
    return response
