"""What every viewset of the hub has in common."""

from typing import Any

from wagtail.snippets.views.snippets import SnippetViewSet

from publications.viewsets.choosers import SnippetChooserViewSet
from publications.viewsets.listings import DeleteView, IndexView


class ViewSet(SnippetViewSet):
    """A snippet with our listing, chooser and deletion."""

    index_view_class = IndexView
    delete_view_class = DeleteView
    chooser_viewset_class = SnippetChooserViewSet
    # A copy would have the identifiers and the address of another.
    copy_view_enabled = False
    title_label = ""
    title_sort_key: str | None = None

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        view_kwargs: dict[str, Any] = super().get_index_view_kwargs(**kwargs)
        return view_kwargs | {"title_label": self.title_label, "title_sort_key": self.title_sort_key}
