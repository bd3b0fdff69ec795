"""What people read: the records viewed and taken most this month, on the first page of the CMS and as a report."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import policy_registry

from publications.models import Publication, Record
from publications.viewsets.listings import IndexView
from publications.viewsets.record_forms import edit_url

ON_THE_DESK = 5


def most_read(*, since: date) -> QuerySet:
    """Live records that were viewed or taken since that day, the most viewed first, with `views` and `downloads`."""
    lately = Q(daily_use__day__gte=since)
    counted = Record.objects.live().annotate(
        views=Sum("daily_use__views", filter=lately, default=0),
        downloads=Sum("daily_use__downloads", filter=lately, default=0),
    )
    read = counted.filter(Q(views__gt=0) | Q(downloads__gt=0))
    return read.select_related("publication", "presentation", "eventoutcome").order_by("-views", "-downloads", "pk")


def this_month() -> date:
    """The first day of the month."""
    return timezone.localdate().replace(day=1)


def may_see_use(user: Any) -> bool:
    """Whether somebody works with records."""
    may: bool = policy_registry.get_by_type(Publication).user_has_permission(user, "change")
    return may


class MostReadPanel(Component):
    """The first few of this month, on the first page."""

    name = "most-read"
    template_name = "publications/admin/most_read_panel.html"
    order = 60

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        if not may_see_use(self.request.user):
            return {}
        records = most_read(since=this_month())
        shown = [{"record": record, "url": edit_url(record)} for record in records[:ON_THE_DESK]]
        return {"shown": shown, "count": records.count(), "report_url": reverse("most_read_report")}


class MostReadReport(ReportView):
    """Every record that was read this month."""

    model = Record
    page_title = gettext_lazy("Read this month")
    header_icon = "view"
    index_url_name = "most_read_report"
    index_results_url_name = "most_read_report_results"
    no_results_message = gettext_lazy("Nobody has read a record this month yet.")
    custom_value_preprocess = IndexView.custom_value_preprocess
    export_filename = "read-this-month"
    columns = [
        TitleColumn("title", label=gettext_lazy("Record"), get_url=edit_url),
        Column("resource_type", label=gettext_lazy("Kind"), accessor="get_resource_type_display"),
        NumberColumn("views", label=gettext_lazy("Views")),
        NumberColumn("downloads", label=gettext_lazy("Downloads")),
    ]
    list_export = ["pid", "title", "views", "downloads"]
    export_headings = {
        "pid": gettext_lazy("Record"),
        "title": gettext_lazy("Title"),
        "views": gettext_lazy("Views"),
        "downloads": gettext_lazy("Downloads"),
    }

    def user_has_permission(self, permission: str) -> bool:
        return may_see_use(self.request.user)

    def user_has_any_permission(self, permissions: Any) -> bool:
        return may_see_use(self.request.user)

    def get_base_queryset(self) -> QuerySet:
        return most_read(since=this_month())

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset


class MostReadMenuItem(MenuItem):
    """The report in the menu, for those who work with records."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_use(request.user)


def most_read_menu_item() -> MenuItem:
    """What people read, among the reports."""
    return MostReadMenuItem(
        gettext_lazy("Read this month"), reverse("most_read_report"), name="most-read", icon_name="view", order=150
    )


admin_urls = [
    path("reports/most-read/", MostReadReport.as_view(), name="most_read_report"),
    path("reports/most-read/results/", MostReadReport.as_view(results_only=True), name="most_read_report_results"),
]
