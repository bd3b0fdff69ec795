"""A question after it was asked: the page of whoever asked, reached by a link, and that of whoever was asked."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from publications.claims import person_of
from publications.confirming import read_link
from publications.contact import answering
from publications.contact.consent import take_no_more
from publications.contact.evidence import shown_evidence
from publications.contact.forms import DeclineForm, MessageForm, find_contactable
from publications.contact.keeping import as_held, erase
from publications.contact.reaching import (
    ASKER,
    NO_MORE,
    RECEIVER,
    account_of,
    address_of,
    asker_path,
    current_person,
    no_more_path,
)
from publications.contact.steps import steps_of
from publications.errors import ContactError, LinkInvalid
from publications.models import ContactRequest, Passing, Person
from publications.use import is_robot
from publications.views.asking import dead_link

View = Callable[..., HttpResponse]


def by_asker(view: Callable[[HttpRequest, ContactRequest], HttpResponse]) -> View:
    """Let in whoever has the link that was mailed to the asker; the view gets the question."""

    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    def opened(request: HttpRequest, signed: str) -> HttpResponse:
        try:
            key = read_link(ASKER, signed, lifetime=None)
        except LinkInvalid as error:
            return dead_link(request, str(error))
        asked = ContactRequest.objects.confirmed().select_related("person").filter(pk=key, erased_at=None).first()
        if asked is None:
            return dead_link(request, _("This question was erased."))
        return view(request, asked)

    return opened


@by_asker
def asked(request: HttpRequest, asked: ContactRequest) -> HttpResponse:
    """What became of a question, the conversation, and what its asker can do."""
    form = MessageForm(request.POST if request.POST.get("do") == "write" else None)
    form.fields["text"].label = _("Add something")
    if request.method == "POST" and _act_as_asker(request, asked, form):
        return redirect(asker_path(asked))
    context = {
        "asked": asked,
        "steps": steps_of(asked),
        "evidence": shown_evidence(asked, user=request.user, today=timezone.localdate()),
        "said": asked.messages.select_related("person"),
        "form": form,
        "signed": request.path.rstrip("/").rsplit("/", 1)[-1],
    }
    return render(request, "publications/contact/asked.html", context, status=422 if form.errors else 200)


def _act_as_asker(request: HttpRequest, asked: ContactRequest, form: MessageForm) -> bool:
    """Do what the asker's button says; returns whether it is done."""
    do, now = request.POST.get("do"), timezone.now()
    try:
        if do in ("helped", "not_helped"):
            answering.say_whether_it_helped(asked, helped=do == "helped", now=now)
            messages.success(request, _("Thank you.") if do == "helped" else _("The editors will look at it again."))
            return True
        if form.is_valid():
            answering.follow_up(asked, form.cleaned_data["text"], now=now)
            messages.success(request, _("Your message is sent."))
            return True
    except ContactError as error:
        form.add_error(None, str(error)) if form.is_bound else messages.error(request, str(error))
    return False


@by_asker
def erase_asked(request: HttpRequest, asked: ContactRequest) -> HttpResponse:
    """Erases a question for whoever asked it, after a second look."""
    if request.method != "POST":
        return render(request, "publications/contact/erase.html", {"asked": asked, "back": asker_path(asked)})
    erase(asked, by=None, now=timezone.now())
    messages.success(request, _("Your question is erased."))
    return redirect("publications:ask_cluster")


