"""Signs of patient data in the CMS: with their file, in a report of what is open, and an editor's word about them.

For those who may change files, that is editors. Nothing here can be exported.
"""

from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import policy_registry

from publications.ingest.findings import justify
from publications.ingest.sensitive import RULES
from publications.models import RecordFile, SensitiveFinding
from publications.viewsets.listings import latest_title
from publications.viewsets.rights import check_may_change, signed_in
from publications.vocabularies import FindingState, SensitiveKind, SensitivePlace

LEAST_REASON = 5
"""Characters: "no" is no reason."""


class JustifyForm(forms.Form):
    """Which findings of a file, and why they need not keep it from readers."""

    finding = forms.TypedMultipleChoiceField(coerce=int)
    reason = forms.CharField(min_length=LEAST_REASON, max_length=1000, strip=True)

    def __init__(self, file: RecordFile, data: Any) -> None:
        super().__init__(data)
        field: Any = self.fields["finding"]
        field.choices = [(pk, pk) for pk in file.findings.open().values_list("pk", flat=True)]


@dataclass(frozen=True)
class ShownFinding:
    """A finding as the CMS shows it."""

    finding: SensitiveFinding

    @property
    def where(self) -> str:
        """Where it stands: "page 3", "page 3: hidden text", "the file's properties"."""
        place = str(self.finding.get_place_display())
        if self.finding.page is None:
            return place
        page = _("page %(number)s") % {"number": self.finding.page}
        return page if self.finding.place == SensitivePlace.TEXT else f"{page}: {place}"

    @property
    def page_url(self) -> str:
        """Where that page is read, "" where there is none."""
        file, page = self.finding.file, self.finding.page
        return file.page_url(page) if page and file.has_pages and not file.removed_at else ""

    @property
    def sentence(self) -> str:
        """How it was recognised, in words."""
        return _(RULES[self.finding.rule])


def finding_context(file: RecordFile) -> dict[str, Any]:
    """What the form of a file shows of its findings: the open ones first."""
    rows = [ShownFinding(row) for row in file.findings.select_related("decided_by", "file__record")]
    return {
        "open_findings": [row for row in rows if row.finding.state == FindingState.OPEN],
        "settled_findings": [row for row in rows if row.finding.state != FindingState.OPEN],
        "least_reason": LEAST_REASON,
    }


def file_form_url(file: RecordFile) -> str:
    """The place in a file's form where its findings are."""
    return reverse(RecordFile.snippet_viewset.get_url_name("edit"), args=[file.pk]) + "#findings"  # type: ignore[attr-defined]


@require_POST
def justify_findings(request: HttpRequest, pk: int) -> HttpResponse:
    """Note why the ticked findings of a file need not keep it from readers."""
    check_may_change(request)
    file = get_object_or_404(RecordFile.objects.present().told_to_editors().select_related("record"), pk=pk)
    form = JustifyForm(file, request.POST)
    if not form.is_valid():
        messages.error(request, _("Tick what you have looked at, and write why it may be published."))
        return redirect(file_form_url(file))
    count = justify(file, form.cleaned_data["finding"], reason=form.cleaned_data["reason"], user=signed_in(request))
    file.refresh_from_db()
    sentence = ngettext("%(count)d finding was justified.", "%(count)d findings were justified.", count)
    messages.success(request, f"{sentence % {'count': count}} {_what_follows(file)}")
    return redirect(file_form_url(file))


def _what_follows(file: RecordFile) -> str:
    if file.is_withheld:
        return _("The file stays closed to readers until nothing is open any more.")
    return _("The file is open again to whoever its record lets in.")


class FindingFilterSet(WagtailFilterSet):
    """Findings by what has become of them, and by kind."""

    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("State"), choices=FindingState.choices, widget=forms.CheckboxSelectMultiple
    )
    kind = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Kind"), choices=SensitiveKind.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = SensitiveFinding
        fields = ["state", "kind"]


class FindingReport(ReportView):
    """Every sign of patient data in a file that is there; those first that wait for an editor."""

    model = SensitiveFinding
    page_title = gettext_lazy("Possible patient data")
    header_icon = "lock"
    index_url_name = "finding_report"
    index_results_url_name = "finding_report_results"
    filterset_class = FindingFilterSet
    default_ordering = "-found_at"
    permission_required = "change"
    no_results_message = gettext_lazy("No file shows a sign of patient data.")
    list_export: list[str] = []
    columns = [
        TitleColumn(
            "file",
            label=gettext_lazy("File"),
            accessor="file.name",
            get_url=lambda f: file_form_url(f.file),
            width="18%",
        ),
        Column("record", label=gettext_lazy("Record"), accessor=lambda f: latest_title(f.file.record), width="20%"),
        Column("kind", label=gettext_lazy("Kind"), accessor="get_kind_display"),
        TitleColumn(
            "where",
            label=gettext_lazy("Where"),
            accessor=lambda f: ShownFinding(f).where,
            width="12%",
            get_url=lambda f: ShownFinding(f).page_url or None,
        ),
        Column("passage", label=gettext_lazy("Passage"), accessor="passage", width="24%"),
        StatusTagColumn(
            "state",
            label=gettext_lazy("State"),
            accessor="get_state_display",
            primary=lambda f: f.state == FindingState.OPEN,
        ),
        DateColumn("found_at", label=gettext_lazy("Found"), accessor="found_at", sort_key="found_at"),
    ]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.permission_policy = policy_registry.get_by_type(RecordFile)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "export" in request.GET:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self) -> QuerySet:
        files = RecordFile.objects.present().told_to_editors()
        present = SensitiveFinding.objects.filter(file__in=files)
        return present.select_related("file__record__latest_revision")


admin_urls = [
    path("reports/findings/", FindingReport.as_view(), name="finding_report"),
    path("reports/findings/results/", FindingReport.as_view(results_only=True), name="finding_report_results"),
    path("files/<int:pk>/justify/", justify_findings, name="justify_findings"),
]
