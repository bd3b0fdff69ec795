"""What every viewset of the hub has in common."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet

from publications.viewsets.choosers import SnippetChooserViewSet
from publications.viewsets.deletion import DeleteView
from publications.viewsets.keys import is_kept_from_editors  # registers the converter of primary keys, too
from publications.viewsets.listings import IndexView


class SavedByHand:
    """Switches autosave off where there are no drafts: it would publish every half-typed name."""

    draftstate_enabled: bool
    autosave_enabled: bool

    def setup(self, *args: Any, **kwargs: Any) -> None:
        super().setup(*args, **kwargs)  # type: ignore[misc]
        self.autosave_enabled = self.autosave_enabled and self.draftstate_enabled


def only_told(view: Callable[..., HttpResponseBase], model: Any) -> Callable[..., HttpResponseBase]:
    """The view, with a 404 for the key of a thing that editors are not told of yet."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_kept_from_editors(model, kwargs.get("pk", args[0] if args else None)):
            raise Http404
        return view(request, *args, **kwargs)

    return checked


class AddView(SavedByHand, CreateView):
    """The form of a new thing."""


class ChangeView(SavedByHand, EditView):
    """The form of a thing that exists."""


class ViewSet(SnippetViewSet):
    """A snippet with our listing, chooser and deletion.

    Where the model tells what editors may know of (`told_to_editors`), no page about one thing opens for another.
    """

    index_view_class = IndexView
    add_view_class = AddView
    edit_view_class = ChangeView
    delete_view_class = DeleteView
    chooser_viewset_class = SnippetChooserViewSet
    # Wagtail takes a key that is a link to the base's row for a text, and any number for a key: "edit/x/" would fail.
    pk_path_converter = "key"
    # A copy would have the identifiers and the address of another.
    copy_view_enabled = False
    title_label = ""
    title_sort_key: str | None = None

    def construct_view(self, view_class: Any, **kwargs: Any) -> Any:
        view = super().construct_view(view_class, **kwargs)
        return only_told(view, self.model)

    @staticmethod
    def consequences(thing: Any) -> str:
        """What deleting a thing does to others, in a sentence; empty when nothing."""
        return ""

    @staticmethod
    def refusal(thing: Any) -> str:
        """Why a thing cannot be deleted, beyond what the database refuses; empty when it can be."""
        return ""

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        view_kwargs: dict[str, Any] = super().get_index_view_kwargs(**kwargs)
        return view_kwargs | {"title_label": self.title_label, "title_sort_key": self.title_sort_key}
