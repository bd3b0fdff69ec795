"""What may be here already: records that seem to be the same work as another, or another version of it.

Looser than `duplicates.py`, by which an import decides: what is found here is shown to a person, who decides. Reasons
are told to a reader only where they may know them. A record counts where it is live, or is the reader's own, or the
reader is an editor; the bytes and the text of a file, only where the reader may open that file.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz

from publications.access import EDITORS, User, audiences_for, may_read_file
from publications.errors import InvalidIdentifier
from publications.fingerprints import ENOUGH_SHARED, TEXTS, TITLES, title_fingerprint
from publications.identifiers import parse_arxiv
from publications.metadata import RecordMetadata
from publications.models import Publication, Record, RecordFile, TextFingerprint, TitleFingerprint
from publications.models.files import RecordFileQuerySet
from publications.models.records import make_title_key
from publications.names import fold_person_name
from publications.records.describing import metadata_of
from publications.vocabularies import ResourceType

MOST = 10
"""So many are shown; more would not be looked at."""
CANDIDATES = 200
"""So many that share most numbers of a fingerprint are looked at."""
ALIKE_TITLES = 0.9
"""Titles with more letters than that in common are near-same: one of ten may differ."""
WITHOUT_AUTHORS = 0.7
"""How sure near-same titles are where nobody is known to have written one of the works."""
ARXIV_DOI = "10.48550/arxiv."
WHOLE_BOOKS = (ResourceType.BOOK, ResourceType.THESIS, ResourceType.REPORT)


class Likeness(StrEnum):
    """Why a record may be the same work."""

    BYTES = "bytes"
    IDENTIFIER = "identifier"
    TEXT = "text"
    TITLE = "title"

    @property
    def label(self) -> Any:
        """As people read it, behind the title of the record."""
        return LABELS[self]


LABELS = {
    Likeness.BYTES: _("has the same file"),
    Likeness.IDENTIFIER: _("has the same identifier"),
    Likeness.TEXT: _("has nearly the same text"),
    Likeness.TITLE: _("has nearly the same title and authors"),
}


@dataclass(frozen=True)
class Lookalike:
    """A record that may be the same work, why, and how sure that is, from 0 to 1."""

    record: Record
    reasons: tuple[Likeness, ...]
    """The surest first."""
    confidence: float


@dataclass
class _Found:
    """Reasons by record, each with how sure it is."""

    sureness: dict[int, dict[Likeness, float]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, record_id: int, reason: Likeness, confidence: float) -> None:
        known = self.sureness[record_id]
        known[reason] = max(confidence, known.get(reason, 0.0))


def find_lookalikes(
    metadata: RecordMetadata | None,
    *,
    reader: User,
    files: Collection[RecordFile] = (),
    sha256s: Collection[str] = (),
    leave_out: Record | None = None,
    today: date | None = None,
) -> list[Lookalike]:
    """Records that this reader may know of and that may be the same work, the surest first, at most ten.

    metadata: what is known of the work; None for nothing. files: its files, whose bytes and text are compared.
    sha256s: checksums of what is no file of the hub yet. leave_out: the work itself, and with it its other versions.
    """
    known = _known_to(reader)
    if leave_out is not None and leave_out.pk:
        own_chain = Q(version__chain__places__record_id=leave_out.pk)
        known = known.exclude(pk=leave_out.pk).exclude(own_chain)
    today = today or timezone.localdate()
    found = _Found()
    if metadata is not None:
        _find_by_identifier(found, known, metadata)
        _find_by_title(found, known, metadata)
    _find_by_bytes(found, known, {*sha256s, *(file.sha256 for file in files)}, reader=reader, today=today)
    for file in files:
        _find_by_text(found, known, file, reader=reader, today=today)
    return _in_order(found)


def lookalikes_of(record: Record, *, reader: User) -> list[Lookalike]:
    """As `find_lookalikes`, for a record as its latest draft has it, with its files."""
    draft = record.specific().get_latest_revision_as_object()
    files = list(RecordFile.objects.present().filter(record_id=record.pk))
    return find_lookalikes(metadata_of(draft), reader=reader, files=files, leave_out=record)


def lookalikes_of_file(file: RecordFile, *, reader: User) -> list[Lookalike]:
    """As `find_lookalikes`, for a file of which nobody has said yet what it is: by what stands in it."""
    return find_lookalikes(file.suggestion.to_metadata(), reader=reader, files=[file], leave_out=file.record)


def _known_to(reader: User) -> QuerySet[Record]:
    if EDITORS in audiences_for(reader):
        return Record.objects.told_to_editors() | Record.objects.filter(owner_id=reader.pk)
    is_own = Q(owner_id=reader.pk) if reader.is_authenticated else Q(pk=None)
    return Record.objects.filter(Q(live=True) | is_own)


def _in_order(found: _Found) -> list[Lookalike]:
    records = Record.objects.for_listing().in_bulk(found.sureness.keys())
    lookalikes = []
    for pk, sureness in found.sureness.items():
        reasons = tuple(sorted(sureness, key=lambda reason: (-sureness[reason], list(Likeness).index(reason))))
        lookalikes.append(Lookalike(records[pk], reasons, max(sureness.values())))
    return sorted(lookalikes, key=lambda one: (-one.confidence, not one.record.live, -one.record.pk))[:MOST]


# One kind of reason each -----------------------------------------------------------------------------------------


def _find_by_identifier(found: _Found, known: QuerySet[Record], metadata: RecordMetadata) -> None:
    # Asked one by one, each answered by its index; a database reads all rows for an OR over two tables.
    arxiv = _arxiv_of(metadata)
    dois = [doi for doi in (metadata.doi, f"{ARXIV_DOI}{arxiv}".lower() if arxiv else "") if doi]
    same: list[QuerySet[Any]] = [Record.objects.filter(doi__in=dois)] if dois else []
    same += [Publication.objects.filter(arxiv=arxiv)] if arxiv else []
    same += [Publication.objects.filter(pmid=metadata.pmid)] if metadata.pmid else []
    if metadata.isbn and metadata.resource_type in WHOLE_BOOKS:
        # The chapters of a book share its ISBN.
        same.append(Publication.objects.filter(isbn=metadata.isbn, resource_type__in=WHOLE_BOOKS))
    pks = {pk for records in same for pk in records.order_by().values_list("pk", flat=True)[:CANDIDATES]}
    for pk in known.filter(pk__in=pks).values_list("pk", flat=True):
        found.add(pk, Likeness.IDENTIFIER, 1.0)


def _arxiv_of(metadata: RecordMetadata) -> str:
    """The arXiv id, from the DOI that arXiv gives where that is all there is."""
    is_of_arxiv = metadata.doi.startswith(ARXIV_DOI)
    try:
        return parse_arxiv(metadata.arxiv or (metadata.doi.removeprefix(ARXIV_DOI) if is_of_arxiv else ""))
    except InvalidIdentifier:
        return ""


def _find_by_title(found: _Found, known: QuerySet[Record], metadata: RecordMetadata) -> None:
    title_key = make_title_key(metadata.title)
    numbers = title_fingerprint(title_key)
    near = _most_shared(TitleFingerprint.objects.filter(number__in=numbers), "record_id", ENOUGH_SHARED[TITLES])
    authors = {_last_word(agent.family_name) for agent in metadata.creators}
    for record in known.filter(pk__in=near).prefetch_related("contributions"):
        confidence = _title_confidence(title_key, record.title_key) * _author_confidence(authors, record)
        if confidence:
            found.add(record.pk, Likeness.TITLE, confidence)


def _title_confidence(one: str, other: str) -> float:
    """How much two titles are alike, 0 where they are not: a report of 2023 is not that of 2024."""
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return 0.0
    return fuzz.ratio(one, other, score_cutoff=100 * ALIKE_TITLES) / 100


def _author_confidence(authors: set[str], record: Record) -> float:
    """How many authors two works share; 0 for none where both have some."""
    others = {_last_word(creator.family_name) for creator in record.creators}
    if not authors or not others:
        return WITHOUT_AUTHORS
    shared = len(authors & others) / max(len(authors), len(others))
    return WITHOUT_AUTHORS + (1 - WITHOUT_AUTHORS) * shared if shared else 0.0


def _last_word(family_name: str) -> str:
    """Folded, without the particles that bibliographies often drop."""
    return (fold_person_name("", family_name).family.split() or [""])[-1]


def _find_by_bytes(
    found: _Found, known: QuerySet[Record], sha256s: Collection[str], *, reader: User, today: date
) -> None:
    same = RecordFile.objects.filter(sha256__in=sha256s)
    for file in _readable(same, known, reader=reader, today=today):
        found.add(file.record_id, Likeness.BYTES, 1.0)


def _find_by_text(found: _Found, known: QuerySet[Record], file: RecordFile, *, reader: User, today: date) -> None:
    numbers = file.text_fingerprint.values_list("number", flat=True)
    others = TextFingerprint.objects.exclude(file_id=file.pk).filter(number__in=list(numbers))
    shared = _most_shared(others, "file_id", ENOUGH_SHARED[TEXTS])
    for near in _readable(RecordFile.objects.filter(pk__in=shared), known, reader=reader, today=today):
        found.add(near.record_id, Likeness.TEXT, TEXTS.likeness(shared[near.pk]))


def _most_shared(rows: QuerySet[Any], name: str, least: int) -> dict[int, int]:
    """How many numbers each thing shares, of those that share enough; one query, answered by an index."""
    counted = rows.order_by().values(name).annotate(shared=Count("pk")).filter(shared__gte=least)
    return dict(counted.order_by("-shared").values_list(name, "shared")[:CANDIDATES])


def _readable(files: RecordFileQuerySet, known: QuerySet[Record], *, reader: User, today: date) -> Iterator[RecordFile]:
    """Those of the files that are there, of known records, and for this reader to open."""
    with_rights = files.present().select_related("record")
    there = list(with_rights.prefetch_related("record__restricted_groups", "record__restricted_users"))
    allowed = set(known.filter(pk__in={file.record_id for file in there}).values_list("pk", flat=True))
    return (file for file in there if file.record_id in allowed and may_read_file(reader, file, today=today))
