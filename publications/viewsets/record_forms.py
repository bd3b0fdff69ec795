"""Pages of the CMS that do one thing to a record: its form, its title above, and the way back to it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import FormView

from publications.models import Record
from publications.viewsets.framing import Crumb, FramedView, crumb, listing_crumb
from publications.viewsets.listings import latest_title
from publications.viewsets.suggestions import check_may_change_record


def edit_url(record: Record) -> str:
    """The record's form."""
    viewset: Any = type(record.specific()).snippet_viewset  # type: ignore[attr-defined]
    return reverse(viewset.get_url_name("edit"), args=[record.pk])


class RecordFormView(FramedView, FormView):
    """A form about the record that the address names by its `pk`, for whoever may change that record."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.record = get_object_or_404(Record.objects.told_to_editors(), pk=kwargs["pk"]).specific()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_may_change_record(request, self.record)
        return super().dispatch(request, *args, **kwargs)

    @property
    def record_url(self) -> str:
        """The record's form."""
        return edit_url(self.record)

    def get_page_subtitle(self) -> str:
        return latest_title(self.record)

    def get_parents(self) -> list[Crumb]:
        return [listing_crumb(type(self.record)), crumb(self.record_url, latest_title(self.record))]
