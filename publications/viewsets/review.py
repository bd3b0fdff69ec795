"""The editors' queue of deposits: what waits, by risk and by age, and each with its pages beside their text."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.permissions import policy_registry

from publications.deposit import checks, withdrawing
from publications.deposit.answers import answers_of_record
from publications.deposit.reviewing import approve, send_back, task_state_of
from publications.errors import PublicationError
from publications.models import Deposit, FilePage, Publication, Record, RecordFile, WithdrawalRequest
from publications.views.describe_fields import LABELS
from publications.viewsets.framing import crumb, frame
from publications.vocabularies import DepositState, Licence

SHOWN_FIELDS = (
    "title", "resource_type", "authors", "abstract", "language", "issued", "doi", "container_title", "publisher",
    "topics", "event", "funding", "related", "access_right", "rights", "version_type",
)  # fmt: skip
ORDERS = {"risk": lambda row: (-row.weight, row.deposit.sent_at), "age": lambda row: row.deposit.sent_at}
PER_PAGE = 50
QUEUE_TITLE = gettext_lazy("Deposits to review")


def check_may_review(request: HttpRequest) -> Any:
    """The editor who asks. Raises PermissionDenied for whoever may not publish records."""
    if not policy_registry.get_by_type(Publication).user_has_permission(request.user, "publish"):
        raise PermissionDenied
    return request.user


class ReviewMenuItem(MenuItem):
    """The queue in the menu, for those who may decide."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(policy_registry.get_by_type(Publication).user_has_permission(request.user, "publish"))


@dataclass(frozen=True)
class Waiting:
    """A deposit in the queue, with what speaks for a good look."""

    deposit: Deposit
    risks: list[checks.Risk]

    @property
    def weight(self) -> int:
        """How grave it is."""
        return sum(risk.weight for risk in self.risks)


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """All deposits that wait, gravest first or oldest first, and records whose withdrawal is asked for."""
    check_may_review(request)
    order = request.GET.get("order", "risk")
    deposits = Deposit.objects.in_review().select_related("owner").prefetch_related("record__files")
    rows = [Waiting(deposit, checks.risks_of(deposit, deposit.answers)) for deposit in deposits]
    rows.sort(key=ORDERS.get(order, ORDERS["risk"]))
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("p")),
        "order": order if order in ORDERS else "risk",
        "withdrawals": WithdrawalRequest.objects.filter(decided_at=None).select_related("record", "user"),
    } | frame(QUEUE_TITLE, icon="clipboard-list")
    return render(request, "publications/admin/review_queue.html", context)


@require_safe
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """One deposit: a page of its file as a picture beside the text read from it, and its description with comments."""
    check_may_review(request)
    deposit = find_waiting(pk)
    files = list(RecordFile.objects.present().filter(record_id=deposit.record_id).select_related("record"))
    file, number = chosen_page(files, request.GET.get("file"), request.GET.get("page"))
    answers = answers_of_record(deposit.record, new_topics=deposit.new_topics)
    record: Any = deposit.record.specific()
    context = {
        "deposit": deposit,
        "files": files,
        "file": file,
        "number": number,
        "page": FilePage.objects.filter(file=file, number=number).first() if file else None,
        "rows": [Line(name, str(LABELS[name]), as_lines(name, answers, record)) for name in SHOWN_FIELDS],
        "risks": checks.risks_of(deposit, answers),
        "doubles": checks.doubles_of(deposit, answers),
        "edit_url": reverse(record.snippet_viewset.get_url_name("edit"), args=[record.pk]),
    } | frame(deposit, icon="clipboard-list", parents=(crumb(reverse("review_queue"), QUEUE_TITLE),))
    return render(request, "publications/admin/review.html", context)


def find_waiting(pk: int) -> Deposit:
    """A deposit that was sent. Raises Http404 for one that is still its depositor's."""
    deposit = get_object_or_404(Deposit.objects.with_state().select_related("owner"), pk=pk)
    if deposit.state in (DepositState.DRAFT, DepositState.SENT_BACK):
        raise Http404
    return deposit


def chosen_page(files: list[RecordFile], file: str | None, page: str | None) -> tuple[RecordFile | None, int]:
    """The file and page that were asked for, else the first."""
    chosen = next((one for one in files if str(one.number) == file), files[0] if files else None)
    last = (chosen.page_count or 1) if chosen else 1
    wanted = int(page) if page and page.isascii() and page.isdigit() and len(page) < 7 else 1
    return chosen, min(max(wanted, 1), last)


@dataclass(frozen=True)
class Line:
    """A field of the description as editors read it."""

    name: str
    label: str
    lines: list[str]


def as_lines(name: str, answers: dict[str, Any], record: Record) -> list[str]:
    """A field in lines of text."""
    value = answers.get(name, "")
    if name == "authors":
        return [
            ", ".join([f"{row['given_name']} {row['family_name']}".strip(), *row["affiliations"].splitlines()])
            for row in value
        ]
    if name == "funding":
        return [" ".join(filter(None, row.values())) for row in value]
    if name == "related":
        return [f"{row['relation_type']}: {row['title'] or row['identifier']}" for row in value]
    if isinstance(value, list):
        return [str(one) for one in value]
    shown = {"resource_type": record.get_resource_type_display, "language": record.get_language_display,
             "access_right": record.get_access_right_display}  # fmt: skip
    if name in shown:
        return [str(shown[name]())]
    return [str(dict(Licence.choices).get(value, value))] if value else []


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a deposit or send it back."""
    user = check_may_review(request)
    deposit = find_waiting(pk)
    try:
        task_state_of(deposit)
        if "approve" in request.POST:
            approve(deposit, user=user, new_topics=request.POST.getlist("new_topics"))
            messages.success(request, _("“%(title)s” is live.") % {"title": deposit})
            return redirect("review_queue")
        comment = request.POST.get("comment", "").strip()
        on_fields = {name: request.POST.get(f"comment-{name}", "") for name in SHOWN_FIELDS}
        if not comment and not any(text.strip() for text in on_fields.values()):
            messages.error(request, _("Say what the depositor should change, in general or beside a field."))
            return redirect("review_deposit", pk)
        send_back(deposit, user=user, comment=comment, on_fields=on_fields)
        messages.success(request, _("“%(title)s” went back to its depositor, who is mailed.") % {"title": deposit})
    except PublicationError as error:
        messages.error(request, _(str(error)))
        return redirect("review_deposit", pk)
    return redirect("review_queue")


@require_POST
def decide_withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a record, as its depositor asked, or let it stay."""
    user = check_may_review(request)
    asked = get_object_or_404(WithdrawalRequest.objects.select_related("record"), pk=pk, decided_at=None)
    if "withdraw" in request.POST:
        withdrawing.withdraw(asked.record, reason=request.POST.get("reason", "").strip() or asked.reason, user=user)
        messages.success(request, _("“%(title)s” was withdrawn.") % {"title": asked.record})
    else:
        withdrawing.keep(asked.record)
        messages.success(request, _("“%(title)s” stays.") % {"title": asked.record})
    return redirect("review_queue")


admin_urls = [
    path("deposits/", queue, name="review_queue"),
    path("deposits/<int:pk>/", look, name="review_deposit"),
    path("deposits/<int:pk>/decide/", decide, name="decide_deposit"),
    path("deposits/withdrawals/<int:pk>/", decide_withdrawal, name="decide_withdrawal"),
]
