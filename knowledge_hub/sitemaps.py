"""sitemap.xml: every public thing in both languages, each naming its other language."""

from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from wagtail.contrib.sitemaps import Sitemap as WagtailSitemap
from wagtail.models import Page

from publications.models import Collection, Event, Organisation, Person, Record, Topic


class BilingualSitemap(Sitemap):
    """Things that have the same address in both languages but for its first part."""

    i18n = True
    alternates = True
    limit = 5000


class PageSitemap(WagtailSitemap):
    """Pages of the CMS below the home page of each language; Wagtail's own takes those of one language."""

    def items(self) -> QuerySet:
        homes = self.get_wagtail_site().root_page.get_translations(inclusive=True).live()
        pages = Page.objects.none()
        for home in homes:
            pages |= home.get_descendants(inclusive=True)
        return pages.live().public().order_by("path").defer_streamfields().specific()


class RecordSitemap(BilingualSitemap):
    """Live records."""

    def items(self) -> QuerySet:
        return Record.objects.live().order_by("pk").only("pid", "changed_at")

    def lastmod(self, record: Record) -> Any:
        return record.changed_at


class PersonSitemap(BilingualSitemap):
    """People who are shown."""

    def items(self) -> QuerySet:
        return Person.objects.visible().order_by("pk")


class OrganisationSitemap(BilingualSitemap):
    """Organisations that are shown."""

    def items(self) -> QuerySet:
        return Organisation.objects.visible().order_by("pk")


class TopicSitemap(BilingualSitemap):
    """Topics that are shown."""

    def items(self) -> QuerySet:
        return Topic.objects.visible().order_by("pk")


class EventSitemap(BilingualSitemap):
    """Published events."""

    def items(self) -> QuerySet:
        return Event.objects.live().order_by("pk")


class CollectionSitemap(BilingualSitemap):
    """Published collections."""

    def items(self) -> QuerySet:
        return Collection.objects.live().order_by("pk")


SITEMAPS: dict[str, type[Sitemap]] = {
    "pages": PageSitemap,
    "records": RecordSitemap,
    "people": PersonSitemap,
    "organisations": OrganisationSitemap,
    "topics": TopicSitemap,
    "events": EventSitemap,
    "collections": CollectionSitemap,
}
