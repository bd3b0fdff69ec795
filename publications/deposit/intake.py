"""Taking work in: files, a DOI, a bibliography with its files. Each becomes a draft that only its depositor knows of.

A draft and its file are one transaction: both are there, or neither is. A sender who got no answer sends again under
the same key, and finds the draft of the first time.
"""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from publications.deposit.answers import Answers, answers_of, answers_of_record
from publications.errors import FormatError, PublicationError
from publications.formats import Entry, decode, format_by_file_name
from publications.ingest.filetypes import FILE_KINDS
from publications.lookups import look_up_doi
from publications.metadata import RecordMetadata
from publications.models import Deposit, Publication, Record, RecordFile, User
from publications.models.kinds import record_model_for
from publications.records import StagedFile, attach_staged, staged
from publications.records.importing import split_whole_names
from publications.vocabularies import ResourceType, SuggestionSource

LARGEST_BIBLIOGRAPHY_BYTES = 5_000_000
MOST_ENTRIES = 500
BIBLIOGRAPHIES = ("bib", "bibtex", "ris", "json", "csl.json")
ACCEPTED = (*(kind.extension for kind in FILE_KINDS), *BIBLIOGRAPHIES)
"""The endings of files that can be dropped."""

NO_ENTRIES = gettext_noop("This bibliography has no entries that can be read.")
TOO_MANY_ENTRIES = gettext_noop("A bibliography of more than 500 entries is for the editors: ask them to import it.")
BIBLIOGRAPHY_TOO_LARGE = gettext_noop("This bibliography is too large. Split it, or ask the editors to import it.")
NOT_TAKEN = gettext_noop(
    "The hub takes PDF, PowerPoint (.pptx), Word (.docx), OpenDocument (.odp, .odt), BibTeX, RIS and CSL-JSON. "
    "Export this as PDF and bring that."
)


@dataclass
class Intake:
    """What came of one go: the drafts, and what was not taken, each with a sentence."""

    deposits: list[Deposit] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    """File name, or line of a bibliography, and why it was not taken."""


def take_in(uploads: Iterable[UploadedFile], *, owner: User, key: str = "", language: str = "en") -> Intake:
    """Drafts of everything that was brought at once. Files that a bibliography among them names go with its entries.

    key: the sender's name for one upload; sent twice, it is taken once.
    """
    if key and (known := Deposit.objects.filter(owner=owner, key=key).first()):
        return Intake([known])
    uploads = list(uploads)
    intake, batch = Intake(), uuid.uuid4().hex if len(uploads) > 1 else ""
    rest = [upload for upload in uploads if not is_bibliography(upload.name or "")]
    for upload in uploads:
        if is_bibliography(upload.name or ""):
            rest = _take_bibliography(upload, rest, intake, owner=owner, batch=batch, language=language)
    for upload in rest:
        with _refusing(intake, upload.name or ""):
            intake.deposits.append(take_file(upload, owner=owner, key=key, batch=batch, language=language))
    return intake


@contextmanager
def _refusing(intake: Intake, name: str) -> Iterator[None]:
    """Within, a file that cannot be taken is written down with its sentence, and stops no other."""
    try:
        yield
    except PublicationError as error:
        intake.refused.append((name, _(str(error))))


def is_bibliography(name: str) -> bool:
    """Whether a file of this name lists works rather than being one."""
    return name.lower().endswith(tuple(f".{ending}" for ending in BIBLIOGRAPHIES))


def check_ending(name: str) -> None:
    """Raises FormatError for a kind of file that a deposit cannot be; what is in it is looked at when it is read."""
    if PurePosixPath(name.lower()).suffix.lstrip(".") not in ACCEPTED:
        raise FormatError(NOT_TAKEN)


@contextmanager
def staged_work(source: File) -> Iterator[StagedFile]:
    """A copy of a file that can be a work. Raises PublicationError for what by its first bytes cannot.

    What only shows when it is read (a password, damage) is told beside the draft.
    """
    name = str(source.name)
    check_ending(name)
    with staged(source, name=name) as file:
        if file.problem:
            raise FormatError(file.problem)
        yield file


def take_file(
    source: File,
    *,
    owner: User,
    key: str = "",
    batch: str = "",
    language: str = "en",
    metadata: RecordMetadata | None = None,
    **more: Any,
) -> Deposit:
    """A draft with this file, which a worker then reads. Raises PublicationError with a sentence."""
    with staged_work(source) as file:
        return make_deposit(
            owner=owner, files=[file], key=key, batch=batch, language=language, metadata=metadata, **more
        )


def make_deposit(
    *,
    owner: User,
    files: Sequence[StagedFile] = (),
    key: str = "",
    batch: str = "",
    origin: str = "",
    language: str = "en",
    metadata: RecordMetadata | None = None,
    **more: Any,
) -> Deposit:
    """A draft with these files and what is known of the work, all at once; under a known key, the known draft."""
    answers = with_given(answers_of(metadata)) if metadata else {}
    try:
        with transaction.atomic():
            record = _empty_record(answers, files, owner=owner)
            deposit = Deposit.objects.create(
                record=record,
                owner=owner,
                key=key,
                batch=batch,
                origin=origin,
                language=language,
                answers=answers,
                **more,
            )
            for file in files:
                attach_staged(record, file)
    except IntegrityError:
        if known := key and Deposit.objects.filter(owner=owner, key=key).first():
            return known
        raise
    return deposit


