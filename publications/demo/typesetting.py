"""Real PDFs from the demo content: `typeset` gives the same bytes each time, without clock or chance.

An article has two columns, a manuscript one with its abstract, a report a wide left margin, and slides have their own
module.
"""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, FrameBreak, NextPageTemplate, PageTemplate, Spacer
from reportlab.platypus.flowables import HRFlowable

from publications.demo import looks, markup, slides, styles
from publications.demo.floats import FloatingDocTemplate
from publications.demo.flowables import WORDS, to_flowables
from publications.demo.things import DemoContent, DemoFile, DemoRecord

WIDTH, HEIGHT = A4

Draw = Callable[[Canvas, BaseDocTemplate], None]


@dataclass(frozen=True)
class Sheet:
    """Margins of a layout, in points, and what stands in them."""

    left: float
    right: float
    top: float
    bottom: float
    source: str
    """Journal or series."""
    running_title: str
    foot: str
    accent: str

    @property
    def width(self) -> float:
        return WIDTH - self.left - self.right

    @property
    def height(self) -> float:
        return HEIGHT - self.top - self.bottom


def typeset(file: DemoFile, *, record: DemoRecord, content: DemoContent) -> bytes:
    """The PDF of a record's file. Raises ValueError where a slide is too full or a drawing is unknown."""
    styles.register_fonts()
    if file.layout == "slides":
        return slides.typeset_slides(file, record=record, content=content)
    templates, story = LAYOUTS[file.layout](file, record, content)
    pdf = BytesIO()
    document = FloatingDocTemplate(
        pdf,
        pagesize=A4,
        title=document_title(file, record),
        author=", ".join(content.agent_name(agent) for agent in record.creators),
        subject=record.subtitle or record.container_title or record.series,
        keywords=", ".join(topic_labels(record, content)),
        creator=slides.CREATOR,
        producer=slides.PRODUCER,
        lang=record.language,
        invariant=1,
        pageCompression=1,
    )
    document.addPageTemplates([*templates, PageTemplate(id="scan", frames=[_frame(0, 0, WIDTH, HEIGHT)])])
    document.build(story)
    return pdf.getvalue()


def document_title(file: DemoFile, record: DemoRecord) -> str:
    """The title on the first page: the file's own, or the record's."""
    return file.title or record.title


def topic_labels(record: DemoRecord, content: DemoContent) -> list[str]:
    """The topics in the record's language."""
    return [getattr(content.topics[slug].label, record.language) for slug in record.topics]


def affiliated_names(record: DemoRecord, content: DemoContent) -> tuple[str, str]:
    """The authors with marks for their affiliations, and the affiliations with those marks, both in markup."""
    places: list[str] = []
    names = []
    for agent in record.creators:
        organisations = [content.organisations[slug] for slug in agent.affiliations]
        printed = [f"{getattr(one.name, record.language)}, {one.city}" for one in organisations]
        printed += [agent.affiliation_name] if agent.affiliation_name else []
        places += [place for place in printed if place not in places]
        marks = ",".join(str(places.index(place) + 1) for place in printed)
        names.append(content.agent_name(agent).replace(" ", "\u00a0") + (f"^{marks}^" if marks else ""))
    marked = (f"^{number}^\u00a0{place}" for number, place in enumerate(places, start=1))
    return ", ".join(names), " · ".join(marked)


def _frame(left: float, bottom: float, width: float, height: float) -> Frame:
    return Frame(left, bottom, width, height, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)


def _sheet(file: DemoFile, record: DemoRecord, margins: tuple[float, float, float, float]) -> Sheet:
    doi = f"https://doi.org/{record.doi}" if record.doi and not file.title else ""
    rights = record.rights.replace("-", " ") if record.rights.startswith("CC") else ""
    left, right, top, bottom = (margin * mm for margin in margins)
    return Sheet(
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        source=record.container_title or record.series or record.publisher or "CMI-NEN",
        running_title=record.short_title or document_title(file, record),
        foot=" · ".join(part for part in (doi, rights) if part),
        accent=file.accent,
    )


def _short_authors(record: DemoRecord, content: DemoContent) -> str:
    """The authors for a running header: "El Ouazzani and others"."""
    names = [content.agent_name(agent) for agent in record.creators]
    conjunction, others = ("en", "anderen") if record.language == "nl" else ("and", "others")
    if len(names) == 1:
        return names[0]
    return f"{names[0]} {conjunction} {names[1] if len(names) == 2 else others}"


