"""What the CMS's listings have in common: search by words, titles of drafts, safe spreadsheets."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.snippets.views import snippets

# Each word may join tables again, and SQLite joins 64 at most.
MOST_WORDS = 8


def find_by_words(queryset: QuerySet, text: str, *, fields: Sequence[str]) -> QuerySet:
    """The rows that have every word of the text somewhere in these fields; they may lead to related rows.

    The database answers, not an index: what an editor has just saved is found at once.
    """
    wanted = queryset.model._default_manager.all()
    for word in text.split()[:MOST_WORDS]:
        in_some_field = Q()
        for field in fields:
            in_some_field |= Q(**{f"{field}__icontains": word})
        wanted = wanted.filter(in_some_field)
    return queryset.filter(pk__in=wanted.values("pk"))


def latest_title(thing: Any) -> str:
    """What the thing is called in its latest draft; a draft may not have a title yet."""
    draft = thing.latest_revision if getattr(thing, "has_unpublished_changes", False) else None
    return (draft.object_str if draft else str(thing)).strip() or _("Untitled")


def as_text(value: str) -> str:
    """A text that a spreadsheet shows as it is, where it could be taken for a formula."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


class IndexView(snippets.IndexView):
    """A listing searched by words in the fields its viewset names."""

    title_label = ""
    title_sort_key: str | None = None
    title_width = "30%"
    custom_value_preprocess = snippets.IndexView.custom_value_preprocess | {
        str: {snippets.IndexView.FORMAT_CSV: as_text, snippets.IndexView.FORMAT_XLSX: as_text}
    }

    @cached_property
    def is_searchable(self) -> bool:
        return bool(self.search_fields)

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        if not self.is_searching:
            return queryset
        return find_by_words(queryset, self.search_query, fields=self.search_fields)

    def _get_title_column(self, field_name: str, column_class: type = TitleColumn, **kwargs: Any) -> Column:
        column: Column = super()._get_title_column(field_name, column_class, **kwargs)
        column.accessor = latest_title if field_name == "__str__" else column.accessor
        column.label = self.title_label or column.label
        column.sort_key = self.title_sort_key or column.sort_key
        column.width = self.title_width
        return column
