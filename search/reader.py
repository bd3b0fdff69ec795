"""The page reader: one page of a file as an image and as text, with the words of a question marked in both.

It stands in this app because it answers a question; the pages themselves, and who may read them, belong to
publications.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from publications.access import User
from publications.errors import PublicationError
from publications.ingest.page_images import PageImage, get_page_image, shown_words
from publications.ingest.page_states import sentence_of
from publications.ingest.render import Word
from publications.ingest.scanned import words_of
from publications.models import FilePage, RecognisedWords, RecordFile
from publications.vocabularies import PageStatus
from search.discovery import reader_of
from search.errors import IndexUnavailable
from search.forms import Question
from search.highlighting import find_marks, mark, mark_fragment
from search.hits import FileMatches, PageLink, page_url, view_file_matches
from search.indexing import get_search_engine
from search.queries import Everything, Expansions, Query
from search.requests import PageMatch
from search.understanding import understand
from search.widening import Label

RAIL_REACH = 15
"""How many pages before and after this one the rail shows, besides those with words of the question."""
MAX_ELSEWHERE = 8
MAX_OUTLINE = 100
FULL_LINE = 0.7
"""A line is full from this share of the page's usual line on."""
FRAGMENT_LENGTH = 160


@dataclass(frozen=True)
class Box:
    """A rectangle on the page image, in its pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class TextLine:
    """A word of the text layer: where it stands, so that it can be selected on the image."""

    text: str
    box: Box

    @property
    def baseline(self) -> float:
        """Where SVG puts the foot of the letters."""
        return round(self.box.y + self.box.height * 0.8, 1)


@dataclass(frozen=True)
class RailPage:
    """A page in the rail of all pages."""

    number: int
    url: str
    occurrences: int
    level: str
    is_current: bool
    follows_gap: bool


@dataclass(frozen=True)
class Elsewhere:
    """Words of the question on another page: `text` is HTML with <mark>."""

    number: int
    url: str
    text: str
    language: str


@dataclass(frozen=True)
class OutlineEntry:
    """A part of the file and where it begins; level 1 is the highest."""

    title: str
    number: int
    level: int
    url: str


@dataclass(frozen=True)
class ReadPage:
    """Everything that the reader shows of one page."""

    file: RecordFile
    number: int
    question: Question
    note: str
    other_words: tuple[Label, ...]
    """What else the topics of the question are called; marked too, if the question is widened."""
    page: FilePage | None
    paragraphs: tuple[SafeString, ...]
    """HTML, the words marked."""
    notes: tuple[SafeString, ...]
    """A slide's notes, or a page's annotations and form fields: HTML, the words marked."""
    running: tuple[str, ...]
    image: PageImage | None
    problem: str
    """Why there is no image, as a sentence."""
    marks: tuple[Box, ...]
    text_layer: tuple[TextLine, ...]
    matches: FileMatches
    rail: tuple[RailPage, ...]
    elsewhere: tuple[Elsewhere, ...]
    outline: tuple[OutlineEntry, ...]
    """The parts of the file, by its own outline."""
    is_searchable: bool
    """False where there is no index to ask which other pages have the words."""

    @property
    def occurrences(self) -> int:
        """How many words of the question stand on this page; of a draft, which no index has, as many as are marked."""
        if not self.file.record.live:
            return sum(text.count("<mark>") for text in (*self.paragraphs, *self.notes))
        return next((link.occurrences for link in self.matches.pages if link.number == self.number), 0)

    @property
    def is_wide(self) -> bool:
        """Whether pages lie on their side, as slides do; the others of a file are taken to be like this one."""
        return self.image.width > self.image.height if self.image else self.file.kind == "slide"

    @property
    def previous_hit(self) -> PageLink | None:
        """The nearest page before this one with words of the question."""
        return next((link for link in reversed(self.matches.pages) if link.number < self.number), None)

    @property
    def next_hit(self) -> PageLink | None:
        """The nearest page after this one with words of the question."""
        return next((link for link in self.matches.pages if link.number > self.number), None)

    @property
    def previous_url(self) -> str:
        """The page before, "" on the first."""
        return page_url(self.file, self.number - 1, self.question.words_only) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        """The page after, "" on the last."""
        return (
            page_url(self.file, self.number + 1, self.question.words_only)
            if self.number < (self.file.page_count or 0)
            else ""
        )

    @property
    def widening_url(self) -> str:
        """This page without the marks of other words, or with them where they are off."""
        question = replace(self.question, is_widened=not self.question.is_widened)
        return page_url(self.file, self.number, question.words_only)

    @property
    def cells(self) -> tuple[str, ...]:
        """The strip of all pages, this one in its own colour."""
        return tuple("here" if n == self.number else cell for n, cell in enumerate(self.matches.cells, start=1))

    @property
    def is_recognised(self) -> bool:
        """Whether the text was recognised from an image, and may be misread."""
        return bool(self.page and self.page.status == PageStatus.RECOGNISED)

    @property
    def state(self) -> str:
        """What is to be said of the page's text, as a sentence; "" where it was read as it should be."""
        return sentence_of(self.page) if self.page else _("This page was not read.")


