"""Which language a request is answered in."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

from knowledge_hub.views import page_not_found


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
