"""Records without topics, each with those that its text speaks of: ticked and accepted many at a time."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.permissions import policy_registry

from publications.audit import log_tagging
from publications.models import Publication, Record, Topic
from publications.models.records import RecordQuerySet
from publications.proposing import Proposal, TopicFinder, texts_of
from publications.records import change_topics
from publications.viewsets.framing import Crumb, FramedView, listing_crumb
from publications.viewsets.keys import is_key
from publications.viewsets.record_forms import edit_url

PER_PAGE = 20
TICKED_FROM = 6.0
"""Likely enough to be ticked beforehand: a topic that stands in the title, or in abstract and pages."""
PLACES = {
    "title": gettext_lazy("title"),
    "keywords": gettext_lazy("printed keywords"),
    "abstract": gettext_lazy("abstract"),
    "pages": gettext_lazy("pages"),
}


@dataclass(frozen=True)
class ProposedTopic:
    """A proposal as the list shows it."""

    proposal: Proposal
    value: str
    why: str
    is_ticked: bool


@dataclass(frozen=True)
class Row:
    """A record of the list."""

    record: Record
    url: str
    topics: tuple[ProposedTopic, ...]


def untagged_records() -> RecordQuerySet:
    """Live records that have no topic, the newest first."""
    records: RecordQuerySet = Record.objects.listed().filter(tagged_topics=None).newest_first()
    return records.select_related("publication", "presentation", "eventoutcome")


def may_tag(user: Any) -> bool:
    """Whether this user may change records and publish them: topics hold at once."""
    policy = policy_registry.get_by_type(Publication)
    return all(policy.user_has_permission(user, action) for action in ("change", "publish"))


class UntaggedView(FramedView, TemplateView):
    """The list, twenty records a page, and the button that gives them what is ticked."""

    template_name = "publications/admin/untagged.html"
    page_title = gettext_lazy("Records without topics")
    header_icon = "tag"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_tag(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def page(self) -> Page:
        """The records of this page of the list."""
        return Paginator(untagged_records(), PER_PAGE).get_page(self.request.GET.get("p"))

    def rows(self) -> list[Row]:
        """The records with their proposals."""
        finder, texts = TopicFinder(), texts_of(self.page.object_list)
        return [
            Row(record, edit_url(record), tuple(map(_shown(record), finder.find(texts[record.pk]))))
            for record in self.page.object_list
        ]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        given = accept(request.POST.getlist("give"), user=request.user)
        if given:
            text = ngettext("One record has topics now.", "%(count)d records have topics now.", given)
            messages.success(request, text % {"count": given})
        else:
            messages.warning(request, _("Tick the topics first."))
        return redirect(reverse("untagged_records"))

    def get_parents(self) -> list[Crumb]:
        return [listing_crumb(Topic)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"page": self.page, "rows": self.rows()}


def _shown(record: Record) -> Any:
    def shown(proposal: Proposal) -> ProposedTopic:
        why = _("“%(words)s” in %(places)s") % {
            "words": "”, “".join(proposal.words),
            "places": ", ".join(str(PLACES[place]) for place in PLACES if place in proposal.places),
        }
        value = f"{record.pk}-{proposal.topic.pk}"
        return ProposedTopic(proposal, value, why, proposal.score >= TICKED_FROM)

    return shown


@transaction.atomic
def accept(values: list[str], *, user: Any) -> int:
    """Give records the topics that were ticked for them ("record-topic"); returns how many records got some.

    A record that has topics by now, as somebody else was quicker, gets these as well.
    """
    pairs = [value.split("-") for value in values]
    chosen: dict[int, list[int]] = {}
    for pair in pairs:
        if len(pair) == 2 and all(map(is_key, pair)):
            chosen.setdefault(int(pair[0]), []).append(int(pair[1]))
    topics = Topic.objects.current().in_bulk([pk for pks in chosen.values() for pk in pks])
    live = set(Record.objects.live().filter(pk__in=chosen).values_list("pk", flat=True))
    given = 0
    for record_id in live:
        new = [topics[pk] for pk in dict.fromkeys(chosen[record_id]) if pk in topics]
        for record in change_topics([record_id], add=new, user=user):
            log_tagging(record, new, user=user)
            given += 1
    return given


admin_urls = [path("topics/untagged/", UntaggedView.as_view(), name="untagged_records")]