def read_page(file: RecordFile, number: int, *, question: Question, user: User) -> ReadPage:
    """The page for somebody who may read the file (the caller has checked)."""
    understood = understand(question.q, is_widened=question.is_widened)
    query, asked = understood.query, question.words_only
    found, is_searchable = _match_pages(file, query, user)
    also = _find_expansions(query, user)
    # A file may have thousands of pages: of all but those that are shown only the state is read.
    states = list(file.pages.order_by("number").values_list("status", flat=True))
    matches = view_file_matches(file, found, states, asked)
    others = _choose_elsewhere(matches, number)
    pages = {page.number: page for page in file.pages.filter(number__in=[number, *(link.number for link in others)])}
    page = pages.get(number)
    language = page.language if page else "und"
    image, problem = _draw(file, number)
    words = words_on(page, image)
    text, places = _join(words)
    return ReadPage(
        file=file,
        number=number,
        question=question,
        note=" ".join(understood.notes),
        other_words=understood.other_words,
        page=page,
        paragraphs=tuple(mark_all(paragraphs_of(file, page), query=query, language=language, also=also)),
        notes=tuple(mark_all(lines_of(page.notes if page else ""), query=query, language=language, also=also)),
        running=tuple(page.running.splitlines()) if page else (),
        image=image,
        problem=problem,
        marks=(
            tuple(_boxes(image, words, places, find_marks(text, query=query, language=language, also=also)))
            if image
            else ()
        ),
        text_layer=tuple(TextLine(word.text, _scale(word, image)) for word in words) if image else (),
        matches=matches,
        rail=_make_rail(file, matches, number, asked),
        elsewhere=tuple(_quote(pages[link.number], link, query, also) for link in others if link.number in pages),
        outline=_view_outline(file, asked),
        is_searchable=is_searchable,
    )


def mark_all(paragraphs: Iterable[str], *, query: Query, language: str, also: Expansions) -> Iterator[SafeString]:
    """The paragraphs as HTML; each is marked by itself."""
    for paragraph in paragraphs:
        yield mark_safe(mark(paragraph, query=query, language=language, also=also))  # noqa: S308 - escaped by mark()


def paragraphs_of(file: RecordFile, page: FilePage | None) -> Iterable[str]:
    """The paragraphs of a page: as its author made them in an office file, guessed from the lines of a PDF."""
    if page is None:
        return ()
    return split_paragraphs(page.text) if file.has_page_images else lines_of(page.text)


def lines_of(text: str) -> list[str]:
    """The lines that are not blank."""
    return [line for line in text.splitlines() if line.strip()]


