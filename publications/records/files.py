"""Files of records: taken in, named, numbered, and taken away again."""

import errno
import hashlib
import os
import re
import tempfile
import time
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from publications.audit import log_file_removed
from publications.errors import FileTooLarge, IngestError, StorageFull, UnsettledFile
from publications.ingest.filetypes import recognise_file
from publications.ingest.findings import settle_removed
from publications.ingest.limits import Limits
from publications.ingest.pipeline import ingest_file_task
from publications.models import Record, RecordFile, User

TOO_LARGE = gettext_noop(
    "This file is larger than this hub accepts. Upload a smaller version, with smaller images for instance."
)
STORAGE_FULL = gettext_noop(
    "The disk of this hub is full: the file was not kept. Tell whoever runs it, and bring the file again later."
)
UNSETTLED = gettext_noop("This file changed while it was copied. Bring it in again once it is complete.")
UNKNOWN_MEDIA_TYPE = "application/octet-stream"
CHUNK_BYTES = 1 << 20
INCOMING = ".incoming-"
INCOMING_SECONDS = 86_400
"""No file takes so long to come in: what is older was left by a process that was killed."""
LONGEST_STEM = 120
LONGEST_SUFFIX = 10


@dataclass(frozen=True)
class StagedFile:
    """A file that lies on the hub's disk, complete and checked, and belongs to no record yet."""

    path: Path
    name: str
    sha256: str
    size_bytes: int
    media_type: str
    extension: str
    problem: str = ""
    """Why it is no file that the hub reads, in English; "" for one that it can try."""


@contextmanager
def staged(source: Path | BinaryIO | File, *, name: str = "") -> Iterator[StagedFile]:
    """Copy a file into the hub, where `attach_staged` gives it to a record; what nobody took is deleted at the end.

    Raises FileTooLarge as soon as the limit is passed, StorageFull where the disk is, and UnsettledFile for a file of
    the disk that changes meanwhile. A file of any other kind is taken as it is: its reading says what is wrong with it.
    """
    name = name or (source.name if isinstance(source, Path) else str(getattr(source, "name", "")))
    with room_on_disk():
        settings.FILES_DIR.mkdir(parents=True, exist_ok=True)
        handle, path = tempfile.mkstemp(dir=settings.FILES_DIR, prefix=INCOMING)
    copy = Path(path)
    try:
        with room_on_disk(), os.fdopen(handle, "wb") as target:
            sha256, size_bytes = _copy(source, target)
            target.flush()
            os.fsync(target.fileno())
        media_type, extension, problem = _recognise(copy, name=name)
        yield StagedFile(copy, name, sha256, size_bytes, media_type, extension, problem)
    finally:
        copy.unlink(missing_ok=True)


