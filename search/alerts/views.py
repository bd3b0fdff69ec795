"""Pages of saved searches: keeping a question, confirming an address, changing and ending what was kept.

Whoever has no account comes back by links in mails. A GET changes nothing, as programs that check mail follow links;
no answer tells whether an address is known here.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from publications.confirming import read_link, sign_link
from publications.errors import LinkExpired, LinkInvalid
from publications.guarding import is_within_limit, network_of
from search.alerts import keeping
from search.alerts.forms import AddressForm, ChangeForm
from search.alerts.mails import CONFIRM, END, MINE, send_confirmation
from search.alerts.questions import in_words, read_kept, title_of, url_of
from search.errors import NotKept
from search.models import Kind, SavedSearch, Subscriber

MOST_FROM_NETWORK = 20
MOST_TO_ADDRESS = 5
"""Mails a day that ask one address whether it wants to be told."""


def asked_in(request: HttpRequest) -> tuple[Kind, QueryDict]:
    """The question in the parameters of a page: its kind, and its own parameters."""
    kind = Kind.EXPERTS if request.GET.get("kind") == Kind.EXPERTS else Kind.RECORDS
    parameters = request.GET.copy()
    parameters.pop("kind", None)
    return kind, parameters


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep a question for whoever is signed in; others are asked for their address."""
    if not request.user.is_authenticated:
        return redirect(f"{reverse('search:new_alert')}?{request.GET.urlencode()}")
    kind, parameters = asked_in(request)
    user: Any = request.user
    try:
        with transaction.atomic():
            subscriber = keeping.subscriber_for_account(user, language=get_language() or "en")
            search, is_new = keeping.keep(kind, parameters, subscriber=subscriber, is_confirmed=True)
    except NotKept as error:
        messages.error(request, str(error))
        return redirect("search:saved_searches")
    if not is_new:
        messages.info(request, _("You keep this question already: see My work."))
    elif not user.email:
        messages.warning(request, _("Kept in My work. Your account has no address, so you get no mail of it."))
    else:
        messages.success(
            request, _("Kept in My work. You get a mail when there is something new, at most once a week.")
        )
    return redirect(url_of(search))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_alert(request: HttpRequest) -> HttpResponse:
    """Asks for an address, and writes to it for a confirmation."""
    kind, parameters = asked_in(request)
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _ask(request, form, kind, parameters):
        return redirect("search:alert_asked")
    context = {"form": form, "title": in_words(read_kept(kind, parameters)), "asked": request.GET.urlencode()}
    return render(request, "search/alerts/new.html", context, status=422 if form.errors else 200)


def _ask(request: HttpRequest, form: AddressForm, kind: Kind, parameters: QueryDict) -> bool:
    """Write to the address, if it may be written to today. False where the form says why nothing was done."""
    email, language = form.cleaned_data["email"], get_language() or "en"
    if not is_within_limit("alerts.network", network_of(request), most=MOST_FROM_NETWORK):
        form.add_error(None, _("Many addresses were given from your network today. Try again tomorrow."))
        return False
    if not is_within_limit("alerts.address", email, most=MOST_TO_ADDRESS):
        return True
    try:
        with transaction.atomic():
            subscriber = keeping.subscriber_for_address(email, language=language)
            search = keeping.keep_for_address(
                kind, parameters, subscriber=subscriber, frequency=form.cleaned_data["frequency"]
            )
            if search is not None:
                transaction.on_commit(lambda: send_confirmation.enqueue(search.pk, language))
    except NotKept as error:
        form.add_error(None, str(error))
        return False
    return True


@require_safe
def alert_asked(request: HttpRequest) -> HttpResponse:
    """The same for everybody: look in your mail."""
    return render(request, "search/alerts/asked.html", {"hours": settings.ALERT_CONFIRM_HOURS})


# By links in mails ---------------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_alert(request: HttpRequest, signed: str) -> HttpResponse:
    """Shows what was asked, with a button that confirms it."""
    try:
        key = read_link(CONFIRM, signed, lifetime=timedelta(hours=settings.ALERT_CONFIRM_HOURS))
    except (LinkExpired, LinkInvalid) as error:
        return no_such_link(request, str(error))
    search = SavedSearch.objects.filter(pk=key, subscriber__user=None).select_related("subscriber").first()
    if search is None:
        return no_such_link(request, _("This question is not kept any more. Ask it again to be told what is new."))
    if request.method == "POST":
        keeping.confirm(search, now=timezone.now())
        messages.success(request, _("From now on you get a mail when there is something new."))
        return redirect("search:my_alerts", sign_link(MINE, search.subscriber_id))
    context = {"search": search, "question": title_of(search)} | _what_to_confirm(search)
    return render(request, "search/alerts/confirm.html", context)


