"""Topics: the page of one, and the index of all, from A to Z with their narrower ones."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from publications.models import Event, Record, TaggedRecord, Topic
from publications.models.bilingual import local_text
from publications.models.topic_tree import TopicTree, with_record_counts
from publications.skos import FORMATS
from publications.views.addresses import find_shown, lead_to
from publications.views.alphabet import alphabet_key
from publications.views.summaries import activity_of, latest_first, organisations_of, people_of

RECORDS_PER_PAGE = 25
MOST_EVENTS = 8


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a topic; an old or merged one leads to it."""
    found = find_shown(Topic.objects.visible(), slug)
    if found.slug != slug:
        return lead_to(found.get_absolute_url())
    return render(request, "publications/topic.html", topic_context(found, page=request.GET.get("page")))


def topic_context(topic: Topic, *, page: str | None = None) -> dict[str, Any]:
    """What the page of a topic shows: the records on it and on narrower ones."""
    tree = TopicTree.load()
    tagged = TaggedRecord.objects.filter(tag__in=tree.with_narrower(topic.pk))
    records = Record.objects.listed().filter(pk__in=tagged.values("content_object"))
    narrower = Topic.objects.visible().filter(broader=topic).order_by("name")
    events = Event.objects.live().filter(records__in=records).annotate(record_count=Count("records", distinct=True))
    return {
        "topic": topic,
        "labels": labels_of(topic),
        "broader": topics_above(topic, tree),
        "narrower": with_record_counts(narrower, tree=tree),
        "related": sorted(Topic.objects.visible().filter(related=topic), key=sort_key),
        "events": list(events.order_by("-starts", "title_en")[:MOST_EVENTS]),
        "exact_matches": [uri for uri in topic.exact_matches.split() if uri.startswith(("http://", "https://"))],
        "records": Paginator(latest_first(records).for_listing(), RECORDS_PER_PAGE).get_page(page),
        "people": people_of(records),
        "organisations": organisations_of(records),
        "activity": activity_of(records, today=timezone.localdate()),
    }


@dataclass(frozen=True)
class Labels:
    """What a topic is called in one language."""

    language: str
    label: str
    synonyms: tuple[str, ...]
    definition: str


def labels_of(topic: Topic) -> tuple[Labels, ...]:
    """The topic's words in English and in Dutch, those that are there."""
    both = (
        Labels("en", topic.label_en, _lines(topic.synonyms_en), topic.definition_en),
        Labels("nl", topic.label_nl, _lines(topic.synonyms_nl), topic.definition_nl),
    )
    return tuple(labels for labels in both if labels.label or labels.synonyms or labels.definition)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def topics_above(topic: Topic, tree: TopicTree) -> list[Topic]:
    """The topics above this one, the broadest first."""
    pks = [pk for pk in reversed(tree.above(topic.pk)) if pk != topic.pk]
    found = Topic.objects.in_bulk(pks)
    return [found[pk] for pk in pks if pk in found]


# The index ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Branch:
    """A topic with the narrower ones below it."""

    topic: Topic
    branches: tuple["Branch", ...]


@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    """Every topic: the broadest from A to Z, each with its narrower ones."""
    shown = with_record_counts(Topic.objects.visible())
    by_letter: defaultdict[str, list[Branch]] = defaultdict(list)
    for branch in build_tree(shown):
        by_letter[sort_key(branch.topic)[0]].append(branch)
    formats = [(known.extension, known.label) for known in FORMATS]
    context = {"letters": dict(by_letter), "total": len(shown), "formats": formats}
    return render(request, "publications/topics_index.html", context)


def build_tree(topics: list[Topic]) -> tuple[Branch, ...]:
    """The topics as a tree, each level by label. A topic whose broader one is not among them stands at the top."""
    below: defaultdict[int | None, list[Topic]] = defaultdict(list)
    known = {topic.pk for topic in topics}
    for topic in sorted(topics, key=sort_key):
        below[topic.broader_id if topic.broader_id in known else None].append(topic)

    def branch(topic: Topic) -> Branch:
        return Branch(topic, tuple(branch(narrower) for narrower in below.pop(topic.pk, [])))

    top = [branch(topic) for topic in below.pop(None, [])]
    while below:  # a circle that came past the form: each of its topics is still listed once
        broader = next(iter(below))
        top.extend(branch(topic) for topic in below.pop(broader))
    return tuple(top)


def sort_key(topic: Topic) -> tuple[str, str]:
    """The letter under which a topic stands in the reader's language, and its place there."""
    return alphabet_key(str(local_text(topic, "label")) or topic.name)
