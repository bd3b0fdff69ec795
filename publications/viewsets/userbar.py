"""The editors' bar on the site's own pages: what Wagtail's userbar offers there for the hub's things."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.userbar import AdminItem, BaseItem

from publications.models import Collection, Event, Organisation, Person, Record, Topic

WORDINGS: dict[type[Any], Any] = {
    Record: _("Edit this record"),
    Person: _("Edit this person"),
    Organisation: _("Edit this organisation"),
    Topic: _("Edit this topic"),
    Event: _("Edit this event"),
    Collection: _("Edit this collection"),
}
KINDS: Any = tuple(WORDINGS)


class EditThingItem(BaseItem):
    """Leads to a thing's form, for whoever may change it."""

    template_name = "publications/admin/userbar_edit.html"

    def __init__(self, thing: Any, *, user: Any) -> None:
        super().__init__()
        self.thing = thing
        self.user = user

    @cached_property
    def url(self) -> str | None:
        """Where it is edited; None for whoever may not."""
        return AdminURLFinder(self.user).get_edit_url(self.thing)

    @property
    def wording(self) -> str:
        """What the link says: the word for it differs with the kind of thing, in Dutch in gender too."""
        return next(str(wording) for model, wording in WORDINGS.items() if isinstance(self.thing, model))

    def render_html(self, parent_context: Any = None) -> Any:
        return super().render_html(parent_context) if self.url else ""


def add_edit_item(request: HttpRequest, items: list[Any], thing: Any) -> None:
    """Let the bar on a thing's page lead to its form; not while it is being edited, where Wagtail shows no link."""
    if not isinstance(thing, KINDS) or not thing.pk or getattr(request, "is_editing", False):
        return
    after = next((place for place, item in enumerate(items, 1) if isinstance(item, AdminItem)), len(items))
    items.insert(after, EditThingItem(thing, user=request.user))
