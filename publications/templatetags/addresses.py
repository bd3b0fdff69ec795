"""Tags of addresses: this page in another language, its own address for search engines, the other pages of a list."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.paginator import Page as PageOfList
from django.http import HttpRequest
from django.urls import reverse
from wagtail.models import Page

from publications.models.bilingual import site_language

SIGNING_IN = ("account_login", "account_signup", "account_reset_password", "mfa_authenticate")


def url_in_language(context: dict[str, Any], language: str, *, with_query: bool = True) -> str:
    """The address of this page in another language, with its query.

    A page of the CMS without a translation stands there as it is, with a mark: see HomePage.route.
    """
    request: HttpRequest | None = context.get("request")
    home = f"/{language}/"
    if request is None:
        return home
    query = f"?{request.META['QUERY_STRING']}" if with_query and request.META.get("QUERY_STRING") else ""
    page = context.get("page")
    if isinstance(page, Page):
        addresses = page_addresses(page, request)
        return f"{addresses.get(language) or same_place(page.get_url(request) or '', language) or home}{query}"
    place = same_place(request.path, language)
    return f"{place}{query}" if place else home


def same_place(path: str, language: str) -> str:
    """The same path below another language; nothing for what stands below none."""
    parts = urlsplit(path).path.split("/", 2)
    is_below_a_language = len(parts) == 3 and parts[1] in dict(settings.LANGUAGES)
    return f"/{language}/{parts[2]}" if is_below_a_language else ""


def page_addresses(page: Page, request: HttpRequest) -> dict[str, str | None]:
    """Where this page stands in each language that it was published in; asked once, as every page shows it thrice."""
    known: dict[str, str | None] | None = getattr(page, "_addresses_by_language", None)
    if known is None:
        translations = page.get_translations(inclusive=True).live().select_related("locale")
        known = {version.locale.language_code: version.get_url(request) for version in translations}
        page._addresses_by_language = known
    return known


def language_of_page(page: Page) -> str:
    """The language that a page of the CMS is written in, where that is not the reader's: "nl"; else nothing."""
    language: str = page.locale.language_code
    return "" if language == site_language() else language


def absolute(path: str) -> str:
    """An address of this site with its host, for links that leave it."""
    return f"{settings.BASE_URL}{path}"


def on_paper(path: str) -> str:
    """An address of this site as a page on paper gives it, to be typed: with its host, without its query."""
    return absolute(urlsplit(path).path)


def record_search_url(**filters: Any) -> str:
    """The search page with these filters on: {% record_search_url topic=topic.slug %}."""
    return f"{reverse('search:search')}?{urlencode(filters, doseq=True)}"


def own_addresses(
    context: dict[str, Any], shown: PageOfList | None = None, *, keep: str = "", query: str = ""
) -> dict[str, Any]:
    """What the head of a page says of its address: the canonical one, the other languages, the pages beside it.

    shown: the page of a list that this is; each has an address of its own, without what changes nothing.
    keep: the parameters, parted by blanks, that make it another list.
    query: "?…", where the caller knows the parameters itself.
    """
    request: HttpRequest = context["request"]
    kept = {name: value for name in keep.split() if (value := request.GET.get(name))}

    def of(number: int) -> str:
        parameters = kept | ({"page": str(number)} if number > 1 else {})
        return f"?{urlencode(parameters)}" if parameters else ""

    own = query or of(shown.number if shown else 1)
    page = context.get("page")
    path, written = request.path, {code for code, _name in settings.LANGUAGES}
    if isinstance(page, Page):
        # Shown below the other language, a page names the address that it has in its own.
        known = page_addresses(page, request)
        path, written = known.get(page.locale.language_code) or path, set(known)
    return {
        "canonical": absolute(path + own),
        "languages": [
            (code, absolute(url_in_language(context, code, with_query=False) + own))
            for code, _name in settings.LANGUAGES
            if code in written
        ],
        "previous": absolute(path + of(shown.number - 1)) if shown and shown.has_previous() else "",
        "next": absolute(path + of(shown.number + 1)) if shown and shown.has_next() else "",
    }


def pager(context: dict[str, Any], page: int, pages: int) -> dict[str, Any]:
    """Links to the pages of a list, each keeping the rest of the query; the first one has no number."""
    request: HttpRequest = context["request"]
    parameters = request.GET.copy()

    def link(number: int) -> str:
        parameters.pop("page", None)
        if number > 1:
            parameters["page"] = str(number)
        return f"?{parameters.urlencode()}" if parameters else request.path

    return {
        "current": page,
        "links": [(number, link(number)) if number else None for number in shown_page_numbers(page, pages)],
        "previous_url": link(page - 1) if page > 1 else "",
        "next_url": link(page + 1) if page < pages else "",
    }


def shown_page_numbers(page: int, pages: int) -> list[int | None]:
    """The page numbers to link: first, last and those around this one, None for a gap; nothing for a single page."""
    if pages < 2:
        return []
    wanted = sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)})
    numbers: list[int | None] = []
    for before, number in zip([0, *wanted], wanted, strict=False):
        if number - before > 1:
            numbers.append(None)
        numbers.append(number)
    return numbers


def sign_in_url(context: dict[str, Any]) -> str:
    """Where to sign in, with the way back to this page; from a page of signing in, to where that one leads back."""
    address = reverse("account_login")
    request = context.get("request")
    if request is None:
        return address
    match = request.resolver_match
    is_signing_in = match is not None and (match.url_name or "").startswith(SIGNING_IN)
    back = request.GET.get("next", "") if is_signing_in else request.get_full_path()
    return f"{address}?{urlencode({'next': back})}" if back else address
