"""Files of records in the CMS: how far their reading has come, and what an editor can do about it."""

from typing import Any

import django_filters
from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from wagtail.actions.delete import DeleteAction
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy

from publications.audit import log_read_again, log_recognition
from publications.errors import PublicationError
from publications.forms import AddFileForm
from publications.ingest import pipeline
from publications.ingest.filetypes import PDF
from publications.ingest.page_states import page_states
from publications.ingest.recogniser import find_recogniser
from publications.ingest.recognition import recognise_again
from publications.models import RecordFile
from publications.models.files import RecordFileQuerySet
from publications.records import attach_file, remove_file
from publications.viewsets.base import ChangeView, ViewSet
from publications.viewsets.findings import finding_context
from publications.viewsets.listings import IndexView, latest_title
from publications.viewsets.panels import FILE_PANELS
from publications.viewsets.record_forms import RecordFormView
from publications.viewsets.rights import check_may_change, signed_in
from publications.viewsets.suggestions import fill_from_file, suggestion_context
from publications.viewsets.versions import file_lookalikes_context
from publications.vocabularies import FileStatus, Fixity


class FilePermissionPolicy(ModelPermissionPolicy):
    """Files come in through their record: nobody adds one by itself."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "add" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return super().user_has_any_permission(user, set(actions) - {"add"})


def pages_read(file: RecordFile) -> str:
    """How many of the file's pages have text: "12 of 14"."""
    if file.page_count is None:
        return ""
    return _("%(read)d of %(all)d") % {"read": file.pages_read, "all": file.page_count}


def advice(file: RecordFile) -> str:
    """What to do about a file that could not be read, in the editor's language."""
    return _(file.message) if file.message else ""


class FileFilterSet(WagtailFilterSet):
    """Files by the state of their reading."""

    status = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("State"), choices=FileStatus.choices, widget=forms.CheckboxSelectMultiple
    )
    fixity = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Stored bytes"), choices=Fixity.choices, widget=forms.CheckboxSelectMultiple
    )
    created_at = django_filters.DateFromToRangeFilter(label=gettext_lazy("Received"), widget=DateRangePickerWidget)

    class Meta:
        model = RecordFile
        fields = ["status", "fixity", "created_at"]


def file_buttons(file: RecordFile, *, priority: int = 0) -> list[Button]:
    """Buttons that have the file read once more, and the text of its scanned pages recognised."""
    buttons = [_post_button(_("Read again"), "read_file_again", file, icon_name="rotate", priority=priority)]
    if file.has_page_images:
        buttons.append(
            _post_button(_("Recognise text"), "recognise_file", file, icon_name="view", priority=priority + 1)
        )
    return buttons


def _post_button(label: str, url_name: str, file: RecordFile, **kwargs: Any) -> Button:
    attrs = {
        "data-controller": "w-action",
        "data-action": "w-action#post",
        "data-w-action-url-value": reverse(url_name, args=[file.pk]),
    }
    return Button(label, attrs=attrs, **kwargs)


class FileIndexView(IndexView):
    """All files, with a button to read one again."""

    title_width = "20%"

    def get_list_more_buttons(self, instance: RecordFile) -> list[Any]:
        buttons: list[Any] = super().get_list_more_buttons(instance)
        if self.user_has_permission("change"):
            buttons += file_buttons(instance, priority=15)
        return buttons


