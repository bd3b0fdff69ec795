"""What an outsider would see and find of a draft, told by the functions that serve live records."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publications.deposit.answers import Answers
from publications.deposit.writing import record_of
from publications.models import Deposit, Record
from publications.views.bylines import Byline, byline_of
from publications.views.holdings import ShownFile, files_of
from publications.views.records import record_context
from publications.vocabularies import AccessRight


@dataclass(frozen=True)
class OutsiderView:
    """A draft as if it were live today, to somebody who is not signed in."""

    record: Record
    byline: Byline
    files: tuple[ShownFile, ...]

    @property
    def found_by(self) -> str:
        """What a search of an outsider looks at."""
        pages = sum(shown.file.page_count or 0 for shown in self.files if shown.may_read)
        if pages:
            sentence = ngettext(
                "Found by its title, people, abstract and every word on its page.",
                "Found by its title, people, abstract and every word on its %(count)d pages.",
                pages,
            )
            return sentence % {"count": pages}
        return _("Found by its title, people and abstract.")

    @property
    def closed_sentence(self) -> str:
        """Until when, and from whom, the files are kept; "" where none is."""
        closed = [shown for shown in self.files if not shown.may_read]
        if not closed:
            return ""
        if any(shown.file.is_withheld for shown in closed):
            return _("The file stays closed until an editor has looked at what may be patient data.")
        if self.record.access_right == AccessRight.EMBARGOED and self.record.available:
            day = date_format(self.record.available, "j F Y")
            return _("The file cannot be opened and its words are not found before %(date)s.") % {"date": day}
        return _("The file cannot be opened, shows no picture, and its words are not found by outsiders.")


def as_outsider(deposit: Deposit, answers: Answers) -> OutsiderView:
    """The draft as an outsider would see it, if it were live today."""
    record = live_copy(deposit, answers)
    files = files_of(record, user=AnonymousUser(), today=timezone.localdate())
    return OutsiderView(record, byline_of(record), files)


def live_copy(deposit: Deposit, answers: Answers) -> Record:
    """The record as the answers have it, in memory, as if it were live."""
    record = record_of(deposit, answers)
    record.live, record.title = True, record.title or _("Untitled")
    return record


def outsider_page(deposit: Deposit, answers: Answers) -> dict[str, Any]:
    """What the record's own page would show an outsider."""
    return record_context(live_copy(deposit, answers), user=AnonymousUser())
