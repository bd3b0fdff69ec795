"""Hangs the pages that search into the CMS."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from publications.viewsets.dashboard import AttentionPanel, Line
from publications.viewsets.topics import may_change_topics
from search.empty_searches import asked_in_vain
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


@hooks.register("construct_homepage_panels", order=100)
def count_empty_searches(request: HttpRequest, panels: list[Any]) -> None:
    """What was looked for in vain asks for an editor, too."""
    if not may_change_topics(request.user):
        return
    count = len(asked_in_vain())
    label = ngettext("search that found nothing", "searches that found nothing", count)
    for panel in panels:
        if isinstance(panel, AttentionPanel):
            panel.more.append(Line(count, label, reverse("empty_searches")))
