"""Records as a spreadsheet in the CMS: taken along, edited elsewhere, and brought in after a look at what changes."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from publications.bulk import MAX_BYTES, MOST_RECORDS, prepare_change, read_table, write_table
from publications.models import Record
from publications.viewsets.bulk import RecordsOfAKindView, chosen_records, model_of
from publications.viewsets.framing import Crumb, listing_crumb

MOST_FAULTS = 200


class TableForm(forms.Form):
    """An edited spreadsheet."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV in UTF-8, of at most 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv"}),
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than %(limit)d MB. Bring it in in parts.") % {"limit": 5})
        return upload


class BulkTableView(RecordsOfAKindView):
    """Offers the chosen records as a file, and takes one back: all of it, or nothing with what is wrong."""

    form_class = TableForm
    template_name = "publications/admin/bulk_table.html"
    page_title = gettext_lazy("Records as a spreadsheet")
    header_icon = "table"

    def form_valid(self, form: TableForm) -> HttpResponse:
        upload, user = form.cleaned_data["file"], self.request.user
        table = read_table(upload.read(), kind=self.model.kind)
        if table.faults or not table.wanted:
            faults = table.faults[:MOST_FAULTS]
            return self.render_to_response(
                self.get_context_data(form=form, faults=faults, more=len(table.faults) - len(faults), is_read=True)
            )
        account: Any = user
        change = prepare_change(self.model.kind, table.wanted, user=account, file_name=upload.name)
        return redirect("bulk_change", change.pk)

    def get_page_subtitle(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    def get_parents(self) -> list[Crumb]:
        return [listing_crumb(self.model)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        address = reverse("bulk_table_file", args=[self.model.kind])
        return super().get_context_data(**kwargs) | {
            "count": min(MOST_RECORDS, chosen_records(self.model, self.request).count()),
            "file_url": f"{address}?{self.request.GET.urlencode()}",
        }


@require_safe
def take_table(request: HttpRequest, kind: str) -> HttpResponse:
    """The chosen records as CSV."""
    model = model_of(kind, request.user)
    keys = list(chosen_records(model, request).order_by("pk").values_list("pk", flat=True)[:MOST_RECORDS])
    records = Record.objects.filter(pk__in=keys).order_by("pk")
    # With the mark that tells spreadsheets it is UTF-8.
    response = HttpResponse("\ufeff" + write_table(records), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    return response


admin_urls = [
    path("records/<slug:kind>/table/", BulkTableView.as_view(), name="bulk_table"),
    path("records/<slug:kind>/table.csv", take_table, name="bulk_table_file"),
]
