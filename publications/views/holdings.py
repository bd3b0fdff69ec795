"""A record's files as its page shows them: what each is, whether this reader may open it, how much of it was read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from publications.access import User, may_read_file
from publications.ingest.page_states import PageGroup, PageStates, page_states
from publications.models import Record, RecordFile
from publications.vocabularies import LICENCE_URIS, AccessRight, FileStatus, Licence


@dataclass(frozen=True)
class ShownFile:
    """A file on a record's page. Of one that this reader may not open, nothing is said that was read from it."""

    file: RecordFile
    access: AccessRight
    """The access right in force today."""
    may_read: bool = False
    cells: tuple[str, ...] = ()
    """One for each page: "l1" where it can be searched, "unread" where not."""
    searchable: int = 0
    sentence: str = ""
    """What stopped the reading, or that it goes on."""
    groups: tuple[PageGroup, ...] = ()
    """The pages that cannot be searched, or not as well as others, with the reason."""
    attachments: tuple[tuple[str, int | None], ...] = ()
    """The files inside it: name and size in bytes."""

    @property
    def licence(self) -> str:
        """The licence by its name, "" where none is known."""
        return str(dict(Licence.choices).get(self.file.effective_rights, ""))

    @property
    def licence_url(self) -> str:
        """Where the licence is written down."""
        return LICENCE_URIS.get(self.file.effective_rights, "")


def files_of(
    record: Record, *, user: User, today: date, states: Mapping[int, PageStates] | None = None
) -> tuple[ShownFile, ...]:
    """The files of a record that were not taken away, in order.

    states: those of their pages, where the caller has read them for many records at once.
    """
    if record.pk is None:
        return ()
    files = sorted((f for f in record.files.all() if f.removed_at is None), key=lambda file: file.number)
    for file in files:
        file.record = record  # a preview decides by what is being edited
    readable = [file for file in files if may_read_file(user, file, today=today)]
    states = page_states(readable) if states is None else states
    return tuple(
        _shown(file, states[file.pk], today=today)
        if file in readable
        else ShownFile(file, file.access_status(today=today))
        for file in files
    )


def _shown(file: RecordFile, states: PageStates, *, today: date) -> ShownFile:
    access = file.access_status(today=today)
    if file.status in (FileStatus.RECEIVED, FileStatus.READING):
        return ShownFile(file, access, may_read=True, sentence=_progress(file))
    pages = range(1, states.page_count + 1)
    return ShownFile(
        file,
        access,
        may_read=True,
        cells=tuple("l1" if number in states.searchable else "unread" for number in pages),
        searchable=len(states.searchable),
        sentence=_(file.message) if file.message else "",
        groups=states.groups,
        attachments=tuple((entry["name"], entry["size_bytes"]) for entry in file.attachments),
    )


def _progress(file: RecordFile) -> str:
    """How far the reading has come."""
    if file.status == FileStatus.READING and file.page_count:
        return _("Being read now: %(done)s of %(count)s pages so far. They can be searched when it is done.") % {
            "done": file.pages_read,
            "count": file.page_count,
        }
    return _("Waiting to be read. Its pages can be searched when that is done.")
