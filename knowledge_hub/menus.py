"""The menus as one reader gets them: where each item leads, in their language, without what they may not open."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction

from publications.deposit.sending import DEPOSIT
from publications.menus import Place
from publications.models import SiteSettings
from publications.models.bilingual import LocalText, site_language
from publications.templatetags.addresses import same_place

NAMES = {
    Place.RECORDS: "search:search",
    Place.EXPERTS: "search:experts",
    Place.PEOPLE: "publications:people",
    Place.ORGANISATIONS: "publications:organisations",
    Place.EVENTS: "publications:events",
    Place.COLLECTIONS: "publications:collections",
    Place.TOPICS: "publications:topics",
    Place.ASK: "publications:ask_cluster",
    Place.DEPOSIT: "publications:deposit",
    Place.FEED: "records_feed",
    Place.CALENDAR: "publications:events_calendar",
    Place.API: "api:openapi-json",
    Place.SITEMAP: "sitemap",
}
ALSO = {Place.RECORDS: "publications:records", Place.EXPERTS: "publications:people"}
"""What lies within a place of another address."""


@dataclass(frozen=True)
class Link:
    """A link of a menu; `current` is "page" on that very page, "true" below it."""

    url: str
    label: LocalText
    current: str = ""


@dataclass(frozen=True)
class Column:
    """A column at the foot."""

    heading: str
    links: list[Link]


class Menus:
    """The menu at the top and the columns at the foot; asks for the pages of both once, and for none if there are none.

    They are read as they are stored: as blocks, each chooser in them would ask for its page by itself.
    """

    def __init__(self, settings: SiteSettings, request: HttpRequest) -> None:
        self.request = request
        self.language = site_language()
        self.items = list(settings.menu.raw_data)
        self.columns = [column["value"] for column in settings.foot.raw_data]

    @cached_property
    def top(self) -> list[Link]:
        """The links at the top, with the one that leads to where the reader is."""
        return [self._with_current(item, link) for item, link in self._links(self.items)]

    @cached_property
    def foot(self) -> list[Column]:
        """The columns that have something for this reader."""
        columns = (
            Column(column[f"heading_{self.language}"], [link for _item, link in self._links(column["links"])])
            for column in self.columns
        )
        return [column for column in columns if column.links]

    def _links(self, items: Iterable[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], Link]]:
        for item in items:
            match item["type"]:
                case "place":
                    found = self._place(item["value"])
                case "page":
                    found = self._page(item["value"])
                case "link":
                    found = [self._link(item["value"]["url"], item["value"][f"label_{self.language}"])]
                case _:
                    found = self._pages.in_menus(self.language)
            yield from ((item, link) for link in found)

    def _place(self, value: dict[str, Any]) -> list[Link]:
        place = Place(value["place"])
        if place == Place.DEPOSIT and not self._may_deposit:
            return []
        return [self._link(reverse(NAMES[place]), value.get(f"label_{self.language}") or str(place.label))]

    @property
    def _may_deposit(self) -> bool:
        """Whether the page would do more than refuse: a stranger is asked to sign in first."""
        user = getattr(self.request, "user", None)
        return user is None or not user.is_authenticated or user.has_perm(DEPOSIT)

    def _page(self, value: dict[str, Any]) -> list[Link]:
        link = self._pages.link(value["page"], self.language)
        if link is None:
            return []
        label = value.get(f"label_{self.language}")
        return [self._link(link.url, label) if label else link]

    def _link(self, url: str, label: str) -> Link:
        return Link(url, LocalText(label, self.language))

    def _with_current(self, item: dict[str, Any], link: Link) -> Link:
        path = self.request.path
        if path == link.url:
            current = "page"
        else:
            is_below = link.url != f"/{self.language}/" and path.startswith((link.url, *self._also(item)))
            current = "true" if is_below else ""
        return replace(link, current=current)

    def _also(self, item: dict[str, Any]) -> list[str]:
        """Other addresses within the place, as far as the menu has no item for them."""
        named = {NAMES[Place(other["value"]["place"])] for other in self.items if other["type"] == "place"}
        name = ALSO.get(item["value"].get("place")) if item["type"] == "place" else None
        return [reverse(name)] if name and name not in named else []

    @cached_property
    def _pages(self) -> "PagesForReader":
        links = [*self.items, *(link for column in self.columns for link in column["links"])]
        return PagesForReader(self.request, [link["value"]["page"] for link in links if link["type"] == "page"])


class PagesForReader:
    """The pages named in menus, and those set to stand in them, as far as this reader may open them."""

    def __init__(self, request: HttpRequest, named: Iterable[int | None]) -> None:
        self.request = request
        chosen = Q(pk__in=[pk for pk in named if pk])
        keys = Page.objects.filter(chosen).values("translation_key")
        wanted = chosen | Q(translation_key__in=keys) | Q(show_in_menus=True, depth__gt=2)
        pages = list(Page.objects.filter(wanted).select_related("locale").order_by("path"))
        self.keys = {page.pk: page.translation_key for page in pages}
        closed = self._closed_paths(pages)
        self.open = [page for page in pages if page.live and not page.path.startswith(closed)]

    def _closed_paths(self, pages: list[Page]) -> tuple[str, ...]:
        """The paths in the tree below which this reader may open nothing."""
        restrictions = PageViewRestriction.objects.select_related("page").prefetch_related("groups")
        # A request that is refused before anybody is asked who they are has no user.
        is_known = hasattr(self.request, "user")
        return tuple(
            restriction.page.path
            for restriction in restrictions
            if any(page.path.startswith(restriction.page.path) for page in pages)
            and not (is_known and restriction.accept_request(self.request))
        )

    def in_menus(self, language: str) -> list[Link]:
        """The pages in this language that are set to be shown in menus, in the order of the tree."""
        found = [page for page in self.open if page.show_in_menus and page.locale.language_code == language]
        addresses = [(page, page.get_url(self.request)) for page in found if page.depth > 2]
        return [Link(url, LocalText(page.title, language)) for page, url in addresses if url]

    def link(self, pk: int | None, language: str) -> Link | None:
        """To a page in this language; to the other one's, shown below this, where there is no translation."""
        versions = {
            page.locale.language_code: page for page in self.open if page.translation_key == self.keys.get(pk or 0)
        }
        page = versions.get(language) or next(iter(versions.values()), None)
        url = page.get_url(self.request) if page else None
        if page is None or not url:
            return None
        if page.locale.language_code == language:
            return Link(url, LocalText(page.title, language))
        title = LocalText(page.title, page.locale.language_code, is_substitute=True)
        return Link(same_place(url, language) or url, title)
