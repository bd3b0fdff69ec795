"""Schematic pictures of the demo documents: wedges, phantoms, slices, sectors and polar maps, in greys.

A drawing function gets the canvas (origin at the lower left), its width and height, and the values from the text.
SCHEMATICS gives each its name and its height as a share of its width. Nothing here is a patient.
"""

import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from publications.demo.charts import label
from publications.demo.styles import INK, INK_2


def draw_wedge(canvas: Canvas, width: float, height: float, values: dict[str, Any]) -> None:
    """A step wedge: `densities` from 0 (black) to 1 (white), each with its name, and `noise` in the same measure."""
    densities: list[float] = values["densities"]
    names: list[str] = values.get("names", [""] * len(densities))
    step = width / len(densities)
    base = 12.0
    rows, columns = 60, 24
    greys = np.tile(np.repeat(densities, columns), (rows, 1))
    grain = np.random.default_rng(values.get("seed", 7)).normal(0, values.get("noise", 0.0), greys.shape)
    _draw_pixels(canvas, greys + grain, (0, base, width, height - base))
    canvas.setFillColor(INK_2)
    for place, name in enumerate(names):
        label(canvas, (place + 0.5) * step, 2.5, name, align="centre")
    canvas.setStrokeColor(INK_2)
    canvas.setLineWidth(0.4)
    canvas.rect(0, base, width, height - base)


def _draw_pixels(canvas: Canvas, greys: np.ndarray, area: tuple[float, float, float, float]) -> None:
    """A picture from greys between 0 and 1, over an area of left, bottom, width and height.

    Grain is a picture and not thousands of little shapes, which would make reading the page slow.
    """
    pixels = Image.fromarray((np.clip(greys, 0, 1) * 255).astype(np.uint8), "L")
    canvas.drawImage(ImageReader(pixels), *area)


def draw_phantom(canvas: Canvas, width: float, height: float, values: dict[str, Any]) -> None:
    """A round phantom with `inserts`: angle in degrees, distance and radius as shares, grey, name."""
    radius = height * 0.46
    x, y = width / 2, height / 2
    canvas.setStrokeColor(INK_2)
    canvas.setLineWidth(0.8)
    canvas.setFillGray(values.get("background", 0.72))
    canvas.circle(x, y, radius, fill=1)
    canvas.setFillGray(values.get("inside", 0.62))
    canvas.circle(x, y, radius * 0.94, stroke=0, fill=1)
    for angle, distance, size, grey, name in values["inserts"]:
        turn = math.radians(angle)
        insert_x, insert_y = x + math.cos(turn) * distance * radius, y + math.sin(turn) * distance * radius
        canvas.setFillGray(grey)
        canvas.circle(insert_x, insert_y, size * radius, stroke=0, fill=1)
        if name:
            # Rings around the middle are pointed at where they end, so that their names do not fall together.
            edge = size * radius if not distance else 0.0
            point = (insert_x + math.cos(turn) * edge, insert_y + math.sin(turn) * edge)
            _point_out(canvas, point, math.cos(turn) > 0, name, width)


def _point_out(canvas: Canvas, point: tuple[float, float], is_right: bool, name: str, width: float) -> None:
    """A thin line from a point to its name in the margin."""
    x, y = point
    margin = width * 0.84 if is_right else width * 0.16
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(0.4)
    canvas.line(x, y, margin, y)
    canvas.setFillColor(INK)
    label(canvas, margin + (3 if is_right else -3), y - 2.2, name, align="left" if is_right else "right")


