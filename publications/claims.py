"""Whose profile is whose: accounts that wait for approval, and accounts that say who they are in the publications.

A profile becomes an account's in two ways: an editor confirms the claim, or the account has proven, at ORCID itself,
the ORCID iD that the profile has.
"""

import logging
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from publications.accounts import RESEARCHERS
from publications.audit import log_link
from publications.errors import ClaimError, MailFailed
from publications.mailing import send_mail_to, split_letter
from publications.models import Person, ProfileClaim, User
from publications.vocabularies import ClaimState

logger = logging.getLogger(__name__)


def person_of(user: User) -> Person | None:
    """The person whose profile is this account's."""
    return Person.objects.current().filter(user=user).first()


def claim_profile(user: User, person: Person | None, *, note: str = "") -> ProfileClaim:
    """Say for this account that the profile is its owner's; without a person, that they are not on the hub yet.

    Raises ClaimError where that cannot be.
    """
    if person_of(user):
        raise ClaimError(_("Your account has a profile already."))
    if person is not None and person.user_id:
        raise ClaimError(_("This profile belongs to another account."))
    try:
        with transaction.atomic():
            return ProfileClaim.objects.create(user=user, person=person, note=note)
    except IntegrityError:
        raise ClaimError(_("You have claimed a profile already. An editor will look at it.")) from None


def confirm_claim(claim: ProfileClaim, *, by: User, may_deposit: bool) -> Person:
    """Make the profile the account's, a new one where the claim names none, and tell its owner.

    may_deposit: whether the account joins those who may bring in work. Raises ClaimError where it was decided before,
    or account or profile have found somebody else meanwhile.
    """
    with transaction.atomic():
        claim = _lock_open(claim)
        person = claim.person or _new_person(claim.user)
        _link(person, claim.user)
        if may_deposit:
            claim.user.groups.add(Group.objects.get(name=RESEARCHERS))
        _decide(claim, ClaimState.CONFIRMED, by=by)
        ProfileClaim.objects.filter(pk=claim.pk).update(person=person)
        log_link(person, claim.user, user=by)
    _tell(claim.user, "claim_confirmed", {"address": settings.BASE_URL + person.get_absolute_url()})
    return person


def refuse_claim(claim: ProfileClaim, *, by: User, reason: str) -> None:
    """Leave the profile as it is, and tell the account's owner why. Raises ClaimError where it was decided before."""
    with transaction.atomic():
        claim = _lock_open(claim)
        _decide(claim, ClaimState.REFUSED, by=by, reason=reason)
    _tell(claim.user, "claim_refused", {"reason": reason})


def link_by_orcid(user: User, orcid: str) -> Person | None:
    """The person whom this account turns out to be by an ORCID iD that its owner has just proven; None where nobody is.

    Somebody who has a profile without an ORCID iD gets this one, unless another profile has it.
    """
    with transaction.atomic():
        holder = Person.objects.current().select_for_update().filter(orcid=orcid).first()
        own = person_of(user)
        if own is not None:
            if holder is None and not own.orcid:
                own.orcid = orcid
                own.save()
                log_link(own, user, user=user, orcid=orcid)
            return own
        if holder is None or holder.user_id:
            return None
        _link(holder, user)
        log_link(holder, user, user=user, orcid=orcid)
        ProfileClaim.objects.open().filter(user=user).update(
            state=ClaimState.CONFIRMED, person=holder, decided_at=timezone.now()
        )
    return holder


def approve_account(user: User) -> None:
    """Let somebody in who signed up by themselves, and tell them."""
    if User.objects.filter(pk=user.pk, awaits_approval=True).update(awaits_approval=False):
        _tell(user, "account_approved", {"address": f"{settings.BASE_URL}/"})


def turn_down_account(user: User) -> None:
    """Do away with an account that somebody made and no editor wants; it never was signed in to."""
    User.objects.filter(pk=user.pk, awaits_approval=True, last_login=None).delete()


def _lock_open(claim: ProfileClaim) -> ProfileClaim:
    locked = ProfileClaim.objects.select_for_update().open().filter(pk=claim.pk).first()
    if locked is None:
        raise ClaimError(_("Somebody has decided about this claim already."))
    return locked


def _link(person: Person, user: User) -> None:
    if person.user_id not in (None, user.pk):
        raise ClaimError(_("This profile belongs to another account."))
    if person_of(user) not in (None, person):
        raise ClaimError(_("This account has another profile already."))
    person.user = user
    person.email = person.email or user.email
    person.save()


def _new_person(user: User) -> Person:
    return Person.objects.create(
        given_name=user.first_name, family_name=user.last_name or user.get_username(), has_consented=False
    )


def _decide(claim: ProfileClaim, state: ClaimState, *, by: User, reason: str = "") -> None:
    claim.state, claim.decided_at, claim.decided_by, claim.reason = state, timezone.now(), by, reason
    claim.save()


def _tell(user: User, what: str, context: dict[str, Any]) -> None:
    """Send a mail about an account, in both languages: nobody knows which one its reader likes."""
    if not user.email:
        return
    text = render_to_string(f"publications/mails/{what}.txt", context | {"user": user, "site_name": settings.SITE_NAME})
    subject, letter = split_letter(text)
    try:
        send_mail_to(user.email, f"{settings.SITE_NAME}: {subject}", letter)
    except MailFailed as error:  # what it tells of has happened all the same
        logger.error("The mail “%s” could not be sent: %s", what, error)
