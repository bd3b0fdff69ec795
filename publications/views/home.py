"""The front page: what each section that editors put on it shows. One with nothing to show is left out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.utils import timezone

from publications.access import User
from publications.models import (
    Collection,
    Event,
    Funder,
    HomePage,
    HubImage,
    NewsPage,
    Organisation,
    Person,
    Record,
    RecordFile,
    Topic,
)
from publications.models.topic_tree import TopicTree
from publications.models.topic_tree import count_records as count_records_of_topics
from publications.reading_lists import audience_of, count_records, list_records
from publications.vocabularies import OrganisationKind

LOGO_SIZE = "max-360x120"
CLOUD_SIZES = 5
PARTNERS = 60


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


@dataclass(frozen=True)
class Section:
    """A section with what it shows. `anchor` is the id of its heading, each once on a page."""

    kind: str
    anchor: str
    heading: str
    shown: Mapping[str, Any]
    has_rule: bool = True

    @property
    def template(self) -> str:
        """The template that shows it."""
        return f"publications/home/{self.kind}.html"


def home_context(page: HomePage, *, user: User) -> dict[str, Any]:
    """The sections of a front page for this user, top to bottom; each takes a fixed number of queries."""
    front = FrontPage(page, user)
    return {"sections": front.sections, "has_search": any(s.kind == "search" for s in front.sections)}


class FrontPage:
    """Looks up what the sections of a page show; what several need is looked up once."""

    def __init__(self, page: HomePage, user: User) -> None:
        self.page, self.user = page, user

    @cached_property
    def holdings(self) -> Holdings:
        """How much the hub holds."""
        return find_holdings()

    @cached_property
    def sections(self) -> list[Section]:
        """Those that have something to show."""
        return [section for block in self.page.sections if (section := self.fill(block))]

    def fill(self, block: Any, *, has_rule: bool = True) -> Section | None:
        """The section that a block asks for, None when there is nothing for it."""
        shown = FILLERS[block.block_type](self, block.value)
        if not shown:
            return None
        heading = block.value.get("heading", "") if isinstance(block.value, Mapping) else ""
        return Section(block.block_type, f"section-{block.id or block.block_type}", heading, shown, has_rule)


def _search(front: FrontPage, value: Any) -> dict[str, Any]:
    """There is always something to ask."""
    return {"examples": [line.strip() for line in front.page.examples.splitlines() if line.strip()]}


def _holdings(front: FrontPage, value: Any) -> dict[str, Any]:
    return {"holdings": front.holdings} if front.holdings.records else {}


def _introduction(front: FrontPage, value: Any) -> dict[str, Any]:
    return {"text": front.page.introduction} if front.page.introduction.strip() else {}


def _columns(front: FrontPage, value: Any) -> dict[str, Any]:
    """Newest records and what stands beside them; the rule is drawn above the first of each column."""
    beside: list[Section] = []
    for block in value["beside"]:
        if section := front.fill(block, has_rule=not beside):
            beside.append(section)
    newest = Section("newest", "section-new", value["newest"].get("heading", ""), _newest(front, value["newest"]))
    return {"newest": newest, "beside": beside}


def _newest(front: FrontPage, value: Any) -> dict[str, Any]:
    records = list(Record.objects.listed().for_listing().newest_first()[: value["number"]])
    return {"lead": records[0] if records else None, "others": records[1:], "count": front.holdings.records}


def _events(front: FrontPage, value: Any) -> dict[str, Any]:
    """Those to come, else the latest."""
    coming = list(Event.objects.live().upcoming()[: value["number"]])
    events = coming or list(Event.objects.live().past()[:1])
    return {"events": events, "are_coming": bool(coming)} if events else {}


def _news(front: FrontPage, value: Any) -> dict[str, Any]:
    """The latest in the page's language."""
    pages = NewsPage.objects.live().public().filter(locale_id=front.page.locale_id)
    items = list(pages.order_by("-date", "-pk")[: value["number"]])
    return {"items": items} if items else {}


