"""Where work comes in: one page that takes files, a DOI or a bibliography, and tells how far each is."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from publications.deposit import checks, programs, progress
from publications.deposit.answers import Answers, current_answers, suggested_for
from publications.deposit.intake import ACCEPTED, Intake, make_deposit, take_doi, take_in
from publications.deposit.saving import NotYours, call_another_work, call_new_version
from publications.deposit.sending import DEPOSIT, discard
from publications.errors import PublicationError
from publications.ingest.page_states import PageStates, page_states
from publications.models import Deposit, Record, RecordFile, User
from publications.suggestions import SuggestedMetadata
from publications.views.holdings import ShownFile, files_of

View = Callable[..., HttpResponseBase]
LONGEST_KEY = 100
SHOWN_DRAFTS = 100


def for_depositors(view: View) -> View:
    """A page for those who may bring in work: others sign in first, or read whom to ask. Kept by no cache."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.has_perm(DEPOSIT):
            return render(request, "publications/deposit/not_allowed.html", status=403)
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    return checked


def find_own(request: HttpRequest, pid: str) -> Deposit:
    """The deposit of this user with that PID. Raises Http404 for anybody else's, as for one that never was."""
    deposits = Deposit.objects.with_state().of(request.user).prefetch_related(progress.files_with_waiting())
    deposit = deposits.filter(record__pid=pid).first()
    if deposit is None:
        raise Http404
    return deposit


@dataclass
class Draft:
    """A draft on the page: how far its files are, what they told, what to look at."""

    deposit: Deposit
    user: User
    states: Mapping[int, PageStates] | None = None
    """Those of the pages of its files, where they were read for many drafts at once."""

    @cached_property
    def files(self) -> list[RecordFile]:
        """Its files."""
        return progress.present_files(self.deposit)

    @cached_property
    def shown_files(self) -> list[ShownFile]:
        """Its files with what could be read of each."""
        today = timezone.localdate()
        return list(files_of(self.deposit.record, user=self.user, today=today, states=self.states))

    @cached_property
    def suggested(self) -> SuggestedMetadata:
        """What its files suggest."""
        return suggested_for(self.deposit, self.files)

    @cached_property
    def answers(self) -> Answers:
        """What its form would show."""
        return current_answers(self.deposit, self.suggested)

    @property
    def title(self) -> str:
        """The title as known by now, else the name of its file."""
        return self.answers.get("title", "") or (self.files[0].name if self.files else _("Untitled"))

    @property
    def is_finished(self) -> bool:
        """Whether all its files are read."""
        return progress.is_finished(self.deposit)

    @property
    def status(self) -> str:
        """The state of its first file that is not as it should be, else "ready"; "described" without a file."""
        return next(
            (file.status for file in self.files if file.status != "ready"), "ready" if self.files else "described"
        )

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will come of its files by itself: they are read, and scans recognised."""
        return self.is_finished and not any(map(progress.is_recognising, self.files))

    @property
    def steps(self) -> list[progress.Step]:
        """Where its first file stands that is not read, or not recognised."""
        unread = (file for file in self.files if file.status in progress.WAITING or progress.is_recognising(file))
        file = next(unread, None)
        return progress.steps_of(file) if file else []

    @property
    def reading(self) -> RecordFile | None:
        """The file that is being read, where its length is known."""
        return next((file for file in self.files if file.status == "reading" and file.page_count), None)

    @property
    def found(self) -> str:
        """What was found, in a line; "" where nothing was."""
        if self.deposit.origin:
            return _("Filled in from %(source)s.") % {"source": self.deposit.origin}
        return progress.found_sentence(self.suggested)

    @property
    def found_nothing(self) -> bool:
        """Whether a file was opened and told nothing of title or authors; of one that stayed shut its trouble is."""
        is_read = any(file.status in progress.OPENED for file in self.files)
        return is_read and self.is_settled and not self.found

    @cached_property
    def doubles(self) -> list[checks.Double]:
        """What may be the same work."""
        return checks.doubles_of(self.deposit, self.answers) if self.is_finished else []

    @property
    def patient_data(self) -> list[checks.PatientData]:
        """Files that may tell of patients."""
        return checks.patient_data_of(self.files)

    @property
    def troubles(self) -> list[checks.Trouble]:
        """What could not be read, and what helps."""
        return [trouble for file in self.files if (trouble := checks.trouble_of(file))]

    @property
    def problem(self) -> str:
        """Why a program's deposit is still here."""
        return programs.sentence_of(self.deposit)


def make_drafts(deposits: Iterable[Deposit], user: Any) -> list[Draft]:
    """These deposits for a page; what all of them ask of the database is asked at once."""
    drafts = [Draft(deposit, user) for deposit in deposits]
    states = page_states(file for draft in drafts for file in draft.files)
    doubles = checks.doubles_of_each((draft.deposit, draft.answers) for draft in drafts if draft.is_finished)
    for draft in drafts:
        draft.states = states
        draft.doubles = doubles.get(draft.deposit.pk, [])
    return drafts


