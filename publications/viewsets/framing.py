"""The frame of those pages of the CMS that we wrote: a title, an icon, and the path that leads there."""

from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

Crumb = dict[str, str]


class FramedView(WagtailAdminTemplateMixin):
    """A view that names its `page_title`, its `header_icon` and what lies above it."""

    def get_parents(self) -> list[Crumb]:
        """What lies between the first page of the CMS and this one."""
        return []

    def get_breadcrumbs_items(self) -> list[Crumb]:
        here = crumb("", self.get_page_title()) | {"sublabel": str(self.get_page_subtitle() or "")}
        return [*super().get_breadcrumbs_items(), *self.get_parents(), here]


def crumb(url: str, label: Any) -> Crumb:
    """A step of the path; without an address where the page itself is."""
    return {"url": url, "label": str(label)}


def listing_crumb(model: Any) -> Crumb:
    """The listing of a kind of thing."""
    return crumb(reverse(model.snippet_viewset.get_url_name("list")), capfirst(model._meta.verbose_name_plural))


def frame(title: Any, *, icon: str, parents: tuple[Crumb, ...] = ()) -> dict[str, Any]:
    """The same as the context of a view that is a function."""
    home = crumb(reverse("wagtailadmin_home"), _("Home"))
    return {"header_title": title, "header_icon": icon, "breadcrumbs_items": [home, *parents, crumb("", title)]}
