"""The editors' desk for questions: the list with its filters, and one question with everything to be done about it."""

import json
from collections.abc import Callable
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from publications.contact import answering, passing
from publications.contact.evidence import shown_evidence
from publications.contact.forms import LONGEST_TEXT, find_contactable
from publications.contact.keeping import erase, erase_all, held_about
from publications.contact.reaching import address_of
from publications.contact.steps import steps_of
from publications.errors import ContactError
from publications.models import ContactMail, ContactRequest, Person, User
from publications.viewsets.framing import Crumb, crumb, frame
from publications.viewsets.listings import IndexView
from publications.vocabularies import ContactOutcome, ContactState

RIGHT = "publications.change_contactrequest"
SHOWN_STATES = [(value, label) for value, label in ContactState.choices if value != ContactState.UNCONFIRMED]


def may_handle(request: HttpRequest) -> bool:
    """Whether this user works at the desk."""
    return request.user.has_perm(RIGHT)


def check_may_handle(request: HttpRequest) -> User:
    """The editor who asks. Raises PermissionDenied for whoever does not work at the desk."""
    if not isinstance(request.user, User) or not may_handle(request):
        raise PermissionDenied
    return request.user


class DeskMenuItem(MenuItem):
    """The desk in the menu, for those who work there."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_handle(request)


def desk_menu_item() -> MenuItem:
    """The desk, right after the deposits."""
    return DeskMenuItem(
        gettext_lazy("Questions"), reverse("contact_desk"), name="questions", icon_name="mail", order=106
    )


def held_menu_item() -> MenuItem:
    """What is held about an address, among the reports."""
    label = gettext_lazy("What the hub holds about an address")
    return DeskMenuItem(label, reverse("contact_held"), name="held", icon_name="user", order=140)


# The list ----------------------------------------------------------------------------------------------------------


class DeskFilterSet(WagtailFilterSet):
    """By state, by outcome, and those of which a mail does not arrive."""

    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("State"), choices=SHOWN_STATES, widget=forms.CheckboxSelectMultiple
    )
    outcome = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Outcome"), choices=ContactOutcome.choices, widget=forms.CheckboxSelectMultiple
    )
    asked = django_filters.ChoiceFilter(
        label=gettext_lazy("Addressed to"),
        choices=[("person", gettext_lazy("a person")), ("cluster", gettext_lazy("the cluster"))],
        method="filter_asked",
    )
    undelivered = django_filters.BooleanFilter(label=gettext_lazy("A mail did not go out"))

    class Meta:
        model = ContactRequest
        fields: tuple[str, ...] = ()

    def filter_asked(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Those asked of somebody, or of nobody in particular."""
        return queryset.filter(person__isnull=value == "cluster")


def age_of(asked: ContactRequest) -> str:
    """How long the question has been where it is."""
    return timesince(asked.changed_at, depth=1)


def asked_of(asked: ContactRequest) -> str:
    """Whom it was addressed to."""
    return asked.person.name if asked.person else _("the cluster")


def mail_state(asked: Any) -> str:
    """Whether mails wait for a mail server, or were given up."""
    return _("mail not sent") if asked.undelivered else ""


def on_desk() -> QuerySet[ContactRequest]:
    """All questions whose address is confirmed, each with whether a mail of it does not go out."""
    stuck = ContactMail.objects.filter(request=OuterRef("pk"), sent_at=None).filter(
        Q(tries__gt=0) | Q(given_up_at__isnull=False)
    )
    found = ContactRequest.objects.confirmed().select_related("person")
    return found.annotate(undelivered=Exists(stuck), message_count=Count("messages"))


