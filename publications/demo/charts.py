"""Charts of the demo documents, in greys: lines, bars, points, boxes with arrows, and bars in time.

A drawing function gets the canvas (origin at the lower left), its width and height, and the values from the text.
CHARTS gives each its name and its height as a share of its width.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.lib.colors import black, gray, white
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from publications.demo.styles import HAIRLINE, INK, INK_2, SANS

SMALL = 6.6
GREYS = (0.12, 0.48, 0.68, 0.84)
DASHES: tuple[list[float], ...] = ([], [4, 2], [1.2, 1.8], [6, 2, 1.2, 2])


@dataclass(frozen=True)
class Plot:
    """The area inside the axes, and where a value falls in it."""

    left: float
    bottom: float
    width: float
    height: float
    x_range: tuple[float, float]
    y_range: tuple[float, float]

    def x(self, value: float) -> float:
        low, high = self.x_range
        return self.left + (value - low) / (high - low) * self.width

    def y(self, value: float) -> float:
        low, high = self.y_range
        return self.bottom + (value - low) / (high - low) * self.height


def label(canvas: Canvas, x: float, y: float, words: str, *, align: str = "left", size: float = SMALL) -> None:
    """Small sans text at a point, its baseline there."""
    canvas.setFont(SANS, size)
    draw = {"left": canvas.drawString, "right": canvas.drawRightString, "centre": canvas.drawCentredString}[align]
    draw(x, y, words)


def number(value: float) -> str:
    """A tick's number, without a decimal point where it has no decimals."""
    return f"{value:g}"


def ticks(values: Sequence[float], given: Sequence[float] | None) -> list[float]:
    """Ticks as given, or five from the lowest to the highest value."""
    if given:
        return list(given)
    low, high = min(values), max(values)
    return [low + (high - low) * step / 4 for step in range(5)]


def draw_axes(canvas: Canvas, width: float, height: float, values: dict[str, Any], plot_values: dict) -> Plot:
    """Axes, grid and labels. Ticks come from x_ticks and y_ticks, else from the values; they span the plot."""
    x_ticks = ticks(plot_values["x"], values.get("x_ticks"))
    y_ticks = ticks(plot_values["y"], values.get("y_ticks"))
    left = 12 + max(stringWidth(number(tick), SANS, SMALL) for tick in y_ticks) + 8
    if max(plot_values["y"]) > y_ticks[-1]:
        raise ValueError(f"The value {max(plot_values['y']):g} lies above the axis, which ends at {y_ticks[-1]:g}.")
    x_range = min(*x_ticks, *plot_values["x"]), max(*x_ticks, *plot_values["x"])
    plot = Plot(left, 24, width - left - 8, height - 24 - 16, x_range, (y_ticks[0], y_ticks[-1]))
    canvas.setLineWidth(0.4)
    canvas.setFillColor(INK_2)
    for tick in y_ticks:
        canvas.setStrokeColor(HAIRLINE)
        canvas.line(plot.left, plot.y(tick), plot.left + plot.width, plot.y(tick))
        label(canvas, plot.left - 3, plot.y(tick) - 2.2, number(tick), align="right")
    canvas.setStrokeColor(INK)
    canvas.line(plot.left, plot.bottom, plot.left + plot.width, plot.bottom)
    names = values.get("x_names") or [number(tick) for tick in x_ticks]
    for tick, name in zip(x_ticks, names, strict=True):
        canvas.line(plot.x(tick), plot.bottom, plot.x(tick), plot.bottom - 2)
        label(canvas, plot.x(tick), plot.bottom - 9.5, name, align="centre")
    label(canvas, plot.left + plot.width, 3, values.get("x_label", ""), align="right")
    label(canvas, 0, height - 7, values.get("y_label", ""))
    return plot


def draw_line(canvas: Canvas, width: float, height: float, values: dict[str, Any]) -> None:
    """Lines over x, one for each of `series`; `marks` are level lines with a name (`marks_at = "right"`)."""
    series: dict[str, list[float]] = values["series"]
    every = [value for line in series.values() for value in line]
    plot = draw_axes(canvas, width, height, values, {"x": values["x"], "y": [0.0, *every]})
    for name, level in values.get("marks", {}).items():
        _draw_mark(canvas, plot, name, level, is_right=values.get("marks_at") == "right")
    for place, line in enumerate(series.values()):
        canvas.setStrokeGray(GREYS[place % 4] * 0.8)
        canvas.setLineWidth(1.1)
        canvas.setDash(DASHES[place % 4])
        path = canvas.beginPath()
        points = [(plot.x(x), plot.y(y)) for x, y in zip(values["x"], line, strict=True)]
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        canvas.drawPath(path)
        canvas.setDash()
        if len(points) <= 14:
            canvas.setFillColor(white if place % 2 else black)
            for x, y in points:
                canvas.circle(x, y, 1.7, fill=1)
    if len(series) > 1:
        _draw_legend(canvas, plot, list(series), is_line=True, height=height)


