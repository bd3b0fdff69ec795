"""Changing many records in the CMS: chosen in a listing, looked at, made in the background, and taken back."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.permissions import policy_registry
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from publications.audit import BULK_NAMES
from publications.bulk import MOST_RECORDS, Plan, plan_change, prepare_change, start_change, start_undo
from publications.models import BulkChange, Record
from publications.models.kinds import RECORD_MODELS
from publications.viewsets.bulk_forms import BulkForm
from publications.viewsets.bulk_wording import Line, Names, lines_of, summary_of
from publications.viewsets.framing import Crumb, FramedView, crumb, listing_crumb
from publications.viewsets.keys import is_key
from publications.viewsets.listings import find_by_words
from publications.viewsets.record_forms import edit_url
from publications.vocabularies import BulkOutcome, BulkRefusal, BulkState

PER_PAGE = 50


def may_change_many(user: Any, model: type[Record]) -> bool:
    """Whether this user may change records of this kind and publish them: a change holds at once."""
    policy = policy_registry.get_by_type(model)
    return all(policy.user_has_permission(user, action) for action in ("change", "publish"))


def kinds_of(user: Any) -> list[str]:
    """The kinds of record that this user may change many of."""
    return [kind for kind, model in RECORD_MODELS.items() if may_change_many(user, model)]


def model_of(kind: str, user: Any) -> Any:
    """The kind of record that an address names, for whoever may change many of them."""
    if kind not in RECORD_MODELS:
        raise Http404
    if not may_change_many(user, RECORD_MODELS[kind]):
        raise PermissionDenied
    return RECORD_MODELS[kind]


def chosen_records(model: Any, request: HttpRequest) -> QuerySet:
    """The records that were ticked, else all that the filters and words of the listing find."""
    viewset = model.snippet_viewset
    records = model.objects.told_to_editors()
    if ticked := [pk for pk in request.GET.getlist("id") if pk != "all"]:
        return records.filter(pk__in=[pk for pk in ticked if is_key(pk)])
    filters = viewset.filterset_class(request.GET, queryset=records, request=request)
    if not filters.is_valid():
        return records.none()
    words = " ".join(request.GET.get("q", "").split())
    found = filters.qs
    return find_by_words(found, words, fields=viewset.search_fields).distinct() if words else found.distinct()


class ChangeManyAction(SnippetBulkAction):
    """The button under a listing with ticks: leads to the form, with what was ticked."""

    display_name = gettext_lazy("Change")
    action_type = "change_many"
    aria_label = gettext_lazy("Change the selected records")
    template_name = "publications/admin/bulk_form.html"
    action_priority = 20
    models = tuple(RECORD_MODELS.values())

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = request.GET.copy()
        for name in ("next", "childOf", "p"):
            chosen.pop(name, None)
        return redirect(f"{reverse('change_many', args=[self.model.kind])}?{chosen.urlencode()}")


class RecordsOfAKindView(FramedView, FormView):
    """A form about chosen records of the kind that its address names."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.model = model_of(self.kwargs["kind"], request.user)
        return super().dispatch(request, *args, **kwargs)


