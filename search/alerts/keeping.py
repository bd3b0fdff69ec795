"""What readers do with questions: keep them, confirm them, change them, end them.

An address without an account is kept for as long as a question of it is: from the moment somebody types it, and for
`ALERT_CONFIRM_HOURS` where nobody confirms it.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from publications.models import User
from search.alerts.looking import Looker
from search.alerts.questions import parameters_of, read_kept
from search.errors import IndexUnavailable, NotKept
from search.models import Frequency, Kind, SavedSearch, Subscriber

MOST_SEARCHES = 50
"""Of one reader."""
LONGEST_QUERY = 2000


def subscriber_for_account(user: User, *, language: str) -> Subscriber:
    """The row of an account, which is written to in the language in which it last kept something."""
    return Subscriber.objects.update_or_create(user=user, defaults={"language": language})[0]


def subscriber_for_address(email: str, *, language: str) -> Subscriber:
    """The row of an address that belongs to no account."""
    known = Subscriber.objects.filter(email__iexact=email).first()
    return known or Subscriber.objects.create(email=email, language=language)


def keep(
    kind: str, parameters: QueryDict, *, subscriber: Subscriber, is_confirmed: bool, frequency: str = Frequency.WEEK
) -> tuple[SavedSearch, bool]:
    """Keep a question, and whether it was not kept before. What answers it now is known from the start.

    Raises NotKept, with a sentence for the reader, where a question asks nothing, is too long or is one too many.
    """
    question = read_kept(kind, parameters)
    query = parameters_of(question)
    if kind == Kind.EXPERTS and not (question.q or question.filters):
        raise NotKept(_("Ask something first."))
    if len(query) > LONGEST_QUERY:
        raise NotKept(_("This question has too many filters to be kept. Take some off."))
    known = subscriber.searches.filter(kind=kind, query=query).first()
    if known is not None:
        return known, False
    if subscriber.searches.count() >= MOST_SEARCHES:
        raise NotKept(_("You keep %(most)d questions already. Delete one first.") % {"most": MOST_SEARCHES})
    search = SavedSearch(subscriber=subscriber, kind=kind, query=query, frequency=frequency)
    search.confirmed_at = search.asked_at if is_confirmed else None
    _note_what_answers_now(search)
    return SavedSearch.objects.get_or_create(subscriber=subscriber, kind=kind, query=query, defaults=_values_of(search))


def keep_for_address(kind: str, parameters: QueryDict, *, subscriber: Subscriber, frequency: str) -> SavedSearch | None:
    """Keep a question until its address is confirmed; None where the address has as many as there may be.

    One that was kept before waits anew where it was never confirmed. Raises NotKept as `keep` does, but not for what
    only the address's reader may know.
    """
    if subscriber.searches.count() >= MOST_SEARCHES:
        return None
    search, is_new = keep(kind, parameters, subscriber=subscriber, is_confirmed=False, frequency=frequency)
    if not is_new:
        subscriber.searches.filter(pk=search.pk, confirmed_at=None).update(asked_at=timezone.now(), frequency=frequency)
    return search


def _values_of(search: SavedSearch) -> dict[str, object]:
    names = ("frequency", "asked_at", "confirmed_at", "compared_at", "known", "closed")
    return {name: getattr(search, name) for name in names}


def _note_what_answers_now(search: SavedSearch) -> None:
    """Where there is no index to ask, the first look does it."""
    try:
        reader = search.subscriber.user or AnonymousUser()
        look = Looker(today=timezone.localdate(search.asked_at)).look(search, reader)
    except IndexUnavailable:
        return
    search.known, search.closed, search.compared_at = look.known, look.closed, search.asked_at


def confirm(search: SavedSearch, *, now: datetime) -> None:
    """Note that whoever reads the address's mail wants this; a second time changes nothing."""
    SavedSearch.objects.filter(pk=search.pk, confirmed_at=None).update(confirmed_at=now)


@transaction.atomic
def delete_search(search: SavedSearch) -> None:
    """Forget a question, and its reader with the last one."""
    search.delete()
    forget_idle_subscribers(Subscriber.objects.filter(pk=search.subscriber_id))


@transaction.atomic
def end_all(subscriber: Subscriber) -> None:
    """Send this reader nothing more. An address is forgotten; an account keeps its questions, without mails."""
    if subscriber.user_id is None:
        subscriber.delete()
    else:
        subscriber.digests.all().delete()
        subscriber.searches.update(frequency=Frequency.NONE)


def forget_unconfirmed(*, now: datetime | None = None) -> int:
    """Delete what nobody confirmed in time, and addresses that nothing is kept for; returns how many questions."""
    since = (now or timezone.now()) - timedelta(hours=settings.ALERT_CONFIRM_HOURS)
    deleted, by_model = SavedSearch.objects.waiting(since=since).delete()
    forget_idle_subscribers(Subscriber.objects.all())
    return by_model.get("search.SavedSearch", 0) if deleted else 0


def forget_idle_subscribers(subscribers: QuerySet[Subscriber]) -> None:
    """Delete those of these readers who keep nothing."""
    subscribers.filter(searches=None).delete()