def drafts_of(user: Any) -> list[Draft]:
    """The drafts of a user, newest first."""
    deposits = Deposit.objects.unsent().of(user).select_related("owner").prefetch_related(progress.files_with_waiting())
    return make_drafts(deposits[:SHOWN_DRAFTS], user)


@for_depositors
@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: HttpRequest) -> HttpResponseBase:
    """Takes files, a DOI, or a work without a file; below, all drafts with their progress."""
    if request.method == "POST":
        return _take(request)
    return render(request, "publications/deposit/drop.html", queue_context(request) | {
        "accepted": ",".join(f".{ending}" for ending in ACCEPTED),
        "limit": settings.DEPOSIT_MAX_SIZE_BYTES,
        "megabytes": settings.DEPOSIT_MAX_SIZE_BYTES // 1_000_000,
        "most_pages": settings.INGEST_MAX_PAGES,
        "can_look_up": settings.LOOKUPS_ENABLED,
    })  # fmt: skip


def queue_context(request: HttpRequest) -> dict[str, Any]:
    """What the list of drafts shows."""
    drafts = drafts_of(request.user)
    return {"drafts": drafts, "is_reading": any(not draft.is_settled for draft in drafts)}


@for_depositors
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """The list of drafts by itself, for the page that asks every second."""
    return render(request, "publications/deposit/includes/queue.html", queue_context(request))


def _take(request: HttpRequest) -> HttpResponseBase:
    user: Any = request.user
    language = get_language() or "en"
    uploads = request.FILES.getlist("files")
    if uploads:
        intake = take_in(uploads, owner=user, key=request.POST.get("key", "")[:LONGEST_KEY], language=language)
        return _answer(request, intake)
    try:
        if doi := request.POST.get("doi", "").strip():
            return redirect(describe_url(take_doi(doi, owner=user, language=language)))
        if "blank" in request.POST:
            return redirect(describe_url(make_deposit(owner=user, language=language)))
    except PublicationError as error:
        messages.error(request, _(str(error)))
        return redirect("publications:deposit")
    messages.error(request, _("Choose at least one file."))
    return redirect("publications:deposit")


def _answer(request: HttpRequest, intake: Intake) -> HttpResponseBase:
    """What came of an upload: as JSON for the script, else on the page. One file leads right to its form."""
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse(
            {
                "deposits": [{"id": one.record.pid, "url": describe_url(one)} for one in intake.deposits],
                "refused": [{"name": name, "sentence": sentence} for name, sentence in intake.refused],
            },
            status=200 if intake.deposits else 422,
        )
    for name, sentence in intake.refused:
        messages.error(request, f"{name}: {sentence}")
    if len(intake.deposits) == 1 and not intake.refused:
        return redirect(describe_url(intake.deposits[0]))
    if intake.deposits:
        count = len(intake.deposits)
        text = ngettext("%(count)d draft was made.", "%(count)d drafts were made.", count) % {"count": count}
        messages.success(request, text)
    return redirect("publications:deposit")


def describe_url(deposit: Deposit) -> str:
    """Where a deposit is described."""
    return reverse("publications:describe", args=[deposit.record.pid])


@for_depositors
@require_safe
def state(request: HttpRequest, pid: str) -> HttpResponse:
    """How far one draft is, for the form that waits for it."""
    draft = Draft(find_own(request, pid), request.user)  # type: ignore[arg-type]
    html = render_to_string("publications/deposit/includes/reading.html", {"draft": draft}, request)
    return JsonResponse({"finished": draft.is_settled, "version": draft.deposit.version, "html": html})


@for_depositors
@require_POST
def new_version_of(request: HttpRequest, pid: str) -> HttpResponse:
    """Note that a draft is a new version of a record that this user may know of; an empty PID undoes it."""
    deposit = find_own(request, pid)
    may_know = Q(live=True) | Q(owner_id=request.user.pk)
    other = request.POST.get("other", "")[:8]
    record = Record.objects.filter(may_know, pid=other).exclude(pk=deposit.record_id).first() if other else None
    if other and record is None:
        raise Http404
    try:
        call_new_version(deposit, record)
    except NotYours as error:
        messages.error(request, _(str(error)))
    return redirect(describe_url(deposit))


@for_depositors
@require_POST
def throw_away(request: HttpRequest, pid: str) -> HttpResponse:
    """Delete a draft that is with its depositor, and its files."""
    deposit = find_own(request, pid)
    title = Draft(deposit, request.user).title  # type: ignore[arg-type]
    try:
        discard(deposit)
        messages.success(request, _("“%(title)s” was thrown away.") % {"title": title})
    except NotYours as error:
        messages.error(request, _(str(error)))
    return redirect("publications:deposit")


@for_depositors
@require_POST
def another_work(request: HttpRequest, pid: str) -> HttpResponse:
    """Note that a draft is no double of a record that looks like it."""
    deposit = find_own(request, pid)
    call_another_work(deposit, request.POST.get("other", "")[:8])
    return redirect(describe_url(deposit) if "describe" in request.POST else reverse("publications:deposit"))
