"""What every template may need to know about the site: its names, languages and sections, and the reader's theme."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from knowledge_hub.views import THEME_COOKIE, THEMES
from publications.models import SiteSettings
from publications.models.bilingual import site_language

LANGUAGE_NAMES = (("en", "English"), ("nl", "Nederlands"))
"""Each language by its own name: it is read by those who do not read the page's."""


@dataclass(frozen=True)
class Link:
    """A link of the navigation; `current` is "page" on that very page, "true" below it."""

    url: str
    label: str
    current: str = ""


def site(request: HttpRequest) -> dict[str, object]:
    """The site for its templates; whatever asks the database does so only where a template shows it."""
    language = site_language()
    return {
        "site_name": settings.SITE_NAME,
        "site_language": language,
        "registration": settings.REGISTRATION,
        "other_languages": [pair for pair in LANGUAGE_NAMES if pair[0] != language],
        "cluster": SimpleLazyObject(lambda: find_site_settings(request)),
        "navigation": SimpleLazyObject(lambda: sections(request.path)),
        "footer": SimpleLazyObject(lambda: footer_links(request, language=language)),
        "theme": chosen_theme(request),
        "themes": (("auto", _("System")), ("light", _("Light")), ("dark", _("Dark"))),
    }


def chosen_theme(request: HttpRequest) -> str:
    """ "light", "dark", or "auto": as the reader's system is."""
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    return theme if theme in THEMES else "auto"


def find_site_settings(request: HttpRequest) -> SiteSettings:
    """What editors set for this site; empty before there is a site."""
    found = Site.find_for_request(request)
    return SiteSettings.for_site(found) if found else SiteSettings()


def sections(path: str) -> list[Link]:
    """The sections of the header, with the one that `path` is in."""
    return [
        _section(path, "search:search", _("Records"), also="publications:records"),
        _section(path, "search:experts", _("Experts"), also="publications:people"),
        _section(path, "publications:organisations", _("Organisations")),
        _section(path, "publications:events", _("Events")),
        _section(path, "publications:collections", _("Collections")),
        _section(path, "publications:topics", _("Topics")),
    ]


def _section(path: str, name: str, label: str, *, also: str = "") -> Link:
    url = reverse(name)
    if path == url:
        return Link(url, label, "page")
    below = path.startswith(url) or (also and path.startswith(reverse(also)))
    return Link(url, label, "true" if below else "")


def footer_links(request: HttpRequest, *, language: str) -> dict[str, list[Link]]:
    """The columns of the footer: sections, the pages that editors put into menus, addresses for software."""
    pages = Page.objects.in_menu().live().public().filter(locale__language_code=language, depth__gt=2).order_by("path")
    return {
        "find": [*sections(""), Link(reverse("publications:ask_cluster"), _("Ask the cluster"))],
        "pages": [Link(page.get_url(request) or "", page.title) for page in pages],
        "software": [
            Link(reverse("api:openapi-json"), _("API description")),
            Link(reverse("sitemap"), _("Site map")),
        ],
    }
