"""Pages set for tests: as what the reading process tells of them, and as real PDFs."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from publications.ingest.descriptive.layout import Layout, Line, read_pages

FONTS = {"": "Helvetica", "b": "Helvetica-Bold", "i": "Helvetica-Oblique", "bi": "Helvetica-BoldOblique"}
RISE = 4.0
SMALL = 0.7


@dataclass(frozen=True)
class Set:
    """A line as it is set. What stands between ^ and ^ in the text is a raised mark: "Jan Smit^1,2^, An Bos^1^"."""

    text: str
    down: float
    """Points from the top of the page to the baseline."""
    size: float = 10.0
    style: str = ""
    left: float = 72.0
    page: int = 1
    upright: bool = True

    def spans(self) -> Iterable[tuple[str, float, float]]:
        """Text, size and rise of each piece."""
        for place, part in enumerate(self.text.split("^")):
            if part:
                yield part, (self.size * SMALL if place % 2 else self.size), (RISE if place % 2 else 0.0)

    @property
    def right(self) -> float:
        return self.left + sum(stringWidth(part, FONTS[self.style], size) for part, size, _rise in self.spans())


def told(lines: Iterable[Set], *, width: float = A4[0], height: float = A4[1], **page: Any) -> list[dict[str, Any]]:
    """The messages that the reading process would send for pages with these lines."""
    lines = list(lines)
    return [
        {
            "page": number,
            "width": width,
            "height": height,
            "lines": [
                [
                    line.left,
                    line.right,
                    line.down,
                    line.upright,
                    [[t, s, FONTS[line.style], line.style, r] for t, s, r in line.spans()],
                ]
                for line in lines
                if line.page == number
            ],
            "links": [],
        }
        | (page if number == 1 else {})
        for number in sorted({line.page for line in lines})
    ]


def layout_of(*lines: Set, **page: Any) -> Layout:
    """The layout of pages with these lines."""
    return Layout.of(read_pages(told(lines, **page)))


def lines_of(*lines: Set) -> list[Line]:
    """The lines as the functions that look at them get them."""
    return [line for page in layout_of(*lines).pages for line in page.lines]


def paragraph(
    text: str, down: float, *, size: float = 10.0, left: float = 72.0, width: float = 450.0, page: int = 1
) -> list[Set]:
    """A text broken into lines of that width, below each other."""
    lines, words = [], text.split()
    while words:
        taken = [words.pop(0)]
        while words and stringWidth(" ".join([*taken, words[0]]), FONTS[""], size) <= width:
            taken.append(words.pop(0))
        lines.append(Set(" ".join(taken), down + 1.2 * size * len(lines), size=size, left=left, page=page))
    return lines


def draw(lines: Iterable[Set], *, title: str = "", author: str = "", pagesize: tuple[float, float] = A4) -> bytes:
    """A PDF with these lines."""
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=pagesize, invariant=True)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    lines = list(lines)
    for number in range(1, max(line.page for line in lines) + 1):
        for line in (line for line in lines if line.page == number):
            text = canvas.beginText(line.left, pagesize[1] - line.down)
            for part, size, rise in line.spans():
                text.setFont(FONTS[line.style], size)
                text.setRise(rise)
                text.textOut(part)
            canvas.drawText(text)
        canvas.showPage()
    canvas.save()
    return content.getvalue()


SENTENCES = (
    "Leaves fall in autumn, and nobody has counted them yet. We put a scanner below a beech and measured how the "
    "thickness of the layer grows from day to day. Wind explains most of the difference between two days, and rain the "
    "rest of it. The method works on other trees as well, and it needs no more than a ladder and some patience."
)
BODY = (
    "The layer below a tree has been described before, though never in numbers. In this section we recall what is "
    "known about beeches, why their leaves stay so long, and how earlier work has measured the wind in a garden. Then "
    "we show what is different here, and where the reader finds the details of our method and of its results. "
)


def paper(*front: Set, abstract: str = SENTENCES, begin: float = 300.0) -> list[Set]:
    """A paper: its front matter, an abstract under a heading, and a first section that runs on to a second page."""
    lines = [*front, Set("Abstract", begin, size=12, style="b", left=270)]
    lines += paragraph(abstract, begin + 16, size=9, left=100, width=400)
    below = lines[-1].down + 36
    lines.append(Set("1. Introduction", below, size=12, style="b"))
    lines += paragraph(BODY * 2, below + 20)
    lines += paragraph(BODY * 5, 100, page=2)
    return lines
