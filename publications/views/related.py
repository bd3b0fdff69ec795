"""Works related to a record, each with the reason, in a number of queries that does not grow with the hub."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Count
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publications.identifiers import doi_url
from publications.models import Contribution, Record, RelatedIdentifier, TaggedRecord
from publications.models.versions import listed
from publications.records.versions import all_versions_of
from publications.vocabularies import IdentifierType, RelationType

MOST_NEAR = 5
"""Works shown because they share something."""
CANDIDATES = 50
"""Works looked at for each thing that can be shared: those that share most of it."""
AUTHOR_WEIGHT, TOPIC_WEIGHT, EVENT_WEIGHT = 3, 2, 2

_PAIRS = (
    (RelationType.IS_NEW_VERSION_OF, RelationType.IS_PREVIOUS_VERSION_OF),
    (RelationType.IS_SUPPLEMENT_TO, RelationType.IS_SUPPLEMENTED_BY),
    (RelationType.IS_PART_OF, RelationType.HAS_PART),
    (RelationType.CITES, RelationType.IS_CITED_BY),
    (RelationType.REFERENCES, RelationType.IS_REFERENCED_BY),
    (RelationType.IS_DERIVED_FROM, RelationType.IS_SOURCE_OF),
    (RelationType.IS_TRANSLATION_OF, RelationType.HAS_TRANSLATION),
    (RelationType.DOCUMENTS, RelationType.IS_DOCUMENTED_BY),
)
INVERSE = {one: other for pair in _PAIRS for one, other in (pair, pair[::-1])}

RESOLVERS = {
    IdentifierType.DOI: "https://doi.org/",
    IdentifierType.ARXIV: "https://arxiv.org/abs/",
    IdentifierType.HANDLE: "https://hdl.handle.net/",
    IdentifierType.PMID: "https://pubmed.ncbi.nlm.nih.gov/",
}


@dataclass(frozen=True)
class RelatedRecord:
    """A live record of this hub, and why it is shown."""

    record: Record
    reason: str


@dataclass(frozen=True)
class RelatedElsewhere:
    """A work that is not on this hub."""

    title: str
    url: str
    """Where it is, "" where its identifier gives no address."""
    reason: str


def related_elsewhere(record: Record) -> tuple[RelatedElsewhere, ...]:
    """The works elsewhere that the record names."""
    return tuple(
        RelatedElsewhere(
            title=relation.title or relation.identifier,
            url=identifier_url(relation.identifier, relation.identifier_type),
            reason=_seen_from_there(relation.relation_type),
        )
        for relation in record.related_identifiers.all()
        if relation.related_record_id is None
    )


def identifier_url(identifier: str, identifier_type: str) -> str:
    """The link of an identifier, "" for one that has none."""
    if identifier.startswith(("https://", "http://")):
        return identifier
    if identifier_type == IdentifierType.DOI:
        return doi_url(identifier)
    resolver = RESOLVERS.get(IdentifierType(identifier_type)) if identifier_type else None
    return f"{resolver}{identifier}" if resolver else ""


def related_records(record: Record) -> tuple[RelatedRecord, ...]:
    """Live records that this one names or that name it, then those that share most with it."""
    versions = {version.pk for version in all_versions_of(record)}
    reasons = {pk: reason for pk, reason in _named(record).items() if pk not in versions}
    reasons |= _near(record, leave_out={record.pk, *reasons, *versions})
    found = Record.objects.live().filter(pk__in=reasons).for_listing().in_bulk()
    return tuple(RelatedRecord(found[pk], reason) for pk, reason in reasons.items() if pk in found)


def _named(record: Record) -> dict[int, str]:
    """Reasons by record, for the relations that people stated in either direction."""
    reasons = {
        relation.related_record_id: _seen_from_there(relation.relation_type)
        for relation in record.related_identifiers.all()
        if relation.related_record_id is not None
    }
    if record.pk is not None:
        incoming = RelatedIdentifier.objects.filter(related_record_id=record.pk, record__live=True)
        for record_id, relation_type in incoming.order_by("pk").values_list("record_id", "relation_type"):
            reasons.setdefault(record_id, _relation_words(RelationType(relation_type)))
    reasons.pop(record.pk, None)
    return reasons


def _seen_from_there(relation_type: str) -> str:
    """The relation as the other work has it: a work that this record cites "is cited by this record"."""
    return _relation_words(INVERSE[RelationType(relation_type)])


def _relation_words(relation_type: RelationType) -> str:
    return capfirst(_("%(relation)s this record") % {"relation": relation_type.label})


def _near(record: Record, *, leave_out: set[int | None]) -> dict[int, str]:
    """Reasons by record, for those that share authors, topics or the event; the nearest first."""
    authors = _shared_authors(record)
    topics = _shared_topics(record)
    same_event = _same_event(record)
    scores: defaultdict[int, int] = defaultdict(int)
    for shared, weight in ((authors, AUTHOR_WEIGHT), (topics, TOPIC_WEIGHT), (same_event, EVENT_WEIGHT)):
        for pk, count in shared.items():
            scores[pk] += weight * count
    nearest = sorted((pk for pk in scores if pk not in leave_out), key=lambda pk: (-scores[pk], -pk))[:MOST_NEAR]
    return {pk: _shared_words(authors=authors[pk], topics=topics[pk], is_same_event=pk in same_event) for pk in nearest}


def _shared_authors(record: Record) -> Counter[int]:
    people = {contribution.person_id for contribution in record.contributions.all() if contribution.person_id}
    if not people:
        return Counter()
    rows = (
        Contribution.objects.filter(listed("record__"), person_id__in=people)
        .order_by()
        .values("record_id")
        .annotate(number=Count("person_id", distinct=True))
        .order_by("-number", "-record_id")
    )
    return Counter(dict(rows.values_list("record_id", "number")[:CANDIDATES]))


def _shared_topics(record: Record) -> Counter[int]:
    topics = {tagged.tag_id for tagged in record.tagged_topics.all()}
    if not topics:
        return Counter()
    rows = (
        TaggedRecord.objects.filter(listed("content_object__"), tag_id__in=topics)
        .order_by()
        .values("content_object_id")
        .annotate(number=Count("tag_id", distinct=True))
        .order_by("-number", "-content_object_id")
    )
    return Counter(dict(rows.values_list("content_object_id", "number")[:CANDIDATES]))


def _same_event(record: Record) -> Counter[int]:
    if record.event_id is None:
        return Counter()
    rows = Record.objects.listed().filter(event_id=record.event_id).order_by("-pk").values_list("pk", flat=True)
    return Counter(rows[:CANDIDATES])


def _shared_words(*, authors: int, topics: int, is_same_event: bool) -> str:
    """ "Shares an author and 3 topics", "From the same event"."""
    shared = []
    if authors:
        shared.append(ngettext("an author", "%(count)s authors", authors) % {"count": authors})
    if topics:
        shared.append(ngettext("a topic", "%(count)s topics", topics) % {"count": topics})
    if not shared:
        return _("From the same event")
    things = _("%(first)s and %(second)s") % {"first": shared[0], "second": shared[1]} if shared[1:] else shared[0]
    if is_same_event:
        return _("From the same event, shares %(things)s") % {"things": things}
    return _("Shares %(things)s") % {"things": things}
