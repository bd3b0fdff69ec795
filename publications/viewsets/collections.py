"""Collections in the CMS."""

from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import NumberColumn, StatusFlagColumn, UpdatedAtColumn

from publications.models import Collection
from publications.viewsets.base import ViewSet
from publications.viewsets.collection_panels import COLLECTION_TABS
from publications.viewsets.events import LiveFilterSet
from publications.viewsets.status import status_column, with_status


class CollectionFilterSet(LiveFilterSet):
    """The filters of collections."""

    class Meta:
        model = Collection
        fields = ["live"]


def collection_consequences(collection: Collection) -> str:
    """That its records stay."""
    return _("Its records stay.") if collection.items.exists() else ""  # type: ignore[attr-defined]


class CollectionViewSet(ViewSet):
    """Editors' choices of records."""

    model = Collection
    icon = "list-ol"
    consequences = staticmethod(collection_consequences)
    edit_handler = COLLECTION_TABS
    title_label = gettext_lazy("Collection")
    title_sort_key = "title_en"
    ordering = ("title_en", "title_nl")
    search_fields = ("title_en", "title_nl", "summary_en", "summary_nl")
    filterset_class = CollectionFilterSet
    list_display = [
        "__str__",
        NumberColumn("item_count", label=gettext_lazy("Picked by hand"), sort_key="item_count"),
        StatusFlagColumn("has_rule", label=gettext_lazy("Rule"), true_label=gettext_lazy("grows by itself")),
        status_column(),
        UpdatedAtColumn(label=gettext_lazy("Updated")),
    ]
    list_export = ("title_en", "title_nl", "summary_en", "summary_nl", "item_count", "live")
    export_headings = {"item_count": gettext_lazy("Picked by hand")}

    def get_queryset(self, request: Any) -> QuerySet:
        return with_status(Collection.objects.annotate(item_count=Count("items", distinct=True)))
