"""Splitting a topic in the CMS: a new one, and which records go to it: found by a search, ticked by hand."""

from typing import Any

from django import forms
from django.contrib.admin.utils import quote
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages

from publications.errors import MergeError
from publications.forms import TopicForm
from publications.models import Record, Topic, TopicSplit
from publications.splitting import split_topic, undo_split
from publications.viewsets.framing import Crumb, FramedView, listing_crumb
from publications.viewsets.keys import is_key
from publications.viewsets.topics import check_may_change_topics
from search.discovery import reader_of
from search.errors import IndexUnavailable
from search.indexing import get_search_engine
from search.requests import SearchRequest
from search.understanding import understand

BELOW, BESIDE = "below", "beside"


class SplitForm(TopicForm):
    """What the new topic is called, and where it stands."""

    place = forms.ChoiceField(
        label=gettext_lazy("Where it stands"),
        widget=forms.RadioSelect,
        choices=[
            (BELOW, gettext_lazy("below this topic: its records count for this one, too")),
            (BESIDE, gettext_lazy("beside it: its records no longer count for this one")),
        ],
        initial=BELOW,
    )


class SplitView(FramedView, TemplateView):
    """First the choice, then what would happen with the button that does it; splits of before, to take back."""

    template_name = "search/admin/split_topic.html"
    page_title = gettext_lazy("Split a topic")
    header_icon = "cut"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.topic = get_object_or_404(Topic.objects.current(), pk=kwargs["pk"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_may_change_topics(request)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def records(self) -> list[Record]:
        """The records that have the topic itself, drafts among them, by title."""
        return list(Record.objects.filter(tagged_topics__tag=self.topic).order_by("title", "pk"))

    @property
    def chosen(self) -> list[Record]:
        """Those that were ticked."""
        ticked = {int(value) for value in self.request.POST.getlist("record") if is_key(value)}
        return [record for record in self.records if record.pk in ticked]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        query = " ".join(request.GET.get("q", "").split())
        found = self.find(query) if query else None
        context = self.get_context_data(
            form=SplitForm(instance=Topic()), query=query, found=found, ticked={record.pk for record in found or ()}
        )
        return self.render_to_response(context)

    def find(self, query: str) -> list[Record] | None:
        """Those of the records that a search finds; None where there is no index to ask."""
        pids = {record.pid: record for record in self.records}
        request = SearchRequest(
            query=understand(query, is_widened=False).query,
            reader=reader_of(self.request.user),
            records=tuple(pids),
            page_size=max(1, len(pids)),
            facets=(),
        )
        try:
            return [pids[hit.id] for hit in get_search_engine().search(request).hits if hit.id in pids]
        except IndexUnavailable:
            return None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = SplitForm(request.POST, instance=Topic())
        chosen = self.chosen
        if not chosen:
            form.add_error(None, _("Tick the records that go to the new topic."))
        if not form.is_valid() or "confirm" not in request.POST:
            shows_preview = form.is_valid() and "change" not in request.POST
            context = self.get_context_data(
                form=form, query="", ticked={record.pk for record in chosen}, chosen=chosen, shows_preview=shows_preview
            )
            return self.render_to_response(context)
        return self.split(form, chosen)

    def split(self, form: SplitForm, chosen: list[Record]) -> HttpResponse:
        """Do it, and show the new topic's form."""
        part = form.save(commit=False)
        part.broader = self.topic if form.cleaned_data["place"] == BELOW else self.topic.broader
        user: Any = self.request.user
        try:
            with transaction.atomic():
                split_topic(self.topic, part, [record.pk for record in chosen], user=user)
                part.save_revision(user=user, clean=False)
        except MergeError as error:
            messages.error(self.request, str(error))
            return redirect("split_topic", self.topic.pk)
        text = ngettext(
            "One record went from “%(topic)s” to “%(part)s”.",
            "%(count)d records went from “%(topic)s” to “%(part)s”.",
            len(chosen),
        )
        messages.success(self.request, text % {"count": len(chosen), "topic": self.topic, "part": part})
        return redirect(edit_url(part))

    def get_page_subtitle(self) -> str:
        return str(self.topic)

    def get_parents(self) -> list[Crumb]:
        return [listing_crumb(Topic)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "topic": self.topic,
            "records": self.records,
            "edit_url": edit_url(self.topic),
            "splits": TopicSplit.objects.filter(topic=self.topic).select_related("part", "made_by"),
        }


def edit_url(topic: Topic) -> str:
    """The topic's form."""
    viewset: Any = Topic.snippet_viewset
    return reverse(viewset.get_url_name("edit"), args=[quote(topic.pk)])


@require_POST
def take_split_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the records of a split back."""
    user = check_may_change_topics(request)
    split = get_object_or_404(TopicSplit.objects.select_related("topic", "part"), pk=pk)
    try:
        count = undo_split(split, user=user)
    except MergeError as error:
        messages.error(request, str(error))
    else:
        text = ngettext(
            "The split is undone: one record has “%(topic)s” again.",
            "The split is undone: %(count)d records have “%(topic)s” again.",
            count,
        )
        messages.success(request, text % {"count": count, "topic": split.topic})
    return redirect(edit_url(split.topic))


admin_urls = [
    path("topics/split/<key:pk>/", SplitView.as_view(), name="split_topic"),
    path("topics/splits/<key:pk>/undo/", take_split_back, name="undo_split"),
]
