"""Lines of text with their place, size and font, by pdfium. Runs in the reading process (`child.py`), never elsewhere.

The hub's side of it is `layout.py`. pdfium tells origin and box of every character; pypdf's visitor costs somewhat more
and gives pieces of text without an end, so that neither columns nor marks can be told apart.
"""

import ctypes
import math
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from publications.ingest.limits import Limits
from publications.ingest.pdfium import open_document
from publications.ingest.text import ACCENTS, DOTLESS, storable

MOST_CHARACTERS = 20_000
MOST_LINKS = 200
LONGEST_ADDRESS = 2_000
LINE_END_HYPHENS = frozenset({0x02, 0xFFFE})
BLANKS = frozenset({0x09, 0x0A, 0x0D, 0x20, 0xA0})

# Shares of the font size: a line ends where the next character is farther than this from where it should be.
NEXT_COLUMN = 1.6
STEP_BACK = 0.6
OFF_BASELINE = 0.75
# For what pdfium tells no blank before.
WORD_GAP = 0.25
# Below this share of the line's size a character is a mark, raised or lowered.
SMALL = 0.86


def read_layout(path: str, *, pages: list[int], limits: Limits) -> Iterator[dict[str, Any]]:
    """Tell the lines and links of each page (from 1) that is asked for and that the document has."""
    document = open_document(path)
    for number in pages:
        if number <= min(len(document), limits.pages):
            yield read_page_layout(document[number - 1], number)


def read_page_layout(page: pypdfium2.PdfPage, number: int) -> dict[str, Any]:
    """One page: its size, its lines in the order they are drawn, the web addresses it links to and where.

    A line is [left, right, baseline, upright, spans], a span [text, size, font, style, rise]; places are points from
    the top left of the page as it is shown. The style has "b" for bold and "i" for italic, the rise is how far above
    the line's baseline a mark stands.
    """
    view = View.of(page)
    characters = put_accents_on(list(read_characters(page, view)))
    return {
        "page": number,
        "width": round(view.width, 1),
        "height": round(view.height, 1),
        "lines": [tell_line(line) for line in split_lines(characters)],
        "links": list(read_links(page, view)),
    }


