"""The order of a collection's records without dragging and without scripts: by number, or a place up or down."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.permissions import policy_registry

from publications.models import Collection, CollectionItem
from publications.viewsets.framing import Crumb, FramedView, crumb, listing_crumb
from publications.viewsets.keys import is_key

UP, DOWN = "up", "down"


def move(keys: Sequence[int], key: int, *, by: int) -> list[int]:
    """The keys with one of them moved by so many places; beyond an end it stays at the end."""
    if key not in keys:
        return list(keys)
    place = min(max(0, keys.index(key) + by), len(keys) - 1)
    others = [other for other in keys if other != key]
    return [*others[:place], key, *others[place:]]


def put_in_places(keys: Sequence[int], places: Mapping[int, int]) -> list[int]:
    """The keys by the places, from 1, that somebody gave them: whichever got another goes before the one it had."""
    now = {key: place for place, key in enumerate(keys, start=1)}
    wanted = now | {key: place for key, place in places.items() if key in now}
    ordered = list(keys)
    for key in sorted((key for key in keys if wanted[key] != now[key]), key=lambda key: wanted[key]):
        ordered.remove(key)
        ordered.insert(max(0, wanted[key] - 1), key)
    return ordered


class OrderView(FramedView, TemplateView):
    """The records with a number each; “up” and “down” show them anew, “Save the order” makes a draft."""

    template_name = "publications/admin/collection_order.html"
    page_title = gettext_lazy("Order of the records")
    header_icon = "list-ol"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.collection = get_object_or_404(Collection, pk=kwargs["pk"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        policy = policy_registry.get_by_type(Collection)
        if not policy.user_has_permission_for_instance(request.user, "change", self.collection):
            raise PermissionDenied
        lock = self.collection.get_lock()
        if lock and lock.for_user(request.user):
            messages.error(request, lock.get_message(request.user))
            return redirect(edit_url(self.collection))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show([item.record_id for item in items_of(self.collection)])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            # Held until the answer is made, and read anew: of two that save at once, one sees what the other saved.
            self.collection = get_object_or_404(Collection.objects.select_for_update(), pk=self.collection.pk)
            return self.answer(request)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Show the records anew, or save their order."""
        if request.POST.get("version", "") != version_of(self.collection):
            messages.warning(request, _("Somebody saved this collection meanwhile. This is how it stands now."))
            return redirect("collection_order", self.collection.pk)
        keys = self.read_order([item.record_id for item in items_of(self.collection)])
        for name, by in ((UP, -1), (DOWN, 1)):
            if is_key(request.POST.get(name)):
                moved = int(request.POST[name])
                return self.show(move(keys, moved, by=by), moved=moved, pressed=name)
        save_order(self.collection, keys, user=request.user)
        messages.success(request, _("The order is saved as a draft. Publish it when it is as you want it."))
        return redirect(edit_url(self.collection))

    def read_order(self, known: Sequence[int]) -> list[int]:
        """The order on the page that was sent, with the numbers that were typed into it."""
        sent = [int(key) for key in self.request.POST.getlist("record") if is_key(key)]
        shown = [key for key in dict.fromkeys(sent) if key in known]
        shown += [key for key in known if key not in shown]
        typed = {key: self.request.POST.get(f"place-{key}", "").strip() for key in shown}
        return put_in_places(shown, {key: int(place) for key, place in typed.items() if is_key(place)})

    def show(self, keys: Sequence[int], *, moved: int | None = None, pressed: str = "") -> HttpResponse:
        """The form with the records in this order."""
        picked = items_of(self.collection)
        prefetch_related_objects(picked, "record")
        items = {item.record_id: item for item in picked}
        context = self.get_context_data(
            collection=self.collection,
            items=[items[key] for key in keys if key in items],
            version=version_of(self.collection),
            moved=moved,
            pressed=pressed,
            edit_url=edit_url(self.collection),
        )
        return self.render_to_response(context)

    def get_page_subtitle(self) -> str:
        return str(self.collection)

    def get_parents(self) -> list[Crumb]:
        return [listing_crumb(Collection), crumb(edit_url(self.collection), self.collection)]


def items_of(collection: Collection) -> list[CollectionItem]:
    """What is picked in the latest draft, in its order."""
    draft: Any = collection.get_latest_revision_as_object()
    return sorted(draft.items.all(), key=lambda item: (item.sort_order is None, item.sort_order or 0))


def version_of(collection: Collection) -> str:
    """What tells whether somebody saved it meanwhile; a draft that is saved over keeps its key."""
    latest = collection.latest_revision
    return f"{latest.pk} {latest.created_at.isoformat()}" if latest else ""


@transaction.atomic
def save_order(collection: Collection, keys: Sequence[int], *, user: Any) -> None:
    """Make a draft with its records in this order; one that was deleted meanwhile is left out."""
    draft: Any = collection.get_latest_revision_as_object()
    items = {item.record_id: item for item in draft.items.all()}
    ordered = [items[key] for key in keys if key in items]
    for place, item in enumerate(ordered):
        item.sort_order = place
    draft.items = ordered
    draft.save_revision(user=user, log_action=True, clean=False)


def edit_url(collection: Collection) -> str:
    """The collection's form."""
    viewset: Any = Collection.snippet_viewset
    return reverse(viewset.get_url_name("edit"), args=[quote(collection.pk)])


admin_urls = [path("collections/order/<key:pk>/", OrderView.as_view(), name="collection_order")]
