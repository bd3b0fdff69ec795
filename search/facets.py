"""Facets as people see them: what a field and its values are called, in the site's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from publications.models import Collection, Event, Organisation, Person, Topic
from publications.models.addresses import Addressed
from publications.vocabularies import LANGUAGES, AccessRight, RecordType
from search.forms import Question
from search.requests import FacetCount

FACET_LABELS: dict[str, Any] = {
    "type": _("Kind"),
    "year": _("Year"),
    "topic": _("Topic"),
    "organisation": _("Organisation"),
    "person": _("Person"),
    "event": _("Event"),
    "language": _("Language"),
    "access": _("Access"),
    "collection": _("Collection"),
}
"""What each facet is called, in the order in which a page shows them."""

NAMED: dict[str, type[Addressed]] = {
    "topic": Topic,
    "organisation": Organisation,
    "person": Person,
    "event": Event,
    "collection": Collection,
}
CHOSEN: dict[str, dict[str, Any]] = {
    "type": dict(RecordType.choices),
    "access": dict(AccessRight.choices),
    "language": dict(LANGUAGES),
}


def label_values(name: str, values: Iterable[str]) -> dict[str, str]:
    """What people call these values of a facet; one of nothing that the site shows is called as it stands."""
    wanted = list(values)
    if name in CHOSEN:
        return {value: str(CHOSEN[name].get(value, value)) for value in wanted}
    if name in NAMED and wanted:
        things: Any = NAMED[name]._default_manager.filter(slug__in=wanted)
        shown = things.visible() if hasattr(things, "visible") else things.live()
        found = {thing.slug: str(thing) for thing in shown}
        return {value: found.get(value, value) for value in wanted}
    return {value: value for value in wanted}


@dataclass(frozen=True)
class FacetValue:
    """One value: how many records have it, and where a click on it leads."""

    value: str
    label: str
    count: int
    url: str
    is_selected: bool


@dataclass(frozen=True)
class FacetView:
    """One facet as a page shows it: the first values, and the rest behind a fold."""

    name: str
    label: str
    values: tuple[FacetValue, ...]

    SHOWN = 5

    @property
    def first(self) -> tuple[FacetValue, ...]:
        """Values that are always seen: the most frequent, and those that are chosen."""
        return tuple(v for place, v in enumerate(self.values) if place < self.SHOWN or v.is_selected)

    @property
    def rest(self) -> tuple[FacetValue, ...]:
        """Values behind the fold."""
        return tuple(v for v in self.values if v not in self.first)


def view_facets(facets: Mapping[str, tuple[FacetCount, ...]], question: Question) -> tuple[FacetView, ...]:
    """The facets of an answer, in order, each value with a link that takes it in or out."""
    return tuple(
        view for name in FACET_LABELS if name in facets and (view := _view_facet(name, facets[name], question)).values
    )


def _view_facet(name: str, counts: tuple[FacetCount, ...], question: Question) -> FacetView:
    selected = question.filters.get(name, ())
    by_value = {count.value: count.count for count in counts}
    if name != "year":
        by_value |= {value: 0 for value in selected if value not in by_value}
    labels = label_values(name, by_value)
    values = tuple(
        FacetValue(value, labels[value], count, question.toggle(name, value), value in selected)
        for value, count in by_value.items()
    )
    return FacetView(name, str(FACET_LABELS[name]), values)


@dataclass(frozen=True)
class ChosenFilter:
    """A filter that is on, with the link that takes it off."""

    name: str
    label: str
    url: str


def view_chosen(question: Question) -> tuple[ChosenFilter, ...]:
    """Every filter that is on."""
    chosen = []
    for name, values in question.filters.items():
        labels = label_values(name, values)
        for value in values:
            label = labels[value].replace("-", "–") if name == "year" else labels[value]
            chosen.append(ChosenFilter(name, label, question.toggle(name, value)))
    return tuple(chosen)
