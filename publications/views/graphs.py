"""Who works with whom, as a drawing: one in the middle, the others around it, lines for the records they share.

Everything is worked out here and written into the SVG as attributes; a table beside it says the same.
"""

import math
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.db.models import QuerySet

from publications.models import Contribution, ContributionAffiliation, Record

MOST_AROUND = 8
WIDTH, HEIGHT = 640, 356
MIDDLE = (WIDTH / 2, 164.0)
RADII = (226.0, 128.0)
# Nobody stands beside the one in the middle, whose name needs the room; those with most records stand nearest to it.
ANGLES = (202.5, 337.5, 157.5, 22.5, 240.0, 300.0, 120.0, 60.0)
SMALLEST, LARGEST = 12.0, 20.0
"""Radius of a circle: none is too small to be touched."""
LINE_CHARACTERS = 16
LEVELS = ((4, "l3"), (2, "l2"), (1, "l1"))
WEIGHTS = ((4, "w3"), (2, "w2"), (1, "w1"))

Ties = Mapping[tuple[int, int], int]
"""By the keys of two, the smaller first, how many records they share."""


@dataclass(frozen=True)
class Node:
    """Somebody in the drawing; numbers as attributes of it."""

    label: tuple[str, ...]
    """The name in lines that fit."""
    url: str
    x: str
    y: str
    radius: str
    label_y: str
    level: str
    records: int = 0
    """How many records they share with the one in the middle."""


@dataclass(frozen=True)
class Line:
    """Two who share records."""

    x1: str
    y1: str
    x2: str
    y2: str
    weight: str


@dataclass(frozen=True)
class Graph:
    """A drawing, for `publications/includes/graph.html`."""

    middle: Node
    around: tuple[Node, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Neighbour:
    """Somebody who shares records with the one in the middle: key among the ties, name, page, and how many."""

    key: int
    name: str
    url: str
    records: int


def draw_graph(name: str, neighbours: Sequence[Neighbour], ties: Ties) -> Graph | None:
    """The drawing; None where there is nobody to draw. neighbours: those with most records first."""
    if not neighbours:
        return None
    shown = neighbours[:MOST_AROUND]
    places = {neighbour.key: _place(angle) for neighbour, angle in zip(shown, ANGLES, strict=False)}
    spokes = [_line(MIDDLE, places[neighbour.key], neighbour.records) for neighbour in shown]
    between = [
        _line(places[one], places[other], number)
        for (one, other), number in sorted(ties.items())
        if one in places and other in places
    ]
    return Graph(
        middle=_node(name, "", MIDDLE, LARGEST, "l4"),
        around=tuple(
            _node(
                neighbour.name,
                neighbour.url,
                places[neighbour.key],
                min(LARGEST, SMALLEST + math.sqrt(neighbour.records)),
                _grade(neighbour.records, LEVELS),
                neighbour.records,
            )
            for neighbour in shown
        ),
        lines=(*between, *spokes),
    )


def ties_of_people(records: QuerySet[Record], people: Iterable[int]) -> Ties:
    """How many of the records each two of these people share."""
    rows = Contribution.objects.filter(record__in=records.order_by().values("pk"), person__in=list(people))
    return _count_ties(rows.order_by().values_list("record_id", "person_id"))


def ties_of_organisations(records: QuerySet[Record], organisations: Iterable[int]) -> Ties:
    """How many of the records each two of these organisations share."""
    rows = ContributionAffiliation.objects.filter(
        contribution__record__in=records.order_by().values("pk"), organisation__in=list(organisations)
    )
    return _count_ties(rows.order_by().values_list("contribution__record_id", "organisation_id"))


def _count_ties(rows: Iterable[tuple[int, int | None]]) -> Ties:
    on_record: dict[int, set[int]] = {}
    for record, key in rows:
        if key is not None:
            on_record.setdefault(record, set()).add(key)
    return Counter(pair for keys in on_record.values() for pair in combinations(sorted(keys), 2))


def _place(angle: float) -> tuple[float, float]:
    radians = math.radians(angle)
    return MIDDLE[0] + RADII[0] * math.cos(radians), MIDDLE[1] + RADII[1] * math.sin(radians)


def _node(name: str, url: str, place: tuple[float, float], radius: float, level: str, records: int = 0) -> Node:
    x, y = place
    return Node(
        label=tuple(textwrap.wrap(name, LINE_CHARACTERS, break_long_words=False)),
        url=url,
        x=f"{x:.1f}",
        y=f"{y:.1f}",
        radius=f"{radius:.1f}",
        label_y=f"{y + radius + 17:.1f}",
        level=level,
        records=records,
    )


def _line(one: tuple[float, float], other: tuple[float, float], records: int) -> Line:
    (x1, y1), (x2, y2) = one, other
    return Line(f"{x1:.1f}", f"{y1:.1f}", f"{x2:.1f}", f"{y2:.1f}", _grade(records, WEIGHTS))


def _grade(records: int, grades: Sequence[tuple[int, str]]) -> str:
    return next((grade for least, grade in grades if records >= least), grades[-1][1])
