"""From blocks of markup to what reportlab lays out: headings, paragraphs, lists, tables and drawings."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from reportlab.lib.colors import HexColor, white
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    ListFlowable,
    ListItem,
    NextPageTemplate,
    PageBreak,
    Spacer,
    Table,
    TableStyle,
)

from publications.demo import markup, styles
from publications.demo.charts import CHARTS
from publications.demo.floats import Float
from publications.demo.scans import ScannedPage
from publications.demo.schematics import SCHEMATICS

DRAWINGS = CHARTS | SCHEMATICS
INDENTS_WHAT_FOLLOWS = (markup.Paragraph, markup.Figure, markup.Table)

NUMBER = re.compile(r"[+−<>≥≤±€ ]*[\d.,]*( ?(%|HE|mm|points)| \([\d–., ]+\))?|–")

WORDS = {
    "en": {"figure": "Figure", "table": "Table", "abstract": "Abstract", "keywords": "Keywords", "notes": "Notes"},
    "nl": {
        "figure": "Figuur",
        "table": "Tabel",
        "abstract": "Samenvatting",
        "keywords": "Trefwoorden",
        "notes": "Notities",
    },
}


@dataclass(frozen=True)
class Look:
    """The styles in which a document's blocks are set, and the width of a column."""

    width: float
    language: str
    body: ParagraphStyle
    headings: tuple[ParagraphStyle, ParagraphStyle]
    caption: ParagraphStyle
    cell: ParagraphStyle
    reference: ParagraphStyle
    indent: float = 10.0
    """Of the first line of a paragraph that follows another; 0 sets space between paragraphs instead."""
    accent: str = "#12181b"
    numbers_headings: bool = True
    figure_width: float = 1.0
    """Share of the column."""


@dataclass
class Counters:
    """How far the numbering of a document has come."""

    sections: list[int] = field(default_factory=lambda: [0, 0])
    figures: int = 0
    tables: int = 0


class Drawing(Flowable):
    """A chart or schematic picture of the given width. It is drawn at one size and scaled, its letters with it."""

    NOMINAL_WIDTH = 240.0

    def __init__(self, figure: markup.Figure, width: float) -> None:
        super().__init__()
        if figure.kind not in DRAWINGS:
            raise ValueError(f"“{figure.kind}” is not a drawing: those are {', '.join(DRAWINGS)}.")
        self.draw_it, ratio = DRAWINGS[figure.kind]
        self.values = {key: value for key, value in figure.parameters.items() if key != "ratio"}
        self.width, self.height = width, width * figure.parameters.get("ratio", ratio)
        self.hAlign = "CENTER"

    def wrap(self, *_available: float) -> tuple[float, float]:
        """Its size, whatever room there is."""
        return self.width, self.height

    def draw(self) -> None:
        """Draws it, with its colours and line widths kept to itself."""
        self.canv.saveState()
        scale = self.width / self.NOMINAL_WIDTH
        self.canv.scale(scale, scale)
        self.draw_it(self.canv, self.NOMINAL_WIDTH, self.height / scale, self.values)
        self.canv.restoreState()


def to_flowables(blocks: Iterable[markup.Block], look: Look) -> list[Flowable]:
    """What reportlab lays out for the blocks, numbered within one document."""
    counters = Counters()
    flowables: list[Flowable] = []
    before: markup.Block | None = None
    for block in blocks:
        parts = _set_block(block, look, counters, is_indented=isinstance(before, INDENTS_WHAT_FOLLOWS))
        if isinstance(before, markup.Heading) and isinstance(parts[0], Float):
            parts = [KeepTogether([flowables.pop(), *parts[0]._content])]
        flowables.extend(parts)
        before = block
    return flowables


def _set_block(block: markup.Block, look: Look, counters: Counters, *, is_indented: bool) -> list[Flowable]:
    match block:
        case markup.Heading():
            return [_set_heading(block, look, counters)]
        case markup.Paragraph(text=words):
            indent = look.indent if is_indented else 0
            return [styles.text(words, ParagraphStyle("paragraph", parent=look.body, firstLineIndent=indent))]
        case markup.Listing():
            return [_set_list(block, look)]
        case markup.Table():
            counters.tables += 1
            return [_set_table(block, look, counters.tables)]
        case markup.Figure():
            counters.figures += 1
            return [_set_figure(block, look, counters.figures)]
        case markup.Box(text=words):
            return [_set_box(words, look)]
        case markup.Reference(label=label, text=words):
            return [styles.text(words, look.reference, bulletText=f"{label}.")]
        case markup.Scan(lines=lines):
            return [NextPageTemplate("scan"), PageBreak(), ScannedPage(lines), NextPageTemplate("text"), PageBreak()]
        case markup.Break():
            return [PageBreak()]
    raise ValueError(f"Only slides can hold {block!r}.")