def _draw_foot(canvas: Canvas, sheet: Sheet) -> None:
    canvas.setFont(styles.SANS, 7)
    canvas.setFillColor(styles.INK_2)
    canvas.drawString(sheet.left, 11 * mm, sheet.foot)
    canvas.drawRightString(WIDTH - sheet.right, 11 * mm, str(canvas.getPageNumber()))


def _draw_running_head(canvas: Canvas, sheet: Sheet, words: str) -> None:
    canvas.setFont(styles.SANS, 7.4)
    canvas.setFillColor(styles.INK_2)
    canvas.drawString(sheet.left, HEIGHT - 12.4 * mm, words)
    canvas.drawRightString(WIDTH - sheet.right, HEIGHT - 12.4 * mm, sheet.running_title)
    canvas.setStrokeColor(styles.HAIRLINE)
    canvas.setLineWidth(0.4)
    canvas.line(sheet.left, HEIGHT - 14.4 * mm, WIDTH - sheet.right, HEIGHT - 14.4 * mm)


def _draw_source(canvas: Canvas, sheet: Sheet, record: DemoRecord) -> None:
    """Journal, year, volume and pages above the first page."""
    volume = f"{record.volume}({record.issue})" if record.issue else record.volume
    canvas.setFillColor(HexColor(sheet.accent))
    canvas.rect(sheet.left, HEIGHT - 14.2 * mm, sheet.width, 1.1 * mm, stroke=0, fill=1)
    canvas.setFont(styles.SANS_BOLD, 8.4)
    canvas.drawString(sheet.left, HEIGHT - 12 * mm, sheet.source)
    canvas.setFont(styles.SANS, 7.6)
    canvas.setFillColor(styles.INK_2)
    where = " · ".join(part for part in (str(record.year), volume, record.page) if part)
    canvas.drawRightString(WIDTH - sheet.right, HEIGHT - 12 * mm, where)


def _small(size: float, leading: float, **settings: object) -> ParagraphStyle:
    return styles.style("small", styles.SANS, size, leading, textColor=styles.INK_2, **settings)


def _head(file: DemoFile, record: DemoRecord, content: DemoContent, title: ParagraphStyle) -> list[Flowable]:
    """Title, subtitle, authors and affiliations."""
    names, places = affiliated_names(record, content)
    align = {"alignment": title.alignment}
    head: list[Flowable] = [Spacer(0, 5), styles.text(document_title(file, record), title)]
    if record.subtitle and not file.title:
        size = title.fontSize * 0.66
        subtitle = styles.style("subtitle", styles.SERIF_ITALIC, size, size * 1.25, **align)
        head += [Spacer(0, 4), styles.text(record.subtitle, subtitle)]
    head += [
        Spacer(0, 8),
        styles.text(names, styles.style("authors", styles.SERIF, 11, 14.2, **align)),
        Spacer(0, 2),
        styles.text(places, _small(7.8, 10.2, **align)),
        Spacer(0, 7),
    ]
    return head


def _rule(before: float, after: float) -> Flowable:
    return HRFlowable(width="100%", thickness=0.4, color=styles.HAIRLINE, spaceBefore=before, spaceAfter=after)


def _abstract(record: DemoRecord, content: DemoContent, size: float) -> list[Flowable]:
    words = WORDS[record.language]
    abstract = " ".join(record.abstract.split())
    keywords = ", ".join(topic_labels(record, content))
    return [
        styles.text(f"**{words['abstract']}**\u2002{abstract}", styles.body_style(size, size * 1.28)),
        Spacer(0, 5),
        styles.text(f"**{words['keywords']}**\u2002{keywords}", _small(8, 10.4)),
    ]


def _paper_drawers(sheet: Sheet, record: DemoRecord, content: DemoContent) -> tuple[Draw, Draw]:
    """What is drawn around the text of a paper: on its first page, and on the others."""

    def draw_first(canvas: Canvas, _document: BaseDocTemplate) -> None:
        _draw_source(canvas, sheet, record)
        _draw_foot(canvas, sheet)

    def draw_later(canvas: Canvas, _document: BaseDocTemplate) -> None:
        _draw_running_head(canvas, sheet, _short_authors(record, content))
        _draw_foot(canvas, sheet)

    return draw_first, draw_later