class ChangeManyView(RecordsOfAKindView):
    """Says how many records were chosen, and asks what they are to get."""

    form_class = BulkForm
    template_name = "publications/admin/bulk_form.html"
    page_title = gettext_lazy("Change many records")
    header_icon = "edit"

    @cached_property
    def keys(self) -> list[int]:
        """Of the chosen records; one more than may be changed where there are too many."""
        records = chosen_records(self.model, self.request).order_by("pk")
        return list(records.values_list("pk", flat=True)[: MOST_RECORDS + 1])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.keys or len(self.keys) > MOST_RECORDS:
            return self.get(request, *args, **kwargs)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: BulkForm) -> HttpResponse:
        user: Any = self.request.user
        change = prepare_change(self.model.kind, self.keys, form.wanted(), user=user)
        return redirect("bulk_change", change.pk)

    def get_page_subtitle(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    def get_parents(self) -> list[Crumb]:
        return [listing_crumb(self.model)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "count": len(self.keys),
            "limit": MOST_RECORDS,
            "is_too_many": len(self.keys) > MOST_RECORDS,
            "titles": self.model.objects.filter(pk__in=self.keys[:5]).values_list("title", flat=True),
            "more": max(0, len(self.keys) - 5),
            "listing_url": reverse(self.model.snippet_viewset.get_url_name("list")),
            "media": self.get_form().media,
        }


class BulkChangeView(FramedView, TemplateView):
    """An act upon many records: what it would do, how far it is, what it did, and how to take it back."""

    template_name = "publications/admin/bulk_change.html"
    page_title = gettext_lazy("Change of many records")
    header_icon = "edit"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        changes = BulkChange.objects.select_related("made_by", "undone_by")
        self.change: BulkChange = get_object_or_404(changes, pk=self.kwargs["pk"])
        self.model = model_of(self.change.kind, request.user)
        if self.change.state == BulkState.PREPARED and self.change.made_by_id != request.user.pk:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def plan(self) -> Plan:
        """What applying it would do now."""
        user: Any = self.request.user
        return plan_change(self.change, user=user)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        if "undo" in request.POST:
            if not start_undo(self.change, user=user):
                messages.warning(request, _("This was undone already."))
        elif self.change.state == BulkState.PREPARED and request.POST.get("digest") != self.plan.digest:
            messages.warning(request, _("Records changed since you looked. This is what would change now."))
        elif not start_change(self.change):
            messages.warning(request, _("This was applied already."))
        return redirect("bulk_change", self.change.pk)

    def get_page_subtitle(self) -> str:
        return self.change.file_name or str(self.model._meta.verbose_name_plural)

    def get_parents(self) -> list[Crumb]:
        return [crumb(reverse("bulk_changes"), BulkChangesView.page_title)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names, is_prepared = Names(), self.change.state == BulkState.PREPARED
        context = super().get_context_data(**kwargs) | {
            "change": self.change,
            "is_prepared": is_prepared,
            "is_underway": self.change.state in (BulkState.APPLYING, BulkState.UNDOING),
            "summary": summary_of(self.change.wanted, names),
        }
        return context | (self.planned(names) if is_prepared else self.happened(names))

    def planned(self, names: Names) -> dict[str, Any]:
        """Of an act that waits: the records by what would become of them."""
        plan = self.plan
        counts = {"changing": len(plan.changing), "same": len(plan.same), "refused": len(plan.refused)}
        shown = self.request.GET.get("show", "")
        shown = shown if shown in counts else next((name for name in counts if counts[name]), "changing")
        page = Paginator(getattr(plan, shown), PER_PAGE).get_page(self.request.GET.get("p"))
        reasons = dict(BulkRefusal.choices)
        rows = [
            (edit_url(one.record), one.record, planned_lines(one, names), reasons.get(one.refusal, "")) for one in page
        ]
        return {"plan": plan, "counts": counts, "shown": shown, "page": page, "rows": rows}

    def happened(self, names: Names) -> dict[str, Any]:
        """Of an act that runs or ran: how many of each outcome, and the records."""
        items = self.change.items.filter(record__in=Record.objects.told_to_editors())
        counts = dict(items.order_by().values_list("outcome").annotate(n=Count("pk")))
        shown = self.request.GET.get("show", "")
        chosen = items.filter(outcome=shown) if shown in counts else items
        in_order = chosen.select_related("record__publication", "record__presentation", "record__eventoutcome")
        page = Paginator(in_order.order_by("record__title", "pk"), PER_PAGE).get_page(self.request.GET.get("p"))
        total, waiting = sum(counts.values()), self.still_waiting(counts)
        return {
            "outcomes": [(name, label, counts[name]) for name, label in BulkOutcome.choices if name in counts],
            "shown": shown if shown in counts else "",
            "page": page,
            "rows": [(edit_url(item.record), item.record, item_lines(item, names), item_note(item)) for item in page],
            "total": total,
            "done": total - waiting,
            "may_undo": self.change.state == BulkState.APPLIED and counts.get(BulkOutcome.CHANGED),
        }

    def still_waiting(self, counts: dict[str, int]) -> int:
        """How many records a worker has not come to."""
        waits = {BulkState.APPLYING: BulkOutcome.WAITING, BulkState.UNDOING: BulkOutcome.CHANGED}
        return counts.get(waits.get(BulkState(self.change.state), BulkOutcome.WAITING), 0)


def planned_lines(planned: Any, names: Names) -> list[Line]:
    """What a record would get; of a draft that says otherwise, what the draft would."""
    if planned.refusal:
        return []
    before = {**planned.before, "collections": list(planned.places_before)}
    after = {**planned.after, "collections": list(planned.places_after)}
    lines = lines_of(before, after, names)
    if planned.draft_before is None or planned.draft_before == planned.before:
        return lines
    of_draft = lines_of(planned.draft_before, planned.draft_after, names, only=planned.draft_before)
    return lines + [
        Line(_("%(field)s of the draft") % {"field": line.label}, line.before, line.after)
        for line in of_draft
        if line not in lines
    ]


def item_lines(item: Any, names: Names) -> list[Line]:
    """What a record got."""
    if not item.before:
        return []
    before = {**item.before["row"], "collections": list(item.before["collections"])}
    return lines_of(before, {**item.after["row"], "collections": list(item.after["collections"])}, names)


def item_note(item: Any) -> str:
    """Why it could not be changed or put back, or what of it was changed since."""
    if item.refusal:
        return str(dict(BulkRefusal.choices)[item.refusal])
    if item.kept:
        return _("changed since, and left so: %(names)s") % {"names": ", ".join(str(BULK_NAMES[n]) for n in item.kept)}
    return ""


class BulkChangesView(FramedView, TemplateView):
    """All acts upon many records, the last first; of those not applied only one's own."""

    template_name = "publications/admin/bulk_changes.html"
    page_title = gettext_lazy("Changes of many records")
    header_icon = "edit"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kinds = kinds_of(self.request.user)
        if not kinds:
            raise PermissionDenied
        changes = BulkChange.objects.filter(kind__in=kinds).exclude(
            ~Q(made_by=self.request.user.pk), state=BulkState.PREPARED
        )
        counted = changes.annotate(total=Count("items")).select_related("made_by").order_by("-made_at", "-pk")
        page = Paginator(counted, PER_PAGE).get_page(self.request.GET.get("p"))
        names = Names()
        rows = [(change, summary_of(change.wanted, names)) for change in page]
        return super().get_context_data(**kwargs) | {"page": page, "rows": rows}


class BulkMenuItem(MenuItem):
    """Shown to those who may change many records."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(kinds_of(request.user))


def bulk_menu_item() -> MenuItem:
    """The page among the reports."""
    return BulkMenuItem(
        gettext_lazy("Changes of many records"),
        reverse("bulk_changes"),
        name="bulk-changes",
        icon_name="edit",
        order=140,
    )


admin_urls = [
    path("records/changes/", BulkChangesView.as_view(), name="bulk_changes"),
    path("records/changes/<key:pk>/", BulkChangeView.as_view(), name="bulk_change"),
    path("records/<slug:kind>/change/", ChangeManyView.as_view(), name="change_many"),
]