class DeskView(ReportView):
    """Every question, the oldest that waits first."""

    model = ContactRequest
    page_title = gettext_lazy("Questions")
    header_icon = "mail"
    index_url_name = "contact_desk"
    index_results_url_name = "contact_desk_results"
    filterset_class = DeskFilterSet
    default_ordering = "-confirmed_at"
    permission_policy = ModelPermissionPolicy(ContactRequest)
    permission_required = "change"
    no_results_message = gettext_lazy("No questions here.")
    custom_value_preprocess = IndexView.custom_value_preprocess
    export_filename = "questions"
    columns = [
        TitleColumn(
            "number",
            label=gettext_lazy("Question"),
            accessor=str,
            get_url=lambda asked: reverse("contact_request", args=[asked.pk]),
        ),
        Column("asked_of", label=gettext_lazy("Addressed to"), accessor=asked_of),
        Column("organisation", label=gettext_lazy("By"), accessor=lambda asked: asked.organisation or asked.name),
        StatusTagColumn("state", label=gettext_lazy("State"), accessor="get_state_display"),
        Column("age", label=gettext_lazy("For"), accessor=age_of),
        Column("outcome", label=gettext_lazy("Outcome"), accessor="get_outcome_display"),
        Column("mails", label=gettext_lazy("Mail"), accessor=mail_state),
    ]
    # Counts go into reports of the cluster; names and addresses stay here.
    list_export = [
        "pk",
        "asked_of",
        "get_state_display",
        "get_outcome_display",
        "confirmed_at",
        "closed_at",
        "language",
    ]
    export_headings = {
        "pk": gettext_lazy("Question"),
        "asked_of": gettext_lazy("Addressed to"),
        "get_state_display": gettext_lazy("State"),
        "get_outcome_display": gettext_lazy("Outcome"),
        "confirmed_at": gettext_lazy("Asked"),
        "closed_at": gettext_lazy("Closed"),
        "language": gettext_lazy("Language"),
    }

    def get_base_queryset(self) -> QuerySet:
        return on_desk()

    def to_row_dict(self, item: Any) -> Any:
        item.asked_of = asked_of(item)
        return super().to_row_dict(item)


def questions_crumb() -> Crumb:
    """The desk itself, above each of its pages."""
    return crumb(reverse("contact_desk"), _("Questions"))


# One question ------------------------------------------------------------------------------------------------------


class ActForm(forms.Form):
    """What an editor does about a question; each button needs some of it."""

    do = forms.CharField(max_length=20)
    person = forms.SlugField(required=False, max_length=120, allow_unicode=True)
    passing = forms.IntegerField(required=False)
    text = forms.CharField(required=False, max_length=LONGEST_TEXT)
    notes = forms.CharField(required=False, max_length=LONGEST_TEXT)
    outcome = forms.ChoiceField(required=False, choices=ContactOutcome.choices)


@require_safe
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """One question: who asks what, whom it went to, what was said, and the forms of the desk."""
    editor = check_may_handle(request)
    asked = get_object_or_404(on_desk(), pk=pk)
    words = request.GET.get("person", "").strip()[:100]
    passings = asked.passings.select_related("person__merged_into", "passed_by").order_by("passed_at", "pk")
    context = {
        "asked": asked,
        "evidence": shown_evidence(asked, user=editor, today=timezone.localdate()),
        "steps": steps_of(asked),
        "passings": passings,
        "said": asked.messages.select_related("person"),
        "has_address": bool(address_of(asked.person)),
        "words": words,
        "people": [(person, bool(address_of(person))) for person in find_contactable(words)],
        "outcomes": ContactOutcome.choices,
    } | frame(asked, icon="mail", parents=(questions_crumb(),))
    return render(request, "publications/admin/contact_request.html", context)


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Do what the editor's button says."""
    editor = check_may_handle(request)
    asked = get_object_or_404(on_desk(), pk=pk)
    form = ActForm(request.POST)
    if not form.is_valid() or form.cleaned_data["do"] not in ACTS:
        messages.error(request, " ".join(str(m) for m in form.errors.values()) or _("Nothing was done."))
        return redirect("contact_request", pk)
    try:
        messages.success(request, ACTS[form.cleaned_data["do"]](asked, form.cleaned_data, editor))
    except ContactError as error:
        messages.error(request, str(error))
    return redirect("contact_request", pk)


