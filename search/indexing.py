"""From the database to the index: documents are built here, and what is due is handed to the engine in batches.

A crash anywhere loses nothing: what is due stays due until the engine has committed it.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import F, Prefetch

from publications.models import Collection, FilePage, Organisation, Person, Record, RecordFile
from publications.models.topic_tree import TopicTree
from publications.vocabularies import PageStatus
from search.documents import Name, Passage, SearchDocument, Text
from search.engines import get_engine
from search.engines.base import IndexWriter, SearchEngine
from search.errors import IndexUnavailable
from search.models import IndexEntry

logger = logging.getLogger(__name__)

BATCH_SIZE = 100
MAX_ATTEMPTS = 5
"""A record whose document cannot be built is tried so often; then it waits for its next change or a repair."""

WITH_NAMES = (
    "contributions__person__merged_into",
    "contributions__organisation__merged_into",
    "contributions__affiliations__organisation__merged_into",
    "tagged_topics__tag__merged_into",
)
"""What to prefetch of records whose names are asked for."""

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Told how many of how many are done."""


def get_search_engine() -> SearchEngine:
    """The engine that the settings name; one object for each process."""
    return _engine(settings.SEARCH_ENGINE, str(settings.SEARCH_INDEX_DIR))


@lru_cache(maxsize=4)
def _engine(name: str, path: str) -> SearchEngine:
    return get_engine(name, path=path)


