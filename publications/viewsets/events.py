"""Events, their series, funders and projects in the CMS."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Count, QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn, StatusFlagColumn, UpdatedAtColumn

from publications.models import Event, EventSeries, Funder, Project
from publications.viewsets.base import ViewSet
from publications.viewsets.choosers import chooser_with_form
from publications.viewsets.event_forms import EventSeriesForm
from publications.viewsets.event_panels import EVENT_TABS, SERIES_PANELS
from publications.viewsets.panels import FUNDER_PANELS, PROJECT_PANELS
from publications.viewsets.status import status_column, with_status
from publications.vocabularies import EventKind

UPDATED = UpdatedAtColumn(label=gettext_lazy("Updated"))
STATUS = status_column()


class LiveFilterSet(WagtailFilterSet):
    """Live or draft, and what is missing in one of the languages."""

    live = django_filters.ChoiceFilter(
        label=gettext_lazy("Status"),
        choices=[("True", gettext_lazy("Live")), ("False", gettext_lazy("Draft"))],
        widget=forms.RadioSelect,
        empty_label=gettext_lazy("All"),
    )
    lacks = django_filters.ChoiceFilter(
        label=gettext_lazy("Lacks"),
        method="filter_lacks",
        choices=[
            ("title_en", gettext_lazy("a title in English")),
            ("title_nl", gettext_lazy("a title in Dutch")),
            ("summary_en", gettext_lazy("a summary in English")),
            ("summary_nl", gettext_lazy("a summary in Dutch")),
        ],
        widget=forms.RadioSelect,
        empty_label=gettext_lazy("All"),
    )

    def filter_lacks(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(**{value: ""})


class EventFilterSet(LiveFilterSet):
    """The kind and the dates of events, too."""

    kind = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Kind"), choices=EventKind.choices, widget=forms.CheckboxSelectMultiple
    )
    starts = django_filters.DateFromToRangeFilter(label=gettext_lazy("Date"), widget=DateRangePickerWidget)

    class Meta:
        model = Event
        fields = ["kind", "starts"]


def event_consequences(event: Event) -> str:
    """How many records come from the event."""
    count = event.records.count()  # type: ignore[attr-defined]
    if not count:
        return ""
    return ngettext(
        "One record comes from this event: it stays, without an event.",
        "%(count)d records come from this event: they stay, without an event.",
        count,
    ) % {"count": count}


def start_date(event: Event) -> str:
    """The day on which it begins. Wagtail's own column says of any day to come that it is now."""
    return formats.date_format(timezone.localtime(event.starts)) if event.starts else ""


class EventViewSet(ViewSet):
    """What the cluster holds."""

    model = Event
    icon = "calendar"
    consequences = staticmethod(event_consequences)
    edit_handler = EVENT_TABS
    title_label = gettext_lazy("Event")
    title_sort_key = "title_en"
    ordering = "-starts"
    search_fields = ("title_en", "title_nl", "place", "city")
    filterset_class = EventFilterSet
    list_display = [
        "__str__",
        "kind",
        Column("starts", label=gettext_lazy("Starts"), sort_key="starts", accessor=start_date),
        Column("city", label=gettext_lazy("City"), sort_key="city"),
        NumberColumn("record_count", label=gettext_lazy("Records"), sort_key="record_count"),
        STATUS,
        UPDATED,
    ]
    list_export = ("title_en", "title_nl", "kind", "starts", "ends", "place", "city", "record_count", "live")
    export_headings = {"record_count": gettext_lazy("Records")}

    def get_queryset(self, request: Any) -> QuerySet:
        return with_status(Event.objects.annotate(record_count=Count("records", distinct=True)))


def series_consequences(series: EventSeries) -> str:
    """How many events belong to the series."""
    count = series.events.count()  # type: ignore[attr-defined]
    if not count:
        return ""
    return ngettext(
        "One event belongs to this series: it stays, without a series.",
        "%(count)d events belong to this series: they stay, without a series.",
        count,
    ) % {"count": count}


class EventSeriesViewSet(ViewSet):
    """Events of one name that are held again and again."""

    model = EventSeries
    icon = "rotate"
    consequences = staticmethod(series_consequences)
    chooser_viewset_class = chooser_with_form(EventSeriesForm)
    edit_handler = SERIES_PANELS
    title_label = gettext_lazy("Series")
    title_sort_key = "title_en"
    ordering = ("title_en", "title_nl")
    search_fields = ("title_en", "title_nl")
    list_display = [
        "__str__",
        NumberColumn("event_count", label=gettext_lazy("Events"), sort_key="event_count"),
        UPDATED,
    ]
    list_export = ("title_en", "title_nl", "event_count")
    export_headings = {"event_count": gettext_lazy("Events")}

    def get_queryset(self, request: Any) -> QuerySet:
        return EventSeries.objects.annotate(event_count=Count("events", distinct=True))


# Funding -----------------------------------------------------------------------------------------------------------


class FunderForm(forms.ModelForm):
    """A funder added in passing from a chooser."""

    class Meta:
        model = Funder
        fields = ["name_en", "name_nl", "identifier"]


class FunderFilterSet(WagtailFilterSet):
    """Funders of the cluster, or of records."""

    class Meta:
        model = Funder
        fields = ["is_funder_of_cluster"]


class FunderViewSet(ViewSet):
    """Who paid."""

    model = Funder
    icon = "pick"
    chooser_viewset_class = chooser_with_form(FunderForm)
    edit_handler = FUNDER_PANELS
    title_label = gettext_lazy("Funder")
    title_sort_key = "name_en"
    sort_order_field = "sort_order"
    search_fields = ("name_en", "name_nl", "identifier")
    filterset_class = FunderFilterSet
    list_display = [
        "__str__",
        StatusFlagColumn(
            "is_funder_of_cluster",
            label=gettext_lazy("Home page"),
            true_label=gettext_lazy("shown"),
            sort_key="is_funder_of_cluster",
        ),
        NumberColumn("record_count", label=gettext_lazy("Records"), sort_key="record_count"),
        UPDATED,
    ]
    list_export = ("name_en", "name_nl", "identifier", "url", "is_funder_of_cluster", "record_count")
    export_headings = {"record_count": gettext_lazy("Records")}

    def get_queryset(self, request: Any) -> QuerySet:
        return Funder.objects.annotate(record_count=Count("funding_references__record", distinct=True))


class ProjectFilterSet(WagtailFilterSet):
    """Projects by who paid them."""

    class Meta:
        model = Project
        fields = ["funder"]


class ProjectViewSet(ViewSet):
    """Work that was paid under one number."""

    model = Project
    icon = "folder-open-1"
    edit_handler = PROJECT_PANELS
    title_label = gettext_lazy("Project")
    title_sort_key = "acronym"
    ordering = ("acronym", "title_en")
    search_fields = ("title_en", "title_nl", "acronym", "award_number")
    filterset_class = ProjectFilterSet
    list_display = [
        "__str__",
        Column("title_en", label=gettext_lazy("Title"), sort_key="title_en"),
        Column("funder", label=gettext_lazy("Funder"), sort_key="funder"),
        Column("award_number", label=gettext_lazy("Grant number"), sort_key="award_number"),
        NumberColumn("record_count", label=gettext_lazy("Records"), sort_key="record_count"),
        UPDATED,
    ]
    list_export = ("acronym", "title_en", "title_nl", "funder", "award_number", "start_year", "end_year")

    def get_queryset(self, request: Any) -> QuerySet:
        count = Count("funding_references__record", distinct=True)
        return Project.objects.select_related("funder").annotate(record_count=count)
