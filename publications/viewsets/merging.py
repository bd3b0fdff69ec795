"""Merging in the CMS: choose the other one and which of the two stays, see what moves, confirm."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.admin.utils import quote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.permissions import policy_registry

from publications.errors import MergeError
from publications.merging import MergePreview, preview_merge
from publications.models import MergeLog
from publications.viewsets.base import ChangeView, ViewSet
from publications.viewsets.framing import Crumb, FramedView, crumb, listing_crumb
from publications.viewsets.keys import KeyChoiceField
from publications.viewsets.listings import IndexView

THIS, OTHER = "this", "other"


def came_from_doubles(parameters: QueryDict) -> bool:
    """Whether an editor is going through the list of possible doubles, and goes on there."""
    return parameters.get("list") == "doubles"


def may_merge(user: Any, model: type[Model]) -> bool:
    """Whether this user may change what stays and do away with what goes."""
    policy = policy_registry.get_by_type(model)
    return all(policy.user_has_permission(user, action) for action in ("change", "delete"))


class MergeForm(forms.Form):
    """The other one, and which of the two stays."""

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        viewset: Any = type(thing).snippet_viewset
        self.fields["other"] = KeyChoiceField(
            label=_("Merge with"),
            queryset=type(thing)._default_manager.current().exclude(pk=thing.pk),
            widget=viewset.chooser_viewset.widget_class(),
        )
        self.fields["keep"] = forms.ChoiceField(
            label=_("Which one stays"),
            help_text=_("Its own texts stay as they are; the other one only fills what is empty."),
            widget=forms.RadioSelect,
            choices=[(THIS, _("This one: %(name)s") % {"name": thing}), (OTHER, _("The other one"))],
            initial=THIS,
        )


class MergeView(FramedView, TemplateView):
    """A form that asks which two, then what a merge of them does with a button that does it."""

    model: Any = None
    merge: Any = None
    template_name = "publications/admin/merge.html"
    page_title = gettext_lazy("Merge")
    header_icon = "resubmit"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.object = get_object_or_404(self.model._default_manager.current(), pk=kwargs["pk"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_merge(request.user, self.model):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = MergeForm(request.GET if "other" in request.GET else None, thing=self.object)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        kept, merged = self.chosen(form)
        try:
            preview = preview_merge(kept, merged, merge=self.merge)
        except MergeError as error:
            form.add_error(None, str(error))
            return self.render_to_response(self.get_context_data(form=form))
        return self.render_to_response(self.get_context_data(form=form, kept=kept, merged=merged, preview=preview))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = MergeForm(request.POST, thing=self.object)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        kept, merged = self.chosen(form)
        name = str(merged)
        try:
            self.merge(kept, merged, user=request.user)
        except MergeError as error:
            form.add_error(None, str(error))
            return self.render_to_response(self.get_context_data(form=form))
        tell_of_merge(request, kept, merged, name=name)
        return redirect("doubles" if came_from_doubles(request.POST) else self.edit_url(kept))

    def chosen(self, form: MergeForm) -> tuple[Any, Any]:
        """What stays, and what becomes part of it."""
        pair = (self.object, form.cleaned_data["other"])
        return pair if form.cleaned_data["keep"] == THIS else pair[::-1]

    def edit_url(self, thing: Any) -> str:
        """The form of a thing of this kind."""
        return reverse(type(thing).snippet_viewset.get_url_name("edit"), args=[quote(thing.pk)])

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def get_parents(self) -> list[Crumb]:
        return [listing_crumb(self.model), crumb(self.edit_url(self.object), self.object)]

    def get_context_data(self, *, preview: MergePreview | None = None, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "preview": preview,
            "object": self.object,
            "edit_url": self.edit_url(self.object),
            "came_from_doubles": came_from_doubles(self.request.GET),
        }


def merges_of(thing: Any) -> QuerySet[MergeLog]:
    """The merges that a thing took part in, undone ones too."""
    content_type = ContentType.objects.get_for_model(type(thing))
    either = Q(kept_id=thing.pk) | Q(merged_id=thing.pk)
    return MergeLog.objects.filter(either, content_type=content_type)


def last_merge(merged: Any) -> MergeLog | None:
    """The merge that a thing became part of another by."""
    content_type = ContentType.objects.get_for_model(type(merged))
    return MergeLog.objects.filter(content_type=content_type, merged_id=merged.pk, undone_at=None).first()


def tell_of_merge(request: HttpRequest, kept: Any, merged: Any, *, name: str) -> None:
    """Say that it is done, with the way to undo it. `name` is what the merged one was called."""
    log = last_merge(merged)
    buttons = [messages.button(reverse("undo_merge", args=[log.pk]), _("Undo …"))] if log else []
    sentence = _("“%(merged)s” is now part of “%(kept)s”.") % {"merged": name, "kept": kept}
    messages.success(request, sentence, buttons=buttons)


def merge_url(kept: Any, merged: Any) -> str:
    """The page that says what merging these two would do, for somebody who goes through the possible doubles."""
    page = reverse(type(kept).snippet_viewset.get_url_name("merge"), args=[quote(kept.pk)])
    return f"{page}?other={merged.pk}&keep={THIS}&list=doubles"


def merge_button(thing: Any, **kwargs: Any) -> Button:
    """Leads to the page that merges a thing with another."""
    url = reverse(type(thing).snippet_viewset.get_url_name("merge"), args=[quote(thing.pk)])
    return Button(_("Merge with another"), url=url, icon_name="resubmit", **kwargs)


class MergeableIndexView(IndexView):
    """A listing with a button to merge."""

    def get_list_more_buttons(self, instance: Any) -> list[Any]:
        buttons: list[Any] = super().get_list_more_buttons(instance)
        if may_merge(self.request.user, self.model):
            buttons.append(merge_button(instance, priority=25))
        return buttons


class MergeableChangeView(ChangeView):
    """A form with a button to merge, and the way to the merges it took part in."""

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        buttons: list[Any] = [*super().header_more_buttons]
        if may_merge(self.request.user, self.model):
            if self.object.merged_into_id is None:
                buttons.append(merge_button(self.object, priority=25))
            if merges_of(self.object).exists():
                url = f"{reverse('merges')}?kind={self.model._meta.model_name}&thing={self.object.pk}"
                buttons.append(Button(_("Merges, and undoing them"), url=url, icon_name="rotate", priority=26))
        return buttons


class MergeableViewSet(ViewSet):
    """Things of which two may turn out to be one."""

    index_view_class = MergeableIndexView
    edit_view_class = MergeableChangeView
    merge_view_class = MergeView
    merge: Callable[..., Any]

    @property
    def merge_view(self) -> Any:
        return self.construct_view(self.merge_view_class, merge=self.merge)

    def get_urlpatterns(self) -> list[URLPattern]:
        patterns: list[URLPattern] = super().get_urlpatterns()
        return [*patterns, path("merge/<key:pk>/", self.merge_view, name="merge")]