def _set_heading(heading: markup.Heading, look: Look, counters: Counters) -> Flowable:
    words = heading.text
    if heading.is_numbered and look.numbers_headings:
        counters.sections[heading.level - 1] += 1
        if heading.level == 1:
            counters.sections[1] = 0
        words = ".".join(map(str, counters.sections[: heading.level])) + "\u2002" + words
    return styles.text(words, look.headings[heading.level - 1])


def _set_list(listing: markup.Listing, look: Look) -> Flowable:
    items = [ListItem(styles.text(item, look.body), spaceAfter=look.body.leading * 0.15) for item in listing.items]
    return ListFlowable(
        items,
        bulletType="1" if listing.is_ordered else "bullet",
        bulletFontName=look.body.fontName,
        bulletFontSize=look.body.fontSize,
        bulletFormat="%s." if listing.is_ordered else None,
        bulletColor=HexColor(look.accent),
        start=None if listing.is_ordered else "–",
        leftIndent=look.body.fontSize * 1.5,
        spaceBefore=look.body.leading * 0.25,
        spaceAfter=look.body.leading * 0.35,
    )


def _set_table(table: markup.Table, look: Look, number: int) -> Flowable:
    is_numeric = [all(_is_number(row[place]) for row in table.rows[1:]) for place in range(len(table.rows[0]))]
    right = ParagraphStyle("right", parent=look.cell, alignment=TA_RIGHT)
    bold = {
        False: ParagraphStyle("name", parent=look.cell, fontName=styles.SANS_BOLD),
        True: ParagraphStyle("name", parent=right, fontName=styles.SANS_BOLD),
    }
    cells = [[styles.text(cell, bold[is_numeric[place]]) for place, cell in enumerate(table.rows[0])]]
    for row in table.rows[1:]:
        cells.append([styles.text(cell, right if is_numeric[at] else look.cell) for at, cell in enumerate(row)])
    rules = TableStyle(
        [
            ("LINEABOVE", (0, 0), (-1, 0), 0.9, styles.INK),
            ("LINEBELOW", (0, 0), (-1, 0), 0.5, styles.INK),
            ("LINEBELOW", (0, 1), (-1, -2), 0.25, styles.HAIRLINE),
            ("LINEBELOW", (0, -1), (-1, -1), 0.9, styles.INK),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 2),
            ("RIGHTPADDING", (0, 0), (-2, -1), 9),
            ("RIGHTPADDING", (-1, 0), (-1, -1), 2),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ]
    )
    body = Table(cells, colWidths=_column_widths(table, look), style=rules, repeatRows=1)
    caption = styles.text(f"**{WORDS[look.language]['table']} {number}.** {table.caption}", look.caption)
    space = Spacer(0, look.body.leading * 0.6)
    if len(table.rows) > 14:
        return KeepTogether([space, caption, Spacer(0, 3), body, space], maxHeight=1)
    return Float([space, caption, Spacer(0, 3), body, space])


def _is_number(cell: str) -> bool:
    return bool(NUMBER.fullmatch(cell.strip("*")))


def _column_widths(table: markup.Table, look: Look) -> list[float]:
    """Each column as wide as its longest cell, up to half of the whole, then stretched to the whole."""
    wanted = []
    for column in zip(*table.rows, strict=True):
        longest = max(stringWidth(cell, styles.SANS_BOLD, look.cell.fontSize) for cell in column) + 13
        word = max(stringWidth(word, styles.SANS_BOLD, look.cell.fontSize) for cell in column for word in cell.split())
        wanted.append((word + 12, max(word + 12, min(longest, look.width * 0.5))))
    least, total = sum(word for word, _ in wanted), sum(whole for _, whole in wanted)
    if total <= look.width or least >= look.width:
        return [whole * look.width / total for _, whole in wanted]
    share = (look.width - least) / (total - least)
    return [word + (whole - word) * share for word, whole in wanted]


def _set_figure(figure: markup.Figure, look: Look, number: int) -> Flowable:
    drawing = Drawing(figure, look.width * look.figure_width)
    caption = styles.text(f"**{WORDS[look.language]['figure']} {number}.** {figure.caption}", look.caption)
    around = look.body.leading * 0.5
    return Float([Spacer(0, around), drawing, Spacer(0, 4), caption, Spacer(0, around)])


def _set_box(words: str, look: Look) -> Flowable:
    frame = TableStyle(
        [
            ("BACKGROUND", (0, 0), (-1, -1), styles.PALE),
            ("LINEBEFORE", (0, 0), (0, -1), 2.5, HexColor(look.accent)),
            ("LEFTPADDING", (0, 0), (-1, -1), 9),
            ("RIGHTPADDING", (0, 0), (-1, -1), 8),
            ("TOPPADDING", (0, 0), (-1, -1), 6),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 7),
            ("LINEABOVE", (0, 0), (-1, 0), 4, white),
        ]
    )
    box = Table([[styles.text(words, look.body)]], colWidths=[look.width], style=frame)
    box.spaceBefore = box.spaceAfter = look.body.leading * 0.6
    return box
