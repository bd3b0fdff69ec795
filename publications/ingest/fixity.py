"""Whether the stored bytes are still those that came in: every file read back and held to its checksum.

The result of each is saved at once, and those that waited longest come first, so that a check may stop at any time and
a nightly run may take a share. Files that were taken away are checked too: their bytes are kept.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from publications.models import RecordFile
from publications.vocabularies import Fixity

logger = logging.getLogger(__name__)

CHUNK_BYTES = 1 << 20
SETTLED_SECONDS = 3600
"""A file on disk that is younger may be on its way to its row."""


@dataclass
class FixityReport:
    """What a check found: the files by result, and what lies on the disk and belongs to no file."""

    found: dict[Fixity, list[RecordFile]] = field(default_factory=lambda: {result: [] for result in Fixity})
    extra: list[str] = field(default_factory=list)
    """Paths below FILES_DIR."""
    size_bytes: int = 0

    @property
    def checked(self) -> int:
        """How many files were read back."""
        return sum(map(len, self.found.values()))

    @property
    def is_fine(self) -> bool:
        """Whether there is nothing to look into."""
        return self.checked == len(self.found[Fixity.INTACT]) and not self.extra


def check_files(
    *,
    older_than: timedelta | None = None,
    limit: int | None = None,
    on_count: Callable[[int], None] | None = None,
    on_file: Callable[[RecordFile], None] | None = None,
) -> FixityReport:
    """Read files back, those first that were never checked or longest ago, and note what was found of each.

    older_than: only those that were not checked for so long. limit: at most so many.
    on_count, on_file: told how many will be checked, and each that has been.
    """
    report, now = FixityReport(), timezone.now()
    files = RecordFile.objects.select_related("record").order_by(F("checked_at").asc(nulls_first=True), "pk")
    if older_than is not None:
        files = files.filter(Q(checked_at=None) | Q(checked_at__lte=now - older_than))
    file_ids = list(files.values_list("pk", flat=True)[:limit])
    if on_count:
        on_count(len(file_ids))
    for file_id in file_ids:
        file = RecordFile.objects.select_related("record").filter(pk=file_id).first()
        if file is None:
            continue
        result = check_file(file)
        report.found[result].append(file)
        report.size_bytes += file.size_bytes if result == Fixity.INTACT else 0
        if on_file:
            on_file(file)
    report.extra = sorted(find_extra_files(now=now))
    return report


def check_file(file: RecordFile) -> Fixity:
    """Read one file back, and note in its row what was found and when."""
    result = compare(file)
    if result != Fixity.INTACT:
        logger.error("%s of %s (%s): %s", file.name, file.record.pid, file.content.name, result)
    # Not save(): what can be found of the record has not changed.
    RecordFile.objects.filter(pk=file.pk).update(fixity=result, checked_at=timezone.now())
    return result


def compare(file: RecordFile) -> Fixity:
    """Whether the stored bytes have the checksum that the file came in with."""
    digest = hashlib.sha256()
    try:
        with file.content.storage.open(str(file.content.name), "rb") as content:
            for chunk in iter(lambda: content.read(CHUNK_BYTES), b""):
                digest.update(chunk)
    except FileNotFoundError:
        return Fixity.MISSING
    except OSError:
        return Fixity.UNREADABLE
    return Fixity.INTACT if digest.hexdigest() == file.sha256 else Fixity.CHANGED


def find_extra_files(*, now: datetime) -> Iterator[str]:
    """Files below FILES_DIR that no row knows: left by an upload that broke off, or put there by somebody."""
    known = set(RecordFile.objects.values_list("content", flat=True))
    settled = now.timestamp() - SETTLED_SECONDS
    folder = Path(settings.FILES_DIR)
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if name not in known and path.is_file() and path.stat().st_mtime < settled:
            yield name
