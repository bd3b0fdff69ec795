"""What every template may need to know about the site: its names, languages and sections, and the reader's theme."""

from functools import cache, partial

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from wagtail.models import Site

from knowledge_hub.menus import Menus
from knowledge_hub.views import THEME_COOKIE, THEMES
from publications.models import SiteSettings
from publications.models.bilingual import site_language

LANGUAGE_NAMES = (("en", "English"), ("nl", "Nederlands"))
"""Each language by its own name: it is read by those who do not read the page's."""


def site(request: HttpRequest) -> dict[str, object]:
    """The site for its templates; whatever asks the database does so only where a template shows it."""
    language = site_language()
    find_settings = cache(partial(find_site_settings, request))
    return {
        "site_name": settings.SITE_NAME,
        "site_language": language,
        "registration": settings.REGISTRATION,
        "other_languages": [pair for pair in LANGUAGE_NAMES if pair[0] != language],
        "cluster": SimpleLazyObject(find_settings),
        "menus": SimpleLazyObject(lambda: Menus(find_settings(), request)),
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
