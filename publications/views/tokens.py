"""One's own API tokens: making them, seeing when they were used, doing away with them."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from publications.models import User
from publications.tokens import LIFETIMES_DAYS, MOST_TOKENS, make_token


def _lifetimes() -> list[tuple[int, str]]:
    return [(days, ngettext("%(days)d day", "%(days)d days", days) % {"days": days}) for days in LIFETIMES_DAYS]


class TokenForm(forms.Form):
    """What a token is for, and how long it works."""

    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=100,
        help_text=gettext_lazy("For yourself, such as “script on the lab’s server”."),
    )
    lifetime_days = forms.TypedChoiceField(
        label=gettext_lazy("Works for"), coerce=int, choices=lazy(_lifetimes, list)(), initial=LIFETIMES_DAYS[1]
    )

    def __init__(self, *args: object, user: User) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.user = user

    def clean(self) -> dict[str, object] | None:
        if self.user.tokens.count() >= MOST_TOKENS:
            raise forms.ValidationError(_("You have %(most)d tokens. Revoke one first.") % {"most": MOST_TOKENS})
        return super().clean()


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The list, with a form for a new one. The new one itself is on the answer to that form and nowhere else."""
    user: User = request.user  # type: ignore[assignment]
    form = TokenForm(*([request.POST] if request.method == "POST" else []), user=user)
    made, secret = None, ""
    if form.is_bound and form.is_valid():
        made, secret = make_token(user, **form.cleaned_data, now=timezone.now())
        form = TokenForm(user=user)
    context = {"form": form, "tokens": user.tokens.all(), "made": made, "secret": secret}
    return render(request, "publications/tokens.html", context)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Do away with one of one's own tokens; whatever uses it is refused from now on."""
    token = get_object_or_404(request.user.tokens, pk=pk)  # type: ignore[union-attr]
    token.delete()
    messages.success(request, _("The token “%(name)s” no longer works.") % {"name": token.name})
    return redirect("publications:tokens")
