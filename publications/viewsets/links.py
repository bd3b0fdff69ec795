"""The report of links that lead nowhere: where they stand, what is wrong, since when, and what to do about it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import django_filters
from django.conf import settings
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import BaseColumn, DateColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page

from publications.links import keeping
from publications.models import LinkUse, Record, WatchedLink
from publications.models.links import WatchedLinkQuerySet
from publications.viewsets.listings import IndexView
from publications.viewsets.most_read import may_see_use

STATES = {"broken": gettext_lazy("To look at"), "let_be": gettext_lazy("Let be")}
SIDES = {"inside": gettext_lazy("Within the hub"), "outside": gettext_lazy("To other sites")}


def may_mend_links(user: Any) -> bool:
    """Whether somebody edits what the hub holds."""
    return may_see_use(user)


def count_broken() -> int:
    """How many links lead nowhere, as far as the clock knows."""
    return WatchedLink.objects.broken().count()


@dataclass(frozen=True)
class PlaceOfLink:
    """Where a link stands: the thing with its form, and the field in words."""

    name: str
    field: str
    form_url: str

    def __str__(self) -> str:
        return f"{self.name} ({self.field})"


class LinkFilterSet(WagtailFilterSet):
    """Broken ones or those that were let be; within the hub or to other sites."""

    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=list(STATES.items()), method="of_state", empty_label=None, null_label=None
    )
    side = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind of link"), choices=list(SIDES.items()), method="of_side"
    )

    class Meta:
        model = WatchedLink
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> Any:
        """Those to look at, unless others are asked for."""
        wanted = self.form.cleaned_data.get("state") or "broken"
        shown = queryset.let_be() if wanted == "let_be" else queryset.broken()
        return super().filter_queryset(shown)

    def of_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset

    def of_side(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(is_inside=value == "inside")


class TargetColumn(BaseColumn):
    """What a link leads to, what is wrong with it, and what can be done."""

    cell_template_name = "publications/admin/link_cell.html"


class PlacesColumn(BaseColumn):
    """The things that a link stands in, each leading to its form."""

    cell_template_name = "publications/admin/link_places_cell.html"


class BrokenLinksReport(ReportView):
    """Every link that leads nowhere."""

    model = WatchedLink
    page_title = gettext_lazy("Broken links")
    header_icon = "link"
    index_url_name = "broken_links"
    index_results_url_name = "broken_links_results"
    filterset_class = LinkFilterSet
    no_results_message = gettext_lazy("Every link that was looked at leads somewhere.")
    custom_value_preprocess = IndexView.custom_value_preprocess
    export_filename = "broken-links"
    columns = [
        TargetColumn("target", label=gettext_lazy("Link")),
        PlacesColumn("places", label=gettext_lazy("Stands in"), width="32%"),
        DateColumn("failing_since", label=gettext_lazy("Since"), width="14%"),
    ]
    list_export = ["target", "get_problem_display", "status", "failing_since", "checked_at", "places"]
    export_headings = {
        "target": gettext_lazy("Link"),
        "get_problem_display": gettext_lazy("What is wrong"),
        "status": gettext_lazy("Answer"),
        "failing_since": gettext_lazy("Since"),
        "checked_at": gettext_lazy("Looked at"),
        "places": gettext_lazy("Stands in"),
    }

    def user_has_permission(self, permission: str) -> bool:
        return may_mend_links(self.request.user)

    def user_has_any_permission(self, permissions: Any) -> bool:
        return may_mend_links(self.request.user)

    def get_base_queryset(self) -> WatchedLinkQuerySet:
        return WatchedLink.objects.select_related("ignored_by").order_by("failing_since", "pk")

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        """The links, each with its places and its target in words; asks once for each kind of thing."""
        links = list(object_list)
        of_kinds = Record.objects.select_related("publication", "presentation", "eventoutcome")
        uses = (
            LinkUse.objects.filter(link__in=links).prefetch_related(GenericPrefetch("thing", [of_kinds])).order_by("pk")
        )
        finder, names = AdminURLFinder(self.request.user), _names_of_pages(links)
        places: dict[int, list[PlaceOfLink]] = {link.pk: [] for link in links}
        for use in uses:
            places[use.link_id].append(_place(use, finder))
        for link in links:
            link.places = places[link.pk]
            link.words = names.get(link.target, link.target)
        return links

    def to_row_dict(self, item: Any) -> Any:
        return super().to_row_dict(item) | {"target": item.words, "places": "; ".join(map(str, item.places))}


def _place(use: LinkUse, finder: AdminURLFinder) -> PlaceOfLink:
    model: Any = ContentType.objects.get_for_id(use.content_type_id).model_class()
    try:
        field = str(model._meta.get_field(use.field).verbose_name)
    except AttributeError:  # a relation has no name of its own
        field = _("related works")
    return PlaceOfLink(str(use.thing or _("deleted")), field, (use.thing and finder.get_edit_url(use.thing)) or "")


def _names_of_pages(links: list[WatchedLink]) -> dict[str, str]:
    """What links to pages and documents of the CMS lead to, in words."""
    numbers = [
        int(link.target.partition(":")[2])
        for link in links
        if link.target.startswith("page:") and link.target[5:].isdigit()
    ]
    titles = dict(Page.objects.filter(pk__in=numbers).values_list("pk", "title"))
    names = {f"page:{pk}": _("the page “%(title)s”") % {"title": title} for pk, title in titles.items()}
    for link in links:
        kind = link.target.partition(":")[0]
        if kind == "page":
            names.setdefault(link.target, _("a page that was deleted"))
        elif kind == "document":
            names[link.target] = _("a document that was deleted")
    return names


def _look_again(request: HttpRequest, link: WatchedLink) -> None:
    if link.is_inside:
        keeping.note_inside_links()
        is_mended = not WatchedLink.objects.filter(pk=link.pk).exists()
        messages.success(request, _("It leads somewhere again.") if is_mended else _("It still leads nowhere."))
    elif settings.LINK_CHECKS_ENABLED:
        keeping.look_again(link)
        messages.success(request, _("It will be looked at within a few minutes."))
    else:
        messages.warning(request, _("This hub does not look at links to other sites."))


def _let_be(request: HttpRequest, link: WatchedLink) -> None:
    keeping.let_be(link, user=request.user)
    messages.success(request, _("It is off the list until it has worked and breaks again."))


def _watch_again(request: HttpRequest, link: WatchedLink) -> None:
    keeping.watch_again(link)
    messages.success(request, _("It is on the list again."))


ACTS: dict[str, Callable[[HttpRequest, WatchedLink], None]] = {
    "look": _look_again,
    "let-be": _let_be,
    "watch": _watch_again,
}


@require_POST
def act_on_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Look at a link again, let it be, or put it back on the list: as `do` says."""
    if not may_mend_links(request.user):
        raise PermissionDenied
    act = ACTS.get(request.POST.get("do", ""))
    if act:
        act(request, get_object_or_404(WatchedLink, pk=pk))
    query = request.GET.urlencode()
    return redirect(reverse("broken_links") + (f"?{query}" if query else ""))


class BrokenLinksMenuItem(MenuItem):
    """The report in the menu, for those who can mend links."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_mend_links(request.user)


def broken_links_menu_item() -> MenuItem:
    """Broken links, among the reports."""
    return BrokenLinksMenuItem(
        gettext_lazy("Broken links"), reverse("broken_links"), name="broken-links", icon_name="link", order=145
    )


admin_urls = [
    path("reports/broken-links/", BrokenLinksReport.as_view(), name="broken_links"),
    path("reports/broken-links/results/", BrokenLinksReport.as_view(results_only=True), name="broken_links_results"),
    path("reports/broken-links/<int:pk>/", act_on_link, name="act_on_link"),
]
