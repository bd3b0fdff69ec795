"""What a verified ORCID iD is good for: whoever signs in with it, or adds it, gets the profile that has it."""

from typing import Any

from allauth.account.signals import user_logged_in
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.signals import social_account_added
from django.dispatch import receiver

from publications.claims import link_by_orcid
from publications.errors import InvalidIdentifier
from publications.identifiers import parse_orcid
from publications.models import User


def proven_orcid(user: User) -> str:
    """The ORCID iD that this account has signed in with at ORCID itself; "" where it has not."""
    uid = SocialAccount.objects.filter(user=user, provider="orcid").values_list("uid", flat=True).first()
    try:
        return parse_orcid(uid) if uid else ""
    except InvalidIdentifier:
        return ""


@receiver(user_logged_in)
def link_at_sign_in(user: User, **kwargs: Any) -> None:
    """The profile may be newer than the account, so each time is a chance."""
    if orcid := proven_orcid(user):
        link_by_orcid(user, orcid)


@receiver(social_account_added)
def link_when_added(sociallogin: Any, **kwargs: Any) -> None:
    """Somebody who is signed in has just shown whose ORCID iD it is."""
    if orcid := proven_orcid(sociallogin.user):
        link_by_orcid(sociallogin.user, orcid)