def _what_to_confirm(search: SavedSearch) -> dict[str, str]:
    """The words of the page that confirms a question; of one that is confirmed, the way to change it instead."""
    if search.confirmed_at:
        return {
            "title": _("This is confirmed already"),
            "text": _("You need not do anything. The hub keeps asking this question for you."),
            "button": "",
            "mine": reverse("search:my_alerts", args=[sign_link(MINE, search.subscriber_id)]),
        }
    return {
        "title": _("Tell me what is new"),
        "text": _("You get a mail when something new answers this question. Every mail has a link that ends it."),
        "button": _("Yes, tell me"),
    }


@never_cache
@require_safe
def my_alerts(request: HttpRequest, signed: str) -> HttpResponse:
    """What somebody without an account keeps."""
    subscriber = _subscriber_of(MINE, signed)
    if subscriber is None:
        return no_such_link(request, _("Nothing is kept for this address any more."))
    context = {"rows": rows_of(subscriber), "signed": signed, "end": sign_link(END, subscriber.pk)}
    return render(request, "search/alerts/mine.html", context)


@never_cache
@require_POST
def change_my_alert(request: HttpRequest, signed: str, pk: int) -> HttpResponse:
    """Change one of them."""
    subscriber = _subscriber_of(MINE, signed)
    if subscriber is None:
        return no_such_link(request, _("Nothing is kept for this address any more."))
    return _change(request, subscriber, pk) or redirect("search:my_alerts", signed)


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the link is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end_alerts(request: HttpRequest, signed: str) -> HttpResponse:
    """Ends all mails to a reader. Who comes again reads the same."""
    try:
        key = read_link(END, signed, lifetime=None)
    except LinkInvalid as error:
        return no_such_link(request, str(error))
    subscriber = Subscriber.objects.filter(pk=key).first()
    if request.method == "POST" and subscriber is not None:
        keeping.end_all(subscriber)
        subscriber = Subscriber.objects.filter(pk=key, user__isnull=False).first()
    is_over = request.method == "POST" or subscriber is None
    context = {
        "title": _("No more mails") if is_over else _("End these mails?"),
        "text": _end_text(subscriber, is_over=is_over),
        "button": "" if is_over else _("End them"),
    }
    return render(request, "publications/confirm.html", context)


def _end_text(subscriber: Subscriber | None, *, is_over: bool) -> str:
    has_account = subscriber is not None and subscriber.user_id is not None
    if is_over and has_account:
        return _("You get no more mails about what is new. Your saved searches stay in My work.")
    if is_over:
        return _("You get no more mails about what is new, and your address has been erased.")
    if has_account:
        return _("Then you get no more mails about what is new. Your saved searches stay in My work.")
    return _("Then you get no more mails about what is new, and your address is erased with all that you asked for.")


def _subscriber_of(purpose: str, signed: str) -> Subscriber | None:
    try:
        key = read_link(purpose, signed, lifetime=None)
    except LinkInvalid:
        return None
    return Subscriber.objects.filter(pk=key, user=None).first()


def no_such_link(request: HttpRequest, text: str) -> HttpResponse:
    """A page that says why a link does nothing."""
    context = {"title": _("This link does not work"), "text": text, "button": ""}
    return render(request, "publications/confirm.html", context, status=404)


# By an account -------------------------------------------------------------------------------------------------------


@never_cache
@login_required
@require_safe
def saved_searches(request: HttpRequest) -> HttpResponse:
    """What somebody with an account keeps."""
    subscriber = Subscriber.objects.filter(user=request.user.pk).select_related("user").first()
    context = {"rows": rows_of(subscriber) if subscriber else [], "has_address": bool(request.user.email)}  # type: ignore[union-attr]
    return render(request, "search/alerts/saved.html", context)


@login_required
@require_POST
def change_saved_search(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one of them."""
    subscriber = get_object_or_404(Subscriber, user=request.user.pk)
    return _change(request, subscriber, pk) or redirect("search:saved_searches")


def rows_of(subscriber: Subscriber) -> list[dict[str, Any]]:
    """Each saved search of a reader, with its address, its name and the form that changes it."""
    searches = subscriber.searches.confirmed().defer("known", "closed").select_related("subscriber")
    return [
        {"search": search, "url": url_of(search), "title": title_of(search), "form": ChangeForm(instance=search)}
        for search in searches
    ]


def _change(request: HttpRequest, subscriber: Subscriber, pk: int) -> HttpResponse | None:
    """Do what the button says with a search of this reader; None where the list should be shown again."""
    search = get_object_or_404(subscriber.searches.confirmed().defer("known", "closed"), pk=pk)
    action = request.POST.get("action", "save")
    title = title_of(search)
    if action == "delete":
        keeping.delete_search(search)
        messages.success(request, _("“%(title)s” is deleted.") % {"title": title})
    elif action in ("pause", "resume"):
        subscriber.searches.filter(pk=search.pk).update(is_paused=action == "pause")
        said = _("“%(title)s” is paused.") if action == "pause" else _("“%(title)s” goes on.")
        messages.success(request, said % {"title": title})
    else:
        form = ChangeForm(request.POST, instance=search)
        if not form.is_valid():
            messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
            return None
        form.save()
        messages.success(request, _("“%(title)s” is changed.") % {"title": title_of(search)})
    return None
