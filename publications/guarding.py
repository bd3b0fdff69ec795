"""Keeping programs and pests out of forms that need no account: a trap for robots, and limits by day.

No captcha of somebody else. Whom a limit counts (an address, a network) is kept as a keyed digest for the day, and
`forget_tallies` deletes it after that.
"""

import ipaddress
from datetime import date, timedelta
from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from django import forms
from django.core import signing
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publications.models import DailyTally

SHORTEST_TIME = timedelta(seconds=3)
"""Nobody reads a form and fills it in faster."""
LONGEST_TIME = timedelta(hours=24)
NETWORK_BITS = {4: 24, 6: 48}
"""What one subscriber has, by version of IP: changing an address inside it changes nothing."""


class GuardedForm(forms.Form):
    """A form for strangers: a field that people do not see, and the time at which the form was shown.

    `includes/form.html` shows the other fields, `includes/guard.html` these two. A person who runs into them is told
    what to do, and nothing typed is lost.
    """

    website = forms.CharField(
        label=gettext_lazy("Leave this field empty"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    shown_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shown_at"].initial = self._stamp

    def visible_fields(self) -> list[Any]:
        return [field for field in super().visible_fields() if field.name != "website"]

    def hidden_fields(self) -> list[Any]:
        return [field for field in super().hidden_fields() if field.name != "shown_at"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("website"):
            self.add_error(None, _("Empty the field that says so: only programs fill it in."))
        age = self._age()
        if age is None or age > LONGEST_TIME:
            self.add_error(None, _("This form was open for long. Look at it once more and send it again."))
            sent: Any = self.data.copy()  # type: ignore[attr-defined]
            sent[self.add_prefix("shown_at")] = self._stamp()
            self.data = sent
        elif age < SHORTEST_TIME:
            self.add_error(None, _("That was very fast. Wait a few seconds and send it again."))
        return cleaned

    def _stamp(self) -> str:
        return self._signer.sign(str(int(timezone.now().timestamp())))

    def _age(self) -> timedelta | None:
        """How long ago the form was shown, None where its stamp is not ours."""
        try:
            shown = int(self._signer.unsign(self.cleaned_data.get("shown_at", "")))
        except signing.BadSignature:
            return None
        return timedelta(seconds=timezone.now().timestamp() - shown)

    @property
    def _signer(self) -> signing.Signer:
        return signing.Signer(salt=f"publications.guarding.{type(self).__name__}")


def is_within_limit(what: str, who: str, *, most: int, today: date | None = None) -> bool:
    """Count that somebody does something, and say whether it is not yet too often today.

    what: a name in the code, such as "contact.network"; who: an address or a network; most: so many a day are fine.
    """
    day = today or timezone.localdate()
    digest = salted_hmac(f"publications.guarding.{what}.{day}", who.strip().lower(), algorithm="sha256").hexdigest()
    rows = DailyTally.objects.filter(digest=digest, day=day)
    with transaction.atomic():
        DailyTally.objects.get_or_create(digest=digest, day=day)
        rows.update(count=F("count") + 1)
        return rows.values_list("count", flat=True).get() <= most


def network_of(request: HttpRequest) -> str:
    """The network that a request comes from, "" where it cannot be told."""
    try:
        address = ipaddress.ip_address(get_client_ip(request) or "")
    except ValueError:
        return ""
    return str(ipaddress.ip_network((address, NETWORK_BITS[address.version]), strict=False))


def forget_tallies(*, today: date | None = None) -> int:
    """Delete what was counted before today; returns how many rows."""
    deleted, _by_model = DailyTally.objects.filter(day__lt=today or timezone.localdate()).delete()
    return deleted