@contextmanager
def room_on_disk() -> Iterator[None]:
    """Within, a disk that is full is a StorageFull, with a sentence for whoever brings the file."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise StorageFull(STORAGE_FULL) from error
        raise


def prune_incoming() -> int:
    """Delete what uploads left that were killed on the way; returns how many files."""
    long_ago = time.time() - INCOMING_SECONDS
    left = [path for path in settings.FILES_DIR.glob(f"{INCOMING}*") if path.stat().st_mtime < long_ago]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _copy(source: Path | BinaryIO | File, target: BinaryIO) -> tuple[str, int]:
    before = _state_of(source)
    digest, size_bytes = hashlib.sha256(), 0
    stream = source.open("rb") if isinstance(source, Path) else source
    try:
        while chunk := stream.read(CHUNK_BYTES):
            size_bytes += len(chunk)
            if size_bytes > settings.DEPOSIT_MAX_SIZE_BYTES:
                raise FileTooLarge(TOO_LARGE)
            digest.update(chunk)
            target.write(chunk)
    finally:
        if isinstance(source, Path):
            stream.close()
    if _state_of(source) != before:
        raise UnsettledFile(UNSETTLED)
    return digest.hexdigest(), size_bytes


def _state_of(source: Path | BinaryIO | File) -> tuple[int, int] | None:
    """Size and time of the last change of a file on the disk; None for what comes over the network."""
    if not isinstance(source, Path):
        return None
    found = source.stat()
    return found.st_size, found.st_mtime_ns


def _recognise(path: Path, *, name: str) -> tuple[str, str, str]:
    """Media type and extension by content, and what is wrong with it, in English.

    What is not recognised is offered as bytes, which no browser runs.
    """
    try:
        kind = recognise_file(path, name=name, limits=Limits(size_bytes=settings.DEPOSIT_MAX_SIZE_BYTES))
    except IngestError as error:
        return UNKNOWN_MEDIA_TYPE, "bin", str(error)
    except ConnectionError:
        return UNKNOWN_MEDIA_TYPE, "bin", ""
    return kind.media_type, kind.extension, ""


def attach_file(
    record: Record,
    source: Path | BinaryIO | File,
    *,
    name: str = "",
    label: str = "",
    access_right: str = "",
    rights: str = "",
    read_now: bool = True,
) -> RecordFile:
    """The record's new file, with a number of its own; it is read by a worker once this transaction is over.

    source: a path, an open file or an upload. name: as the depositor calls it; made safe and unique in the record.
    read_now: False where the caller sees to the reading. Raises FileTooLarge.
    """
    with staged(source, name=name) as file:
        return attach_staged(record, file, label=label, access_right=access_right, rights=rights, read_now=read_now)


def attach_staged(
    record: Record,
    staged_file: StagedFile,
    *,
    label: str = "",
    access_right: str = "",
    rights: str = "",
    read_now: bool = True,
) -> RecordFile:
    """As `attach_file`, for a file that is in the hub already. Its bytes are in place before the row exists."""
    with transaction.atomic():
        # One at a time: two uploads at once must not get the same number or name.
        Record.objects.select_for_update().get(pk=record.pk)
        files = list(record.files.all())
        file = RecordFile(
            record=record,
            number=max((known.number for known in files), default=0) + 1,
            name=safe_file_name(
                staged_file.name,
                extension=staged_file.extension,
                taken={known.name for known in files if known.removed_at is None},
            ),
            label=label[:200],
            media_type=staged_file.media_type,
            size_bytes=staged_file.size_bytes,
            sha256=staged_file.sha256,
            access_right=access_right,
            rights=rights,
        )
        with room_on_disk(), staged_file.path.open("rb") as content:
            file.content.save(f"{file.number}.{staged_file.extension}", _MovableFile(content), save=False)
        try:
            file.save()
        except BaseException:
            file.content.delete(save=False)
            raise
        if read_now:
            transaction.on_commit(partial(_enqueue_reading, file.pk))
    return file


class _MovableFile(File):
    """A file that the storage takes over by renaming it, as it does with large uploads."""

    def temporary_file_path(self) -> str:
        return str(self.name)


def _enqueue_reading(file_id: int) -> None:
    ingest_file_task.enqueue(file_id)


def remove_file(file: RecordFile, *, user: User | None = None) -> None:
    """Take a file away from readers. Its row and number stay, so that no link ever leads to another file."""
    with transaction.atomic():
        file.removed_at = timezone.now()
        settle_removed(file, user=user)
        file.save()
        log_file_removed(file, user=user)


UNSAFE = re.compile(r'[<>:"|?*%#&;`$^{}\[\]\\/~]+')


def safe_file_name(name: str, *, extension: str = "bin", taken: Collection[str] = ()) -> str:
    """A name for people and addresses, made of whatever a depositor's computer gave: "../../Thesis (final).PDF".

    extension: what the name gets if it has none. taken: names that are gone, compared without regard to case.
    """
    text = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    text = "".join(character for character in text if unicodedata.category(character)[0] != "C")
    text = " ".join(UNSAFE.sub(" ", text).split()).strip(". ")
    stem, suffix = _split_suffix(text)
    stem = stem[:LONGEST_STEM].strip(". ") or "file"
    suffix = suffix or extension
    known = {other.casefold() for other in taken}
    candidate, number = f"{stem}.{suffix}", 1
    while candidate.casefold() in known:
        number += 1
        candidate = f"{stem}-{number}.{suffix}"
    return candidate


def _split_suffix(text: str) -> tuple[str, str]:
    suffix = PurePosixPath(text).suffix.lstrip(".")
    if suffix.isalnum() and suffix.isascii() and len(suffix) <= LONGEST_SUFFIX:
        return text[: -len(suffix) - 1], suffix
    return text, ""
