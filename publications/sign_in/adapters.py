"""Who may have an account here, and as what."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from publications.models import User

OFF, OPEN, APPROVAL = "off", "open", "approval"
"""What `REGISTRATION` may be."""

STAGES = {"allauth.account.stages.EmailVerificationStage": "publications.sign_in.stages.VerifyEmailStage"}
"""Stages of allauth's that ours stand in for."""


class AccountAdapter(DefaultAccountAdapter):
    """Signing up by oneself, as far as `REGISTRATION` lets people."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account was switched off."),
        "cannot_remove_primary_email": _(
            "Your main address cannot be removed. Make another one the main address first."
        ),
        "duplicate_email": _("This address is already one of yours."),
        "email_taken": _("There is an account with this address already. Sign in to it."),
        "email_password_mismatch": _("That address and password do not go together."),
        "enter_current_password": _("Type the password that you have now."),
        "incorrect_code": _("This code is not right, or no longer. Type the newest."),
        "incorrect_password": _("That is not your password."),
        "invalid_password_reset": _("This link was used before or is too old."),
        "max_email_addresses": _("You cannot have more than %d addresses."),
        "same_as_current": _("That is what it is already. Choose another."),
        "too_many_login_attempts": _("Too often wrong. Wait a few minutes and try again."),
        "unverified_primary_email": _("Your main address must be confirmed first."),
        "username_password_mismatch": _("That name and password do not go together."),
        "rate_limited": _("That was too often in a short time. Wait a few minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.REGISTRATION != OFF

    def new_user(self, request: HttpRequest) -> User:
        user: User = super().new_user(request)
        user.awaits_approval = settings.REGISTRATION == APPROVAL
        return user

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return f"/{get_language()}/"

    def get_login_stages(self) -> list[str]:
        stages = [STAGES.get(stage, stage) for stage in super().get_login_stages()]
        after = stages.index(STAGES["allauth.account.stages.EmailVerificationStage"]) + 1
        return [*stages[:after], "publications.sign_in.stages.ApprovalStage", *stages[after:]]


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second factor, in words of ours."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("The second factor cannot be switched off."),
        "cannot_generate_recovery_codes": _(
            "Recovery codes are for accounts with a second factor. Switch that on first."
        ),
        "incorrect_code": _("This code is not right, or no longer. Type the newest."),
        "unverified_email": _("Confirm your address first: it is how you get in again when your phone is gone."),
    }


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Signing up through an institution or ORCID.

    A provider with `groups` is trusted to bring in people: they need no approval, join these groups, and may come while
    registration is off.
    """

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "email_taken": _(
            "There is an account with this address already. Sign in to it, then add %s below “Ways to sign in”."
        ),
        "no_password": _("Your account has no password yet. Set one first, or you could not sign in again."),
        "no_verified_email": _("Your account has no confirmed address yet. Confirm one first."),
        "disconnect_last": _("This is the only way to sign in that you have. Set a password first."),
        "connected_other": _("That belongs to another account on this hub."),
    }

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return bool(groups_of(sociallogin)) or super().is_open_for_signup(request, sociallogin)

    def new_user(self, request: HttpRequest, sociallogin: Any) -> User:
        user: User = super().new_user(request, sociallogin)
        user.awaits_approval = user.awaits_approval and not groups_of(sociallogin)
        return user

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        user: User = super().save_user(request, sociallogin, form)
        user.groups.add(*Group.objects.filter(name__in=groups_of(sociallogin)))
        return user


def groups_of(sociallogin: Any) -> list[str]:
    """The groups that a provider's people join."""
    groups: list[str] = sociallogin.provider.app.settings.get("groups", [])
    return groups