@by_asker
def asked_data(request: HttpRequest, asked: ContactRequest) -> HttpResponse:
    """Everything that the hub keeps of a question, to take away."""
    response = JsonResponse(as_held(asked), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="question-{asked.pk}.json"'
    return response


# Whoever was asked -------------------------------------------------------------------------------------------------


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_question(request: HttpRequest, pk: int) -> HttpResponse:
    """A question before the person whose account this is."""
    user: Any = request.user
    person = person_of(user)
    if person is None:
        raise Http404
    passing = get_object_or_404(_passings().of(person), pk=pk)
    return _before_receiver(request, passing)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer_question(request: HttpRequest, signed: str) -> HttpResponse:
    """A question before somebody without an account, who came by the link in the mail."""
    try:
        key = read_link(RECEIVER, signed, lifetime=None)
    except LinkInvalid as error:
        return dead_link(request, str(error))
    passing = _passings().filter(pk=key).first()
    if passing is None:
        return dead_link(request, _("This question was erased."))
    if account_of(passing.person):
        return redirect("publications:my_question", passing.pk)
    return _before_receiver(request, passing)


def _passings() -> Any:
    return Passing.objects.select_related("request__person", "person__merged_into").filter(request__erased_at=None)


def _before_receiver(request: HttpRequest, passing: Passing) -> HttpResponse:
    """The question and what can be done with it; once it lies before somebody else, only that it does."""
    if passing.ended_at:
        return render(request, "publications/contact/over.html", {"passing": passing})
    if request.method == "GET" and not is_robot(request):  # a program that checks mail has not read it
        answering.mark_read(passing, now=timezone.now())
    do = request.POST.get("do", "")
    form = MessageForm(request.POST if do == "answer" else None)
    if request.method == "POST" and _act_as_receiver(request, passing, form):
        return redirect(request.path)
    words = request.GET.get("colleague", "").strip()[:100]
    asked = passing.request
    context = {
        "passing": passing,
        "asked": asked,
        "evidence": shown_evidence(asked, user=request.user, today=timezone.localdate()),
        "said": asked.messages.select_related("person"),
        "form": form,
        "decline_form": DeclineForm(prefix="decline"),
        "words": words,
        "no_more_path": no_more_path(passing.person, language=get_language() or asked.language),
        "colleagues": [found for found in find_contactable(words) if _may_get(found, passing)],
    }
    return render(request, "publications/contact/before_me.html", context, status=422 if form.errors else 200)


def _may_get(found: Person, passing: Passing) -> bool:
    """Whether somebody can be given the question: the hub reaches them, and they are not who has it."""
    return bool(address_of(found)) and found != current_person(passing.person)


def _act_as_receiver(request: HttpRequest, passing: Passing, form: MessageForm) -> bool:
    """Do what the receiver's button says, and say that it is done; returns whether it is."""
    try:
        said = _done_by_receiver(request, passing, form)
    except ContactError as error:
        messages.error(request, str(error))
        return True
    if said:
        messages.success(request, said)
    return bool(said)


def _done_by_receiver(request: HttpRequest, passing: Passing, form: MessageForm) -> str:
    do, now = request.POST.get("do", ""), timezone.now()
    if do == "answer" and form.is_valid():
        answering.answer(passing, form.cleaned_data["text"], now=now)
        return _("Your answer is on its way.")
    if do == "by_mail":
        answering.note_answered_by_mail(passing, now=now)
        return _("Noted: you have answered by mail.")
    if do == "decline":
        declined = DeclineForm(request.POST, prefix="decline")
        answering.decline(passing, declined.cleaned_data["text"] if declined.is_valid() else "", now=now)
        return _("Thank you for saying so. The editors will look for somebody else.")
    if do in ("colleague", "cluster"):
        user: Any = request.user
        answering.hand_on(passing, _colleague(request, do), by=user if user.is_authenticated else None, now=now)
        return _("The question is passed on. Thank you.")
    return ""


def _colleague(request: HttpRequest, do: str) -> Person | None:
    """The person chosen from the list; None for the cluster. Raises ContactError where nobody was chosen."""
    if do == "cluster":
        return None
    chosen = Person.objects.visible().filter(has_consented=True, slug=request.POST.get("person", "")).first()
    if chosen is None:
        raise ContactError(_("Choose somebody first."))
    return chosen


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def no_more_questions(request: HttpRequest, signed: str) -> HttpResponse:
    """A button that switches questions off, for whoever has the link but no account; others do so in their profile."""
    try:
        key = read_link(NO_MORE, signed, lifetime=None)
    except LinkInvalid as error:
        return dead_link(request, str(error))
    person = current_person(Person.objects.select_related("merged_into").filter(pk=key).first())
    if person is None:
        return dead_link(request, _("This person is no longer on the hub."))
    if account_of(person):
        return redirect("publications:profile")
    if request.method == "POST":
        take_no_more(person)
        return redirect(request.path)
    return render(request, "publications/contact/no_more.html", {"person": person})
