"""Slides as PDF: a slide of 16:9 on each landscape page, and under it what the speaker says."""

from io import BytesIO

from reportlab.lib.colors import HexColor, white
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Frame, Spacer

from publications.demo import markup, styles
from publications.demo.flowables import WORDS, Drawing, Look, to_flowables
from publications.demo.things import DemoContent, DemoFile, DemoRecord

WIDTH, HEIGHT = 297 * mm, 210 * mm
NOTES_HEIGHT = HEIGHT - WIDTH * 9 / 16
MARGIN = 17 * mm
CREATOR, PRODUCER = "Knowledge Hub demo", "ReportLab"


def typeset_slides(file: DemoFile, *, record: DemoRecord, content: DemoContent) -> bytes:
    """The PDF of a slide deck. Raises ValueError with the number of a slide that is too full."""
    pdf = BytesIO()
    canvas = Canvas(pdf, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1, lang=record.language)
    names = ", ".join(content.agent_name(agent) for agent in record.creators)
    canvas.setTitle(file.title or record.title)
    canvas.setAuthor(names)
    canvas.setSubject(record.subtitle)
    canvas.setCreator(CREATOR)
    canvas.setProducer(PRODUCER)
    decks = split_slides(markup.parse(file.text))
    occasion = record.series
    if record.event:
        title = content.events[record.event].title
        occasion = title.nl if record.language == "nl" else title.en
    for number, blocks in enumerate(decks, start=1):
        try:
            if number == 1:
                _draw_title(canvas, file, record, names, occasion)
            else:
                _draw_slide(canvas, file, record, blocks, number)
            _draw_notes(canvas, blocks, record.language)
        except ValueError as error:
            raise ValueError(f"{file.name}, slide {number}: {error}") from error
        canvas.showPage()
    canvas.save()
    return pdf.getvalue()


def split_slides(blocks: tuple[markup.Block, ...]) -> list[list[markup.Block]]:
    """The blocks of each slide, in order. The first holds only the notes that go with the title."""
    decks: list[list[markup.Block]] = [[]]
    for block in blocks:
        if block == markup.Break("slide"):
            decks.append([])
        else:
            decks[-1].append(block)
    return decks


def _draw_title(canvas: Canvas, file: DemoFile, record: DemoRecord, names: str, occasion: str) -> None:
    canvas.setFillColor(HexColor(file.accent))
    canvas.rect(0, NOTES_HEIGHT, WIDTH, HEIGHT - NOTES_HEIGHT, stroke=0, fill=1)
    for place in range(11):
        canvas.setFillGray(place / 10)
        canvas.rect(MARGIN + place * 5 * mm, NOTES_HEIGHT + 14 * mm, 5 * mm, 5 * mm, stroke=0, fill=1)
    white_text = {"textColor": white}
    parts: list[Flowable] = [styles.text(record.title, styles.style("t", styles.SANS_BOLD, 34, 40, **white_text))]
    if record.subtitle:
        parts += [Spacer(0, 8), styles.text(record.subtitle, styles.style("s", styles.SANS, 19, 24, **white_text))]
    parts += [
        Spacer(0, 20),
        styles.text(names, styles.style("n", styles.SANS, 15, 20, **white_text)),
        Spacer(0, 4),
        styles.text(f"{occasion} · {record.issued}", styles.style("o", styles.SANS, 12, 16, **white_text)),
    ]
    _fill(canvas, parts, (MARGIN, NOTES_HEIGHT + 24 * mm, WIDTH - 3 * MARGIN, HEIGHT - NOTES_HEIGHT - 44 * mm))


