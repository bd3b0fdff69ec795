"""Deleting in the CMS: what goes along is said beforehand, what is still needed is refused in words."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.utils import quote
from django.db import router, transaction
from django.db.models import Model, ProtectedError, RestrictedError
from django.db.models.deletion import Collector
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.actions import action_registry
from wagtail.admin import messages
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction
from wagtail.snippets.views import snippets

from publications.viewsets.keys import is_key

SHOWN_USERS = 5


def refusal(thing: Model) -> str:
    """Why the thing cannot be deleted, naming what still needs it; empty when it can be."""
    if reason := own_refusal(thing):
        return reason
    collector = Collector(using=router.db_for_write(type(thing), instance=thing), origin=thing)
    try:
        collector.collect([thing])
    except ProtectedError as error:
        needed_by = error.protected_objects
    except RestrictedError as error:
        needed_by = error.restricted_objects
    else:
        return ""
    names = sorted({_owner_name(row) for row in needed_by})
    shown = "; ".join(names[:SHOWN_USERS])
    if len(names) > SHOWN_USERS:
        shown = _("%(names)s and %(count)d more") % {"names": shown, "count": len(names) - SHOWN_USERS}
    return _("“%(thing)s” cannot be deleted, because it is still used: %(users)s.") % {"thing": thing, "users": shown}


def _owner_name(row: Model) -> str:
    """The thing that a row belongs to: a person rather than the line that says where they work."""
    for owner in ("person", "record"):
        if getattr(row, f"{owner}_id", None):
            row = getattr(row, owner)
            break
    return f"{row._meta.verbose_name} “{row}”"


def own_refusal(thing: Any) -> str:
    """Why the thing cannot be deleted, as its viewset says it; empty when it can be."""
    sentence: str = type(thing).snippet_viewset.refusal(thing)
    return f"“{thing}”: {sentence}" if sentence else ""


def consequences(thing: Any) -> str:
    """What deleting the thing does to others, as its viewset says it."""
    sentence: str = type(thing).snippet_viewset.consequences(thing)
    return sentence


class DeleteView(snippets.DeleteView):
    """Asks, after saying what goes along. What is still needed is refused before it is asked.

    Wagtail's count of references is left out: it lags behind, and does not know what imports wrote.
    """

    def get_usage_url(self) -> None:
        return None

    @property
    def confirmation_message(self) -> str:
        return " ".join(filter(None, [consequences(self.object), super().confirmation_message]))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.refuse() or super().get(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        return self.refuse() or super().form_valid(form)

    def refuse(self) -> HttpResponse | None:
        """Back to the form with the reason, where there is one."""
        reason = refusal(self.object)
        if not reason:
            return None
        messages.error(self.request, reason)
        return redirect(self.edit_url_name, quote(self.object.pk))


class DeleteSelected(DeleteBulkAction):
    """Deletes one by one and keeps what is still needed.

    Wagtail's own deletes by a query, which tells nobody: deleted records would still be found.
    """

    template_name = "publications/admin/delete_selected.html"

    def annotate_items(self, items: list[Any]) -> list[Any]:
        self.is_protected = False
        return items

    def object_context(self, item: Any) -> dict[str, Any]:
        viewset = type(item).snippet_viewset
        return {
            "item": item,
            "edit_url": reverse(viewset.get_url_name("edit"), args=[quote(item.pk)]),
            "refusal": refusal(item),
            "consequences": consequences(item),
        }

    @classmethod
    def get_queryset(cls, model: type[Model], object_ids: Iterable[Any]) -> Any:
        found = super().get_queryset(model, [pk for pk in object_ids if is_key(pk)])
        return found.told_to_editors() if hasattr(found, "told_to_editors") else found

    @cached_property
    def action_class(self) -> Any:
        """What deleting a thing of this kind comes down to."""
        return action_registry.get_action_class(self.model, "delete")

    @classmethod
    def execute_action(cls, objects: list[Any], user: Any = None, **kwargs: Any) -> tuple[int, int]:
        view, deleted = kwargs["self"], 0
        for thing in objects:
            if reason := refusal(thing):
                messages.error(view.request, reason)
                continue
            with transaction.atomic():
                view.action_class(thing, user=view.request.user).execute(skip_permission_checks=True)
            deleted += 1
        return deleted, 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        if not num_parent_objects:
            return None
        opts = self.model._meta
        return ngettext("%(count)d %(one)s deleted.", "%(count)d %(many)s deleted.", num_parent_objects) % {
            "count": num_parent_objects,
            "one": opts.verbose_name,
            "many": opts.verbose_name_plural,
        }
