"""The merges that were made, and the page that undoes one: what goes back, what stays, then the button."""

from typing import Any

from django.contrib.admin.utils import quote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from publications.doubles import distinguish
from publications.errors import MergeError
from publications.merging import preview_undo, undo_merge
from publications.models import MergeLog, Organisation, Person, Topic
from publications.viewsets.framing import Crumb, FramedView, crumb
from publications.viewsets.keys import is_key
from publications.viewsets.merging import may_merge
from publications.viewsets.rights import signed_in

KINDS: dict[str, Any] = {"person": Person, "organisation": Organisation, "topic": Topic}
PER_PAGE = 50


def kinds_of(user: Any) -> dict[str, Any]:
    """The kinds of things that this user may merge, by name."""
    return {name: model for name, model in KINDS.items() if may_merge(user, model)}


def edit_url(log: MergeLog, pk: int) -> str:
    """The form of one of the two."""
    model: Any = log.content_type.model_class()
    return reverse(model.snippet_viewset.get_url_name("edit"), args=[quote(pk)])


class MergesView(FramedView, TemplateView):
    """All merges, the last first; of one kind or one thing where the address asks for that."""

    template_name = "publications/admin/merges.html"
    page_title = gettext_lazy("Merges")
    header_icon = "resubmit"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kinds = kinds_of(self.request.user)
        if not kinds:
            raise PermissionDenied
        kind, thing = self.request.GET.get("kind", ""), self.request.GET.get("thing", "")
        chosen = [kinds[kind]] if kind in kinds else list(kinds.values())
        types = ContentType.objects.get_for_models(*chosen).values()
        logs = MergeLog.objects.filter(content_type__in=types).select_related("content_type", "merged_by")
        if kind in kinds and is_key(thing):
            logs = logs.filter(kept_id=thing) | logs.filter(merged_id=thing)
        page = Paginator(logs.defer("changes"), PER_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(**kwargs) | {
            "page": page,
            "rows": [(log, edit_url(log, log.kept_id)) for log in page],
            "kinds": [(name, model._meta.verbose_name_plural) for name, model in kinds.items()],
            "kind": kind if kind in kinds else "",
            "thing": thing if is_key(thing) else "",
        }


class UndoView(FramedView, TemplateView):
    """What undoing a merge would do, with a button that does it."""

    template_name = "publications/admin/undo_merge.html"
    page_title = gettext_lazy("Undo a merge")
    header_icon = "rotate"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.log = get_object_or_404(MergeLog.objects.select_related("content_type", "merged_by"), pk=kwargs["pk"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.log.content_type.model not in kinds_of(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            undo_merge(self.log, user=signed_in(request))
        except MergeError as error:
            messages.error(request, str(error))
            return redirect("undo_merge", self.log.pk)
        if "are_two" in request.POST:
            model: Any = self.log.content_type.model_class()
            pair = model.objects.in_bulk([self.log.kept_id, self.log.merged_id])
            distinguish(*pair.values(), user=signed_in(request))
        names = {"kept": self.log.kept_name, "merged": self.log.merged_name}
        buttons = [messages.button(edit_url(self.log, self.log.kept_id), self.log.kept_name)]
        messages.success(request, _("“%(merged)s” and “%(kept)s” are two again.") % names, buttons=buttons)
        return redirect(edit_url(self.log, self.log.merged_id))

    def get_page_subtitle(self) -> str:
        return str(self.log)

    def get_parents(self) -> list[Crumb]:
        return [crumb(reverse("merges"), MergesView.page_title)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "log": self.log,
            "preview": preview_undo(self.log),
            "kept_url": edit_url(self.log, self.log.kept_id),
        }


class MergesMenuItem(MenuItem):
    """Shown to those who may merge something."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(kinds_of(request.user))


def merges_menu_item() -> MenuItem:
    """The page among the reports."""
    return MergesMenuItem(gettext_lazy("Merges"), reverse("merges"), name="merges", icon_name="resubmit", order=130)


admin_urls = [
    path("merges/", MergesView.as_view(), name="merges"),
    path("merges/<key:pk>/undo/", UndoView.as_view(), name="undo_merge"),
]
