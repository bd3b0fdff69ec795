"""Fonts, paragraph styles and hyphens of the demo documents.

The fonts are the standard ones of PDF, in which Dutch and English have all their letters; Vera, which comes with
reportlab, steps in for the few characters they lack.
"""

import re
from collections.abc import Iterator

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph

from publications.demo import markup

SERIF, SERIF_BOLD, SERIF_ITALIC = "Times-Roman", "Times-Bold", "Times-Italic"
SANS, SANS_BOLD, SANS_ITALIC = "Helvetica", "Helvetica-Bold", "Helvetica-Oblique"
FALLBACK = "Vera"

INK = HexColor("#12181b")
INK_2 = HexColor("#465055")
HAIRLINE = HexColor("#b8c0c4")
PALE = HexColor("#f1f3f3")

VOWELS = "aeiouyáéíóúàèëïöüê"
# A hyphen may fall between two consonants that stand between vowels, unless they are spoken as one.
BREAK_BETWEEN_CONSONANTS = re.compile(rf"(?<=[{VOWELS}][^\W\d_{VOWELS}])(?=[^\W\d_{VOWELS}][{VOWELS}])", re.IGNORECASE)
ONE_SOUND = {"ch", "ck", "gh", "ph", "qu", "sc", "sh", "th", "wh", "ng", "tr", "pr", "br", "gr", "cr", "pl", "cl", "gl"}


def register_fonts() -> None:
    """Make Vera known to reportlab; doing it again changes nothing."""
    if FALLBACK not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(FALLBACK, "Vera.ttf"))


def hyphenate(word: str) -> Iterator[tuple[str, str]]:
    """Where a word of either language may be broken, last place first: ("compu", "ter")."""
    for match in reversed(list(BREAK_BETWEEN_CONSONANTS.finditer(word))):
        place = match.start()
        is_one_sound = word[place - 1 : place + 1].lower() in ONE_SOUND
        if 3 <= place <= len(word) - 3 and not is_one_sound:
            yield word[:place], word[place:]


def style(name: str, font: str, size: float, leading: float, **settings: object) -> ParagraphStyle:
    """A paragraph style in ink, with what differs given by name."""
    return ParagraphStyle(
        name,
        fontName=font,
        fontSize=size,
        leading=leading,
        **{"textColor": INK, "allowWidows": 0, "allowOrphans": 0, **settings},
    )


def body_style(size: float, leading: float, **settings: object) -> ParagraphStyle:
    """Justified running text with hyphens."""
    return style(
        "body", SERIF, size, leading, alignment=TA_JUSTIFY, hyphenationLang=hyphenate, hyphenationMinWordLength=7,
        **settings,
    )  # fmt: skip


def in_colour(base: ParagraphStyle, colour: Color) -> ParagraphStyle:
    """The same style in another colour."""
    return ParagraphStyle(base.name, parent=base, textColor=colour)


def text(words: str, base: ParagraphStyle, **settings: object) -> Paragraph:
    """A paragraph of markup."""
    return Paragraph(to_xml(words, base.fontSize), base, **settings)


def to_xml(words: str, size: float) -> str:
    """A line of markup in reportlab's tags, with Vera for what the standard fonts lack. `size` is that of the text."""
    xml = markup.inline_html(words.replace(" %", "\u00a0%"))
    xml = xml.replace("<sup>", f'<sup size="{size * 0.68:.2f}" rise="{size * 0.33:.2f}">')
    xml = xml.replace("<sub>", f'<sub size="{size * 0.68:.2f}" rise="{size * 0.16:.2f}">')
    return "".join(_with_font(character) for character in xml)


def _with_font(character: str) -> str:
    try:
        character.encode("cp1252")
    except UnicodeEncodeError:
        return f'<font name="{FALLBACK}">{character}</font>'
    return character