def _draw_mark(canvas: Canvas, plot: Plot, name: str, level: float, *, is_right: bool) -> None:
    canvas.setStrokeColor(INK_2)
    canvas.setLineWidth(0.6)
    canvas.setDash([2, 2])
    canvas.line(plot.left, plot.y(level), plot.left + plot.width, plot.y(level))
    canvas.setDash()
    canvas.setFillColor(INK_2)
    if is_right:
        label(canvas, plot.left + plot.width, plot.y(level) + 2.2, name, align="right")
    else:
        label(canvas, plot.left + 2, plot.y(level) + 2.2, name)


def _draw_legend(canvas: Canvas, plot: Plot, names: list[str], *, is_line: bool, height: float) -> None:
    x = plot.left + plot.width
    for place, name in reversed(list(enumerate(names))):
        x -= stringWidth(name, SANS, SMALL)
        canvas.setFillColor(INK)
        label(canvas, x, height - 7, name)
        canvas.setStrokeGray(GREYS[place % 4] * 0.8)
        if is_line:
            canvas.setDash(DASHES[place % 4])
            canvas.setLineWidth(1.1)
            canvas.line(x - 15, height - 4.8, x - 3, height - 4.8)
            canvas.setDash()
        else:
            canvas.setFillGray(GREYS[place % 4])
            canvas.rect(x - 9, height - 7.4, 6, 6, stroke=0, fill=1)
        x -= 22 if is_line else 17


def draw_bars(canvas: Canvas, width: float, height: float, values: dict[str, Any]) -> None:
    """Groups of bars: `names` along the axis, one bar in each group for each of `series`."""
    series: dict[str, list[float]] = values["series"]
    names: list[str] = values["names"]
    every = [value for line in series.values() for value in line]
    axes = values | {"x_ticks": [0, len(names)], "x_names": ["", ""]}
    plot = draw_axes(canvas, width, height, axes, {"x": [0, len(names)], "y": [0.0, *every]})
    group = plot.width / len(names)
    bar = group * 0.72 / len(series)
    for place, line in enumerate(series.values()):
        for position, value in enumerate(line):
            x = plot.left + position * group + group * 0.14 + place * bar
            canvas.setFillGray(GREYS[place % 4])
            canvas.rect(x, plot.bottom, bar * 0.94, plot.y(value) - plot.bottom, stroke=0, fill=1)
            if value:
                canvas.setFillColor(INK_2)
                label(canvas, x + bar * 0.47, plot.y(value) + 2, number(value), align="centre", size=5.6)
    canvas.setFillColor(INK_2)
    for position, name in enumerate(names):
        label(canvas, plot.left + (position + 0.5) * group, plot.bottom - 9.5, name, align="centre")
    if len(series) > 1:
        _draw_legend(canvas, plot, list(series), is_line=False, height=height)


def draw_scatter(canvas: Canvas, width: float, height: float, values: dict[str, Any]) -> None:
    """Points (x, y) of one or more `series`, each a list of pairs; `marks` are horizontal lines with a name."""
    series: dict[str, list[list[float]]] = values["series"]
    points = [point for line in series.values() for point in line]
    plot_values = {"x": [x for x, _ in points], "y": [y for _, y in points]}
    plot = draw_axes(canvas, width, height, values, plot_values)
    for name, level in values.get("marks", {}).items():
        _draw_mark(canvas, plot, name, level, is_right=values.get("marks_at") == "right")
    for place, line in enumerate(series.values()):
        canvas.setStrokeGray(0.1)
        canvas.setLineWidth(0.5)
        canvas.setFillGray((0.15, 1.0, 0.6)[place % 3])
        for x, y in line:
            canvas.circle(plot.x(x), plot.y(y), 1.8, fill=1)
    if len(series) > 1:
        _draw_dots_legend(canvas, plot, list(series), height)


def _draw_dots_legend(canvas: Canvas, plot: Plot, names: list[str], height: float) -> None:
    x = plot.left + plot.width
    for place, name in reversed(list(enumerate(names))):
        x -= stringWidth(name, SANS, SMALL)
        canvas.setFillColor(INK)
        label(canvas, x, height - 7, name)
        canvas.setStrokeColor(gray)
        canvas.setFillGray((0.15, 1.0, 0.6)[place % 3])
        canvas.circle(x - 6, height - 4.8, 1.8, fill=1)
        x -= 16


