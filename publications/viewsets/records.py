"""Publications, presentations and event outcomes in the CMS."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.filters import NumberRangeWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, UpdatedAtColumn
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import WorkflowActionView

from publications.errors import PublishingBlocked
from publications.models import Event, EventOutcome, Presentation, Publication, Record, RecordFile, Topic
from publications.models.publishing import is_in_review
from publications.viewsets.base import ChangeView, ViewSet
from publications.viewsets.listings import IndexView
from publications.viewsets.panels import PUBLICATION_PANELS, record_tabs
from publications.viewsets.status import status_column, with_status
from publications.vocabularies import (
    EVENT_OUTCOME_TYPES,
    LANGUAGES,
    PRESENTATION_TYPES,
    PUBLICATION_TYPES,
    AccessRight,
    ContributorRole,
    FileStatus,
    ResourceType,
)

SHOWN_AUTHORS = 3
READABLE = (FileStatus.READY, FileStatus.PARTIAL)


# Columns: a draft shows what its latest revision says, as its own row still holds what was published. -------------


def latest_value(record: Record, name: str) -> Any:
    """The value of a field in the record's latest draft."""
    if record.has_unpublished_changes and record.latest_revision:
        return record.latest_revision.content.get(name)
    return getattr(record, name)


def author_names(record: Record) -> str:
    """The first authors by family name: "Hoeven, de Wit, Smit and 4 more"."""
    if record.has_unpublished_changes and record.latest_revision:
        rows = record.latest_revision.content.get("contributions", [])
        names = [row["family_name"] for row in rows if row["role"] == ContributorRole.CREATOR]
    else:
        names = [creator.family_name for creator in record.creators]
    shown = ", ".join(names[:SHOWN_AUTHORS])
    if len(names) > SHOWN_AUTHORS:
        return _("%(names)s and %(count)d more") % {"names": shown, "count": len(names) - SHOWN_AUTHORS}
    return shown


def searchable_files(record: Record) -> str:
    """How many of the record's files have text that can be searched: "1 of 2"."""
    files = [file for file in record.files.all() if not file.removed_at]  # type: ignore[attr-defined]
    if not files:
        return _("no files")
    readable = sum(file.status in READABLE for file in files)
    return _("%(readable)d of %(all)d") % {"readable": readable, "all": len(files)}


def label_of(choices: Any, name: str) -> Any:
    """An accessor that gives the label of a record's choice."""
    labels = dict(choices)
    return lambda record: labels.get(latest_value(record, name), "")


RECORD_COLUMNS = [
    "__str__",
    Column("authors", label=gettext_lazy("Authors"), accessor=author_names),
    Column("year", label=gettext_lazy("Year"), sort_key="year", accessor=lambda r: latest_value(r, "year")),
    Column(
        "resource_type",
        label=gettext_lazy("Type"),
        sort_key="resource_type",
        accessor=label_of(ResourceType.choices, "resource_type"),
    ),
    Column(
        "access_right",
        label=gettext_lazy("Access"),
        sort_key="access_right",
        accessor=label_of(AccessRight.choices, "access_right"),
    ),
    Column("files", label=gettext_lazy("Searchable files"), accessor=searchable_files),
    status_column(),
    UpdatedAtColumn(label=gettext_lazy("Updated")),
]


# Filters -----------------------------------------------------------------------------------------------------------


def files_with(*, only_present: bool = True, **conditions: Any) -> Q:
    """Records that have such a file."""
    files = RecordFile.objects.filter(record_id=OuterRef("pk"), **conditions)
    return Q(Exists(files.present() if only_present else files))


