"""The demo's home pages, news and plain pages, in both languages."""

from wagtail.models import Page, Site

from publications.demo.loading import Loaded
from publications.demo.markup import to_sections
from publications.demo.things import DemoContent
from publications.models import ContentPage, NewsPage, SiteSettings
from publications.site_tree import SiteTree

SITE = "CMI-NEN"


def load_pages(content: DemoContent, tree: SiteTree, loaded: Loaded) -> None:
    """Home pages, site settings, news and plain pages, in both languages."""
    home = content.home
    settings = SiteSettings.for_site(Site.objects.get(is_default_site=True))
    if not settings.cluster_name:
        settings.cluster_name = SITE
        settings.about_en, settings.about_nl = home.tagline.en, home.tagline.nl
        settings.notice_en, settings.notice_nl = home.notice.en, home.notice.nl
        settings.region_en = "Medical imaging, north and east Netherlands"
        settings.region_nl = "Medische beeldvorming, Noord- en Oost-Nederland"
        settings.save()
        for language, page in tree.homes.items():
            page.headline = getattr(home.headline, language)
            page.introduction = getattr(home.introduction, language)
            page.examples = "\n".join(getattr(home, f"example_queries_{language}"))
            page.save_revision().publish()
    for news in content.news.values():
        for language, parent in tree.news.items():
            page = NewsPage(
                slug=news.slug,
                title=getattr(news.title, language),
                date=news.published,
                introduction=getattr(news.summary, language),
                body=to_blocks(getattr(news.body, language)),
                locale=parent.locale,
            )
            loaded.add("news", add_page(parent, page))
    for demo in content.pages.values():
        for language, parent in tree.homes.items():
            page = ContentPage(
                slug=demo.slug,
                title=getattr(demo.title, language),
                introduction=getattr(demo.summary, language),
                body=to_blocks(getattr(demo.body, language)),
                locale=parent.locale,
                show_in_menus=True,
            )
            loaded.add("pages", add_page(parent, page))


def to_blocks(text: str) -> list[tuple[str, str]]:
    """Markup as the blocks of a page's body."""
    return [("heading" if kind == "heading" else "paragraph", html) for kind, html in to_sections(text)]


def add_page(parent: Page, page: Page) -> bool:
    """Add a page below its parent, as the translation of the one of the same address; False where it was there."""
    model = type(page)
    if model.objects.child_of(parent).filter(slug=page.slug).exists():
        return False
    other = model.objects.filter(slug=page.slug).exclude(locale=page.locale).first()
    if other:
        page.translation_key = other.translation_key
    parent.refresh_from_db()
    parent.add_child(instance=page)
    page.save_revision().publish()
    return True
