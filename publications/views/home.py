"""What the home page shows besides its question: what the hub holds, what is new, what comes next, who paid."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils import timezone

from publications.models import Collection, Event, Funder, NewsPage, Organisation, Person, Record, RecordFile, Topic
from publications.models.bilingual import site_language
from publications.models.topic_tree import TopicTree, count_records
from publications.vocabularies import OrganisationKind

NEW_RECORDS = 6
NEWS_ITEMS = 3
COLLECTIONS = 3
TOPICS = 12


@dataclass(frozen=True)
class Holdings:
    """How much the hub holds, and how many records of each year."""

    records: int
    pages: int
    """Pages whose text can be searched."""
    all_pages: int
    years: Mapping[int, int]

    @property
    def searchable(self) -> float:
        """The share of pages that can be searched."""
        return self.pages / self.all_pages if self.all_pages else 0.0

    @property
    def is_up_to_now(self) -> bool:
        """Whether the last year is this one, which is not over."""
        return bool(self.years) and max(self.years) == timezone.localdate().year


def home_context() -> dict[str, Any]:
    """Everything the home page shows, in a fixed number of queries."""
    newest = list(Record.objects.listed().for_listing().newest_first()[:NEW_RECORDS])
    next_event = Event.objects.live().upcoming().first()
    return {
        "holdings": find_holdings(),
        "lead": newest[0] if newest else None,
        "newest": newest[1:],
        "next_event": next_event,
        "last_event": None if next_event else Event.objects.live().past().first(),
        "news": news_items(),
        "collections": Collection.objects.live().with_record_counts().order_by("-first_published_at")[:COLLECTIONS],
        "collection_count": Collection.objects.live().count(),
        "topics": largest_topics(),
        "topic_count": Topic.objects.visible().count(),
        "people_count": Person.objects.visible().count(),
        "organisation_counts": organisation_counts(),
        "event_count": Event.objects.live().count(),
        "funders": Funder.objects.filter(is_funder_of_cluster=True),
    }


def find_holdings() -> Holdings:
    """How many live records and pages there are, and how many records of each year."""
    by_year = Record.objects.listed().values_list("year").annotate(number=Count("pk")).order_by("year")
    counts = dict(by_year)
    pages = (
        RecordFile.objects.present()
        .filter(record__live=True)
        .aggregate(readable=Sum("pages_read", default=0), all=Sum("page_count", default=0))
    )
    return Holdings(
        records=sum(counts.values()),
        pages=min(pages["readable"], pages["all"]),
        all_pages=pages["all"],
        years={year: number for year, number in counts.items() if year is not None},
    )


def news_items() -> list[NewsPage]:
    """The latest news in the reader's language."""
    pages = NewsPage.objects.live().public().filter(locale__language_code=site_language())
    return list(pages.order_by("-date", "-pk")[:NEWS_ITEMS])


def largest_topics() -> list[Topic]:
    """The topics with most records, those on narrower ones included, in the order of the alphabet."""
    counts = count_records(TopicTree.load())
    largest = sorted((pk for pk in counts if counts[pk]), key=lambda pk: (-counts[pk], pk))[:TOPICS]
    topics = list(Topic.objects.current().filter(pk__in=largest))
    for topic in topics:
        topic.record_count = counts[topic.pk]
    return sorted(topics, key=lambda topic: str(topic).casefold())


def organisation_counts() -> dict[str, int]:
    """How many organisations are shown, and how many of them are companies."""
    return Organisation.objects.visible().aggregate(
        all=Count("pk"), companies=Count("pk", filter=Q(kind=OrganisationKind.COMPANY))
    )