class RecordFilterSet(WagtailFilterSet):
    """The filters that all kinds of record share; each kind names its own resource types."""

    status = django_filters.ChoiceFilter(
        label=gettext_lazy("Status"),
        method="filter_status",
        choices=[
            ("live", gettext_lazy("Live")),
            ("draft", gettext_lazy("Draft, never published")),
            ("changed", gettext_lazy("Live, with unpublished changes")),
            ("review", gettext_lazy("Waiting for review")),
        ],
        widget=forms.RadioSelect,
        empty_label=gettext_lazy("All"),
    )
    access_right = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Access"), choices=AccessRight.choices, widget=forms.CheckboxSelectMultiple
    )
    year = django_filters.RangeFilter(label=gettext_lazy("Year"), widget=NumberRangeWidget())
    language = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Language"), choices=LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    topic = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Topic"), field_name="tagged_topics__tag", queryset=Topic.objects.current()
    )
    event = django_filters.ModelChoiceFilter(label=gettext_lazy("Event"), queryset=Event.objects.all())
    files = django_filters.ChoiceFilter(
        label=gettext_lazy("Files"),
        method="filter_files",
        choices=[
            ("none", gettext_lazy("Without files")),
            ("waiting", gettext_lazy("Waiting to be read")),
            ("trouble", gettext_lazy("With a file that cannot be searched")),
        ],
        widget=forms.RadioSelect,
        empty_label=gettext_lazy("All"),
    )

    def filter_status(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        conditions = {
            "live": Q(live=True),
            "draft": Q(live=False),
            "changed": Q(live=True, has_unpublished_changes=True),
            "review": Q(is_in_review(queryset.model)),
        }
        return queryset.filter(conditions[value])

    def filter_files(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        waiting = (FileStatus.RECEIVED, FileStatus.READING)
        trouble = [status for status in FileStatus if status not in (*waiting, *READABLE)]
        conditions = {
            "none": ~files_with(),
            "waiting": files_with(status__in=waiting),
            "trouble": files_with(status__in=trouble),
        }
        return queryset.filter(conditions[value])


def filters_with_types(model: type[Record], types: tuple[ResourceType, ...]) -> type[RecordFilterSet]:
    """The filters of a kind of record, with its resource types."""
    resource_type = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Type"),
        choices=[(value.value, value.label) for value in types],
        widget=forms.CheckboxSelectMultiple,
    )
    meta = type("Meta", (), {"model": model, "fields": ["resource_type"]})
    return type(f"{model.__name__}FilterSet", (RecordFilterSet,), {"resource_type": resource_type, "Meta": meta})


# Views -------------------------------------------------------------------------------------------------------------


class RecordIndexView(IndexView):
    """A listing of records with their authors and the state of their files."""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """Also the ways to changing all that the filters and words find, by a form or as a spreadsheet."""
        if not self.user_has_permission("publish"):
            return super().header_more_buttons
        ways = (("change_many", _("Change all that match"), "edit"), ("bulk_table", _("As a spreadsheet"), "table"))
        query = self.request.GET.urlencode()
        return [
            *super().header_more_buttons,
            *(
                Button(label, url=f"{reverse(name, args=[self.model.kind])}?{query}", icon_name=icon, priority=20)
                for name, label, icon in ways
            ),
        ]

    def _annotate_queryset_updated_at(self, queryset: QuerySet) -> QuerySet:
        # Imported records have no revision until somebody edits them.
        return queryset.select_related("latest_revision").annotate(
            _updated_at=Coalesce("latest_revision__created_at", "changed_at")
        )

    custom_field_preprocess = {
        "creators": {
            format_: lambda creators: "; ".join(creator.name for creator in creators)
            for format_ in (IndexView.FORMAT_CSV, IndexView.FORMAT_XLSX)
        }
    }


def record_consequences(record: Record) -> str:
    """Which files go along."""
    count = RecordFile.objects.present().filter(record_id=record.pk).count()
    if not count:
        return ""
    return ngettext(
        "Its file and the text of its pages go with it.",
        "Its %(count)d files and the text of their pages go with it.",
        count,
    ) % {"count": count}


class RecordEditView(ChangeView):
    """The form of a record. Where it cannot be published, it is saved as a draft, and a sentence says why."""

    def run_action_method(self) -> Any:
        try:
            return super().run_action_method()
        except PublishingBlocked as error:
            messages.error(self.request, _(str(error)))
            return redirect(self.get_edit_url())


class RecordWorkflowActionView(WorkflowActionView):
    """An approval from a listing or the first page; where it would publish and cannot, a sentence says why."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except PublishingBlocked as error:
            messages.error(request, _(str(error)))
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            return self.render_modal_json(request, {"step": "success", "redirect": self.redirect_url})
        return redirect(self.redirect_url)


class RecordViewSet(ViewSet):
    """What the three kinds of record have in common in the CMS."""

    index_view_class = RecordIndexView
    edit_view_class = RecordEditView
    workflow_action_view_class = RecordWorkflowActionView
    consequences = staticmethod(record_consequences)
    title_label = gettext_lazy("Title")
    title_sort_key = "title"
    list_display = RECORD_COLUMNS
    list_per_page = 30
    ordering = "-_updated_at"
    search_fields = ("title", "subtitle", "translated_title", "pid", "doi", "contributions__family_name")
    list_export = (
        "pid",
        "title",
        "creators",
        "year",
        "get_resource_type_display",
        "language",
        "doi",
        "get_access_right_display",
        "available",
        "live",
        "full_url",
    )
    export_headings = {
        "pid": gettext_lazy("Identifier"),
        "title": gettext_lazy("Title"),
        "creators": gettext_lazy("Authors"),
        "year": gettext_lazy("Year"),
        "get_resource_type_display": gettext_lazy("Type"),
        "language": gettext_lazy("Language"),
        "doi": "DOI",
        "get_access_right_display": gettext_lazy("Access"),
        "available": gettext_lazy("Opens on"),
        "live": gettext_lazy("Live"),
        "full_url": gettext_lazy("Address"),
    }

    def get_queryset(self, request: Any) -> QuerySet:
        records = self.model.objects.told_to_editors()
        return with_status(records.prefetch_related("contributions", "files"))


class PublicationViewSet(RecordViewSet):
    """Papers, books, reports, theses."""

    model = Publication
    icon = "doc-full"
    filterset_class = filters_with_types(Publication, PUBLICATION_TYPES)
    edit_handler = record_tabs(*PUBLICATION_PANELS)


class PresentationViewSet(RecordViewSet):
    """Slides, posters, lectures."""

    model = Presentation
    icon = "desktop"
    filterset_class = filters_with_types(Presentation, PRESENTATION_TYPES)
    edit_handler = record_tabs()


class EventOutcomeViewSet(RecordViewSet):
    """What came of events."""

    model = EventOutcome
    icon = "clipboard-list"
    filterset_class = filters_with_types(EventOutcome, EVENT_OUTCOME_TYPES)
    edit_handler = record_tabs()
