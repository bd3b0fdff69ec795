"""The language of a request, methods that the API does not know, and the second factor that the CMS may ask for."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from knowledge_hub.views import API_PREFIX, page_not_found, problem


class LanguageMiddleware(LocaleMiddleware):
    """The language of the address below /{lang}/, the reader's own elsewhere.

    Django's own middleware also turns a 404 outside /{lang}/ into a redirect to /{lang}/…, because the page tree
    accepts any path there; here an unknown address outside a language is a plain 404.
    """

    def process_request(self, request: HttpRequest) -> HttpResponseBase | None:  # type: ignore[override]
        language = translation.get_language_from_path(request.path_info) or translation.get_language_from_request(
            request
        )
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
        # No text of ours holds a NUL, and PostgreSQL refuses to be asked for one.
        request.META["QUERY_STRING"] = request.META.get("QUERY_STRING", "").replace("%00", "")
        return page_not_found(request) if "\x00" in request.path_info else None

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not translation.get_language_from_path(request.path_info):
            patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response


class ApiMiddleware:
    """Below /api/, HEAD is answered as GET, and a method that is not allowed as a problem.

    Ninja's views know only the methods they name, and refuse the others in plain text. The body that HEAD must not
    have is left out by the server.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(API_PREFIX):
            return self.get_response(request)
        method = request.method
        request.method = "GET" if method == "HEAD" else method
        response = self.get_response(request)
        request.method = method
        return method_not_allowed(response.headers.get("Allow", "")) if response.status_code == 405 else response


def method_not_allowed(allowed: str) -> HttpResponse:
    """405 with the methods that are; HEAD among them where GET is."""
    methods = {method.strip() for method in allowed.split(",") if method.strip()}
    methods |= {"HEAD"} if "GET" in methods else set()
    response = problem(405, "Method Not Allowed")
    response.headers["Allow"] = ", ".join(sorted(methods))
    return response


class SecondFactorMiddleware:
    """Where `EDITORS_NEED_TOTP` is on, the CMS opens only to whoever has set up a second factor.

    Whoever has one was asked for it when they signed in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        in_cms = settings.EDITORS_NEED_TOTP and request.path_info.startswith(reverse("wagtailadmin_home"))
        if in_cms and request.user.is_authenticated and not is_mfa_enabled(request.user):
            messages.warning(request, _("The editors’ desk needs a second factor. Set one up first."))
            return redirect("mfa_activate_totp")
        return self.get_response(request)
