"""Bringing in a bibliography with its files: resumable, repeatable, and safe beside another import.

Each entry is one transaction, under a lock that imports share: it is there with its files or not at all. Whatever an
earlier run left unread is read by the next one.
"""

import logging
import os
import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from publications.errors import FormatError, PublicationError
from publications.formats import Entry, decode, format_by_file_name
from publications.formats.names import read_name
from publications.ingest.checksum import sha256
from publications.ingest.language import detect_language
from publications.ingest.pipeline import UNFINISHED, ingest_files
from publications.ingest.recogniser import RecognisedPage, find_recogniser, waiting_sentence
from publications.ingest.recognition import recognise_files
from publications.metadata import Agent, RecordMetadata
from publications.models import FilePage, Record, RecordFile, User
from publications.models.records import make_title_key
from publications.records.duplicates import find_duplicates, first_author_of
from publications.records.file_search import find_files
from publications.records.files import StagedFile, attach_staged, staged
from publications.records.writing import Matchers, create_record
from publications.signals import changes_wanted_now
from publications.vocabularies import FileStatus

WITHHELD = gettext_noop(
    "This file may hold patient data. Its record is live, but no reader gets the file or finds its text "
    "before an editor has looked at it in the CMS."
)

logger = logging.getLogger(__name__)


class Progress:
    """Is told how far an import has come; this one keeps it to itself."""

    def begin(self, what: str, total: int) -> None:
        """A stretch of work begins: what it is for people, and of how many steps."""

    def step(self, count: int = 1) -> None:
        """So many steps are done."""

    def pages(self, count: int) -> None:
        """So many pages more have been read: a step may take minutes."""


@dataclass(frozen=True)
class Remark:
    """Something to say about an entry: where it stands in its file, its key, and a sentence."""

    line: int | None
    key: str
    sentence: str


@dataclass
class ImportReport:
    """What an import did, in numbers and sentences. In a dry run: what it would have done."""

    imported: int = 0
    known: int = 0
    errors: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    files_read: int = 0
    pages_read: int = 0
    pages_recognised: int = 0
    seconds: float = 0.0
    """How long the reading of files took."""


@dataclass
class _Import:
    """What one run carries along."""

    files_dir: Path
    dry_run: bool
    owner: User | None
    report: ImportReport = field(default_factory=ImportReport)
    unread: list[int] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    """Every file of a record that this import brought in or knew."""
    matchers: Matchers | None = None
    seen: set[tuple[str, ...]] = field(default_factory=set)
    """By what the entries of a dry run are known to each other."""


