"""My work: everything that somebody brought in, where each stands, and how often it is read."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from publications.claims import person_of
from publications.contact.answering import find_passings
from publications.deposit import withdrawing
from publications.deposit.intake import begin_new_version
from publications.deposit.sending import DEPOSIT
from publications.models import Deposit, Passing, Record, WithdrawalRequest
from publications.use import Use, use_of
from publications.views.depositing import Draft, describe_url, for_depositors, make_drafts
from publications.vocabularies import DepositState

SHOWN = 200


@dataclass(frozen=True)
class LiveWork:
    """A live record of the user."""

    record: Record
    use: Use
    asked_to_withdraw: bool = False


@never_cache
@login_required
@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """Drafts, what is with the editors, what is live with its use, what was withdrawn."""
    deposits = Deposit.objects.with_state().of(request.user).select_related("owner").prefetch_related("record__files")
    user: Any = request.user
    by_state: dict[str, list[Deposit]] = {state: [] for state in DepositState.values}
    for deposit in deposits[:SHOWN]:
        by_state[deposit.state].append(deposit)
    context = {
        "sent_back": make_drafts(by_state[DepositState.SENT_BACK], user),
        "drafts": make_drafts(by_state[DepositState.DRAFT], user),
        "in_review": [Draft(deposit, user) for deposit in by_state[DepositState.IN_REVIEW]],
        "live": live_works(request.user),
        "withdrawn": Record.objects.filter(owner_id=request.user.pk).exclude(withdrawn_at=None),
        "may_deposit": request.user.has_perm(DEPOSIT),
        "questions": questions_before(request.user),
    }
    return render(request, "publications/deposit/my_work.html", context)


def questions_before(user: Any) -> dict[str, list[Passing]]:
    """The questions to whoever the account belongs to: those that wait for an answer, those answered, the others."""
    person = person_of(user)
    passings = find_passings(person) if person else []
    return {
        "waiting": [passing for passing in passings if not passing.ended_at and not passing.answered_at],
        "answered": [passing for passing in passings if passing.answered_at],
        "over": [passing for passing in passings if passing.ended_at and not passing.answered_at],
    }


def live_works(user: Any) -> list[LiveWork]:
    """The live records of a user, however they came in, newest first."""
    records = list(Record.objects.live().filter(owner_id=user.pk).newest_first()[:SHOWN])
    use = use_of(record.pk for record in records)
    asked = set(
        WithdrawalRequest.objects.filter(record__in=records, decided_at=None).values_list("record_id", flat=True)
    )
    return [LiveWork(record, use.get(record.pk, Use()), record.pk in asked) for record in records]


@for_depositors
@require_POST
def new_version(request: HttpRequest, pid: str) -> HttpResponse:
    """A draft of the next version of a live record of one's own, described as that is."""
    record = Record.objects.live().filter(owner_id=request.user.pk, pid=pid).first()
    if record is None:
        raise Http404
    user: Any = request.user
    return redirect(describe_url(begin_new_version(record, owner=user, language=get_language() or "en")))


class WithdrawalForm(forms.Form):
    """Why a record should be withdrawn."""

    reason = forms.CharField(
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": gettext_lazy("Say why: the reason stays on the page that readers find.")},
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_withdrawal(request: HttpRequest, pid: str) -> HttpResponse:
    """Asks the editors to withdraw a live record of one's own."""
    record = Record.objects.live().filter(owner_id=request.user.pk, pid=pid).first()
    if record is None:
        raise Http404
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        withdrawing.ask(record, reason=form.cleaned_data["reason"], user=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The editors have been asked. You get a mail when they have decided."))
        return redirect("publications:my_work")
    context = {"record": record, "form": form}
    return render(request, "publications/deposit/ask_withdrawal.html", context, status=422 if form.errors else 200)
