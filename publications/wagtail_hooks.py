"""Hangs our listings, forms and looks into the CMS."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.admin_url_finder import register_admin_url_finder
from wagtail.admin.menu import MenuItem
from wagtail.models import Page
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from publications.contact import history  # noqa: F401 - names acts for the history of the CMS
from publications.models import Record, RecordFile
from publications.models.bilingual import site_language
from publications.templatetags.addresses import language_of_page, page_addresses
from publications.topics import suggest_topics
from publications.viewsets import (
    GROUPS,
    bulk,
    bulk_tables,
    collection_order,
    contact,
    doubles,
    findings,
    links,
    merges,
    most_read,
    people_waiting,
    review,
    rule_matches,
    topic_files,
    topic_moves,
    topic_tree,
    unreadable,
    untagged,
    untranslated,
    userbar,
    versions,
)
from publications.viewsets.choosers import RecordChooserViewSet, RecordURLFinder
from publications.viewsets.dashboard import AttentionPanel, summary_items
from publications.viewsets.deletion import DeleteSelected
from publications.viewsets.files import FilePermissionPolicy, TakeAwayAction, admin_urls

register_permission_policy(RecordFile, FilePermissionPolicy(RecordFile))
register_admin_url_finder(Record, RecordURLFinder)
for group in GROUPS:
    register_snippet(group)
# After Wagtail's own, which it replaces for all our models.
hooks.register("register_bulk_action", DeleteSelected, order=100)
hooks.register("register_bulk_action", bulk.ChangeManyAction)


@hooks.register("register_actions", order=100)
def register_actions(registry: Any) -> None:
    """Deleting a file leaves its row."""
    registry.register(RecordFile, TakeAwayAction)


@hooks.register("register_admin_viewset")
def register_record_chooser() -> RecordChooserViewSet:
    """One chooser for records of every kind."""
    return RecordChooserViewSet("record_chooser", url_prefix="choose-record")


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    """Our own pages of the CMS; only who may enter the CMS gets to them."""
    return [
        *admin_urls,
        *unreadable.admin_urls,
        *findings.admin_urls,
        *versions.admin_urls,
        *review.admin_urls,
        *people_waiting.admin_urls,
        *merges.admin_urls,
        *doubles.admin_urls,
        *topic_tree.admin_urls,
        *topic_moves.admin_urls,
        *topic_files.admin_urls,
        *untagged.admin_urls,
        *untranslated.admin_urls,
        *most_read.admin_urls,
        *links.admin_urls,
        *contact.admin_urls,
        *bulk.admin_urls,
        *rule_matches.admin_urls,
        *collection_order.admin_urls,
        *bulk_tables.admin_urls,
        path("topics/autocomplete/", autocomplete_topics, name="topic_autocomplete"),
    ]


@hooks.register("register_admin_menu_item")
def register_review_queue() -> MenuItem:
    """The queue of deposits, first of all."""
    return review.ReviewMenuItem(
        review.QUEUE_TITLE, reverse("review_queue"), name="deposits", icon_name="clipboard-list", order=105
    )


@hooks.register("register_admin_menu_item")
def register_desk() -> MenuItem:
    """Questions that people ask through the hub."""
    return contact.desk_menu_item()


@hooks.register("register_reports_menu_item")
def register_unreadable_report() -> MenuItem:
    """What cannot be searched, among the reports."""
    return unreadable.FileReportMenuItem(
        _("What cannot be searched"),
        reverse("unreadable_report"),
        name="unreadable",
        icon_name="warning",
        order=100,
    )


@hooks.register("register_reports_menu_item")
def register_finding_report() -> MenuItem:
    """What may be patient data, among the reports."""
    return unreadable.FileReportMenuItem(
        _("Possible patient data"),
        reverse("finding_report"),
        name="findings",
        icon_name="lock",
        order=110,
    )


@hooks.register("register_reports_menu_item")
def register_people_waiting() -> MenuItem:
    """Accounts and claims, among the reports."""
    return people_waiting.waiting_menu_item()


@hooks.register("register_reports_menu_item")
def register_doubles() -> MenuItem:
    """What may be one, among the reports."""
    return doubles.doubles_menu_item()


@hooks.register("register_reports_menu_item")
def register_merges() -> MenuItem:
    """What was merged and can be undone, among the reports."""
    return merges.merges_menu_item()


@hooks.register("register_reports_menu_item")
def register_untranslated() -> MenuItem:
    """What lacks a translation, among the reports."""
    return untranslated.untranslated_menu_item()


@hooks.register("register_reports_menu_item")
def register_broken_links() -> MenuItem:
    """Links that lead nowhere, among the reports."""
    return links.broken_links_menu_item()


@hooks.register("register_reports_menu_item")
def register_most_read() -> MenuItem:
    """What people read, among the reports."""
    return most_read.most_read_menu_item()


@hooks.register("register_reports_menu_item")
def register_bulk_changes() -> MenuItem:
    """Changes of many records and their undo, among the reports."""
    return bulk.bulk_menu_item()


@hooks.register("register_reports_menu_item")
def register_held() -> MenuItem:
    """For those who ask what is held about them, among the reports."""
    return contact.held_menu_item()


def autocomplete_topics(request: HttpRequest) -> JsonResponse:
    """Topics for what was typed: `value` is put in the field, `label` is what the editor reads."""
    term = request.GET.get("term", "").strip()
    topics = suggest_topics(term) if term else ()
    return JsonResponse([{"value": topic.name, "label": " / ".join(_labels(topic))} for topic in topics], safe=False)


def _labels(topic: Any) -> list[str]:
    return list(dict.fromkeys(filter(None, [topic.name, topic.label_en, topic.label_nl])))


@hooks.register("on_serve_page", order=100)  # within Wagtail's own, which asks whether the reader may open the page
def lead_to_translation(serve: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """From a page shown below the other language to its translation, once there is one."""

    def lead_or_serve(page: Page, request: HttpRequest, *route: Any) -> HttpResponse:
        address = page_addresses(page, request).get(site_language()) if language_of_page(page) else None
        query = request.META.get("QUERY_STRING")
        return redirect(f"{address}?{query}" if query else address) if address else serve(page, request, *route)

    return lead_or_serve


@hooks.register("construct_homepage_panels")
def add_attention_panel(request: HttpRequest, panels: list[Any]) -> None:
    """What asks for an editor comes first, then what people read."""
    panels += [AttentionPanel(request), most_read.MostReadPanel(request)]


@hooks.register("construct_homepage_summary_items")
def add_summary_items(request: HttpRequest, items: list[Any]) -> None:
    """How much the hub holds."""
    items.extend(summary_items(request))


@hooks.register("construct_wagtail_userbar")
def add_edit_item(request: HttpRequest, items: list[Any], thing: Any) -> None:
    """On the site, from a thing's page to its form."""
    userbar.add_edit_item(request, items, thing)


@hooks.register("insert_global_admin_css")
def admin_css() -> SafeString:
    """The hub's greys in place of Wagtail's colours."""
    return format_html('<link rel="stylesheet" href="{}">', static("knowledge_hub/admin/admin.css"))


@hooks.register("insert_global_admin_js")
def admin_js() -> SafeString:
    """What all forms of the CMS need."""
    return format_html('<script type="module" src="{}"></script>', static("knowledge_hub/js/send-once.js"))
