"""The site's user model: Django's own, ours from the first migration so that it can grow."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Somebody who can sign in. Who they are in the publications is a Person, see people.py."""

    awaits_approval = models.BooleanField(
        _("waits for approval"),
        default=False,
        help_text=_("Signed up by themselves; cannot sign in before an editor has approved."),
    )

    class Meta(AbstractUser.Meta):
        permissions = [("confirm_accounts", _("Can approve new accounts and confirm whose a profile is"))]
