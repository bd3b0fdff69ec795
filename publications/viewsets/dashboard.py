"""The first page of the CMS: how much there is, and what asks for an editor."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.site_summary import SummaryItem
from wagtail.admin.ui.components import Component
from wagtail.permissions import policy_registry

from publications.doubles import doubles_waiting
from publications.models import ContactRequest, Deposit, Event, Person, Record, RecordFile, Topic
from publications.models.kinds import RECORD_MODELS
from publications.models.publishing import is_in_review
from publications.viewsets.contact import may_handle
from publications.viewsets.links import count_broken, may_mend_links
from publications.viewsets.merges import kinds_of
from publications.viewsets.people_waiting import accounts_waiting, claims_waiting, may_confirm
from publications.viewsets.untagged import may_tag, untagged_records
from publications.viewsets.untranslated import KINDS, count_untranslated, report_url
from publications.vocabularies import ContactState, FileStatus, FindingState, Fixity


@dataclass(frozen=True)
class Line:
    """A count that leads to the listing it was counted from."""

    count: int
    label: Any
    url: str


def listing_url(model: type[Model], **filters: Any) -> str:
    """The listing of a model, filtered."""
    viewset: Any = model.snippet_viewset  # type: ignore[attr-defined]
    query = urlencode(filters, doseq=True)
    return reverse(viewset.get_url_name("list")) + (f"?{query}" if query else "")


def may_see(request: HttpRequest, model: type[Model]) -> bool:
    """Whether this user has anything to do with things of this kind."""
    return policy_registry.get_by_type(model).user_has_any_permission(request.user, {"add", "change", "view"})


class AttentionPanel(Component):
    """What waits: records in review, files that could not be read, texts that lack a language."""

    name = "attention"
    template_name = "publications/admin/attention_panel.html"
    order = 50

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.more: list[Line] = []
        """What the apps above this one count."""

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        lines = [
            *self.records_in_review(),
            *self.people(),
            *self.doubles(),
            *self.files(),
            *self.topics(),
            *self.translations(),
            *self.links(),
            *self.more,
            *self.questions(),
        ]
        return {"lines": [line for line in lines if line.count]}

    def records_in_review(self) -> list[Line]:
        """Deposits, then each kind of record by itself, as each has its own listing."""
        lines = []
        if may_see(self.request, RECORD_MODELS["publication"]):
            count = Deposit.objects.in_review().count()
            label = ngettext("deposit to review", "deposits to review", count)
            lines.append(Line(count, label, reverse("review_queue")))
        for model in RECORD_MODELS.values():
            if may_see(self.request, model):
                count = model.objects.filter(is_in_review(model)).count()
                things = model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural
                label = _("%(things)s waiting for review") % {"things": things}
                lines.append(Line(count, label, listing_url(model, status="review")))
        return lines

    def questions(self) -> list[Line]:
        """Questions for which an editor has to find somebody."""
        if not may_handle(self.request):
            return []
        count = ContactRequest.objects.at_desk().count()
        label = ngettext("question that waits for an editor", "questions that wait for an editor", count)
        return [Line(count, label, reverse("contact_desk") + f"?state={ContactState.AT_DESK.value}")]

    def people(self) -> list[Line]:
        """Accounts to approve, and profiles that somebody claims."""
        if not may_confirm(self.request):
            return []
        claims, accounts = claims_waiting().count(), accounts_waiting().count()
        url = reverse("people_waiting")
        return [
            Line(claims, ngettext("claim of a profile", "claims of profiles", claims), url),
            Line(accounts, ngettext("new account to approve", "new accounts to approve", accounts), url),
        ]

    def doubles(self) -> list[Line]:
        """Pairs that may be one."""
        kinds = kinds_of(self.request.user)
        count = doubles_waiting(*kinds.values()).count() if kinds else 0
        return [Line(count, ngettext("possible double", "possible doubles", count), reverse("doubles"))]

    def files(self) -> list[Line]:
        """Files whose text is missing, whole or in part."""
        if not may_see(self.request, RecordFile):
            return []
        files = RecordFile.objects.told_to_editors()
        unreadable = files.in_trouble().count()
        lost = files.filter(fixity__in=[Fixity.CHANGED, Fixity.MISSING, Fixity.UNREADABLE]).count()
        waiting = files.present().filter(status=FileStatus.RECEIVED).count()
        withheld = files.withheld().count()
        return [
            Line(
                withheld,
                ngettext("file that may hold patient data", "files that may hold patient data", withheld),
                reverse("finding_report") + f"?state={FindingState.OPEN.value}",
            ),
            Line(
                unreadable,
                ngettext("file without all of its text", "files without all of their text", unreadable),
                reverse("unreadable_report"),
            ),
            Line(
                lost,
                ngettext("file that is no longer what came in", "files that are no longer what came in", lost),
                listing_url(RecordFile, fixity=[Fixity.CHANGED, Fixity.MISSING, Fixity.UNREADABLE]),
            ),
            Line(
                waiting,
                ngettext("file waiting to be read", "files waiting to be read", waiting),
                listing_url(RecordFile, status=FileStatus.RECEIVED.value),
            ),
        ]

    def topics(self) -> list[Line]:
        """Records that have no topic."""
        if not may_see(self.request, Topic):
            return []
        untagged = untagged_records().count() if may_tag(self.request.user) else 0
        return [
            Line(
                untagged,
                ngettext("record without topics", "records without topics", untagged),
                reverse("untagged_records"),
            ),
        ]

    def links(self) -> list[Line]:
        """Links that lead nowhere."""
        count = count_broken() if may_mend_links(self.request.user) else 0
        return [Line(count, ngettext("broken link", "broken links", count), reverse("broken_links"))]

    def translations(self) -> list[Line]:
        """Texts that lack a language, and pictures without words, kind by kind."""
        counts = count_untranslated(self.request.user)
        return [Line(count, KINDS[key].counted % count, report_url(key)) for key, count in counts.items()]


class CountItem(SummaryItem):
    """How many there are of a kind, at the top of the page."""

    template_name = "publications/admin/summary_item.html"

    def __init__(self, request: HttpRequest, line: Line, *, icon: str, order: int) -> None:
        super().__init__(request)
        self.line, self.icon, self.order = line, icon, order

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"line": self.line, "icon": self.icon}


def summary_items(request: HttpRequest) -> list[CountItem]:
    """Live records, people and events, for somebody who works with them."""
    if not may_see(request, RECORD_MODELS["publication"]):
        return []
    records, people, events = Record.objects.live().count(), Person.objects.current().count(), Event.objects.count()
    publications = listing_url(RECORD_MODELS["publication"], status="live")
    return [
        CountItem(
            request,
            Line(records, ngettext("live record", "live records", records), publications),
            icon="doc-full",
            order=110,
        ),
        CountItem(
            request,
            Line(people, ngettext("person", "people", people), listing_url(Person)),
            icon="user",
            order=120,
        ),
        CountItem(
            request,
            Line(events, ngettext("event", "events", events), listing_url(Event)),
            icon="calendar",
            order=130,
        ),
    ]
