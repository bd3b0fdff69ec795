"""The pictures of the demo's events: drawn here, the same each time, since there is nobody to photograph.

A step wedge is a strip of eleven greys. A hundred and seventy-one telephones see a hundred and seventy-one of them.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

SIZE = (1200, 800)
STEPS = 11
ROWS, COLUMNS = 9, 19
Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Light:
    """How a telephone sees the wedge: gamma and gain of the greys, the colour of the light, and of the table."""

    gamma: float
    gain: float
    tint: tuple[float, float, float]
    table: Colour
    angle: float
    seed: int = 0


WINDOW = Light(gamma=0.8, gain=1.06, tint=(0.96, 1.0, 1.05), table=(176, 166, 150), angle=-4.0, seed=1)
LAMP = Light(gamma=1.25, gain=0.9, tint=(1.08, 0.98, 0.8), table=(112, 84, 58), angle=6.5, seed=2)


def draw_picture(name: str) -> bytes:
    """The JPEG of one of PICTURES."""
    jpeg = BytesIO()
    PICTURES[name]().save(jpeg, "JPEG", quality=82, optimize=True)
    return jpeg.getvalue()


def photograph(light: Light, size: tuple[int, int] = SIZE) -> Image.Image:
    """The wedge on a table, as a telephone of that light sees it."""
    picture = Image.new("RGB", size, light.table)
    card = Image.new("RGBA", (round(size[0] * 0.78), round(size[1] * 0.42)), (246, 246, 242, 255))
    pen = ImageDraw.Draw(card)
    margin = round(card.width * 0.035)
    step = (card.width - 2 * margin) / STEPS
    for number in range(STEPS):
        left = margin + number * step
        pen.rectangle((left, margin, left + step, card.height - margin), fill=(*see(number / (STEPS - 1), light), 255))
    turned = card.rotate(light.angle, resample=Image.Resampling.BICUBIC, expand=True)
    place = ((size[0] - turned.width) // 2, (size[1] - turned.height) // 2)
    shadow = Image.new("L", size, 0)
    shadow.paste(110, (place[0] + size[0] // 90, place[1] + size[0] // 70), turned.getchannel("A"))
    picture.paste((0, 0, 0), (0, 0), shadow.filter(ImageFilter.GaussianBlur(size[0] / 80)))
    picture.paste(turned, place, turned)
    return as_photo(picture, seed=light.seed)


def see(grey: float, light: Light) -> Colour:
    """The colour of a grey, from 0 (black) to 1 (white), in that light."""
    value = min(1.0, light.gain * (0.03 + 0.94 * grey) ** light.gamma)
    red, green, blue = (round(min(255.0, 255 * value * part)) for part in light.tint)
    return red, green, blue


def as_photo(picture: Image.Image, *, seed: int) -> Image.Image:
    """Darker towards the corners, and with grain."""
    height, width = picture.height, picture.width
    down, across = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    shade = 1.0 - 0.28 * (across**2 + down**2) / 2
    grain = np.random.default_rng(seed).normal(0, 3.2, (height, width, 1))
    pixels = np.asarray(picture, np.float64) * shade[..., None] + grain
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def photograph_wall() -> Image.Image:
    """All pictures that visitors took, side by side."""
    chance = random.Random(171)  # noqa: S311 - a picture, the same each time
    wall = Image.new("RGB", SIZE, (24, 24, 26))
    width, height = SIZE[0] // COLUMNS, SIZE[1] // ROWS
    for number in range(ROWS * COLUMNS):
        wood = chance.randrange(60, 180)
        light = Light(
            gamma=chance.uniform(0.6, 1.6),
            gain=chance.uniform(0.75, 1.1),
            tint=(chance.uniform(0.88, 1.12), chance.uniform(0.95, 1.02), chance.uniform(0.78, 1.12)),
            table=(wood + chance.randrange(60), wood + chance.randrange(25), wood - chance.randrange(45)),
            angle=chance.uniform(-12, 12),
            seed=number,
        )
        picture = photograph(light, (width - 3, height - 3))
        wall.paste(picture, (number % COLUMNS * width + 6, number // COLUMNS * height + 6))
    return wall


def photograph_screens() -> Image.Image:
    """Three scanners' pictures of one phantom: a disc with rods that differ less and less from it."""
    room = Image.new("RGB", SIZE, (30, 32, 36))
    side = 350
    for number, noise in enumerate((6.0, 13.0, 24.0)):
        screen = Image.fromarray(scan_phantom(side, noise=noise, seed=number)).convert("RGB")
        place = (40 + number * (side + 35), (SIZE[1] - side) // 2 - 20)
        ImageDraw.Draw(room).rounded_rectangle(
            (place[0] - 10, place[1] - 10, place[0] + side + 10, place[1] + side + 10), radius=10, fill=(12, 12, 14)
        )
        room.paste(screen, place)
    return as_photo(room, seed=3)


def scan_phantom(side: int, *, noise: float, seed: int) -> NDArray[np.uint8]:
    """Grey values of one slice through the phantom."""
    down, across = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    slice_ = np.where(across**2 + down**2 < 0.9**2, 112.0, 6.0)
    for number in range(9):
        angle = 2 * np.pi * number / 9
        x, y, radius = 0.58 * np.cos(angle), 0.58 * np.sin(angle), 0.17 - 0.012 * number
        slice_[(across - x) ** 2 + (down - y) ** 2 < radius**2] = 112.0 + 76 * 0.72**number
    slice_ += np.random.default_rng(seed).normal(0, noise, slice_.shape)
    return np.clip(slice_, 0, 255).astype(np.uint8)


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "wedge by the window": lambda: photograph(WINDOW),
    "wedge under a lamp": lambda: photograph(LAMP),
    "wall of wedges": photograph_wall,
    "three screens": photograph_screens,
}
