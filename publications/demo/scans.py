"""A page that is a picture: text drawn as an old scan, in which no program finds words without recognising them."""

import random
from io import BytesIO
from pathlib import Path

import reportlab
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable

FONT = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
SIZE = (992, 1403)
"""A4 at 120 dots an inch."""


def draw_scan(lines: tuple[str, ...]) -> bytes:
    """A JPEG of the lines on slightly turned, stained paper, the same each time."""
    page = Image.new("L", SIZE, 243)
    pen = ImageDraw.Draw(page)
    font = ImageFont.truetype(str(FONT), 19)
    for place, line in enumerate(lines):
        pen.text((118, 132 + place * 31), line, font=font, fill=52)
    page = page.rotate(0.7, resample=Image.Resampling.BICUBIC, fillcolor=236).filter(ImageFilter.GaussianBlur(0.7))
    stains = random.Random(2014)  # noqa: S311 - a picture, the same each time
    pen = ImageDraw.Draw(page)
    for _ in range(420):
        x, y = stains.randrange(SIZE[0]), stains.randrange(SIZE[1])
        pen.point((x, y), fill=stains.randrange(120, 215))
    for hole in (0.25, 0.75):
        pen.ellipse((34, SIZE[1] * hole, 62, SIZE[1] * hole + 28), fill=70)
    jpeg = BytesIO()
    page.save(jpeg, "JPEG", quality=62)
    return jpeg.getvalue()


class ScannedPage(Flowable):
    """A whole page filled by the picture of a scan."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__()
        self.image = ImageReader(BytesIO(draw_scan(lines)))

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """All the room there is."""
        self.width, self.height = width, height
        return width, height

    def draw(self) -> None:
        """Draws the picture over the whole frame."""
        self.canv.drawImage(self.image, 0, 0, self.width, self.height)