class FileEditView(ChangeView):
    """The few things of a file that can be changed, below what is known of it."""

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        return [*super().header_more_buttons, *file_buttons(self.object)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        file = self.object
        return super().get_context_data(**kwargs) | {
            "file": file,
            "record_url": reverse(
                type(file.record.specific()).snippet_viewset.get_url_name("edit"), args=[file.record_id]
            ),
            "record_title": latest_title(file.record),
            "advice": advice(file),
            "pages_read": pages_read(file),
            "page_lines": page_states([file])[file.pk].lines(kind=file.kind),
            **suggestion_context(file),
            **finding_context(file),
            **file_lookalikes_context(file, request=self.request),
        }


class TakeAwayAction(DeleteAction):
    """Takes a file away. Its row stays, so that its number is never used again and old links get an answer."""

    def _delete(self) -> None:
        remove_file(self.instance, user=self.user)


def file_consequences(file: RecordFile) -> str:
    """What taking it away means."""
    return _("It can then no longer be opened or found, and its number is not used again.")


class RecordFileViewSet(ViewSet):
    """Every file of every record."""

    model = RecordFile
    icon = "doc-empty"
    index_view_class = FileIndexView
    edit_view_class = FileEditView
    consequences = staticmethod(file_consequences)
    edit_template_name = "publications/admin/file_edit.html"
    edit_handler = FILE_PANELS
    inspect_view_enabled = False
    title_label = gettext_lazy("File")
    title_sort_key = "name"
    ordering = "-created_at"
    search_fields = ("name", "label", "record__title", "record__pid")
    filterset_class = FileFilterSet
    list_per_page = 50
    list_display = [
        "name",
        Column("record", label=gettext_lazy("Record"), accessor=lambda f: latest_title(f.record), width="20%"),
        StatusTagColumn(
            "get_status_display",
            label=gettext_lazy("State"),
            sort_key="status",
            primary=lambda file: file.status == FileStatus.READY,
        ),
        Column("pages", label=gettext_lazy("Pages with text"), accessor=pages_read),
        Column("advice", label=gettext_lazy("What to do"), accessor=advice, width="20%"),
        Column(
            "size", label=gettext_lazy("Size"), accessor=lambda f: filesizeformat(f.size_bytes), sort_key="size_bytes"
        ),
        DateColumn("created_at", label=gettext_lazy("Received"), sort_key="created_at"),
        DateColumn("checked_at", label=gettext_lazy("Last checked"), sort_key="checked_at"),
    ]
    list_export = (
        "name",
        "record.pid",
        "get_status_display",
        "page_count",
        "pages_read",
        "message",
        "detail",
        "sha256",
        "get_fixity_display",
        "checked_at",
    )

    export_headings = {
        "record.pid": gettext_lazy("Record"),
        "get_status_display": gettext_lazy("State"),
        "page_count": gettext_lazy("Pages"),
        "pages_read": gettext_lazy("Pages with text"),
        "message": gettext_lazy("What to do"),
        "detail": gettext_lazy("What the reading program said"),
        "sha256": gettext_lazy("Checksum"),
        "get_fixity_display": gettext_lazy("Stored bytes"),
        "checked_at": gettext_lazy("Last checked"),
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return RecordFile.objects.present().told_to_editors().select_related("record__latest_revision")


# Reading again, and adding a file to a record --------------------------------------------------------------------


@require_POST
def read_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a file read once more, and go to its form."""
    check_may_change(request)
    file = get_object_or_404(RecordFile.objects.present().told_to_editors(), pk=pk)
    read_files_again(request, RecordFile.objects.filter(pk=pk))
    return redirect(RecordFile.snippet_viewset.get_url_name("edit"), file.pk)  # type: ignore[attr-defined]


@require_POST
def recognise_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the text of a file's scanned pages recognised, and go to its form."""
    check_may_change(request)
    file = get_object_or_404(RecordFile.objects.present().told_to_editors(), pk=pk)
    recognise_files(request, RecordFile.objects.filter(pk=pk))
    return redirect(RecordFile.snippet_viewset.get_url_name("edit"), file.pk)  # type: ignore[attr-defined]


def read_files_again(request: HttpRequest, files: RecordFileQuerySet) -> None:
    """Have files read again, note it in the histories of their records, and say so."""
    chosen = list(files.present().told_to_editors().select_related("record"))
    with transaction.atomic():
        pipeline.retry_all([file.pk for file in chosen])
        log_read_again(chosen, user=signed_in(request))
    if len(chosen) == 1:
        messages.success(request, _("“%(file)s” will be read again.") % {"file": chosen[0].name})
    else:
        sentence = ngettext("%(count)d file will be read again.", "%(count)d files will be read again.", len(chosen))
        messages.success(request, sentence % {"count": len(chosen)})


def recognise_files(request: HttpRequest, files: RecordFileQuerySet) -> None:
    """Have the text of pages recognised that have none, note it in the histories, and say so, or why it cannot be."""
    if problem := find_recogniser().problem:
        messages.error(request, _(problem))
        return
    chosen = list(files.present().told_to_editors().filter(media_type=PDF.media_type).select_related("record"))
    with transaction.atomic():
        count = recognise_again(RecordFile.objects.filter(pk__in=[file.pk for file in chosen]))
        log_recognition(chosen, user=signed_in(request))
    if not count:
        messages.warning(request, _("No page of these files waits for it: all have words of their own."))
        return
    sentence = ngettext(
        "The text of %(count)d page will be recognised.", "The text of %(count)d pages will be recognised.", count
    )
    messages.success(request, sentence % {"count": count})


class AddFileView(RecordFormView):
    """Adds a file to a record."""

    form_class = AddFileForm
    template_name = "publications/admin/add_file.html"
    page_title = gettext_lazy("Add a file")
    header_icon = "upload"

    def form_valid(self, form: Form) -> HttpResponse:
        upload = form.cleaned_data["file"]
        try:
            file = attach_file(
                self.record,
                upload,
                name=upload.name,
                label=form.cleaned_data["label"],
                access_right=form.cleaned_data["access_right"],
            )
        except PublicationError as error:
            form.add_error("file", _(str(error)))
            return self.form_invalid(form)
        messages.success(self.request, _("“%(file)s” was added and will now be read.") % {"file": file.name})
        return redirect(self.record_url)


admin_urls = [
    path("records/<int:pk>/files/add/", AddFileView.as_view(), name="add_record_file"),
    path("files/<int:pk>/read-again/", read_again, name="read_file_again"),
    path("files/<int:pk>/recognise/", recognise_text, name="recognise_file"),
    path("files/<int:pk>/fill/", fill_from_file, name="fill_from_file"),
]
