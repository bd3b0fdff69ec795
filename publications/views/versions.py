"""The versions of a work, as its records and the page of the whole row show them."""

from dataclasses import dataclass

from publications.models import Record
from publications.records import versions_of


@dataclass(frozen=True)
class ShownVersion:
    """A live version of a work: its number counts the live ones, from the oldest."""

    number: int
    record: Record
    is_newest: bool

    @property
    def label(self) -> str:
        """Which version it is, "Accepted version", or else what it is, "Report"."""
        publication = getattr(self.record, "publication", None)
        version_type = publication.get_version_type_display() if publication and publication.version_type else ""
        return version_type or self.record.get_resource_type_display()


def shown_versions(record: Record) -> tuple[ShownVersion, ...]:
    """The live versions of a record's work, the newest first; nothing where it is the only one."""
    versions = versions_of(record)
    return tuple(
        ShownVersion(len(versions) - place, version, is_newest=place == 0) for place, version in enumerate(versions)
    )


def newest_of(record: Record, versions: tuple[ShownVersion, ...]) -> Record | None:
    """The newest version, where this record is an older one."""
    newest = versions[0].record if versions else None
    is_older = any(version.record == record and not version.is_newest for version in versions)
    return newest if is_older else None