def draw_slice(canvas: Canvas, width: float, height: float, values: dict[str, Any]) -> None:
    """A cross-section of a chest on black, with `spots`: x and y from -1 to 1, radius as a share, grey, name."""
    x, y, across, up = _draw_black_field(canvas, width, height)
    _ellipse(canvas, x, y, across, up, 0.5)
    _ellipse(canvas, x, y, across * 0.93, up * 0.9, 0.36)
    for side in (-1, 1):
        _ellipse(canvas, x + side * across * 0.44, y + up * 0.04, across * 0.34, up * 0.66, 0.06)
        _draw_vessels(canvas, x + side * across * 0.44, y, across * 0.3, up * 0.55, seed=side + 5)
    _ellipse(canvas, x + across * 0.1, y + up * 0.14, across * 0.27, up * 0.38, 0.52)
    _ellipse(canvas, x, y - up * 0.62, across * 0.12, up * 0.17, 0.92)
    _ellipse(canvas, x, y - up * 0.64, across * 0.045, up * 0.07, 0.4)
    _draw_spots(canvas, values.get("spots", []), (x, y), (across, up), width)


def draw_brain(canvas: Canvas, width: float, height: float, values: dict[str, Any]) -> None:
    """A cross-section of a head on black, with `spots` as in a slice of the chest."""
    x, y, across, up = _draw_black_field(canvas, width, height)
    across = up * 0.82
    _ellipse(canvas, x, y, across, up, 0.95)
    _ellipse(canvas, x, y, across * 0.93, up * 0.94, 0.3)
    _ellipse(canvas, x, y, across * 0.88, up * 0.9, 0.5)
    for side in (-1, 1):
        _ellipse(canvas, x + side * across * 0.16, y + up * 0.2, across * 0.1, up * 0.24, 0.16)
        _ellipse(canvas, x + side * across * 0.2, y - up * 0.28, across * 0.09, up * 0.16, 0.16)
        _ellipse(canvas, x + side * across * 0.28, y + up * 0.02, across * 0.13, up * 0.17, 0.58)
    canvas.setStrokeGray(0.28)
    canvas.setLineWidth(0.8)
    canvas.line(x, y + up * 0.88, x, y + up * 0.45)
    canvas.line(x, y - up * 0.5, x, y - up * 0.88)
    _draw_spots(canvas, values.get("spots", []), (x, y), (across, up), width)


def _draw_black_field(canvas: Canvas, width: float, height: float) -> tuple[float, float, float, float]:
    canvas.setFillGray(0)
    canvas.rect(0, 0, width, height, stroke=0, fill=1)
    return width / 2, height / 2, min(width * 0.28, height * 0.62), height * 0.4


def _ellipse(canvas: Canvas, x: float, y: float, across: float, up: float, grey: float) -> None:
    canvas.setFillGray(grey)
    canvas.ellipse(x - across, y - up, x + across, y + up, stroke=0, fill=1)


def _draw_vessels(canvas: Canvas, x: float, y: float, across: float, up: float, *, seed: int) -> None:
    places = random.Random(seed)  # noqa: S311 - a picture, the same each time
    for _ in range(46):
        turn, distance = places.uniform(0, 2 * math.pi), math.sqrt(places.random())
        size = 0.35 + (1 - distance) * 1.3
        canvas.setFillGray(0.2 + (1 - distance) * 0.3)
        canvas.circle(
            x + math.cos(turn) * distance * across, y + math.sin(turn) * distance * up, size, stroke=0, fill=1
        )


def _draw_spots(
    canvas: Canvas, spots: list[list[Any]], middle: tuple[float, float], size: tuple[float, float], width: float
) -> None:
    for spot_x, spot_y, radius, grey, name in spots:
        x, y = middle[0] + spot_x * size[0], middle[1] + spot_y * size[1]
        canvas.setFillGray(grey)
        canvas.circle(x, y, radius * size[1], stroke=0, fill=1)
        if name:
            margin = width * 0.74 if spot_x > 0 else width * 0.26
            canvas.setStrokeGray(0.85)
            canvas.setLineWidth(0.4)
            canvas.line(x, y, margin, y)
            canvas.setFillGray(0.95)
            label(canvas, margin + (3 if spot_x > 0 else -3), y - 2.2, name, align="left" if spot_x > 0 else "right")