Act = Callable[[ContactRequest, dict[str, Any], User], str]


def _pass_on(asked: ContactRequest, given: dict[str, Any], editor: User) -> str:
    person = Person.objects.current().filter(slug=given["person"]).first() if given["person"] else None
    if person is None:
        raise ContactError(_("Choose somebody first."))
    passing.pass_on(asked, person, by=editor, now=timezone.now())
    return _("The question is passed on to %(name)s.") % {"name": person.name}


def _remind(asked: ContactRequest, given: dict[str, Any], editor: User) -> str:
    waiting = asked.passings.filter(pk=given["passing"]).first()
    if waiting is None:
        raise ContactError(_("This question is no longer waiting for an answer."))
    passing.remind(waiting, by=editor, now=timezone.now())
    return _("A reminder is on its way.")


def _answer(asked: ContactRequest, given: dict[str, Any], editor: User) -> str:
    if not given["text"]:
        raise ContactError(_("Write an answer first."))
    answering.answer_from_desk(asked, given["text"], by=editor, now=timezone.now())
    return _("Your answer is on its way.")


def _close(asked: ContactRequest, given: dict[str, Any], editor: User) -> str:
    if not given["outcome"]:
        raise ContactError(_("Say what came of it."))
    outcome = ContactOutcome(given["outcome"])
    passing.close(asked, outcome, by=editor, now=timezone.now(), words=given["text"])
    return _("The question is closed, and whoever asked it is told.")


def _reopen(asked: ContactRequest, given: dict[str, Any], editor: User) -> str:
    passing.reopen(asked, by=editor, now=timezone.now())
    return _("The question is open again.")


def _note(asked: ContactRequest, given: dict[str, Any], editor: User) -> str:
    if asked.erased_at:
        raise ContactError(_("This question was erased."))
    ContactRequest.objects.filter(pk=asked.pk).update(notes=given["notes"])
    return _("Your notes are kept.")


def _erase(asked: ContactRequest, given: dict[str, Any], editor: User) -> str:
    erase(asked, by=editor, now=timezone.now())
    return _("Everything personal is erased.")


ACTS: dict[str, Act] = {
    "pass_on": _pass_on,
    "remind": _remind,
    "answer": _answer,
    "close": _close,
    "reopen": _reopen,
    "note": _note,
    "erase": _erase,
}


# What is held about an address -------------------------------------------------------------------------------------


class HeldForm(forms.Form):
    """Whose data."""

    address = forms.EmailField(label=gettext_lazy("E-mail address"))


@require_http_methods(["GET", "HEAD", "POST"])
def held(request: HttpRequest) -> HttpResponse:
    """What the hub holds about an address, as a file; or all questions from it erased."""
    check_may_handle(request)
    form = HeldForm(request.POST or None)
    if form.is_bound and form.is_valid():
        address = form.cleaned_data["address"]
        if "erase" in request.POST:
            count = erase_all(address, now=timezone.now())
            messages.success(request, _("Questions and saved searches erased: %(count)d.") % {"count": count})
            return redirect("contact_held")
        text = json.dumps(held_about(address), indent=2, ensure_ascii=False, default=str)
        response = HttpResponse(text, content_type="application/json")
        response["Content-Disposition"] = 'attachment; filename="held.json"'
        response["Cache-Control"] = "no-store"
        return response
    context = {"form": form} | frame(
        _("What the hub holds about an address"), icon="user", parents=(questions_crumb(),)
    )
    return render(request, "publications/admin/contact_held.html", context)


admin_urls = [
    path("questions/", DeskView.as_view(), name="contact_desk"),
    path("questions/results/", DeskView.as_view(results_only=True), name="contact_desk_results"),
    path("questions/held/", held, name="contact_held"),
    path("questions/<int:pk>/", look, name="contact_request"),
    path("questions/<int:pk>/act/", act, name="act_on_contact_request"),
]