def _draw_slide(canvas: Canvas, file: DemoFile, record: DemoRecord, blocks: list[markup.Block], number: int) -> None:
    accent = HexColor(file.accent)
    canvas.setFillColor(accent)
    canvas.rect(0, NOTES_HEIGHT, 3.5 * mm, HEIGHT - NOTES_HEIGHT, stroke=0, fill=1)
    canvas.setFont(styles.SANS, 8.5)
    canvas.setFillColor(styles.INK_2)
    canvas.drawString(MARGIN, NOTES_HEIGHT + 6 * mm, record.short_title or record.title)
    canvas.drawRightString(WIDTH - MARGIN, NOTES_HEIGHT + 6 * mm, str(number))
    figures = [block for block in blocks if isinstance(block, markup.Figure)]
    rest = [block for block in blocks if not isinstance(block, (markup.Figure, markup.Notes, markup.Heading))]
    titles = [block.text for block in blocks if isinstance(block, markup.Heading)]
    title_style = styles.style("title", styles.SANS_BOLD, 30, 35, textColor=accent)
    title = [styles.text(words, title_style) for words in titles]
    top = HEIGHT - 14 * mm
    height = sum(part.wrap(WIDTH - 2 * MARGIN, HEIGHT)[1] for part in title)
    _fill(canvas, title, (MARGIN, top - height - 1, WIDTH - 2 * MARGIN, height + 1))
    bottom = NOTES_HEIGHT + 13 * mm
    room = top - height - 9 * mm - bottom
    text_width = WIDTH - 2 * MARGIN
    if figures:
        text_width = text_width * 0.42 if rest else 0.0
        left = MARGIN + (text_width + 9 * mm if rest else 0)
        _draw_figure(canvas, figures[0], (left, bottom, WIDTH - MARGIN - left, room))
    if rest:
        _fill(canvas, to_flowables(rest, _look(text_width, file, record)), (MARGIN, bottom, text_width, room))


def _draw_figure(canvas: Canvas, figure: markup.Figure, area: tuple[float, float, float, float]) -> None:
    """The figure as large as its area allows, its caption below; its small letters grow with it."""
    left, bottom, width, height = area
    caption = styles.text(figure.caption, styles.style("caption", styles.SANS, 11, 14, textColor=styles.INK_2))
    drawing = Drawing(figure, width)
    if drawing.height > height - 34:
        drawing = Drawing(figure, width * (height - 34) / drawing.height)
    caption_height = caption.wrap(drawing.width, height)[1]
    left += (width - drawing.width) / 2
    drawing.drawOn(canvas, left, bottom + height - drawing.height)
    caption.drawOn(canvas, left, bottom + height - drawing.height - caption_height - 6)


def _look(width: float, file: DemoFile, record: DemoRecord) -> Look:
    return Look(
        width=width,
        language=record.language,
        body=styles.style("body", styles.SANS, 21, 28, spaceAfter=9),
        headings=(styles.style("h1", styles.SANS_BOLD, 22, 28),) * 2,
        caption=styles.style("caption", styles.SANS, 13, 17),
        cell=styles.style("cell", styles.SANS, 17, 22),
        reference=styles.style("reference", styles.SANS, 12, 15, leftIndent=20, bulletFontSize=12),
        indent=0,
        accent=file.accent,
        numbers_headings=False,
    )


def _draw_notes(canvas: Canvas, blocks: list[markup.Block], language: str) -> None:
    canvas.setFillColor(styles.PALE)
    canvas.rect(0, 0, WIDTH, NOTES_HEIGHT, stroke=0, fill=1)
    notes = [block.text for block in blocks if isinstance(block, markup.Notes)]
    if not notes:
        return
    canvas.setFont(styles.SANS_BOLD, 8)
    canvas.setFillColor(styles.INK_2)
    canvas.drawString(MARGIN, NOTES_HEIGHT - 7.5 * mm, WORDS[language]["notes"])
    small = styles.style("notes", styles.SERIF, 12, 15)
    width = (WIDTH - 2 * MARGIN - 10 * mm) / 2
    parts: list[Flowable] = [styles.text(words, small) for words in notes]
    frames = [(MARGIN + place * (width + 10 * mm), 5 * mm, width, NOTES_HEIGHT - 14.5 * mm) for place in range(2)]
    _fill(canvas, parts, *frames)


def _fill(canvas: Canvas, parts: list[Flowable], *areas: tuple[float, float, float, float]) -> None:
    """Lays the parts out in the areas, one after the other. Raises ValueError where they do not fit."""
    left = list(parts)
    for x, y, width, height in areas:
        frame = Frame(x, y, width, height, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
        while left:
            if frame.add(left[0], canvas):
                left.pop(0)
                continue
            pieces = frame.split(left[0], canvas)
            if len(pieces) < 2 or not frame.add(pieces[0], canvas):
                break
            left[0:1] = pieces[1:]
    if left:
        raise ValueError("there is more text than fits.")
