"""The form of a deposit: filled in from its files, saved as one types, sent to the editors."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from publications.deposit.answers import (
    Answers,
    move_row,
    read_form,
    remove_row,
    suggested_answers,
)
from publications.deposit.checks import shares_publishers_version
from publications.deposit.intake import add_file
from publications.deposit.saving import Conflict, NotYours, differences, merge, save_answers
from publications.deposit.sending import PUBLISH, Incomplete, send, take_back
from publications.errors import PublicationError
from publications.models import Deposit
from publications.records import remove_file
from publications.views.depositing import Draft, describe_url, find_own, for_depositors
from publications.views.describe_fields import form_context
from publications.views.outsiders import as_outsider, outsider_page
from publications.vocabularies import DepositState


@for_depositors
@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: HttpRequest, pid: str) -> HttpResponseBase:
    """The form of a draft; of a deposit that is with the editors or live, where it stands."""
    draft = Draft(find_own(request, pid), request.user)  # type: ignore[arg-type]
    if not draft.deposit.can_be_changed:
        return render(request, "publications/deposit/sent.html", {"draft": draft, "deposit": draft.deposit})
    if request.method == "POST":
        return _act(request, draft)
    return show_form(request, draft, draft.answers)


def show_form(
    request: HttpRequest,
    draft: Draft,
    answers: Answers,
    *,
    errors: Mapping[str, list[str]] | None = None,
    version: int | None = None,
    blank: str = "",
) -> HttpResponse:
    """The form with these answers. blank: the name of a list that gets an empty row."""
    context = form_context(draft, answers, errors=errors or {}, blank=blank)
    context |= {
        "draft": draft,
        "deposit": draft.deposit,
        "version": draft.deposit.version if version is None else version,
        "outsider": as_outsider(draft.deposit, answers),
        "publishes": request.user.has_perm(PUBLISH),
    }
    return render(request, "publications/deposit/describe.html", context, status=422 if errors else 200)


def _act(request: HttpRequest, draft: Draft) -> HttpResponseBase:
    """Do what the pressed button asks: save, send, fill, move a row."""
    answers = read_form(request.POST)
    version = _number(request.POST.get("version"))
    action, _sep, rest = request.POST.get("do", "save").partition(":")
    name, _sep, place = rest.partition(":")
    if action in ("up", "down", "remove", "add"):
        return _change_rows(request, draft, answers, version=version, action=action, name=name, place=_number(place))
    if action == "fill":
        offered = suggested_answers(draft.suggested, file_names=[file.name for file in draft.files])
        answers = offered | {key: value for key, value in answers.items() if value}
    if action == "conflict":
        answers, version = _settle_conflict(request, draft, answers, version)
    try:
        if action in ("send", "conflict-send"):
            return _send(request, draft, answers, version=version)
        return _save(request, draft, answers, version=version)
    except Conflict as conflict:
        return _show_conflict(request, draft, answers, version=version, now=conflict.deposit)
    except NotYours as error:
        if _wants_json(request):
            return JsonResponse({"error": _(str(error))}, status=409)
        messages.error(request, _(str(error)))
        return redirect(describe_url(draft.deposit))


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 0


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _keep(draft: Draft, answers: Answers, *, version: int) -> Deposit:
    return save_answers(
        draft.deposit, answers, version=version, language=get_language() or "", first_shown=draft.answers
    )


def _save(request: HttpRequest, draft: Draft, answers: Answers, *, version: int) -> HttpResponseBase:
    deposit = _keep(draft, answers, version=version)
    if _wants_json(request):
        aside = render_to_string(
            "publications/deposit/includes/outsider.html", {"outsider": as_outsider(deposit, answers)}, request
        )
        is_publishers = shares_publishers_version(answers, draft.files)
        return JsonResponse({"version": deposit.version, "preview": aside, "is_publishers": is_publishers})
    messages.success(request, _("Saved as a draft. Nobody else sees it."))
    return redirect(describe_url(deposit))


def _send(request: HttpRequest, draft: Draft, answers: Answers, *, version: int) -> HttpResponseBase:
    user: Any = request.user
    try:
        deposit = send(
            draft.deposit,
            answers,
            version=version,
            user=user,
            language=get_language() or "",
            first_shown=draft.answers,
        )
    except Incomplete as error:
        now = Draft(find_own(request, draft.deposit.record.pid), user)
        return show_form(request, now, answers, errors=error.errors)
    if deposit.state == DepositState.LIVE:
        messages.success(request, _("It is live."))
    else:
        messages.success(request, _("Sent to the editors. You get a mail when they have looked."))
    return redirect(describe_url(deposit))


def _change_rows(
    request: HttpRequest, draft: Draft, answers: Answers, *, version: int, action: str, name: str, place: int
) -> HttpResponseBase:
    """The form with a row moved, taken out or added, not saved yet: for who has no script."""
    if action == "remove":
        answers = remove_row(answers, name=name, place=place)
    elif action in ("up", "down"):
        answers = move_row(answers, name=name, place=place, by=-1 if action == "up" else 1)
    try:
        deposit = _keep(draft, answers, version=version)
    except (Conflict, NotYours):
        return show_form(request, draft, answers, version=version)
    now = Draft(find_own(request, deposit.record.pid), request.user)  # type: ignore[arg-type]
    return show_form(request, now, answers, blank=name if action == "add" else "")


# Two tabs -----------------------------------------------------------------------------------------------------------


def _show_conflict(
    request: HttpRequest, draft: Draft, answers: Answers, *, version: int, now: Deposit
) -> HttpResponseBase:
    """What only one of two tabs changed is taken from it; where both did, the depositor chooses."""
    merged, both = differences(now, answers, version=version)
    if _wants_json(request):
        return JsonResponse({"conflict": True, "version": now.version}, status=409)
    context = form_context(draft, merged, errors={})
    labels = context["labels"]
    context |= {
        "draft": draft,
        "deposit": now,
        "version": now.version,
        "base": version,
        "both": [
            ShownDifference(one.name, labels.get(one.name, one.name), as_text(one.mine), as_text(one.other))
            for one in both
        ],
    }  # fmt: skip
    return render(request, "publications/deposit/conflict.html", context, status=409)


@dataclass(frozen=True)
class ShownDifference:
    """A field that two tabs answered differently, as people read it."""

    name: str
    label: str
    mine: str
    other: str


def as_text(value: Any) -> str:
    """An answer in a few words: names of authors, topics, or the text itself."""
    if not isinstance(value, list):
        return str(value or "")
    return "; ".join(_row_as_text(row) if isinstance(row, dict) else str(row) for row in value)


def _row_as_text(row: Mapping[str, str]) -> str:
    names = ("given_name", "family_name", "funder_name", "award_number", "identifier")
    return " ".join(filter(None, (row.get(name) for name in names)))


def _settle_conflict(request: HttpRequest, draft: Draft, answers: Answers, version: int) -> tuple[Answers, int]:
    """The answers with the other tab's where the depositor chose those."""
    _merged, both = differences(draft.deposit, answers, version=_number(request.POST.get("base")))
    chosen = {one.name for one in both if request.POST.get(f"choose-{one.name}") == "other"}
    return merge(answers, both, take_other=chosen), version


