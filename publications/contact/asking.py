"""Asking a question: limits, keeping it until its address is confirmed, and sending it on its way then."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from publications.contact.evidence import Evidence, as_stored
from publications.contact.passing import bring_to_desk, locked, pass_on
from publications.contact.queue import queue_mail
from publications.contact.reaching import address_of, current_person
from publications.errors import ContactError
from publications.guarding import is_within_limit, network_of
from publications.models import ContactRequest, Person
from publications.vocabularies import ContactState


@dataclass(frozen=True)
class Asking:
    """What somebody wrote on the form."""

    text: str
    name: str
    organisation: str
    email: str
    shares_address: bool


def check_limits(request: HttpRequest, person: Person | None, *, email: str) -> None:
    """Count that somebody asks, and raise ContactError where it is too often today."""
    if person is not None and not has_room(person):
        raise ContactError(
            _("%(name)s has had many questions today. Ask the cluster instead, or come back tomorrow.")
            % {"name": person.name}
        )
    if not is_within_limit("contact.network", network_of(request), most=settings.CONTACT_PER_NETWORK):
        raise ContactError(_("Many questions came from your network today. Come back tomorrow."))
    if not is_within_limit("contact.sender", email, most=settings.CONTACT_PER_SENDER):
        raise ContactError(_("Many questions were asked from this address today. Come back tomorrow."))


def has_room(person: Person) -> bool:
    """Whether a person may get one more question today; only those of confirmed addresses count."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    got = ContactRequest.objects.filter(person=person, confirmed_at__gte=today).count()
    return got < settings.CONTACT_PER_RECEIVER


def is_reached(person: Person | None) -> bool:
    """Whether the hub itself puts a question before a person today; otherwise it goes to the editors."""
    person = current_person(person)
    return person is not None and person.is_contactable and bool(address_of(person)) and has_room(person)


def ask(
    asking: Asking, person: Person | None, *, query: str, evidence: Iterable[Evidence], language: str
) -> ContactRequest:
    """Keep a question and mail its address a link to confirm it by. person: None for the cluster."""
    with transaction.atomic():
        asked = ContactRequest.objects.create(
            person=person,
            language=language,
            name=asking.name,
            organisation=asking.organisation,
            email=asking.email,
            text=asking.text,
            query=query,
            evidence=as_stored(evidence),
            shares_address=asking.shares_address,
        )
        queue_mail("confirm", asked)
    return asked


def confirm(asked: ContactRequest, *, now: datetime) -> None:
    """Send a question on its way, now that its address is known to be the asker's; the second time does nothing."""
    with locked(asked) as asked:
        if asked.state != ContactState.UNCONFIRMED:
            return
        person = current_person(asked.person)
        reached = is_reached(person)  # before this question counts as one of today's
        asked.confirmed_at = now
        asked.save(update_fields=["confirmed_at"])
        if person is not None and reached:
            pass_on(asked, person, by=None, now=now)
        else:
            bring_to_desk(asked, now=now, tell_asker=False)
        queue_mail("underway", asked, now=now)
