"""Topics in the CMS: their listing and form. Tree, files, splits and proposals each have a module of their own."""

from typing import Any

import django_filters
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn, UpdatedAtColumn
from wagtail.admin.widgets.button import Button
from wagtail.models import Revision
from wagtail.permissions import policy_registry

from publications.forms import TopicForm
from publications.merging import merge_topics
from publications.models import Record, Topic
from publications.viewsets.base import AddView
from publications.viewsets.choosers import chooser_with_form
from publications.viewsets.keys import is_key
from publications.viewsets.merging import MergeableChangeView, MergeableIndexView, MergeableViewSet
from publications.viewsets.panels import TOPIC_TABS


def may_change_topics(user: Any) -> bool:
    """Whether this user may make topics and change them all."""
    policy = policy_registry.get_by_type(Topic)
    return all(policy.user_has_permission(user, action) for action in ("add", "change"))


def check_may_change_topics(request: HttpRequest) -> Any:
    """The editor who asks. Raises PermissionDenied for whoever may not make topics and change them."""
    if not may_change_topics(request.user):
        raise PermissionDenied
    return request.user


class TopicFilterSet(WagtailFilterSet):
    """Where a topic stands, and what it still lacks."""

    broader = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Broader topic"), queryset=Topic.objects.current().exclude(narrower=None).distinct()
    )
    lacks = django_filters.ChoiceFilter(
        label=gettext_lazy("Lacks"),
        method="filter_lacks",
        choices=[
            ("label_en", gettext_lazy("a label in English")),
            ("label_nl", gettext_lazy("a label in Dutch")),
            ("synonyms_en", gettext_lazy("synonyms in English")),
            ("synonyms_nl", gettext_lazy("synonyms in Dutch")),
        ],
    )

    class Meta:
        model = Topic
        fields = ["broader"]

    def filter_lacks(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(**{value: ""})


def drafts_with_topic(topic: Topic) -> list[str]:
    """The titles of unpublished drafts that have the topic; their topics live in the revision alone."""
    latest = Record.objects.filter(has_unpublished_changes=True).values("latest_revision")
    drafts = Revision.objects.filter(pk__in=Subquery(latest)).annotate(tags=F("content__tagged_topics"))
    return [
        title
        for title, tags in drafts.values_list("object_str", "tags")
        if any(str(row.get("tag")) == str(topic.pk) for row in tags or [])
    ]


def topic_refusal(topic: Topic) -> str:
    """Why a topic cannot be deleted: records would be about less than before, and nobody would know."""
    sentences = []
    if records := Record.objects.filter(tagged_topics__tag=topic).distinct().count():
        sentences.append(
            ngettext("One record has this topic.", "%(count)d records have this topic.", records) % {"count": records}
        )
    if drafts := drafts_with_topic(topic):
        sentences.append(_("These drafts have it: %(titles)s.") % {"titles": "; ".join(drafts)})
    if sentences:
        sentences.append(_("Merge it with another topic, or give them another one first; then it can be deleted."))
    return " ".join(sentences)


def topic_consequences(topic: Topic) -> str:
    """Where the topics below it go."""
    below = Topic.objects.current().filter(broader=topic).count()
    if not below:
        return ""
    if topic.broader:
        sentence = ngettext(
            "The topic below it moves up, below “%(broader)s”.",
            "The %(count)d topics below it move up, below “%(broader)s”.",
            below,
        )
    else:
        sentence = ngettext(
            "The topic below it moves up, to the top.", "The %(count)d topics below it move up, to the top.", below
        )
    return sentence % {"count": below, "broader": topic.broader}


class TopicIndexView(MergeableIndexView):
    """The listing, with the ways to the tree, to files and to proposals."""

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        buttons: list[Any] = [*super().header_more_buttons]
        buttons.append(Button(_("Show as a tree"), url=reverse("topic_tree"), icon_name="list-ul", priority=5))
        if may_change_topics(self.request.user):
            buttons += [
                Button(_("Bring in or take along"), url=reverse("topic_files"), icon_name="upload", priority=6),
                Button(_("Records without topics"), url=reverse("untagged_records"), icon_name="tag", priority=7),
            ]
        return buttons


class TopicAddView(AddView):
    """The form of a new topic, below another where the address says so."""

    def get_initial_form_instance(self) -> Topic:
        topic: Topic = super().get_initial_form_instance() or Topic()
        below = self.request.GET.get("below", "")
        topic.broader = Topic.objects.current().filter(pk=below).first() if is_key(below) else None
        return topic


class TopicChangeView(MergeableChangeView):
    """The form of a topic, with the way to split it."""

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        buttons: list[Any] = [*super().header_more_buttons]
        if may_change_topics(self.request.user):
            url = reverse("split_topic", args=[quote(self.object.pk)])
            buttons.append(Button(_("Split this topic"), url=url, icon_name="cut", priority=26))
        return buttons


class TopicViewSet(MergeableViewSet):
    """What records are about."""

    model = Topic
    merge = staticmethod(merge_topics)
    icon = "tag"
    index_view_class = TopicIndexView
    add_view_class = TopicAddView
    edit_view_class = TopicChangeView
    consequences = staticmethod(topic_consequences)
    refusal = staticmethod(topic_refusal)
    chooser_viewset_class = chooser_with_form(TopicForm)
    edit_handler = TOPIC_TABS
    title_label = gettext_lazy("Topic")
    title_sort_key = "name"
    ordering = "name"
    search_fields = ("name", "label_en", "label_nl", "synonyms_en", "synonyms_nl")
    filterset_class = TopicFilterSet
    list_per_page = 50
    list_display = [
        "__str__",
        Column("label_en", label=gettext_lazy("English"), sort_key="label_en"),
        Column("label_nl", label=gettext_lazy("Dutch"), sort_key="label_nl"),
        Column("broader", label=gettext_lazy("Broader topic")),
        NumberColumn("all_records", label=gettext_lazy("Records"), sort_key="all_records"),
        UpdatedAtColumn(label=gettext_lazy("Updated")),
    ]
    list_export = ("label_en", "label_nl", "synonyms_en", "synonyms_nl", "broader", "slug", "all_records")
    export_headings = {"all_records": gettext_lazy("Records")}

    def get_queryset(self, request: Any) -> QuerySet:
        count = Count("tagged_records", distinct=True)
        return Topic.objects.current().select_related("broader").annotate(all_records=count)
