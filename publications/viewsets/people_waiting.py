"""Who waits for an editor: accounts that people made themselves, and claims of profiles."""

from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from publications.claims import approve_account, confirm_claim, refuse_claim, turn_down_account
from publications.errors import ClaimError
from publications.metadata import Agent
from publications.models import Person, ProfileClaim, User
from publications.people import match_person
from publications.viewsets.framing import FramedView

CONFIRM_ACCOUNTS = "publications.confirm_accounts"


class DecisionForm(forms.Form):
    """Yes or no to a claim; whether the account may bring in work; why not."""

    decision = forms.ChoiceField(choices=[("confirm", ""), ("refuse", "")])
    may_deposit = forms.BooleanField(required=False)
    reason = forms.CharField(required=False, max_length=1000, strip=True)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "refuse" and not cleaned.get("reason"):
            raise forms.ValidationError(_("Write why, for the one who asked."))
        return cleaned


def accounts_waiting() -> QuerySet[User]:
    """Accounts that wait, with a confirmed address: the others have not shown that there is somebody."""
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    return User.objects.filter(Exists(confirmed), awaits_approval=True, is_active=True).order_by("date_joined")


def claims_waiting() -> QuerySet[ProfileClaim]:
    """Claims that wait, the oldest first."""
    return ProfileClaim.objects.open().select_related("user", "person")


def may_confirm(request: HttpRequest) -> bool:
    """Whether this user decides about accounts and claims."""
    return request.user.has_perm(CONFIRM_ACCOUNTS)


def check_may_confirm(request: HttpRequest) -> User:
    """Who is asking. Raises PermissionDenied for whoever may not decide."""
    if not isinstance(request.user, User) or not may_confirm(request):
        raise PermissionDenied
    return request.user


class WaitingView(FramedView, TemplateView):
    """Both lists, each line with its buttons."""

    template_name = "publications/admin/people_waiting.html"
    page_title = gettext_lazy("Accounts and claims")
    header_icon = "user"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_may_confirm(request)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        claims = [(claim, None if claim.person else likely_person(claim.user)) for claim in claims_waiting()]
        person_edit = Person.snippet_viewset.get_url_name("edit")  # type: ignore[attr-defined]
        lists = {"accounts": accounts_waiting(), "claims": claims, "person_edit": person_edit}
        return super().get_context_data(**kwargs) | lists


def likely_person(user: User) -> Any:
    """A person of the hub whose name somebody has who says to be new; None where there is none."""
    found = match_person(Agent(given_name=user.first_name, family_name=user.last_name)) if user.last_name else None
    return found[0] if found else None


@require_POST
def decide_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an account in, or do away with it."""
    check_may_confirm(request)
    user = get_object_or_404(accounts_waiting(), pk=pk)
    name = user.get_full_name() or user.get_username()
    if "approve" in request.POST:
        approve_account(user)
        messages.success(request, _("“%(name)s” can sign in now, and was told so.") % {"name": name})
    else:
        turn_down_account(user)
        messages.success(request, _("The account of “%(name)s” is gone.") % {"name": name})
    return redirect("people_waiting")


@require_POST
def decide_claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a claim or refuse it; its owner is told."""
    editor = check_may_confirm(request)
    claim = get_object_or_404(ProfileClaim, pk=pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(message) for errors in form.errors.values() for message in errors))
        return redirect("people_waiting")
    try:
        if form.cleaned_data["decision"] == "confirm":
            confirm_claim(claim, by=editor, may_deposit=form.cleaned_data["may_deposit"])
            messages.success(request, _("The profile is confirmed, and its owner was told."))
        else:
            refuse_claim(claim, by=editor, reason=form.cleaned_data["reason"])
            messages.success(request, _("The claim is refused, and whoever made it was told why."))
    except ClaimError as error:
        messages.error(request, str(error))
    return redirect("people_waiting")


class WaitingMenuItem(MenuItem):
    """Shown to those who decide."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_confirm(request)


def waiting_menu_item() -> MenuItem:
    """The page among the reports."""
    return WaitingMenuItem(
        gettext_lazy("Accounts and claims"),
        reverse("people_waiting"),
        name="people-waiting",
        icon_name="user",
        order=120,
    )


admin_urls = [
    path("people-waiting/", WaitingView.as_view(), name="people_waiting"),
    path("people-waiting/accounts/<int:pk>/", decide_account, name="decide_account"),
    path("people-waiting/claims/<int:pk>/", decide_claim, name="decide_claim"),
]