@dataclass(frozen=True)
class View:
    """How the page's own points become points from the top left of the page as it is cropped and turned."""

    width: float
    height: float
    left: float
    bottom: float
    quarter_turns: int

    @classmethod
    def of(cls, page: pypdfium2.PdfPage) -> "View":
        left, bottom, _right, _top = page.get_cropbox()
        width, height = page.get_size()
        return cls(width, height, left, bottom, page.get_rotation() // 90)

    def place(self, x: float, y: float) -> tuple[float, float]:
        x, y = x - self.left, y - self.bottom
        turned = ((x, self.height - y), (y, x), (self.width - x, y), (self.width - y, self.height - x))
        return turned[self.quarter_turns]

    def direction(self, a: float, b: float) -> tuple[float, float]:
        """Where a step of the page's own goes: to the right and downwards."""
        return ((a, -b), (b, a), (-a, b), (-b, -a))[self.quarter_turns]


# --- Characters


@dataclass(frozen=True)
class Face:
    """How the characters of one text object look."""

    size: float = 0.0
    font: str = ""
    style: str = ""
    upright: bool = True


@dataclass(frozen=True)
class Character:
    """A character: its letter, its look, where it begins and ends on which baseline, and whether a blank precedes."""

    letter: str
    face: Face
    left: float
    right: float
    baseline: float
    after_blank: bool = False


def read_characters(page: pypdfium2.PdfPage, view: View) -> Iterator[Character]:
    """The characters in the order they are drawn; blanks, drawn or found by pdfium, are marks on the next one."""
    text_page = page.get_textpage()
    faces: dict[int, Face] = {}
    after_blank = False
    for place in range(min(text_page.count_chars(), MOST_CHARACTERS)):
        code = pdfium.FPDFText_GetUnicode(text_page, place)
        if code in BLANKS:
            after_blank = True
            continue
        handle = pdfium.FPDFText_GetTextObject(text_page, place)
        span = character_span(text_page, place, view) if handle else None
        if span is None:
            continue
        key = ctypes.addressof(handle.contents)
        if key not in faces:
            faces[key] = read_face(text_page, place, handle, view)
        letter = "-" if code in LINE_END_HYPHENS else chr(code) if 0x1F < code < 0x110000 else ""
        yield Character(letter, faces[key], *span, after_blank)
        after_blank = False


def character_span(text_page: pypdfium2.PdfTextPage, place: int, view: View) -> tuple[float, float, float] | None:
    """Left, right and baseline of a character on the page, None where pdfium knows no place for it."""
    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetCharOrigin(text_page, place, x, y):
        return None
    if not pdfium.FPDFText_GetLooseCharBox(text_page, place, box):
        return None
    if not all(map(math.isfinite, (x.value, y.value, box.left, box.bottom, box.right, box.top))):
        return None
    _, baseline = view.place(x.value, y.value)
    ends = (view.place(box.left, box.bottom)[0], view.place(box.right, box.top)[0])
    return min(ends), max(ends), baseline


def read_face(text_page: pypdfium2.PdfTextPage, place: int, handle: Any, view: View) -> Face:
    matrix = pdfium.FS_MATRIX()
    size = pdfium.FPDFText_GetFontSize(text_page, place)
    upright = True
    if pdfium.FPDFText_GetMatrix(text_page, place, matrix):
        size *= math.hypot(matrix.c, matrix.d)
        across, down = view.direction(matrix.a, matrix.b)
        upright = across > 0 and abs(down) < 0.2 * across
    if not math.isfinite(size):
        return Face()
    font, style = read_font(pdfium.FPDFTextObj_GetFont(handle))
    return Face(round(abs(size), 2), font, style, upright)


BOLD = ("bold", "black", "heavy", "demi", "cmbx", "cmssbx", "sfbx", "-medi")
ITALIC = ("italic", "ital", "oblique", "slanted", "cmti", "cmmi", "cmsl", "sfti")
BOLD_WEIGHT = 600
ITALIC_FLAG, FORCE_BOLD_FLAG = 1 << 6, 1 << 18
FONT_NAME_BYTES = 200
SUBSET_MARK = 6


def read_font(font: Any) -> tuple[str, str]:
    """The font's name without the mark of a subset, and its style: "b", "i", both or neither."""
    buffer = ctypes.create_string_buffer(FONT_NAME_BYTES)
    pdfium.FPDFFont_GetBaseFontName(font, buffer, FONT_NAME_BYTES)
    name = storable(buffer.value.decode("utf-8", "replace"))
    if name[SUBSET_MARK : SUBSET_MARK + 1] == "+":
        name = name[SUBSET_MARK + 1 :]
    lower, flags = name.casefold(), max(0, pdfium.FPDFFont_GetFlags(font))
    is_bold = any(word in lower for word in BOLD) or pdfium.FPDFFont_GetWeight(font) >= BOLD_WEIGHT
    is_italic = any(word in lower for word in ITALIC) or bool(flags & ITALIC_FLAG)
    return name, "b" * (is_bold or bool(flags & FORCE_BOLD_FLAG)) + "i" * is_italic


# --- Accents that are drawn by themselves, as TeX does

ACCENT_REACH = 80
ABOVE = {**ACCENTS, "¯": "\u0304"}
BELOW = {"¸": "\u0327", "˛": "\u0328"}


def put_accents_on(characters: list[Character]) -> list[Character]:
    """The characters with every accent that is drawn over a letter put on it, wherever in the text it stands."""
    composed = list(characters)
    dropped: set[int] = set()
    for place, accent in enumerate(characters):
        mark = ABOVE.get(accent.letter) or BELOW.get(accent.letter)
        if not mark:
            continue
        bearer = find_bearer(accent, characters, around=place)
        if bearer is None:
            continue
        letter = DOTLESS.get(characters[bearer].letter, characters[bearer].letter)
        whole = unicodedata.normalize("NFC", letter + mark)
        if len(whole) == 1:
            # pdfium finds blanks before and behind an accent that stands by itself; real ones show in the gap.
            composed[bearer] = replace(composed[bearer], letter=whole, after_blank=False)
            if place + 1 < len(composed):
                composed[place + 1] = replace(composed[place + 1], after_blank=False)
            dropped.add(place)
    return [character for place, character in enumerate(composed) if place not in dropped]


def find_bearer(accent: Character, characters: list[Character], *, around: int) -> int | None:
    """The place of the letter that an accent is drawn over or under; the narrowest fit where letters overlap."""
    middle = (accent.left + accent.right) / 2
    size = accent.face.size
    near = range(max(0, around - ACCENT_REACH), min(len(characters), around + ACCENT_REACH))
    fitting = [
        place
        for place in near
        if characters[place].letter.isalpha()
        and characters[place].left <= middle <= characters[place].right
        and abs(characters[place].baseline - accent.baseline) < 0.5 * size
    ]
    return min(fitting, key=lambda place: characters[place].right - characters[place].left, default=None)


# --- Lines


class Line:
    """Characters that follow each other on one baseline, marks beside it included; its size is the largest of them."""

    def __init__(self, first: Character) -> None:
        self.characters = [first]
        self.size = first.face.size
        self.baseline = first.baseline

    def add(self, character: Character) -> None:
        self.characters.append(character)
        if character.face.size > self.size:
            self.size = character.face.size
            # The first that is no mark, now that marks are what is small beside this character.
            self.baseline = next(each.baseline for each in self.characters if not self.is_mark(each))

    def is_mark(self, character: Character) -> bool:
        return character.face.size < SMALL * self.size

    def goes_on_with(self, character: Character) -> bool:
        """Whether a character stands where the line goes on."""
        last = self.characters[-1]
        if not (character.face.upright and last.face.upright):
            return character.face == last.face
        size = max(self.size, character.face.size, 1.0)
        if abs(character.baseline - self.baseline) > OFF_BASELINE * size:
            return False
        # A ligature comes as letters that all stand in the same place.
        gap = 0.0 if character.left == last.left else character.left - last.right
        return -STEP_BACK * size <= gap <= NEXT_COLUMN * size and not self.is_beside(character)

    def is_beside(self, character: Character) -> bool:
        """Whether a character on the same baseline is of another column: much larger or smaller, and not close."""
        smaller, larger = sorted((self.size, character.face.size))
        is_same_line = abs(character.baseline - self.baseline) < 0.1 * larger
        gap = character.left - self.characters[-1].right
        return is_same_line and smaller < 0.75 * larger and gap > 0.6 * smaller


def split_lines(characters: Iterable[Character]) -> Iterator[Line]:
    line: Line | None = None
    for character in characters:
        if not character.letter:
            continue
        if line and line.goes_on_with(character):
            line.add(character)
            continue
        if line:
            yield line
        line = Line(character)
    if line:
        yield line


def tell_line(line: Line) -> list[Any]:
    characters = line.characters
    spans: list[list[Any]] = []
    for last, character in zip([characters[0], *characters], characters, strict=False):
        face = character.face
        rise = round(line.baseline - character.baseline, 1) if line.is_mark(character) else 0.0
        look = [face.size, face.font, face.style, rise]
        gap = character.left - last.right
        if spans and (character.after_blank or (face.upright and gap > WORD_GAP * line.size)):
            spans[-1][0] += " "
        if spans and spans[-1][1:] == look:
            spans[-1][0] += character.letter
        else:
            spans.append([character.letter, *look])
    told = [[storable(text), *look] for text, *look in spans]
    left, right = min(each.left for each in characters), max(each.right for each in characters)
    return [round(left, 1), round(right, 1), round(line.baseline, 1), characters[0].face.upright, told]


# --- Links


def read_links(page: pypdfium2.PdfPage, view: View) -> Iterator[list[Any]]:
    """Left and top of each link to a web address, and the address."""
    start, link, rectangle = ctypes.c_int(0), pdfium.FPDF_LINK(), pdfium.FS_RECTF()
    for _ in range(MOST_LINKS):
        if not pdfium.FPDFLink_Enumerate(page, start, link):
            return
        action = pdfium.FPDFLink_GetAction(link)
        if not action or not pdfium.FPDFLink_GetAnnotRect(link, rectangle):
            continue
        length = pdfium.FPDFAction_GetURIPath(page.pdf, action, None, 0)
        if not 1 < length < LONGEST_ADDRESS or not math.isfinite(rectangle.left + rectangle.top):
            continue
        buffer = ctypes.create_string_buffer(length)
        pdfium.FPDFAction_GetURIPath(page.pdf, action, buffer, length)
        left, top = view.place(rectangle.left, rectangle.top)
        yield [round(left, 1), round(top, 1), storable(buffer.value.decode("utf-8", "replace"))]
