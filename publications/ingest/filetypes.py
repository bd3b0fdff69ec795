"""What kind of file this is, by its content and never by its name, and whether the hub can take it.

The sentences of errors are English message ids: whoever shows one translates it, `gettext(str(error))`.
"""

import mmap
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_noop

from publications.errors import (
    DamagedFile,
    EmptyFile,
    EncryptedFile,
    FileTooLarge,
    IngestError,
    LimitReached,
    UnsupportedFile,
)
from publications.ingest.limits import Limits
from publications.ingest.sandbox import run_job

HEAD_BYTES = 1024
COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

EMPTY = gettext_noop("This file is empty. Check the original and upload it again.")
TOO_LARGE = gettext_noop(
    "This file is larger than this hub accepts. Upload a smaller version, with smaller images for instance."
)
NOT_A_PDF = gettext_noop("This file is named PDF but is none. Export the document as PDF and upload that.")
OLD_OFFICE = gettext_noop("This is a file of an old Office version. Save it as PDF, .pptx or .docx and upload that.")
UNSUPPORTED = gettext_noop(
    "This hub takes PDF, PowerPoint, Word and OpenDocument files. Export the document as PDF and upload that."
)
PASSWORD = gettext_noop("This file asks for a password. Upload a copy without one.")
DAMAGED_PACKAGE = gettext_noop(
    "This file is damaged and cannot be opened. Save it again, or export it as PDF, and upload that."
)
UNPACKED_TOO_LARGE = gettext_noop(
    "Unpacked, this file is larger than this hub accepts. Export it as PDF and upload that."
)


@dataclass(frozen=True)
class FileKind:
    """A kind of file that the hub takes; `is_read` where the hub reads its pages."""

    extension: str
    media_type: str
    is_read: bool = True


PDF = FileKind("pdf", "application/pdf")
PPTX = FileKind("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation")
DOCX = FileKind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
ODP = FileKind("odp", "application/vnd.oasis.opendocument.presentation")
ODT = FileKind("odt", "application/vnd.oasis.opendocument.text")
FILE_KINDS = (PDF, PPTX, DOCX, ODP, ODT)

# Pictures are kept and offered as they are.
PICTURES = {
    b"\x89PNG\r\n\x1a\n": FileKind("png", "image/png", is_read=False),
    b"\xff\xd8\xff": FileKind("jpg", "image/jpeg", is_read=False),
    b"GIF8": FileKind("gif", "image/gif", is_read=False),
    b"II*\0": FileKind("tif", "image/tiff", is_read=False),
    b"MM\0*": FileKind("tif", "image/tiff", is_read=False),
}

PACKAGE_KINDS = {
    "ppt/presentation.xml": PPTX,
    "word/document.xml": DOCX,
    ODP.media_type: ODP,
    ODT.media_type: ODT,
}


def recognise_file(path: str | Path, *, name: str = "", limits: Limits | None = None) -> FileKind:
    """The kind of a file.

    name: what the depositor called it, if that is not the path's own name; only errors depend on it.
    Raises EmptyFile, FileTooLarge, EncryptedFile, UnsupportedFile, DamagedFile or LimitReached, with a sentence to
    act on.
    """
    path, limits = Path(path), limits or Limits()
    size_bytes = path.stat().st_size
    if not size_bytes:
        raise EmptyFile(EMPTY)
    if size_bytes > limits.size_bytes:
        raise FileTooLarge(TOO_LARGE)
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    # Readers accept up to a kilobyte of other bytes before the header (PDF 1.7, implementation note 13).
    if b"%PDF-" in head:
        return PDF
    if head.startswith(b"PK"):
        return _recognise_package(path, limits=limits)
    if picture := next((kind for start, kind in PICTURES.items() if head.startswith(start)), None):
        return picture
    if head.startswith(COMPOUND_FILE) and _is_encrypted(path):
        raise EncryptedFile(PASSWORD)
    raise _wrong_kind(head, name=(name or path.name).lower())


def _is_encrypted(path: Path) -> bool:
    """Whether a compound file holds an encrypted Office file of today rather than one of an old Office version."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find("EncryptedPackage".encode("utf-16-le")) >= 0


def _wrong_kind(head: bytes, *, name: str) -> IngestError:
    if name.endswith(".pdf"):
        return DamagedFile(NOT_A_PDF)
    if head.startswith(COMPOUND_FILE):
        return UnsupportedFile(OLD_OFFICE)
    if name.endswith(tuple(f".{kind.extension}" for kind in FILE_KINDS)):
        return DamagedFile(DAMAGED_PACKAGE)
    return UnsupportedFile(UNSUPPORTED)


def _recognise_package(path: Path, *, limits: Limits) -> FileKind:
    told: dict[str, str] = {}
    ending = run_job("package", {"path": str(path.resolve())}, limits=limits, on_message=told.update)
    if ending.outcome == "limit":
        raise LimitReached(UNPACKED_TOO_LARGE)
    if ending.outcome != "done":
        raise DamagedFile(DAMAGED_PACKAGE)
    if told["kind"] not in PACKAGE_KINDS:
        raise UnsupportedFile(UNSUPPORTED)
    return PACKAGE_KINDS[told["kind"]]
