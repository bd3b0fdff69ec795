"""What the CMS's listings, choosers and deletions have in common: search by words, columns, plain refusals."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.utils import quote
from django.db import transaction
from django.db.models import Model, ProtectedError, Q, QuerySet, RestrictedError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.actions import action_registry
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction
from wagtail.snippets.views import snippets

SHOWN_USERS = 5


def find_by_words(queryset: QuerySet, text: str, *, fields: Sequence[str]) -> QuerySet:
    """The rows that have every word of the text somewhere in these fields; they may lead to related rows.

    The database answers, not an index: what an editor has just saved is found at once.
    """
    wanted = queryset.model._default_manager.all()
    for word in text.split():
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

    title_label = ""
    title_sort_key: str | None = None

    def _get_title_column(self, field_name: str, column_class: type = TitleColumn, **kwargs: Any) -> Column:
        column: Column = super()._get_title_column(field_name, column_class, **kwargs)
        column.accessor = latest_title if field_name == "__str__" else column.accessor
        column.label = self.title_label or column.label
        column.sort_key = self.title_sort_key or column.sort_key
        column.width = "30%"
        return column


class DeleteView(snippets.DeleteView):
    """Says in `consequences` what goes along, and refuses with the names of what still needs the thing."""

    def consequences(self) -> str:
        """What deleting this thing does to others, in a sentence; empty when nothing."""
        return ""

    @property
    def confirmation_message(self) -> str:
        return " ".join(filter(None, [self.consequences(), super().confirmation_message]))

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except (ProtectedError, RestrictedError) as error:
            messages.error(self.request, refusal(self.object, error))
            return redirect(self.edit_url_name, quote(self.object.pk))


def refusal(thing: Model, error: ProtectedError | RestrictedError) -> str:
    """Why the thing cannot be deleted, naming what needs it."""
    users = error.protected_objects if isinstance(error, ProtectedError) else error.restricted_objects
    names = sorted({describe_user(user) for user in users})
    shown = "; ".join(names[:SHOWN_USERS])
    if len(names) > SHOWN_USERS:
        shown = _("%(names)s and %(count)d more") % {"names": shown, "count": len(names) - SHOWN_USERS}
    return _("“%(thing)s” cannot be deleted, because it is still used: %(users)s.") % {"thing": thing, "users": shown}


def describe_user(row: Model) -> str:
    """The thing that a row belongs to: a person rather than the line that says where they work."""
    for owner in ("person", "record"):
        if getattr(row, f"{owner}_id", None):
            row = getattr(row, owner)
            break
    return f"{row._meta.verbose_name} “{row}”"


class DeleteSelected(DeleteBulkAction):
    """Deletes rows one by one, so that each says what it changes, and keeps those that are still needed.

    Wagtail's own deletes by a query, which tells nobody: deleted records would still be found.
    """

    @classmethod
    def execute_action(cls, objects: list[Any], **kwargs: Any) -> tuple[int, int]:
        view, deleted = kwargs["self"], 0
        for thing in objects:
            try:
                with transaction.atomic():
                    view.delete_one(thing)
                deleted += 1
            except (ProtectedError, RestrictedError) as error:
                messages.error(view.request, refusal(thing, error))
        return deleted, 0

    def delete_one(self, thing: Any) -> None:
        """Delete one row, on record."""
        action = action_registry.get_action_class(self.model, "delete")
        action(thing, user=self.request.user).execute(skip_permission_checks=True)

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        if not num_parent_objects:
            return None
        opts = self.model._meta
        return ngettext("%(count)d %(one)s deleted.", "%(count)d %(many)s deleted.", num_parent_objects) % {
            "count": num_parent_objects,
            "one": opts.verbose_name,
            "many": opts.verbose_name_plural,
        }
