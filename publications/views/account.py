"""Pages around signing in that are ours: one's account at a glance, waiting for approval, leaving for another site."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from requests import RequestException

View = Callable[..., HttpResponse]


@never_cache
@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """One's addresses, password, second factor and ways to sign in, each with the page that changes it."""
    context = {
        "addresses": EmailAddress.objects.filter(user=request.user).order_by("-primary", "email"),
        "has_second_factor": is_mfa_enabled(request.user),
        "ways": SocialAccount.objects.filter(user=request.user),
        "can_add_ways": bool(get_adapter().list_providers(request)),
    }
    return render(request, "account/index.html", context)


@never_cache
@require_safe
def approval_awaited(request: HttpRequest) -> HttpResponse:
    """What somebody reads whose account waits for an editor; the same for everybody."""
    return render(request, "account/approval_awaited.html")


def leave_by_page(view: View) -> View:
    """Let a form that ends at another site go there by a page in between; 404 for a provider that is not set up.

    Our policy has `form-action 'self'`, which browsers hold against redirects of a form's answer too. A list of allowed
    sites would not do: an institution's sign-in passes through servers that we do not know.
    """

    @wraps(view)
    def leaving(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except SocialApp.DoesNotExist:
            raise Http404 from None
        except RequestException:
            return render(request, "socialaccount/authentication_error.html", status=502)
        goes_elsewhere = isinstance(response, HttpResponseRedirect) and not url_has_allowed_host_and_scheme(
            response.url, allowed_hosts={request.get_host()}
        )
        if not goes_elsewhere:
            return response
        return render(request, "account/leaving.html", {"url": response.url})  # type: ignore[attr-defined]

    return leaving
