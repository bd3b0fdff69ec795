"""Asking a person of the hub, or the cluster, a question: the form, and the link that confirms who asks."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from publications.confirming import read_link
from publications.contact.asking import ask, check_limits, confirm, is_reached
from publications.contact.evidence import MOST_WORKS, find_evidence
from publications.contact.forms import AskForm
from publications.contact.reaching import CONFIRM, address_of, asker_path, current_person
from publications.errors import ContactError, LinkInvalid
from publications.models import ContactRequest, Person
from publications.views.addresses import find_shown
from publications.vocabularies import ContactState

LONGEST_QUERY = 500


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_person(request: HttpRequest, slug: str) -> HttpResponse:
    """A question to one person; who takes none is said, with the way to the cluster."""
    person = find_shown(Person.objects.visible(), slug)
    if not person.is_contactable:
        context = {"person": person, "cluster_url": _cluster_url(request)}
        return render(request, "publications/contact/takes_none.html", context, status=200 if _reads(request) else 403)
    return _ask(request, person)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_cluster(request: HttpRequest) -> HttpResponse:
    """A question to nobody in particular: the editors look for somebody."""
    return _ask(request, None)


def _ask(request: HttpRequest, person: Person | None) -> HttpResponse:
    query = " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:LONGEST_QUERY]
    wanted = [pid for pid in request.GET.getlist("on") if "\x00" not in pid][:MOST_WORKS]
    evidence = find_evidence(wanted, query, user=request.user, today=timezone.localdate())
    form = AskForm(*([] if _reads(request) else [request.POST]), evidence=evidence)
    if form.is_bound and form.is_valid():
        try:
            check_limits(request, person, email=form.asking.email)
        except ContactError as error:
            form.add_error(None, str(error))
        else:
            language = get_language() or settings.LANGUAGE_CODE
            ask(
                form.asking,
                person,
                query=query if form.cleaned_data["sends_query"] else "",
                evidence=form.chosen_evidence,
                language=language,
            )
            return redirect("publications:question_sent")
    context: dict[str, Any] = {
        "form": form,
        "person": person,
        "has_address": bool(address_of(person)),
        "query": query,
        "cluster_url": _cluster_url(request),
        "days": settings.CONTACT_DESK_DAYS,
        "months": settings.CONTACT_KEEP_MONTHS,
    }
    return render(request, "publications/contact/ask.html", context, status=422 if form.errors else 200)


def _reads(request: HttpRequest) -> bool:
    return request.method in ("GET", "HEAD")


def _cluster_url(request: HttpRequest) -> str:
    query = request.GET.urlencode()
    path = redirect("publications:ask_cluster").url
    return f"{path}?{query}" if query else path


@never_cache
@require_safe
def question_sent(request: HttpRequest) -> HttpResponse:
    """Says that a link is on its way; the same for everybody."""
    return render(request, "publications/contact/sent.html", {"hours": settings.CONTACT_CONFIRM_HOURS})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_question(request: HttpRequest, signed: str) -> HttpResponse:
    """What the link of the first mail leads to: a button that sends the question on its way."""
    try:
        key = read_link(CONFIRM, signed, lifetime=timedelta(hours=settings.CONTACT_CONFIRM_HOURS))
    except LinkInvalid as error:
        return dead_link(request, str(error))
    asked = ContactRequest.objects.select_related("person").filter(pk=key).first()
    if asked is None:
        return dead_link(request, _("This question was not confirmed in time, so the hub deleted it. Ask it again."))
    if asked.state == ContactState.UNCONFIRMED and _reads(request):
        person = current_person(asked.person)
        context = {"asked": asked, "person": person, "is_reached": is_reached(person)}
        return render(request, "publications/contact/confirm.html", context)
    confirm(asked, now=timezone.now())
    return redirect(asker_path(asked))


def dead_link(request: HttpRequest, reason: str) -> HttpResponse:
    """The page of a link that leads nowhere any more."""
    return render(request, "publications/contact/dead_link.html", {"reason": reason}, status=404)
