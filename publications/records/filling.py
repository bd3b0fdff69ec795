"""Filling the empty fields of a draft with what its file suggests. What somebody has typed is never touched."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from publications.formats.base import clean
from publications.ingest.language import UNKNOWN
from publications.metadata import RecordMetadata
from publications.models import Record, TaggedRecord, User
from publications.models.kinds import Publication
from publications.records.writing import LANGUAGE_CODES, Matchers, contributions_of, fitted
from publications.suggestions import SuggestedMetadata, Suggestion
from publications.topics import KeywordMatch, match_keywords

TEXTS = ("title", "abstract", "issued", "publisher", "doi")
TEXTS_OF_PUBLICATIONS = ("container_title", "volume", "issue", "page", "isbn", "issn", "arxiv")


@dataclass(frozen=True)
class FieldSuggestion:
    """A suggested field beside the record's own: `is_empty` where the record has nothing there yet."""

    name: str
    suggestion: Suggestion[Any]
    is_empty: bool


def compare(record: Record, suggested: SuggestedMetadata) -> list[FieldSuggestion]:
    """The suggested fields that this kind of record has, and which of them its latest draft lacks."""
    draft = record.specific().get_latest_revision_as_object()
    return [
        FieldSuggestion(name, suggestion, is_empty(draft, name))
        for name, suggestion in suggested.items()
        if name in fields_of(draft)
    ]


def fill_empty_fields(
    record: Record, suggested: SuggestedMetadata, *, with_new_topics: bool = False, user: User | None = None
) -> list[str]:
    """Fill what the latest draft lacks, in a new revision that is not published; returns the names of the fields.

    with_new_topics: keywords that no topic is called become new ones; else only those that are known are taken.
    Authors are taken all or none, so that their order is that of the page.
    """
    with transaction.atomic():
        # Fetched anew and held, so that nothing is filled that somebody is just saving.
        record = Record.objects.select_for_update().get(pk=record.pk).specific()
        draft = record.get_latest_revision_as_object()
        metadata = checked(suggested.to_metadata(), draft)
        filled = [name for name in fillable(draft, suggested) if fill(draft, name, metadata, with_new_topics)]
        if filled:
            if not record.live:
                draft.save()
            draft.save_revision(user=user, clean=False, log_action=True)
    return filled


def fields_of(record: Record) -> tuple[str, ...]:
    """The names of suggestions that have a place in this kind of record."""
    own = TEXTS_OF_PUBLICATIONS if isinstance(record, Publication) else ()
    return (*TEXTS, *own, "language", "authors", "keywords")


def fillable(draft: Record, suggested: SuggestedMetadata) -> Iterator[str]:
    for name, _suggestion in suggested.items():
        if name in fields_of(draft) and is_empty(draft, name):
            yield name


def is_empty(draft: Record, name: str) -> bool:
    """Whether nothing stands in that field of the draft."""
    if name == "language":
        return draft.language == UNKNOWN
    if name == "authors":
        return not draft.creators
    if name == "keywords":
        return not draft.tagged_topics.all()
    return not getattr(draft, name).strip()


def checked(metadata: RecordMetadata, draft: Record) -> RecordMetadata:
    """The metadata without a DOI that another record has, and without a language that the hub has no word for."""
    if metadata.doi and Record.objects.filter(doi=metadata.doi).exclude(pk=draft.pk).exists():
        metadata = replace(metadata, doi="")
    return metadata if metadata.language in LANGUAGE_CODES else replace(metadata, language=UNKNOWN)


def fill(draft: Record, name: str, metadata: RecordMetadata, with_new_topics: bool) -> bool:
    """Set one field of the draft; says whether there was anything to set."""
    if name == "authors":
        matchers = Matchers()
        authors = replace(metadata, agents=metadata.creators)
        others = list(draft.contributions.all())
        contributions = contributions_of(authors, people=matchers.people, organisations=matchers.organisations)
        for place, contribution in enumerate([*contributions, *others]):
            contribution.sort_order = place
        draft.contributions = [*contributions, *others]
        return bool(contributions)
    if name == "keywords":
        topic_ids = topics_for(metadata, with_new_topics=with_new_topics)
        draft.tagged_topics = [TaggedRecord(tag_id=topic_id) for topic_id in topic_ids]
        return bool(topic_ids)
    value = fitted(draft, name, getattr(metadata, name))
    setattr(draft, name, value)
    return bool(value) and value != UNKNOWN


def topics_for(metadata: RecordMetadata, *, with_new_topics: bool) -> list[int]:
    """The primary keys of the topics that the keywords stand for."""
    matches: list[KeywordMatch] = match_keywords(metadata.subjects)
    known = [match.topic.pk for match in matches if match.topic]
    if not with_new_topics:
        return known
    matcher = Matchers().topics
    free = (clean(match.keyword) for match in matches if not match.topic)
    made = (matcher.find_or_create(word, language=metadata.language) for word in free)
    return list(dict.fromkeys([*known, *(topic_id for topic_id in made if topic_id)]))
