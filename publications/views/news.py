"""News: the overview with its categories, page by page, and an Atom feed for each language."""

from datetime import UTC, datetime, time
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from publications.models import NewsIndexPage, NewsPage
from publications.models.bilingual import SITE_LANGUAGES, site_language
from publications.views.atom import AtomFeed, answer_feed, plain
from publications.vocabularies import NewsCategory

NEWS_PER_PAGE = 20
ENTRIES = 50


def news_context(overview: NewsIndexPage, request: HttpRequest) -> dict[str, Any]:
    """A page of the news below an overview, of one category where one is asked for; `categories` are those in use."""
    news = published_news().child_of(overview)
    used = set(news.order_by().values_list("category", flat=True).distinct())
    category = request.GET.get("category", "")
    if category in NewsCategory.values:
        news = news.filter(category=category)
    else:
        category = ""
    return {
        "items": Paginator(news, NEWS_PER_PAGE).get_page(request.GET.get("page")),
        "category": category,
        "categories": [(value, label) for value, label in NewsCategory.choices if value in used],
    }


def published_news() -> Any:
    """News that everybody may read, the latest first."""
    return NewsPage.objects.live().public().order_by("-date", "-pk")


@require_safe
def news_feed(request: HttpRequest) -> HttpResponseBase:
    """The latest news in one language (`lang`), of one category where `category` names one."""
    language, category = request.GET.get("lang", ""), request.GET.get("category", "")
    with translation.override(language if language in SITE_LANGUAGES else site_language()):
        news = published_news().filter(locale__language_code=site_language())
        if category in NewsCategory.values:
            news = news.filter(category=category)
        return answer_feed(request, write_news(list(news[:ENTRIES]), request))


def write_news(news: list[NewsPage], request: HttpRequest) -> str:
    """The feed as XML."""
    feed = AtomFeed(
        title=plain(f"{_('News')} – {settings.SITE_NAME}"),
        link=f"{settings.BASE_URL}/{site_language()}/news/",
        feed_url=f"{settings.BASE_URL}{request.get_full_path()}",
        description=None,
        language=site_language(),
    )
    for item in news:
        address = f"{settings.BASE_URL}{item.get_url(request) or ''}"
        feed.add_item(
            title=plain(item.title),
            link=address,
            description=plain(item.introduction),
            unique_id=f"urn:uuid:{item.translation_key}:{item.pk}",
            pubdate=timezone.make_aware(datetime.combine(item.date, time())),
            updateddate=_changed(item),
            categories=[str(item.get_category_display())] if item.category else [],
        )
    return feed.writeString("utf-8")


def _changed(item: NewsPage) -> datetime:
    return item.last_published_at or item.first_published_at or datetime(2000, 1, 1, tzinfo=UTC)
