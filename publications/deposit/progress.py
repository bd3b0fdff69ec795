"""How far the reading of a deposit's files is: the steps, for people and for the page that asks every second."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publications.ingest.recogniser import find_recogniser
from publications.models import Deposit, RecordFile
from publications.suggestions import SuggestedMetadata
from publications.vocabularies import FileStatus

WAITING = (FileStatus.RECEIVED, FileStatus.READING)
OPENED = (FileStatus.READY, FileStatus.PARTIAL, FileStatus.NO_TEXT)
"""How the reading of a file ends that could be opened."""


@dataclass(frozen=True)
class Step:
    """A step of the way from bytes to a filled form: done, going on, or still to come."""

    label: str
    state: str
    """ "done", "now" or "todo"."""


def is_finished(deposit: Deposit) -> bool:
    """Whether nothing of it waits to be read."""
    return not any(file.status in WAITING for file in present_files(deposit))


def present_files(deposit: Deposit) -> list[RecordFile]:
    """The files of a deposit; no query where they were prefetched."""
    files = [file for file in deposit.record.files.all() if file.removed_at is None]
    for file in files:
        file.record = deposit.record
    return files


def files_with_waiting() -> Prefetch:
    """For `prefetch_related` of deposits: their files, each with how many of its pages wait to be recognised."""
    return Prefetch("record__files", RecordFile.objects.with_pages_waiting())


def is_recognising(file: RecordFile) -> bool:
    """Whether pages of a file are still to be recognised, which will fill in what the form lacks."""
    return bool(getattr(file, "pages_waiting", 0)) and file.status not in WAITING and not find_recogniser().problem


def steps_of(file: RecordFile) -> list[Step]:
    """Sent, read, described: where a file stands. A scan is recognised in between."""
    is_read = file.status not in WAITING
    reading = "now" if file.status == FileStatus.READING else "done" if is_read else "todo"
    recognising = [Step(recognising_label(file), "now")] if is_recognising(file) else []
    return [
        Step(_("Sent"), "done"),
        Step(reading_label(file), reading),
        *recognising,
        Step(_("Form filled in"), "done" if is_read and not recognising else "todo"),
    ]


def recognising_label(file: RecordFile) -> str:
    """ "Recognising page 2 of 3"."""
    waiting: int = file.pages_waiting
    count = max(file.page_count or 0, waiting)
    return _("Recognising page %(page)s of %(count)s") % {"page": count - waiting + 1, "count": count}


def reading_label(file: RecordFile) -> str:
    """ "Reading page 15 of 32"."""
    if file.status == FileStatus.RECEIVED:
        return _("Waits to be read")
    if file.status != FileStatus.READING:
        return _("Read")
    if not file.page_count:
        return _("Reading")
    here = {"page": min(file.pages_read + 1, file.page_count), "count": file.page_count}
    if file.kind == "slide":
        return _("Reading slide %(page)s of %(count)s") % here
    return _("Reading page %(page)s of %(count)s") % here


def found_sentence(suggested: SuggestedMetadata) -> str:
    """What the files said of the work, in a line: "Found: title, 5 authors, abstract, date"; "" where nothing."""
    words = []
    if suggested.title:
        words.append(_("title"))
    if suggested.authors:
        count = len(suggested.authors.value)
        words.append(ngettext("%(count)d author", "%(count)d authors", count) % {"count": count})
    if suggested.abstract:
        words.append(_("abstract"))
    if suggested.issued:
        words.append(_("date"))
    if suggested.doi:
        words.append("DOI")
    return _("Found: %(words)s.") % {"words": ", ".join(words)} if words else ""
