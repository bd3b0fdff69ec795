"""The tree of topics in the CMS: which stands below which, with how many records each has and what it lacks."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.permissions import policy_registry

from publications.models import Topic
from publications.models.topic_tree import with_record_counts
from publications.views.topics import build_tree
from publications.viewsets.framing import Crumb, FramedView, listing_crumb
from publications.viewsets.keys import is_key
from publications.viewsets.topics import may_change_topics


def find_topic(key: str) -> Topic | None:
    """The topic with this key, None where there is none."""
    return Topic.objects.current().filter(pk=int(key)).first() if is_key(key) else None


class TopicTreeView(FramedView, TemplateView):
    """All topics, each below its broader one. Branches open and close by themselves, by mouse and keyboard."""

    template_name = "publications/admin/topic_tree.html"
    page_title = gettext_lazy("Tree of topics")
    header_icon = "list-ul"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        policy = policy_registry.get_by_type(Topic)
        if not policy.user_has_any_permission(request.user, {"add", "change", "view"}):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_parents(self) -> list[Crumb]:
        return [listing_crumb(Topic)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        topics = with_record_counts(Topic.objects.current().prefetch_related("related"))
        viewset: Any = Topic.snippet_viewset  # type: ignore[attr-defined]
        return super().get_context_data(**kwargs) | {
            "branches": build_tree(topics),
            "total": len(topics),
            "edit_url_name": viewset.get_url_name("edit"),
            "add_url": reverse(viewset.get_url_name("add")),
            "may_change": may_change_topics(self.request.user),
            "moved": find_topic(self.request.GET.get("moved", "")),
            "was_at_top": self.request.GET.get("from") == "",
            "came_from": find_topic(self.request.GET.get("from", "")),
        }


admin_urls = [path("topics/tree/", TopicTreeView.as_view(), name="topic_tree")]