def split_paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a page's text, each as one line.

    A paragraph ends with a line that is clearly shorter than the page's usual line; short lines in a row (headings,
    the cells of a table) stay together until a long line follows.
    """
    lines = [" ".join(line.split()) for line in text.splitlines()]
    lengths = sorted(len(line) for line in lines if line)
    usual = lengths[len(lengths) * 4 // 5] if lengths else 0
    paragraph: list[str] = []
    was_full = False
    for line in [*lines, ""]:
        is_full = len(line) >= FULL_LINE * usual
        if paragraph and (not line or (is_full and not was_full)):
            yield " ".join(paragraph)
            paragraph = []
        if line:
            paragraph.append(line)
        if was_full and not is_full and len(paragraph) > 1:
            yield " ".join(paragraph)
            paragraph = []
        was_full = is_full


def _match_pages(file: RecordFile, query: Query, user: User) -> tuple[tuple[PageMatch, ...], bool]:
    """Pages of this file with words of the question; the page itself can be read even where there is no index."""
    if isinstance(query, Everything):
        return (), True
    try:
        return get_search_engine().match_pages(file.record.pid, query=query, reader=reader_of(user)), True
    except IndexUnavailable:
        return (), False


def _find_expansions(query: Query, user: User) -> Expansions:
    """The words that the question finds besides its own, such as compounds: found, so marked too."""
    if isinstance(query, Everything):
        return frozenset()
    try:
        return get_search_engine().expansions(query, reader=reader_of(user))
    except IndexUnavailable:
        return frozenset()


def _draw(file: RecordFile, number: int) -> tuple[PageImage | None, str]:
    if not file.has_page_images:
        return None, _("The hub reads the words of Office files, and draws no pictures of their pages.")
    try:
        return get_page_image(file, number), ""
    except PublicationError as error:
        return None, _(str(error))


def words_on(page: FilePage | None, image: PageImage | None) -> tuple[Word, ...]:
    """The words on the picture and where they stand: as the file has them, or as they were recognised."""
    if page and page.status == PageStatus.RECOGNISED:
        found = RecognisedWords.objects.filter(page=page).first()
        return shown_words(words_of(found.lines)) if found and image else ()
    return image.words if image else ()


def _join(words: tuple[Word, ...]) -> tuple[str, list[tuple[int, int]]]:
    """The words as one text, and where each begins and ends in it; a new line begins below the last word's foot."""
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    position = 0
    foot = 0.0
    for word in words:
        if pieces:
            pieces.append("\n" if word.y > foot - word.height / 2 else " ")
            position += 1
        pieces.append(word.text)
        places.append((position, position + len(word.text)))
        position += len(word.text)
        foot = word.y + word.height
    return "".join(pieces), places


def _boxes(
    image: PageImage, words: tuple[Word, ...], places: list[tuple[int, int]], marks: list[tuple[int, int]]
) -> Iterable[Box]:
    """A box for each marked part of each word, by the share of its letters."""
    for start, end in marks:
        for word, (first, last) in zip(words, places, strict=True):
            if first < end and last > start:
                box = _scale(word, image)
                letter = box.width / max(1, last - first)
                left, right = max(start, first) - first, min(end, last) - first
                yield Box(round(box.x + left * letter, 1), box.y, round((right - left) * letter, 1), box.height)


def _scale(word: Word, image: PageImage) -> Box:
    return Box(
        round(word.x * image.width, 1),
        round(word.y * image.height, 1),
        round(word.width * image.width, 1),
        round(word.height * image.height, 1),
    )


def _view_outline(file: RecordFile, asked: str) -> tuple[OutlineEntry, ...]:
    return tuple(
        OutlineEntry(entry["title"], entry["page"], entry["level"], page_url(file, entry["page"], asked))
        for entry in file.outline[:MAX_OUTLINE]
        if entry["page"] <= (file.page_count or 0)
    )


def _make_rail(file: RecordFile, matches: FileMatches, number: int, asked: str) -> tuple[RailPage, ...]:
    """The pages near this one and those with words of the question; long files would make long pages otherwise."""
    last = file.page_count or 0
    hits = {link.number: link.occurrences for link in matches.pages}
    near = set(range(max(1, number - RAIL_REACH), min(last, number + RAIL_REACH) + 1))
    shown = sorted(near | set(sorted(hits)[:100]) | ({1, last} if last else set()))
    return tuple(
        RailPage(
            number=here,
            url=page_url(file, here, asked),
            occurrences=hits.get(here, 0),
            level=matches.cells[here - 1] if here <= len(matches.cells) else "l0",
            is_current=here == number,
            follows_gap=place > 0 and here - shown[place - 1] > 1,
        )
        for place, here in enumerate(shown)
    )


def _choose_elsewhere(matches: FileMatches, number: int) -> list[PageLink]:
    """The other pages with most words of the question, in order."""
    others = sorted((link for link in matches.pages if link.number != number), key=lambda link: -link.occurrences)
    return sorted(others[:MAX_ELSEWHERE], key=lambda link: link.number)


def _quote(page: FilePage, link: PageLink, query: Query, also: Expansions) -> Elsewhere:
    """The best sentences on another page."""
    return Elsewhere(
        number=page.number,
        url=link.url,
        text=mark_fragment(page.whole_text, query=query, language=page.language, length=FRAGMENT_LENGTH, also=also),
        language=page.language,
    )
