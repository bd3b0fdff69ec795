"""Hangs the pages that search into the CMS."""

from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from search.viewsets import empty_searches, splitting


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    """Only who may enter the CMS gets to them."""
    return [*empty_searches.admin_urls, *splitting.admin_urls]


@hooks.register("register_reports_menu_item")
def register_empty_searches() -> MenuItem:
    """What was looked for in vain, among the reports."""
    return empty_searches.EmptySearchesMenuItem(
        _("Searches that found nothing"),
        reverse("empty_searches"),
        name="empty-searches",
        icon_name="search",
        order=130,
    )
