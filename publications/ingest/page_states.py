"""How far each page of a file can be searched, and why one cannot: for the record's page and for the CMS alike."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from publications.ingest.recogniser import waiting_sentence
from publications.models import FilePage, RecordFile
from publications.models.files import SEARCHABLE
from publications.vocabularies import FileStatus, PageReason, PageStatus

RECOGNISED = gettext_noop("Recognised text: letters may be wrong.")
GARBLED = gettext_noop("The file does not say which letters the text is made of: words may be wrong.")
BEYOND = gettext_noop("More pages than the hub reads of one file.")
UNREAD = gettext_noop("Could not be read.")


NO_BREAK_SPACE = "\u00a0"


def page_ranges(numbers: Iterable[int]) -> str:
    """Page numbers as people write them: "3, 19–21"."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def page_label(number: int | str, kind: str = "page") -> str:
    """What a page is called beside a quotation: "p. 7", "slide 7"."""
    label = _("slide %(number)s") if kind == "slide" else _("p. %(number)s")
    return (label % {"number": number}).replace(" ", NO_BREAK_SPACE)


@dataclass(frozen=True)
class PageGroup:
    """Pages of a file that have the same to say: `sentence`, in the reader's language."""

    sentence: str
    numbers: tuple[int, ...]
    is_searchable: bool = False


@dataclass(frozen=True)
class PageStates:
    """The pages of one file: which can be searched, and what is to be said of those that cannot, or not as well."""

    page_count: int = 0
    searchable: frozenset[int] = frozenset()
    groups: tuple[PageGroup, ...] = ()

    @property
    def unsearchable(self) -> tuple[int, ...]:
        """The numbers of the pages that cannot be searched."""
        return tuple(number for number in range(1, self.page_count + 1) if number not in self.searchable)

    def lines(self, *, kind: str = "page") -> list[str]:
        """What is to be said of the pages, a line for each reason: "p. 2, 4–5: Blank."."""
        return [f"{page_label(page_ranges(group.numbers), kind)}: {group.sentence}" for group in self.groups]

    @property
    def troubles(self) -> tuple[PageGroup, ...]:
        """The groups of pages that cannot be searched."""
        return tuple(group for group in self.groups if not group.is_searchable)


def page_states(files: Iterable[RecordFile]) -> dict[int, PageStates]:
    """The states of the pages of these files, by the files' ids; one query."""
    wanted = list(files)
    rows = FilePage.objects.filter(file__in=[file.pk for file in wanted]).order_by("file_id", "number")
    pages: defaultdict[int, list[FilePage]] = defaultdict(list)
    for page in rows.only("file_id", "number", "status", "reason", "awaits_recognition"):
        pages[page.file_id].append(page)
    return {file.pk: _states_of(file, pages[file.pk]) for file in wanted}


def _states_of(file: RecordFile, pages: list[FilePage]) -> PageStates:
    numbers: defaultdict[tuple[str, bool], list[int]] = defaultdict(list)
    for page in pages:
        if sentence := sentence_of(page):
            numbers[sentence, page.is_searchable].append(page.number)
    known = {page.number for page in pages}
    beyond = [number for number in range(1, (file.page_count or 0) + 1) if number not in known]
    if beyond:
        numbers[_(BEYOND if file.status == FileStatus.PARTIAL else UNREAD), False] += beyond
    return PageStates(
        page_count=file.page_count or 0,
        searchable=frozenset(page.number for page in pages if page.status in SEARCHABLE),
        groups=tuple(
            PageGroup(sentence, tuple(found), is_searchable) for (sentence, is_searchable), found in numbers.items()
        ),
    )


def sentence_of(page: FilePage) -> str:
    """What is to be said of a page's text, in the reader's language; "" for one that was read as it should be."""
    if page.awaits_recognition and not page.is_searchable:
        return _(waiting_sentence())
    if page.status == PageStatus.RECOGNISED:
        return _(RECOGNISED)
    if page.is_searchable:
        return _(GARBLED) if page.reason == PageReason.GARBLED else ""
    if page.reason:
        return str(PageReason(page.reason).label)
    return str(PageReason.NO_WORDS.label) if page.status == PageStatus.NO_TEXT else _(UNREAD)
