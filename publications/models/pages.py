"""The Wagtail pages: home, news and plain pages, each in a tree of its own language."""

from contextlib import suppress
from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail.url_routing import RouteResult

from publications.blocks import BodyBlock, FrontPageBlock, usual_front_page
from publications.vocabularies import NewsCategory


class HomePage(Page):
    """The front page: one question first, then what is here."""

    headline = models.CharField(_("headline"), max_length=200)
    introduction = models.TextField(_("introduction"), blank=True)
    examples = models.TextField(
        _("example questions"),
        blank=True,
        help_text=_("One on each line; shown below the search box."),
    )
    sections = StreamField(
        FrontPageBlock(), verbose_name=_("what the page shows"), blank=True, default=usual_front_page
    )

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["publications.NewsIndexPage", "publications.ContentPage"]
    template = "publications/home.html"

    content_panels = [
        *Page.content_panels,
        FieldPanel("headline"),
        FieldPanel("introduction"),
        FieldPanel("examples"),
        FieldPanel("sections"),
    ]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from publications.views.home import home_context

        return super().get_context(request, *args, **kwargs) | home_context(self, user=request.user)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; how much a collection holds depends on who asks, so no cache on the way may keep it for others."""
        response: HttpResponse = super().serve(request, *args, **kwargs)
        patch_cache_control(response, private=True)
        return response

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """The page below this home; one that stands below the home of the other language only is shown from there.

        It is the same page, with the rights that it has at its own address: an alias would have to be given them anew.
        """
        try:
            return super().route(request, path_components)
        except Http404:
            for home in self.get_translations().live():
                with suppress(Http404):
                    return super(HomePage, home).route(request, path_components)
            raise


class NewsIndexPage(Page):
    """The list of news items."""

    introduction = models.TextField(_("introduction"), blank=True)

    parent_page_types = ["publications.HomePage"]
    subpage_types = ["publications.NewsPage"]
    max_count_per_parent = 1
    template = "publications/news_index.html"

    content_panels = [*Page.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("news overview")
        verbose_name_plural = _("news overviews")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from publications.views.news import news_context

        return super().get_context(request, *args, **kwargs) | news_context(self, request)


class NewsPage(Page):
    """One news item."""

    date = models.DateField(_("date"), default=timezone.localdate)
    category = models.CharField(_("category"), max_length=20, choices=NewsCategory.choices, blank=True)
    introduction = models.TextField(_("introduction"))
    image = models.ForeignKey(
        "publications.HubImage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    parent_page_types = ["publications.NewsIndexPage"]
    subpage_types: list[str] = []
    template = "publications/news.html"

    content_panels = [
        *Page.content_panels,
        FieldPanel("date"),
        FieldPanel("category"),
        FieldPanel("introduction"),
        FieldPanel("image"),
        FieldPanel("body"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("introduction"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news items")


class ContentPage(Page):
    """A plain page: about, privacy, how search works."""

    introduction = models.TextField(_("introduction"), blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    parent_page_types = ["publications.HomePage", "publications.ContentPage"]
    subpage_types = ["publications.ContentPage"]
    template = "publications/page.html"

    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("body"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("introduction"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
