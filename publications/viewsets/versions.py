"""Versions of a work in the CMS: the row of a record, what may be the same work, and what to do about it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from publications.errors import VersionError
from publications.models import Record
from publications.models.versions import chain_of
from publications.records import (
    Lookalike,
    add_version,
    begin_version,
    lookalikes_of,
    lookalikes_of_file,
    remove_version,
)
from publications.records.versions import all_versions_of
from publications.suggestions import certainty_of
from publications.viewsets.keys import KeyChoiceField, is_key
from publications.viewsets.listings import latest_title
from publications.viewsets.record_forms import RecordFormView, edit_url
from publications.viewsets.rights import signed_in
from publications.viewsets.suggestions import check_may_change_record

NEWER, OLDER = "newer", "older"


@dataclass(frozen=True)
class Row:
    """A version of the work, or a record that may be the same work, as the CMS lists it."""

    record: Record
    title: str
    url: str
    is_this: bool = False
    is_newest: bool = False
    why: str = ""
    certainty: str = ""
    join_url: str = ""
    """Where it is said to be a version of the same work; "" where its kind does not allow that."""


def version_rows(record: Record) -> list[Row]:
    """All versions of the record's work, drafts too, the newest first."""
    versions = all_versions_of(record)
    newest = next((version for version in versions if version.live), None)
    return [
        Row(version, latest_title(version), edit_url(version), version.pk == record.pk, version == newest)
        for version in versions
    ]


def lookalike_rows(lookalikes: list[Lookalike], record: Record) -> list[Row]:
    """Records that may be the same work, each with the way to say that it is a version of it."""
    join_url = "" if chain_of(record) else reverse("join_versions", args=[record.pk])
    return [
        Row(
            record=one.record,
            title=latest_title(one.record),
            url=edit_url(one.record),
            why=", ".join(str(reason.label) for reason in one.reasons),
            certainty=str(certainty_of(one.confidence).label),
            join_url=f"{join_url}?of={one.record.pk}"
            if join_url and one.record.record_type == record.record_type
            else "",
        )
        for one in lookalikes
    ]


def versions_context(record: Record, *, request: HttpRequest) -> dict[str, Any]:
    """What the tab “Versions” of a record shows."""
    return {
        "versions": version_rows(record),
        "lookalikes": lookalike_rows(lookalikes_of(record, reader=request.user), record),
        "new_url": reverse("new_version", args=[record.pk]),
        "join_url": reverse("join_versions", args=[record.pk]),
        "leave_url": reverse("leave_versions", args=[record.pk]),
    }


def file_lookalikes_context(file: Any, *, request: HttpRequest) -> dict[str, Any]:
    """What the form of a file shows of records that may be the same work."""
    return {"lookalikes": lookalike_rows(lookalikes_of_file(file, reader=request.user), file.record)}


# What can be done --------------------------------------------------------------------------------------------------


@require_POST
def new_version(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the next version of a record as a draft, and show its form."""
    record = get_object_or_404(Record, pk=pk).specific()
    check_may_change_record(request, record)
    draft = begin_version(record, user=signed_in(request))
    messages.success(
        request,
        _(
            "This is the next version, a draft: described as “%(title)s” is. Say what is different, add its files, and "
            "publish it. Until then readers see the version before it."
        )
        % {"title": latest_title(record)},
    )
    return redirect(edit_url(draft))


@require_POST
def leave_versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a record a work of its own again, and show its form."""
    record = get_object_or_404(Record, pk=pk).specific()
    check_may_change_record(request, record)
    try:
        remove_version(record, user=signed_in(request))
    except VersionError as error:
        messages.warning(request, _(str(error)))
    else:
        messages.success(request, _("“%(title)s” is a work of its own now.") % {"title": latest_title(record)})
    return redirect(edit_url(record))


class JoinForm(forms.Form):
    """Which record this one is a version of, and on which side of it."""

    def __init__(self, *args: Any, record: Record, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model: Any = type(record)
        self.fields["of"] = KeyChoiceField(
            label=_("A version of the same work as"),
            queryset=model.objects.exclude(pk=record.pk),
            widget=model.snippet_viewset.chooser_viewset.widget_class(),
        )
        self.fields["side"] = forms.ChoiceField(
            label=_("Which of the two is newer"),
            help_text=_("Lists and search show the newest version. The older one keeps its address and says so."),
            widget=forms.RadioSelect,
            choices=[(NEWER, _("This one: %(title)s") % {"title": latest_title(record)}), (OLDER, _("The other one"))],
            initial=NEWER,
        )


class JoinView(RecordFormView):
    """Says that a record is a version of another."""

    form_class = JoinForm
    template_name = "publications/admin/join_versions.html"
    page_title = gettext_lazy("Versions of one work")
    header_icon = "history"

    def get_form_kwargs(self) -> dict[str, Any]:
        of = self.request.GET.get("of", "")
        initial = {"of": of} if is_key(of) else {}
        return super().get_form_kwargs() | {"record": self.record, "initial": {"side": NEWER} | initial}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        of = form.cleaned_data["of"]
        check_may_change_record(self.request, of)
        try:
            is_older = form.cleaned_data["side"] == OLDER
            add_version(self.record, of=of, is_older=is_older, user=signed_in(self.request))
        except VersionError as error:
            form.add_error(None, _(str(error)))
            return self.form_invalid(form)
        titles = {"this": latest_title(self.record), "other": latest_title(of)}
        messages.success(self.request, _("“%(this)s” and “%(other)s” are versions of one work now.") % titles)
        return redirect(self.record_url)


admin_urls = [
    path("records/<key:pk>/versions/new/", new_version, name="new_version"),
    path("records/<key:pk>/versions/join/", JoinView.as_view(), name="join_versions"),
    path("records/<key:pk>/versions/leave/", leave_versions, name="leave_versions"),
]