def _numbers(front: FrontPage, value: Any) -> dict[str, Any]:
    if not front.holdings.records:
        return {}
    return {
        "holdings": front.holdings,
        "people": Person.objects.visible().count(),
        "organisations": organisation_counts(),
        "events": Event.objects.live().count(),
    }


def _collections(front: FrontPage, value: Any) -> dict[str, Any]:
    newest = Collection.objects.live().with_rows().order_by("-first_published_at", "-pk")
    collections = count_records(newest[: value["number"]], audience_of(front.user))
    return {"collections": collections, "count": Collection.objects.live().count()} if collections else {}


def _featured(front: FrontPage, value: Any) -> dict[str, Any]:
    """A collection, once it is published, with its first records."""
    chosen = value["collection"]
    collection = chosen and Collection.objects.live().filter(pk=chosen.pk).first()
    if not collection:
        return {}
    held = list_records(collection, audience_of(front.user))
    collection.record_count, collection.has_more_records = len(held.entries), held.has_more
    first = held.keys[: value["number"]]
    found = Record.objects.for_listing().in_bulk(first)
    return {"collection": collection, "records": [found[key] for key in first]}


def _topics(front: FrontPage, value: Any) -> dict[str, Any]:
    topics = largest_topics(value["number"])
    if not topics:
        return {}
    return {"topics": topics, "count": Topic.objects.visible().count(), "is_cloud": value["is_cloud"]}


def _funders(front: FrontPage, value: Any) -> dict[str, Any]:
    funders = list(with_logos(Funder.objects.filter(is_funder_of_cluster=True)))
    return {"funders": funders} if funders else {}


def _partners(front: FrontPage, value: Any) -> dict[str, Any]:
    partners = Organisation.objects.visible().filter(is_partner=True)
    shown = list(with_logos(partners.order_by("name_en", "name_nl", "pk"))[:PARTNERS])
    return {"partners": shown, "count": partners.count()} if shown else {}


def _text(front: FrontPage, value: Any) -> dict[str, Any]:
    return {"text": value["text"].source} if value["text"].source.strip() else {}


FILLERS: dict[str, Callable[[FrontPage, Any], dict[str, Any]]] = {
    "search": _search,
    "holdings": _holdings,
    "introduction": _introduction,
    "columns": _columns,
    "newest": _newest,
    "events": _events,
    "news": _news,
    "numbers": _numbers,
    "collections": _collections,
    "featured": _featured,
    "topics": _topics,
    "funders": _funders,
    "partners": _partners,
    "text": _text,
}
"""For each block of FrontPageBlock, what its template gets; empty where there is nothing to show."""


def with_logos(things: QuerySet) -> QuerySet:
    """The things with their logos drawn at one size, in two queries more however many there are."""
    return things.prefetch_related(Prefetch("logo", HubImage.objects.prefetch_renditions(LOGO_SIZE)))


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


def largest_topics(number: int) -> list[Topic]:
    """The topics with most records, those on narrower ones included, in the order of the alphabet.

    Each with its `record_count`, and its `size` from 1 to CLOUD_SIZES: larger where more records are.
    """
    counts = count_records_of_topics(TopicTree.load())
    largest = sorted((pk for pk in counts if counts[pk]), key=lambda pk: (-counts[pk], pk))[:number]
    topics = list(Topic.objects.current().filter(pk__in=largest))
    steps = sorted({counts[pk] for pk in largest})
    for topic in topics:
        topic.record_count = counts[topic.pk]
        topic.size = 1 + steps.index(counts[topic.pk]) * CLOUD_SIZES // len(steps)
    return sorted(topics, key=lambda topic: str(topic).casefold())


def organisation_counts() -> dict[str, int]:
    """How many organisations are shown, and how many of them are companies."""
    return Organisation.objects.visible().aggregate(
        all=Count("pk"), companies=Count("pk", filter=Q(kind=OrganisationKind.COMPANY))
    )