def with_given(answers: Answers) -> Answers:
    """The answers that say something."""
    return {name: value for name, value in answers.items() if value}


def _empty_record(answers: Answers, files: Sequence[StagedFile], *, owner: User) -> Publication:
    """The record that the files hang on. What it is, its depositor says later."""
    is_slides = any(file.extension in ("pptx", "odp") for file in files)
    wanted = answers.get("resource_type") or (ResourceType.SLIDES if is_slides else "")
    record: Any = record_model_for(wanted)(owner=owner, live=False, has_unpublished_changes=True, resource_type=wanted)
    record.title = str(answers.get("title", ""))[:1000]
    record.save()
    return record


WITHOUT_IN_A_NEW_VERSION = ("doi", "url", "isbn", "arxiv", "pmid", "issued", "available", "related")


def begin_new_version(record: Record, *, owner: User, language: str = "en") -> Deposit:
    """A draft that is described as this live record is, to become its next version; its file is still to come."""
    answers = answers_of_record(record)
    kept = {name: value for name, value in with_given(answers).items() if name not in WITHOUT_IN_A_NEW_VERSION}
    deposit = make_deposit(owner=owner, origin=record.title[:200], language=language, version_of=record)
    Deposit.objects.filter(pk=deposit.pk).update(answers=kept)
    Record.objects.filter(pk=deposit.record_id).update(title=record.title, title_key=record.title_key)
    deposit.refresh_from_db()
    return deposit


def add_file(deposit: Deposit, source: File) -> RecordFile:
    """One more file for a draft. Raises PublicationError with a sentence."""
    with staged_work(source) as file:
        return attach_staged(deposit.record, file)


def take_doi(doi: str, *, owner: User, language: str = "en") -> Deposit:
    """A draft with what the registries know of a DOI. Raises LookupFailed or InvalidIdentifier, with a sentence."""
    found = look_up_doi(doi)
    origin = str(SuggestionSource(found.source).label)
    return make_deposit(owner=owner, metadata=found.metadata, origin=origin, language=language)


# Bibliographies -------------------------------------------------------------------------------------------------


def _take_bibliography(
    upload: UploadedFile, files: list[UploadedFile], intake: Intake, *, owner: User, batch: str, language: str
) -> list[UploadedFile]:
    """Make a draft of each entry with the files that are its own; returns the files that no entry names."""
    name = str(upload.name)
    with _refusing(intake, name):
        for entry in read_bibliography(upload):
            if entry.metadata is None:
                where = _("%(name)s, line %(line)s") % {"name": name, "line": entry.line or "?"}
                intake.refused.append((where, str(entry.error)))
                continue
            own = files_of_entry(entry, files)
            with _refusing(intake, entry.key or name):
                intake.deposits.append(
                    _take_entry(entry.metadata, own, owner=owner, batch=batch or name, origin=name, language=language)
                )
            files = [file for file in files if file not in own]
    return files


def read_bibliography(upload: UploadedFile) -> list[Entry]:
    """The entries of an uploaded bibliography. Raises FormatError."""
    if (upload.size or 0) > LARGEST_BIBLIOGRAPHY_BYTES:
        raise FormatError(BIBLIOGRAPHY_TOO_LARGE)
    file_format = format_by_file_name(str(upload.name))
    if file_format is None or file_format.loads is None:
        raise FormatError(NOT_TAKEN)
    entries = list(file_format.loads(decode(upload.read())))
    if not entries:
        raise FormatError(NO_ENTRIES)
    if len(entries) > MOST_ENTRIES:
        raise FormatError(TOO_MANY_ENTRIES)
    return split_whole_names(entries) if file_format.name == "csl_json" else entries


def files_of_entry(entry: Entry, files: Iterable[UploadedFile]) -> list[UploadedFile]:
    """The uploads that an entry names, else those that are called after its key."""
    files = list(files)
    names = entry.metadata.file_names if entry.metadata else ()
    named = {PurePosixPath(name.replace("\\", "/")).name.casefold() for name in names}
    by_name = [file for file in files if str(file.name).casefold() in named]
    return by_name or [file for file in files if PurePosixPath(str(file.name)).stem.casefold() == entry.key.casefold()]


def _take_entry(
    metadata: RecordMetadata, uploads: Iterable[UploadedFile], *, owner: User, batch: str, origin: str, language: str
) -> Deposit:
    """One draft with all its files."""
    with ExitStack() as stack:
        files = [stack.enter_context(staged_work(upload)) for upload in uploads]
        return make_deposit(
            owner=owner, files=files, batch=batch[:40], origin=origin[:200], language=language, metadata=metadata
        )