def in_batches(items: Sequence[T], size: int = BATCH_SIZE) -> Iterator[Sequence[T]]:
    """Runs of at most `size` items."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


# Building documents ------------------------------------------------------------------------------------------


def load_records(pids: Iterable[str]) -> list[Record]:
    """The live records among these, with everything their documents need, in a fixed number of queries.

    `topics_above` of each: the slugs of the topics above those it has.
    """
    pages = FilePage.objects.filter(status__in=[PageStatus.TEXT, PageStatus.RECOGNISED]).order_by("number")
    files = RecordFile.objects.present().order_by("number").prefetch_related(Prefetch("pages", queryset=pages))
    records = list(
        Record.objects.live()
        .filter(pid__in=list(pids))
        .select_related("event", "publication", "presentation", "eventoutcome", "version")
        .prefetch_related(
            *WITH_NAMES,
            "restricted_groups",
            "restricted_users",
            Prefetch("files", queryset=files),
            Prefetch("collection_items__collection", queryset=Collection.objects.live(), to_attr="live_collection"),
        )
    )
    tree = TopicTree.load()
    for record in records:
        topics = [current(tagged.tag) for tagged in record.tagged_topics.all()]
        record.topics_above = tree.slugs_above(topic.pk for topic in topics)
    return records


def current(thing: Any) -> Any:
    """The thing it was merged into, if it was."""
    while thing is not None and thing.merged_into_id:
        thing = thing.merged_into
    return thing


def person_name(contribution: Any) -> Name:
    """The name as printed, with the other forms under which the person behind it is known."""
    person: Person | None = current(contribution.person)
    if person:
        return Name(contribution.name, key=person.slug, alternatives=person.all_names)
    return Name(contribution.name)


def organisation_names(record: Record) -> tuple[Name, ...]:
    """The organisations that authors belonged to or that contributed themselves, each once."""
    found: dict[str, Name] = {}
    for contribution in record.contributions.all():
        for affiliation in contribution.affiliations.all():
            organisation: Organisation | None = current(affiliation.organisation)
            name = affiliation.name or str(organisation)
            key = organisation.slug if organisation else ""
            alternatives = organisation.all_names if organisation else ()
            found.setdefault(key or name, Name(name, key=key, alternatives=alternatives))
        if organisation := current(contribution.organisation):
            found.setdefault(
                organisation.slug, Name(contribution.name, key=organisation.slug, alternatives=organisation.all_names)
            )
    return tuple(found.values())


def topic_names(record: Record) -> tuple[Name, ...]:
    """The topics with all their labels, so that a Dutch word finds an English record on the topic."""
    topics = {topic.slug: topic for tagged in record.tagged_topics.all() if (topic := current(tagged.tag))}
    return tuple(Name(topic.name, key=topic.slug, alternatives=topic.all_labels) for topic in topics.values())


def broader_topic_names(record: Record) -> tuple[Name, ...]:
    """The topics above those of the record, without words: filters find it there and facets count it.

    A question does not: who asks for oncology wants what is about it before all that is about a part of it.
    """
    own = {topic.key for topic in topic_names(record)}
    return tuple(Name("", key=slug) for slug in getattr(record, "topics_above", ()) if slug not in own)


def event_names(record: Record) -> tuple[Name, ...]:
    """The event that it comes from, if that is published, under both titles."""
    event = record.event
    if event is None or not event.live:
        return ()
    return (Name(str(event), key=event.slug, alternatives=(event.title_en, event.title_nl)),)


def identifiers(record: Record) -> tuple[str, ...]:
    """DOI, ISBN and so on, and the PID."""
    specific = record.specific()
    return tuple(value for name in ("doi", "isbn", "arxiv", "pmid", "pid") if (value := getattr(specific, name, "")))


def passages(record: Record) -> tuple[Passage, ...]:
    """The pages with text of all files, each with who may read it."""
    return tuple(
        Passage(
            file=file.number,
            file_name=file.name,
            page=page.number,
            text=page.whole_text,
            raw_words=page.raw_words,
            language=page.language,
            audiences=readership.audiences,
            open_from=readership.open_from,
            is_recognised=page.status == PageStatus.RECOGNISED,
            kind=file.kind,
        )
        for file in record.files.all()
        for readership in [file.readership]
        for page in file.pages.all()
        if page.whole_text
    )


def build_document(record: Record) -> SearchDocument:
    """A live record as engines see it. Give it one from `load_records`: it asks for much."""
    specific = record.specific()
    contributions = list(record.contributions.all())
    translation = record.translation_language
    return SearchDocument(
        id=record.pid,
        type=record.record_type,
        title=Text(record.title, record.language),
        language=record.language,
        subtitle=Text(record.subtitle, record.language) if record.subtitle else None,
        translated_titles=(Text(record.translated_title, translation),) if record.translated_title else (),
        abstracts=tuple(
            Text(text, language)
            for text, language in ((record.abstract, record.language), (record.translated_abstract, translation))
            if text
        ),
        creators=tuple(person_name(c) for c in contributions if c.role == "Creator"),
        contributors=tuple(person_name(c) for c in contributions if c.role != "Creator"),
        organisations=organisation_names(record),
        topics=(*topic_names(record), *broader_topic_names(record)),
        events=event_names(record),
        collections=tuple(
            Name(str(collection), key=collection.slug)
            for item in record.collection_items.all()
            if (collection := getattr(item, "live_collection", None))
        ),
        identifiers=identifiers(record),
        year=record.year,
        issued=record.issued,
        access=record.access_right,
        available=record.available,
        container_title=getattr(specific, "container_title", ""),
        version="older" if hasattr(record, "version") and record.version.is_superseded else "newest",
        passages=passages(record),
    )


def digest_of(document: SearchDocument) -> str:
    """A short fingerprint of the document."""
    return hashlib.sha1(repr(_ordered(document)).encode(), usedforsecurity=False).hexdigest()


def _ordered(document: SearchDocument) -> list[tuple[str, object]]:
    # repr() of a frozenset follows the process's hash seed: audiences are sorted first.
    passages = [
        sorted((vars(passage) | {"audiences": sorted(passage.audiences)}).items()) for passage in document.passages
    ]
    return sorted((vars(document) | {"passages": passages}).items())


# Keeping the index up to date --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Built:
    """What became of one record on its way into the index: a document, an error, or neither where it is not live."""

    pid: str
    entry_id: int
    """A record that went and came back has another entry, whose revisions begin anew."""
    revision: int
    document: SearchDocument | None = None
    digest: str = ""
    error: str = ""


def build(entries: Iterable[IndexEntry]) -> list[Built]:
    """Read the records of these entries and build their documents; one that fails does not stop the others."""
    waiting = list(entries)
    records = {record.pid: record for record in load_records([entry.pid for entry in waiting])}
    return [_build_one(entry, records.get(entry.pid)) for entry in waiting]


def _build_one(entry: IndexEntry, record: Record | None) -> Built:
    unbuilt = Built(entry.pid, entry.pk, entry.revision)
    if record is None:
        return unbuilt
    try:
        document = build_document(record)
    except Exception as error:  # a row that no code foresaw must not keep all others out of the index
        logger.exception("The document of record %s could not be built", entry.pid)
        return replace(unbuilt, error=f"{type(error).__name__}: {error}")
    return replace(unbuilt, document=document, digest=digest_of(document))


def write(writer: IndexWriter, built: Iterable[Built]) -> None:
    """Hand documents to the engine, and take out the records that are not live."""
    for item in built:
        if item.document:
            writer.add(item.document)
        elif not item.error:
            writer.delete(item.pid)


def note_indexed(built: Iterable[Built]) -> None:
    """Note what the index has now. An entry whose record changed meanwhile stays due."""
    for item in built:
        entry = IndexEntry.objects.filter(pk=item.entry_id)
        if item.error:
            entry.filter(revision=item.revision).update(attempts=F("attempts") + 1, error=item.error)
        elif item.digest:
            entry.update(indexed_revision=item.revision, digest=item.digest, attempts=0, error="")
        else:
            entry.filter(revision=item.revision).delete()


def find_due() -> list[IndexEntry]:
    """The next batch of what is due."""
    return list(IndexEntry.objects.due().filter(attempts__lt=MAX_ATTEMPTS)[:BATCH_SIZE])


def index_due() -> int:
    """Index everything that is due, in batches; returns how many records that were.

    Documents are built while the writer's lock is held, so that an older one never overwrites a newer.
    Raises IndexLocked when another process keeps writing for a minute.
    """
    engine = get_search_engine()
    done = 0
    while find_due():
        with engine.writer() as writer:
            built = build(find_due())
            write(writer, built)
        note_indexed(built)
        done += len(built)
    return done


def merge_index() -> int:
    """Tidy up what many small changes left in the index; returns how many parts became one."""
    try:
        return get_search_engine().merge()
    except IndexUnavailable:
        return 0


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild made."""

    records: int
    passages: int