def import_records(
    path: Path,
    *,
    files_dir: Path | None = None,
    dry_run: bool = False,
    owner: User | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Make live records of the entries of a BibTeX, RIS, CSL-JSON or CSV file, and read the files they name.

    files_dir: where their files are, the folder of `path` if nothing is said; nothing outside it is touched.
    Returns when all of it can be found, whoever read and indexed it. Raises FormatError where `path` is no such file.
    """
    progress = progress or Progress()
    run = _Import((files_dir or path.parent).resolve(), dry_run, owner)
    entries = load_entries(path)
    progress.begin(_("Records"), len(entries))
    for entry in entries:
        _import_entry(entry, run)
        progress.step()
    if not dry_run:
        _read_files(run, progress)
        changes_wanted_now.send(sender=Record)
    return run.report


def load_entries(path: Path) -> list[Entry]:
    """The entries of a bibliography, by the format that its name ends in."""
    file_format = format_by_file_name(path.name)
    if file_format is None or file_format.loads is None:
        raise FormatError(_("“%(name)s” is not a .bib, .ris, .json or .csv file.") % {"name": path.name})
    entries = list(file_format.loads(decode(path.read_bytes())))
    if not entries:
        raise FormatError(_("“%(name)s” has no entries.") % {"name": path.name})
    return split_whole_names(entries) if file_format.name == "csl_json" else entries


def split_whole_names(entries: list[Entry]) -> list[Entry]:
    """The entries with their authors' names in parts, where the whole file has none in parts.

    CSL-JSON has names in one piece (`literal`) for organisations; who could not tell family from given names wrote
    everybody's so. What sounds like an organisation stays one.
    """
    agents = [agent for entry in entries if entry.metadata for agent in entry.metadata.agents]
    if any(not agent.is_organisation for agent in agents):
        return entries
    return [
        replace(entry, metadata=replace(entry.metadata, agents=tuple(map(_split_name, entry.metadata.agents))))
        if entry.metadata
        else entry
        for entry in entries
    ]


def _split_name(agent: Agent) -> Agent:
    read = read_name(agent.family_name)
    return replace(
        agent, family_name=read.family_name, given_name=read.given_name, is_organisation=read.is_organisation
    )


def _import_entry(entry: Entry, run: _Import) -> None:
    """Bring in one entry; what is wrong with it is written down, and stops nothing else."""
    if entry.metadata is None:
        run.report.errors.append(Remark(entry.line, entry.key, str(entry.error)))
        return
    try:
        _bring_in(entry, entry.metadata, run)
    except (PublicationError, ValidationError, DatabaseError, OSError) as error:
        # The transaction took back what the matchers learned in it.
        run.matchers = None
        if isinstance(error, DatabaseError):
            logger.exception("The entry %s on line %s could not be saved", entry.key, entry.line)
        run.report.errors.append(Remark(entry.line, entry.key, sentence_of(error)))


def _bring_in(entry: Entry, metadata: RecordMetadata, run: _Import) -> None:
    paths, missing = find_files(metadata.file_names, key=entry.key, directory=run.files_dir)
    for name in missing:
        sentence = _("The file “%(name)s” is not in %(folder)s.") % {"name": name, "folder": run.files_dir}
        run.report.notes.append(Remark(entry.line, entry.key, sentence))
    checksums = [sha256(path) for path in paths]
    known = next(iter(find_duplicates(metadata, sha256s=checksums)), None)
    if run.dry_run:
        _count_only(known is not None, metadata, checksums, run)
    elif known and (known.record.files.exists() or not paths):
        run.report.known += 1
        _note_files(known.record, run)
    else:
        _save(entry, metadata, paths, run)


def _save(entry: Entry, metadata: RecordMetadata, paths: list[Path], run: _Import) -> None:
    """Make the record with its files, or give a known record the files that it lacks: all at once or not at all."""
    with ExitStack() as stack:
        files = _stage(entry, paths, run, stack)
        with transaction.atomic():
            _wait_for_other_imports()
            run.matchers = run.matchers or Matchers()
            run.matchers.refresh()
            # Another import may have brought it in since we looked.
            known = next(iter(find_duplicates(metadata, sha256s=[file.sha256 for file in files])), None)
            record = (
                known.record
                if known
                else create_record(_with_language(metadata), live=True, owner=run.owner, matchers=run.matchers)
            )
            if not record.files.exists():
                for file in files:
                    attach_staged(record, file, read_now=False)
    run.report.known += bool(known)
    run.report.imported += not known
    _note_files(record, run)


def _stage(entry: Entry, paths: list[Path], run: _Import, stack: ExitStack) -> list[StagedFile]:
    """Copies of the files; one that cannot be taken is an error, and no reason to leave out its record."""
    files = []
    for path in paths:
        try:
            files.append(stack.enter_context(staged(path)))
        except (PublicationError, OSError) as error:
            run.report.errors.append(Remark(entry.line, entry.key, f"{path.name}: {sentence_of(error)}"))
    return files


def _wait_for_other_imports() -> None:
    """One import at a time from here to the end of the transaction. On SQLite every transaction that writes does so."""
    content_type = ContentType.objects.get_for_model(Record)
    ContentType.objects.select_for_update(no_key=True).get(pk=content_type.pk)


def _count_only(is_known: bool, metadata: RecordMetadata, checksums: list[str], run: _Import) -> None:
    title = (make_title_key(metadata.title), str(metadata.year), first_author_of(metadata))
    keys: set[tuple[str, ...]] = {("doi", metadata.doi)} if metadata.doi else {title}
    keys |= {("sha256", checksum) for checksum in checksums}
    is_known = is_known or bool(keys & run.seen)
    run.seen |= keys
    run.report.known += is_known
    run.report.imported += not is_known


def _with_language(metadata: RecordMetadata) -> RecordMetadata:
    """With the language of title and abstract, where the bibliography does not say which it is."""
    if metadata.language != "und":
        return metadata
    return replace(metadata, language=detect_language(f"{metadata.title}. {metadata.abstract}"))


def _note_files(record: Record, run: _Import) -> None:
    """Keep the files of a record in mind, and those among them that wait to be read."""
    files = record.files.present()
    run.files += files.values_list("pk", flat=True)
    run.unread += files.filter(status__in=UNFINISHED).values_list("pk", flat=True)


def _read_files(run: _Import, progress: Progress) -> None:
    """Read what this import brought in, and what an earlier one left."""
    progress.begin(_("Files"), len(run.unread))

    def note(file: RecordFile) -> None:
        progress.step()
        run.report.files_read += 1
        run.report.pages_read += file.pages_read

    started = time.monotonic()
    ingest_files(run.unread, workers=os.cpu_count() or 1, on_finished=note, on_pages=progress.pages)
    run.report.seconds = time.monotonic() - started
    _recognise_pages(run, progress)
    for file in RecordFile.objects.filter(pk__in=run.unread).exclude(status=FileStatus.READY).order_by("pk"):
        run.report.notes.append(Remark(None, file.name, _(file.message)))
    for file in RecordFile.objects.withheld().filter(pk__in=run.files).order_by("pk"):
        run.report.notes.append(Remark(None, file.name, _(WITHHELD)))


def _recognise_pages(run: _Import, progress: Progress) -> None:
    """Recognise the text of scanned pages, or say how many of them wait and why."""
    waiting = FilePage.objects.filter(file__in=run.files, awaits_recognition=True).order_by("file_id")
    file_ids = list(waiting.values_list("file_id", flat=True).distinct())
    if not file_ids:
        return
    if find_recogniser().problem:
        for file in RecordFile.objects.filter(pk__in=file_ids):
            run.report.notes.append(Remark(None, file.name, _(waiting_sentence())))
        return
    progress.begin(_("Pages to recognise"), waiting.count())

    def note(page: RecognisedPage) -> None:
        progress.step()
        run.report.pages_recognised += bool(page.text)

    recognise_files(file_ids, workers=os.cpu_count() or 1, on_page=note)


def sentence_of(error: Exception) -> str:
    """What went wrong, for people; of a ValidationError with the fields it names."""
    if not isinstance(error, ValidationError):
        return _(str(error))
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    parts = []
    for name, messages in error.message_dict.items():
        label = "" if name == "__all__" else f"{name}: "
        parts.append(label + " ".join(messages))
    return " ".join(parts)