def draw_sector(canvas: Canvas, width: float, height: float, values: dict[str, Any]) -> None:
    """An ultrasound sector of speckle with dark or bright `spots`: angle, depth, radius, grey, name."""
    x, top, reach = width / 2, height * 0.97, height * 0.93
    half_angle = math.radians(values.get("half_angle", 38))
    speckle = _speckle(half_angle, width / height, seed=values.get("seed", 3))
    _draw_pixels(canvas, speckle, (0, 0, width, height))
    for angle, depth, radius, grey, name in values.get("spots", []):
        turn = math.radians(angle)
        at_x, at_y = x + math.sin(turn) * depth * reach, top - math.cos(turn) * depth * reach
        _ellipse(canvas, at_x, at_y, radius * reach * 1.25, radius * reach, grey)
        if name:
            margin = width * 0.82 if angle > 0 else width * 0.18
            canvas.setStrokeGray(0.85)
            canvas.setLineWidth(0.4)
            canvas.line(at_x, at_y, margin, at_y)
            canvas.setFillGray(0.95)
            label(canvas, margin + (3 if angle > 0 else -3), at_y - 2.2, name, align="left" if angle > 0 else "right")


def _speckle(half_angle: float, ratio: float, *, seed: int) -> np.ndarray:
    """Greys of a sector that hangs from the middle of the upper edge: grains widen and fade with depth."""
    rows = 300
    columns = int(rows * ratio)
    down, across = np.mgrid[0:rows, 0:columns]
    y = (down / rows - 0.03) / 0.93
    x = (across - columns / 2) / rows / 0.93
    depth, angle = np.hypot(x, y), np.arctan2(x, y)
    grains = np.random.default_rng(seed).rayleigh(0.25, (150, 72))
    at_depth = np.clip(depth * 149, 0, 149).astype(int)
    at_angle = np.clip((angle / half_angle + 1) / 2 * 71, 0, 71).astype(int)
    inside = (np.abs(angle) < half_angle) & (depth > 0.06) & (depth < 1)
    greys = np.where(inside, grains[at_depth, at_angle] * (1.05 - 0.6 * depth), 0.0)
    return (greys + np.roll(greys, 1, axis=1) + np.roll(greys, 1, axis=0)) / 3


def draw_polar(canvas: Canvas, width: float, height: float, values: dict[str, Any]) -> None:
    """The heart muscle as a polar map: rings from the base inwards, each a list of shares of the greatest uptake."""
    rings: list[list[float]] = values["rings"]
    x, y, radius = width / 2, height / 2, height * 0.41
    thickness = radius / len(rings)
    canvas.setStrokeGray(1)
    canvas.setLineWidth(0.8)
    for place, ring in enumerate(rings):
        outer = radius - place * thickness
        turn = 360 / len(ring)
        for position, uptake in enumerate(ring):
            canvas.setFillGray(0.08 + uptake * 0.84)
            start = 90 - turn / 2 + position * turn
            if len(ring) == 1:
                canvas.circle(x, y, outer, fill=1)
            else:
                canvas.wedge(x - outer, y - outer, x + outer, y + outer, start, turn, fill=1)
    canvas.setFillColor(INK)
    for words, at_x, at_y, align in zip(
        values.get("names", []),
        (x, x - radius - 5, x, x + radius + 5),
        (y + radius + 3, y - 2, y - radius - 8, y - 2),
        ("centre", "right", "centre", "left"),
        strict=False,
    ):
        label(canvas, at_x, at_y, words, align=align)


Drawing = Callable[[Canvas, float, float, dict[str, Any]], None]

SCHEMATICS: dict[str, tuple[Drawing, float]] = {
    "wedge": (draw_wedge, 0.24),
    "phantom": (draw_phantom, 0.55),
    "slice": (draw_slice, 0.6),
    "brain": (draw_brain, 0.6),
    "sector": (draw_sector, 0.62),
    "polar": (draw_polar, 0.6),
}
