"""What is said of a record in a line: who made it, where it appeared, who may open it."""

from collections.abc import Sequence
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publications.models import Contribution, Record
from publications.models.bilingual import LocalText, local_text, site_language
from publications.vocabularies import AccessRight

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
MOST_NAMES = 5
"""A longer list of authors is cut to the first few, with the number of the others."""
NAMES_OF_MANY = 3


def first_creators(record: Record) -> tuple[Sequence[Contribution], int]:
    """Those who are named where there is room for a few, and how many others there are."""
    creators = record.creators
    shown = creators if len(creators) <= MOST_NAMES else creators[:NAMES_OF_MANY]
    return shown, len(creators) - len(shown)


def others_in_words(count: int) -> str:
    """ "3 others"."""
    words: str = ngettext("%(count)s other", "%(count)s others", count)
    return words % {"count": count}


def names_in_words(record: Record) -> str:
    """ "Priya Ramnarain, Thijmen te Wierik and 3 others"."""
    shown, others = first_creators(record)
    names = ", ".join(creator.name for creator in shown)
    return f"{names} {_('and')} {others_in_words(others)}" if others else names


def published_in(record: Record) -> LocalText:
    """Where a record appeared: its journal or book, else its event, else its publisher."""
    publication = getattr(record, "publication", None)
    if publication is not None and publication.container_title:
        return LocalText(publication.container_title, record.language)
    if record.event is not None and record.event.live:
        return local_text(record.event, "title")
    return LocalText(record.publisher, site_language())


def access_words(status: str, available: date | None) -> str:
    """The access right in words: "Open", "Opens 1 March 2027"."""
    if status == AccessRight.EMBARGOED and available:
        return _("Opens %(date)s") % {"date": unbroken(formats.date_format(available, "j F Y"))}
    return str(AccessRight(status).label)


def unbroken(text: str) -> str:
    """Words that stay on one line, such as a date within a sentence."""
    return text.replace(" ", NO_BREAK_SPACE)
