"""The few views that belong to the site as a whole: choosing a language and a theme, robots.txt, errors."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from django.views.defaults import server_error as django_server_error
from django.views.static import serve

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"
A_YEAR = 365 * 24 * 3600
API_PREFIX = "/api/"


@require_safe
def choose_language(request: HttpRequest) -> HttpResponse:
    """Send the reader to the home page in the language their browser asks for."""
    response = HttpResponseRedirect(f"/{translation.get_language_from_request(request)}/")
    patch_vary_headers(response, ("Accept-Language",))
    return response


@require_safe
def sign_in_to_cms(request: HttpRequest) -> HttpResponse:
    """Send whoever goes to the CMS's old sign-in to that of the site, which is the only one.

    Who is signed in and has no right in the CMS is told so: signing in would lead here again.
    """
    if request.user.is_authenticated and not request.user.has_perm("wagtailadmin.access_admin"):
        raise PermissionDenied
    goal = request.GET.get("next") or reverse("wagtailadmin_home")
    return redirect_to_login(goal)


@csrf_exempt  # nothing is at stake, and so readers who do not sign in get no cookie that they did not ask for
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the choice of light or dark in a cookie and go back; the scripts of the page do the same without a trip."""
    target = request.POST.get("next") or request.META.get("HTTP_REFERER", "/")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    theme = request.POST.get("theme", "auto")
    if theme in THEMES:
        response.set_cookie(
            THEME_COOKIE, theme, max_age=A_YEAR, samesite="Lax", secure=request.is_secure(), httponly=False
        )
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What robots may read: all public pages, but not the endless combinations of searches, nor forms."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /api/",
        # The list and what answers one question are pages; combinations of filters are without end.
        *(f"Disallow: /{code}/search/?" for code, _name in settings.LANGUAGES),
        *(f"Allow: /{code}/search/?q=" for code, _name in settings.LANGUAGES),
        *(f"Disallow: /{code}/search/?q=*&" for code, _name in settings.LANGUAGES),
        *(f"Disallow: /{code}/alerts/" for code, _name in settings.LANGUAGES),
        *(f"Disallow: /{code}/records/*/pages/*?" for code, _name in settings.LANGUAGES),
        *(f"Disallow: /{code}/people/*/ask/" for code, _name in settings.LANGUAGES),
        *(f"Disallow: /{code}/ask/" for code, _name in settings.LANGUAGES),
        f"Sitemap: {settings.BASE_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def image(request: HttpRequest, path: str) -> HttpResponseBase:
    """A picture of the CMS at one of its sizes; a web server in front may serve MEDIA_ROOT/images itself.

    Nothing else below MEDIA_ROOT has an address: originals and documents are not public by being there.
    """
    response = serve(request, path, document_root=str(Path(settings.MEDIA_ROOT) / "images"))
    response.headers["Cache-Control"] = "public, max-age=86400"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def problem(status: int, title: str, detail: str = "") -> JsonResponse:
    """An error for programs (RFC 9457)."""
    body = {"type": "about:blank", "title": title, "status": status}
    if detail:
        body["detail"] = detail
    return JsonResponse(body, status=status, content_type="application/problem+json")


def _error_page(request: HttpRequest, template: str, *, status: int, title: str) -> HttpResponse:
    """An error in the form its reader can use: JSON below /api/, a page for browsers, a line of text for the rest."""
    if request.path_info.startswith(API_PREFIX):
        return problem(status, title)
    if not translation.get_language_from_path(request.path_info) and "text/html" not in request.headers.get(
        "Accept", ""
    ):
        return HttpResponse(f"{title}\n", status=status, content_type="text/plain; charset=utf-8")
    return render(request, template, status=status)


@never_cache
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself is malformed."""
    return _error_page(request, "400.html", status=400, title="Bad Request")


@never_cache
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: this reader may not."""
    return _error_page(request, "403.html", status=403, title="Forbidden")


@never_cache
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or nothing that this reader may know of."""
    return _error_page(request, "404.html", status=404, title="Not Found")


@never_cache
def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; the page needs no database and no context."""
    if request.path_info.startswith(API_PREFIX):
        return problem(500, "Internal Server Error")
    return django_server_error(request, template_name="500.html")
