"""The report of all that cannot be searched, file by file and page by page, with what an editor can do about it."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import BaseColumn, Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import policy_registry

from publications.ingest.page_states import page_states
from publications.models import RecordFile
from publications.models.files import RecordFileQuerySet
from publications.viewsets.files import advice, pages_read, read_files_again
from publications.viewsets.files import recognise_files as recognise
from publications.viewsets.listings import IndexView, latest_title
from publications.viewsets.rights import check_may_change
from publications.vocabularies import FileStatus, Fixity, PageReason

TROUBLES = [(value, label) for value, label in FileStatus.choices if value not in ("received", "reading")]
ACTIONS = {"read": read_files_again, "recognise": recognise}


class UnreadableFilterSet(WagtailFilterSet):
    """Troubled files by state, by the reasons of their pages, and by what the last check of their bytes found."""

    status = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("State of the file"), choices=TROUBLES, widget=forms.CheckboxSelectMultiple
    )
    reason = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Reason of its pages"),
        choices=PageReason.choices,
        field_name="pages__reason",
        distinct=True,
        widget=forms.CheckboxSelectMultiple,
    )
    waits = django_filters.BooleanFilter(
        label=gettext_lazy("Waits for text recognition"),
        field_name="pages__awaits_recognition",
        distinct=True,
        widget=forms.RadioSelect(choices=[("", gettext_lazy("All")), ("true", gettext_lazy("Waits"))]),
    )
    fixity = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Stored bytes"), choices=Fixity.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = RecordFile
        fields = ["status", "reason", "waits", "fixity"]


class ChoiceColumn(BaseColumn):
    """A box before each file."""

    header_template_name = "publications/admin/choice_header.html"
    cell_template_name = "publications/admin/choice_cell.html"


class LinesColumn(Column):
    """Several lines in one cell."""

    cell_template_name = "publications/admin/lines_cell.html"


class RowActionsColumn(BaseColumn):
    """What can be done about one file."""

    cell_template_name = "publications/admin/file_actions_cell.html"


def troubles(file: RecordFile) -> list[str]:
    """Why the file cannot be searched, or not wholly, or is no longer what it was: a line for each reason."""
    lines = [advice(file)] if file.message else []
    if file.fixity and file.fixity != Fixity.INTACT:
        lines.append(_("Stored bytes: %(what)s.") % {"what": file.get_fixity_display()})
    return lines + file.page_states.lines(kind=file.kind)  # type: ignore[attr-defined]


def edit_url(file: RecordFile) -> str:
    """The file's form."""
    return reverse(RecordFile.snippet_viewset.get_url_name("edit"), args=[file.pk])  # type: ignore[attr-defined]


class UnreadableReport(ReportView):
    """Everything that the hub holds and cannot search, or not as it should."""

    model = RecordFile
    page_title = gettext_lazy("What cannot be searched")
    header_icon = "warning"
    results_template_name = "publications/admin/unreadable_results.html"
    index_url_name = "unreadable_report"
    index_results_url_name = "unreadable_report_results"
    filterset_class = UnreadableFilterSet
    default_ordering = "-created_at"
    permission_required = "change"
    no_results_message = gettext_lazy("Every page of every file can be searched.")
    custom_value_preprocess = IndexView.custom_value_preprocess
    export_filename = "unreadable"
    columns = [
        ChoiceColumn("choice"),
        TitleColumn("name", label=gettext_lazy("File"), get_url=edit_url, width="18%"),
        Column("record", label=gettext_lazy("Record"), accessor=lambda f: latest_title(f.record), width="18%"),
        StatusTagColumn("status", label=gettext_lazy("State"), accessor="get_status_display"),
        Column("pages", label=gettext_lazy("Pages that can be searched"), accessor=pages_read),
        LinesColumn("troubles", label=gettext_lazy("Why"), accessor="troubles", width="30%"),
        RowActionsColumn("actions", label=gettext_lazy("What to do")),
    ]
    list_export = [
        "record.pid",
        "name",
        "get_status_display",
        "pages_read",
        "page_count",
        "troubles",
        "get_fixity_display",
        "detail",
    ]
    export_headings = {
        "record.pid": gettext_lazy("Record"),
        "name": gettext_lazy("File"),
        "get_status_display": gettext_lazy("State"),
        "pages_read": gettext_lazy("Pages that can be searched"),
        "page_count": gettext_lazy("Pages"),
        "troubles": gettext_lazy("Why"),
        "get_fixity_display": gettext_lazy("Stored bytes"),
        "detail": gettext_lazy("What the reading program said"),
    }

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.permission_policy = policy_registry.get_by_type(RecordFile)

    def get_base_queryset(self) -> QuerySet:
        return troubled_files()

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        """Each file with its pages by reason, in one query for all of them."""
        files = list(object_list)
        states = page_states(files)
        for file in files:
            file.page_states = states[file.pk]
            file.troubles = troubles(file)
        return files

    def to_row_dict(self, item: Any) -> Any:
        return super().to_row_dict(item) | {"troubles": " ".join(item.troubles)}

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        query = self.request.GET.urlencode()
        return context | {"act_url": reverse("act_on_unreadable") + (f"?{query}" if query else "")}


def troubled_files() -> RecordFileQuerySet:
    """Every file with something that cannot be searched, newest first."""
    files: RecordFileQuerySet = (
        RecordFile.objects.in_trouble().told_to_editors().select_related("record__latest_revision")
    )
    return files


@require_POST
def act_on_unreadable(request: HttpRequest) -> HttpResponse:
    """Read again, or recognise the text of: one file, those that are ticked, or all that the filters let through.

    The button says which: "read one 7", "recognise selected", "read all".
    """
    check_may_change(request)
    action, _space, which = request.POST.get("do", "").partition(" ")
    files = _chosen_files(request, which)
    if action not in ACTIONS or files is None:
        messages.warning(request, _("Tick the files first, or choose all of them."))
    else:
        ACTIONS[action](request, files)
    query = request.GET.urlencode()
    return redirect(reverse("unreadable_report") + (f"?{query}" if query else ""))


def _chosen_files(request: HttpRequest, which: str) -> RecordFileQuerySet | None:
    """The files that a button is about, None for none; "all" is what the filters let through now."""
    if which == "all":
        found = UnreadableFilterSet(request.GET, queryset=troubled_files(), request=request).qs
        return RecordFile.objects.filter(pk__in=list(found.values_list("pk", flat=True)))
    ids = request.POST.getlist("file") if which == "selected" else [which.removeprefix("one ")]
    numbers = [int(number) for number in ids if number.isascii() and number.isdigit()]
    return RecordFile.objects.filter(pk__in=numbers) if numbers else None


class FileReportMenuItem(MenuItem):
    """A report about files in the menu, for those who may do something about it."""

    def is_shown(self, request: HttpRequest) -> bool:
        shown: bool = policy_registry.get_by_type(RecordFile).user_has_permission(request.user, "change")
        return shown


admin_urls = [
    path("reports/unreadable/", UnreadableReport.as_view(), name="unreadable_report"),
    path("reports/unreadable/results/", UnreadableReport.as_view(results_only=True), name="unreadable_report_results"),
    path("reports/unreadable/act/", act_on_unreadable, name="act_on_unreadable"),
]