def _templates(first: list[Frame], later: list[Frame], drawers: tuple[Draw, Draw]) -> list[PageTemplate]:
    return [
        PageTemplate(id="first", frames=first, onPage=drawers[0]),
        PageTemplate(id="text", frames=later, onPage=drawers[1]),
    ]


def _article(file: DemoFile, record: DemoRecord, content: DemoContent) -> tuple[list[PageTemplate], list[Flowable]]:
    sheet = _sheet(file, record, (21, 21, 22, 22))
    gap = 8 * mm
    column = (sheet.width - gap) / 2
    lefts = (sheet.left, sheet.left + column + gap)
    title = styles.style("title", styles.SERIF_BOLD, 21, 25)
    head = [*_head(file, record, content, title), _rule(0, 5), *_abstract(record, content, 9.8), _rule(6, 8)]
    head_height = sum(_height(part, sheet.width) for part in head) + 2
    below = sheet.height - head_height
    first = [
        _frame(sheet.left, sheet.bottom + below, sheet.width, head_height),
        *(_frame(left, sheet.bottom, column, below) for left in lefts),
    ]
    later = [_frame(left, sheet.bottom, column, sheet.height) for left in lefts]
    look = looks.article_look(column, language=record.language, accent=file.accent)
    story = [*head, FrameBreak(), NextPageTemplate("text"), *to_flowables(markup.parse(file.text), look)]
    return _templates(first, later, _paper_drawers(sheet, record, content)), story


def _height(part: Flowable, width: float) -> float:
    return part.wrap(width, HEIGHT)[1] + part.getSpaceBefore() + part.getSpaceAfter()


def _manuscript(file: DemoFile, record: DemoRecord, content: DemoContent) -> tuple[list[PageTemplate], list[Flowable]]:
    sheet = _sheet(file, record, (35, 35, 25, 26))
    title = styles.style("title", styles.SERIF_BOLD, 18, 22, alignment=TA_CENTER)
    head = [*_head(file, record, content, title), *_abstract(record, content, 10.2), _rule(7, 6)]
    look = looks.manuscript_look(sheet.width, language=record.language, accent=file.accent)
    story = [*head, NextPageTemplate("text"), *to_flowables(markup.parse(file.text), look)]
    frames = [_frame(sheet.left, sheet.bottom, sheet.width, sheet.height)]
    return _templates(frames, frames, _paper_drawers(sheet, record, content)), story


def _report(file: DemoFile, record: DemoRecord, content: DemoContent) -> tuple[list[PageTemplate], list[Flowable]]:
    sheet = _sheet(file, record, (44, 25, 24, 24))

    def draw_first(canvas: Canvas, _document: BaseDocTemplate) -> None:
        canvas.setFillColor(HexColor(sheet.accent))
        canvas.rect(0, HEIGHT - 9 * mm, WIDTH, 9 * mm, stroke=0, fill=1)
        canvas.setFillGray(1)
        canvas.setFont(styles.SANS_BOLD, 8.4)
        canvas.drawString(sheet.left, HEIGHT - 6 * mm, sheet.source)
        canvas.setFont(styles.SANS, 8.4)
        canvas.drawRightString(WIDTH - sheet.right, HEIGHT - 6 * mm, record.issued)
        _draw_foot(canvas, sheet)

    def draw_later(canvas: Canvas, _document: BaseDocTemplate) -> None:
        canvas.setFillColor(HexColor(sheet.accent))
        canvas.rect(sheet.left - 8 * mm, HEIGHT - 13 * mm, 4 * mm, 2.4 * mm, stroke=0, fill=1)
        canvas.setFont(styles.SANS, 7.4)
        canvas.setFillColor(styles.INK_2)
        canvas.drawString(sheet.left, HEIGHT - 12.8 * mm, sheet.running_title)
        _draw_foot(canvas, sheet)

    head = [*_head(file, record, content, styles.style("title", styles.SANS_BOLD, 21, 25.5)), _rule(2, 10)]
    look = looks.report_look(sheet.width, language=record.language, accent=file.accent)
    frames = [_frame(sheet.left, sheet.bottom, sheet.width, sheet.height)]
    story = [*head, NextPageTemplate("text"), *to_flowables(markup.parse(file.text), look)]
    return _templates(frames, frames, (draw_first, draw_later)), story


Layout = Callable[[DemoFile, DemoRecord, DemoContent], tuple[list[PageTemplate], list[Flowable]]]

LAYOUTS: dict[str, Layout] = {"article": _article, "manuscript": _manuscript, "report": _report}
