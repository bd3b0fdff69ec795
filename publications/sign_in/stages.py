"""What stands between a password and a session: a confirmed address, and an editor's approval where that is asked."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage, LoginStage
from django.shortcuts import redirect

from publications.models import User


class VerifyEmailStage(EmailVerificationStage):
    """An address that its owner gave must be confirmed by mail; one that an administrator gave need not be."""

    def handle(self) -> tuple[Any, bool]:
        user = self.login.user
        if isinstance(user, User) and not self.login.signup and not EmailAddress.objects.filter(user=user).exists():
            vouch_for(user)
            return None, True
        return super().handle()


class ApprovalStage(LoginStage):
    """Who signed up by themselves waits here for an editor."""

    key = "approval"
    urlname = "approval_awaited"

    def handle(self) -> tuple[Any, bool]:
        if isinstance(self.login.user, User) and self.login.user.awaits_approval:
            return redirect(self.urlname), False
        return None, True


def vouch_for(user: User) -> None:
    """Take the address of an account that was made by hand, by an administrator or a command, for confirmed."""
    if not user.email:
        return
    address = EmailAddress(user=user, email=user.email, primary=True)
    address.set_verified(commit=False)  # stays unverified where another account has it
    address.save()