def rebuild_index(*, on_progress: Progress | None = None) -> Rebuilt:
    """Build a new index beside the one that answers, and switch to it in one step.

    Searches and updates go on meanwhile. What changed after its document was built is indexed again before the
    switch, while nobody else writes.
    """
    without_entry = Record.objects.live().exclude(pid__in=IndexEntry.objects.values("pid"))
    IndexEntry.objects.mark_changed(without_entry.values_list("pid", flat=True))
    built: dict[str, Built] = {}
    passage_count = 0

    def documents() -> Iterator[SearchDocument]:
        nonlocal passage_count
        pids = list(Record.objects.live().order_by("pk").values_list("pid", flat=True))
        for batch in in_batches(pids):
            for item in build(IndexEntry.objects.filter(pid__in=batch)):
                built[item.pid] = replace(item, document=None)
                if item.document:
                    passage_count += len(item.document.passages)
                    yield item.document
            if on_progress:
                on_progress(len(built), len(pids))

    with get_search_engine().rebuild(documents()) as writer:
        entries = list(IndexEntry.objects.all())
        for pid in writer.changed - {entry.pid for entry in entries}:
            # Taken out of the old index meanwhile, and done with.
            writer.delete(pid)
            built.pop(pid, None)
        changed = [entry for entry in entries if entry.pid in writer.changed or _is_newer(entry, built.get(entry.pid))]
        for batch in in_batches(changed):
            late = build(batch)
            write(writer, late)
            built |= {item.pid: replace(item, document=None) for item in late}
    note_indexed(built.values())
    return Rebuilt(records=sum(1 for item in built.values() if item.digest), passages=passage_count)


def _is_newer(entry: IndexEntry, built: Built | None) -> bool:
    return built is None or (entry.pk, entry.revision) != (built.entry_id, built.revision)


# Comparing database and index --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Comparison:
    """Where index and database differ."""

    missing: tuple[str, ...]
    """Live records that the index does not have."""
    surplus: tuple[str, ...]
    """Records in the index that are not live."""
    outdated: tuple[str, ...]
    """Records whose document has changed though nobody said so."""
    due: int
    failed: tuple[tuple[str, str], ...]
    """Records whose document cannot be built, with the error."""

    @property
    def differing(self) -> tuple[str, ...]:
        """Every record to index again."""
        return (*self.missing, *self.surplus, *self.outdated)


def compare_index(*, on_progress: Progress | None = None) -> Comparison:
    """Compare every live record with what the index was given of it."""
    indexed = get_search_engine().record_ids()
    live = list(Record.objects.live().order_by("pk").values_list("pid", flat=True))
    due = set(IndexEntry.objects.due().values_list("pid", flat=True))
    outdated: list[str] = []
    done = 0
    for batch in in_batches(live):
        digests = dict(IndexEntry.objects.filter(pid__in=batch).values_list("pid", "digest"))
        for record in load_records(batch):
            if (
                record.pid in indexed
                and record.pid not in due
                and digest_of(build_document(record)) != digests.get(record.pid)
            ):
                outdated.append(record.pid)
        done += len(batch)
        if on_progress:
            on_progress(done, len(live))
    return Comparison(
        missing=tuple(pid for pid in live if pid not in indexed and pid not in due),
        surplus=tuple(sorted(indexed - set(live) - due)),
        outdated=tuple(outdated),
        due=len(due),
        failed=tuple(IndexEntry.objects.exclude(error="").values_list("pid", "error")),
    )


def repair_index(comparison: Comparison) -> int:
    """Index again what differs and what had failed; returns how many records that were."""
    IndexEntry.objects.mark_changed([*comparison.differing, *(pid for pid, _error in comparison.failed)])
    return index_due()
