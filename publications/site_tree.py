"""The page tree that every hub has: a home page in each language, and the news below it."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page, Site

from publications.models import HomePage, NewsIndexPage

MAIN_LANGUAGE = "en"


@dataclass(frozen=True)
class SiteTree:
    """The home page and the news overview of each language, by its code."""

    homes: dict[str, HomePage]
    news: dict[str, NewsIndexPage]


@transaction.atomic
def create_site_tree() -> SiteTree:
    """Make the home pages and news overviews that are missing, and point the site at them; what is there stays."""
    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code, _name in settings.LANGUAGES}
    root = Page.get_first_root_node()
    main = HomePage.objects.filter(locale=locales[MAIN_LANGUAGE]).first() or _add_home(root, locales[MAIN_LANGUAGE])
    _point_site_at(main)
    homes, news = {}, {}
    for code, locale in locales.items():
        homes[code] = HomePage.objects.filter(locale=locale).first() or _add_home(root, locale, translation_of=main)
        news[code] = NewsIndexPage.objects.child_of(homes[code]).first() or _add_news(homes[code])
    _link_translations(list(news.values()))
    return SiteTree(homes, news)


def _add_home(root: Page, locale: Locale, *, translation_of: HomePage | None = None) -> HomePage:
    with translation.override(locale.language_code):
        home = HomePage(
            title=settings.SITE_NAME,
            slug=f"home-{locale.language_code}",
            locale=locale,
            headline=_("Find the page that says it, and the person who knows."),
        )
    if translation_of:
        home.translation_key = translation_of.translation_key
    root.refresh_from_db()
    root.add_child(instance=home)
    return home


def _add_news(home: HomePage) -> NewsIndexPage:
    with translation.override(home.locale.language_code):
        page = NewsIndexPage(title=_("News"), slug="news", locale=home.locale, show_in_menus=True)
    home.add_child(instance=page)
    return page


def _point_site_at(home: HomePage) -> None:
    """Wagtail's first migration leaves a welcome page as the site's root."""
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Site.objects.create(hostname="localhost", root_page=home, is_default_site=True, site_name=settings.SITE_NAME)
        return
    if site.root_page_id == home.pk:
        return
    welcome = site.root_page
    site.root_page = home
    site.site_name = settings.SITE_NAME
    site.save()
    if welcome.depth == 2 and welcome.specific_class is Page:
        welcome.delete()


def _link_translations(pages: list[NewsIndexPage]) -> None:
    for page in pages[1:]:
        if page.translation_key != pages[0].translation_key:
            page.translation_key = pages[0].translation_key
            page.save(update_fields=["translation_key"])