def draw_flow(canvas: Canvas, width: float, height: float, values: dict[str, Any]) -> None:
    """Boxes from top to bottom with arrows; `asides` hang to the right of the box of that number (from 1)."""
    steps: list[str] = values["steps"]
    asides: dict[str, str] = values.get("asides", {})
    box_width = width * (0.54 if asides else 0.8)
    gap = 11.0
    box_height = (height - gap * (len(steps) - 1)) / len(steps)
    left = 0.5 if asides else (width - box_width) / 2
    for place, step in enumerate(steps):
        bottom = height - (place + 1) * box_height - place * gap
        _draw_box(canvas, left, bottom, box_width, box_height, step, fill=0.955)
        if place:
            _draw_arrow(canvas, (left + box_width / 2, bottom + box_height + gap), (0, -gap))
        if words := asides.get(str(place + 1)):
            right = left + box_width
            _draw_arrow(canvas, (right, bottom + box_height / 2), (width * 0.05, 0))
            aside = right + width * 0.05
            _draw_box(canvas, aside, bottom, width - aside - 0.5, box_height, words, fill=1.0)


def _draw_box(
    canvas: Canvas, left: float, bottom: float, width: float, height: float, words: str, *, fill: float
) -> None:
    canvas.setFillGray(fill)
    canvas.setStrokeColor(INK_2)
    canvas.setLineWidth(0.6)
    canvas.rect(left, bottom, width, height, fill=1)
    canvas.setFillColor(INK)
    lines = words.split("|")
    top = bottom + height / 2 + (len(lines) - 1) * 4.1 - 2.3
    for place, line in enumerate(lines):
        label(canvas, left + width / 2, top - place * 8.2, line.strip(), align="centre")


def _draw_arrow(canvas: Canvas, start: tuple[float, float], way: tuple[float, float]) -> None:
    (x, y), (along, up) = start, way
    canvas.setStrokeColor(INK_2)
    canvas.setFillColor(INK_2)
    canvas.setLineWidth(0.7)
    canvas.line(x, y, x + along, y + up)
    path = canvas.beginPath()
    path.moveTo(x + along, y + up)
    for sideways in (-1, 1):
        back_x = x + along - (3.4 if along else 0) + (2 * sideways if up else 0)
        back_y = y + up + (3.4 if up else 0) + (2 * sideways if along else 0)
        path.lineTo(back_x, back_y)
    path.close()
    canvas.drawPath(path, fill=1, stroke=0)


def draw_timeline(canvas: Canvas, width: float, height: float, values: dict[str, Any]) -> None:
    """Bars in time: `rows` of a name, a start and an end, over the times of `x_ticks`."""
    rows: list[list[Any]] = values["rows"]
    x_ticks: list[float] = values["x_ticks"]
    left = max(stringWidth(row[0], SANS, SMALL) for row in rows) + 6
    plot = Plot(left, 22, width - left - 8, height - 24, (x_ticks[0], x_ticks[-1]), (0, len(rows)))
    canvas.setLineWidth(0.4)
    for tick, name in zip(x_ticks, values.get("x_names") or map(number, x_ticks), strict=True):
        canvas.setStrokeColor(HAIRLINE)
        canvas.line(plot.x(tick), plot.bottom, plot.x(tick), plot.bottom + plot.height)
        canvas.setFillColor(INK_2)
        label(canvas, plot.x(tick), plot.bottom - 9, name, align="centre")
    label(canvas, plot.left + plot.width, 3, values.get("x_label", ""), align="right")
    row_height = plot.height / len(rows)
    for place, (name, start, end) in enumerate(rows):
        bottom = plot.bottom + plot.height - (place + 1) * row_height
        canvas.setFillColor(INK)
        label(canvas, 0, bottom + row_height / 2 - 2.2, name)
        canvas.setFillGray(GREYS[place % 3])
        bar = max(plot.x(end) - plot.x(start), 1.2)
        canvas.rect(plot.x(start), bottom + row_height * 0.22, bar, row_height * 0.56, stroke=0, fill=1)


Drawing = Callable[[Canvas, float, float, dict[str, Any]], None]

CHARTS: dict[str, tuple[Drawing, float]] = {
    "line": (draw_line, 0.62),
    "bars": (draw_bars, 0.58),
    "scatter": (draw_scatter, 0.66),
    "flow": (draw_flow, 0.75),
    "timeline": (draw_timeline, 0.5),
}