# Files, and where it stands -------------------------------------------------------------------------------------


@for_depositors
@require_POST
def add(request: HttpRequest, pid: str) -> HttpResponse:
    """One more file for a draft, or several."""
    deposit = find_own(request, pid)
    if deposit.can_be_changed:
        for upload in request.FILES.getlist("files"):
            try:
                add_file(deposit, upload)
            except PublicationError as error:
                messages.error(request, f"{upload.name}: {_(str(error))}")
    return redirect(describe_url(deposit))


@for_depositors
@require_POST
def take_away(request: HttpRequest, pid: str, number: int) -> HttpResponse:
    """Take a file out of a draft."""
    deposit = find_own(request, pid)
    file = deposit.record.files.present().filter(number=number).first()
    if file and deposit.can_be_changed:
        remove_file(file, user=deposit.owner)
        messages.success(request, _("“%(file)s” was taken out.") % {"file": file.name})
    return redirect(describe_url(deposit))


@for_depositors
@require_safe
def preview(request: HttpRequest, pid: str) -> HttpResponse:
    """The record's page as an outsider would get it, made by the view that serves live records."""
    draft = Draft(find_own(request, pid), request.user)  # type: ignore[arg-type]
    context = outsider_page(draft.deposit, draft.answers)
    return render(request, "publications/deposit/preview.html", context | {"deposit": draft.deposit})


@for_depositors
@require_POST
def take_deposit_back(request: HttpRequest, pid: str) -> HttpResponse:
    """Take a deposit out of the editors' queue."""
    deposit = take_back(find_own(request, pid), user=request.user)  # type: ignore[arg-type]
    if deposit.can_be_changed:
        messages.success(request, _("It is yours again. Change it, and send it when it is ready."))
    return redirect(describe_url(deposit))
