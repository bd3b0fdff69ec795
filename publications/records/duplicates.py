"""Is this record here already? By its DOI, else by the bytes of its files, else by title, year and first author."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet

from publications.metadata import RecordMetadata
from publications.models import Record
from publications.models.records import make_title_key
from publications.names import fold_person_name
from publications.vocabularies import ContributorRole


class Reason(StrEnum):
    """By what a record was known."""

    DOI = "doi"
    CHECKSUM = "checksum"
    TITLE = "title"


@dataclass(frozen=True)
class Duplicate:
    """A record of this hub that is the same work, and by what it was known."""

    record: Record
    reason: Reason


def find_duplicates(metadata: RecordMetadata, *, sha256s: Collection[str] = ()) -> list[Duplicate]:
    """The records, drafts among them, that seem to be the same work: the surest kind of evidence that there is.

    sha256s: checksums of its files. Two works that each have a DOI, and another one, are never the same.
    """
    records = Record.objects.order_by("-live", "pk")
    if metadata.doi and (known := list(records.filter(doi=metadata.doi))):
        return [Duplicate(record, Reason.DOI) for record in known]
    if metadata.doi:
        records = records.filter(doi="")
    with_file = records.filter(files__sha256__in=sha256s, files__removed_at=None).distinct() if sha256s else ()
    if known := list(with_file):
        return [Duplicate(record, Reason.CHECKSUM) for record in known]
    return [Duplicate(record, Reason.TITLE) for record in _of_same_title(records, metadata)]


def _of_same_title(records: QuerySet[Record], metadata: RecordMetadata) -> list[Record]:
    title_key = make_title_key(metadata.title)
    if not title_key:
        return []
    same = records.filter(title_key=title_key, year=metadata.year).prefetch_related("contributions")
    author = first_author_of(metadata)
    return [record for record in same if _first_author(record) == author]


def first_author_of(metadata: RecordMetadata) -> str:
    """The family name of the first author, folded, without particles, which bibliographies often drop."""
    return _last_word(metadata.creators[0].family_name) if metadata.creators else ""


def _first_author(record: Record) -> str:
    names = (c.family_name for c in record.contributions.all() if c.role == ContributorRole.CREATOR)
    return _last_word(next(names, ""))


def _last_word(family_name: str) -> str:
    words = fold_person_name("", family_name).family.split()
    return words[-1] if words else ""
