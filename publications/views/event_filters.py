"""The overview of events narrowed by kind, year, series, topic and organisation, by links, with counts."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from publications.models import Event, EventSeries, Organisation, Record, Topic
from publications.vocabularies import EventKind

FILTERS = ("kind", "year", "series", "topic", "organisation")
Values = Mapping[int, set[str]]
"""The values that each event has of a filter, by the event's key."""


@dataclass(frozen=True)
class Choice:
    """A value of a filter, how many events have it beside what the other filters say, and its address."""

    label: Any
    count: int
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class EventFilter:
    """A filter with the values that lead to an event."""

    name: str
    label: str
    choices: tuple[Choice, ...]

    @property
    def is_on(self) -> bool:
        """Whether one of its values is chosen."""
        return any(choice.is_chosen for choice in self.choices)


@dataclass(frozen=True)
class NarrowedEvents:
    """The keys of the published events that all filters let through, and the filters."""

    keys: set[int]
    filters: tuple[EventFilter, ...]
    is_narrowed: bool


def narrow_events(parameters: QueryDict) -> NarrowedEvents:
    """What the address asks for. An unknown kind or year is left out; another unknown value finds nothing."""
    values = _values_of_events()
    events = set(values["kind"])
    chosen = {name: value for name in FILTERS if (value := parameters.get(name))}
    for name in ("kind", "year"):
        if name in chosen and chosen[name] not in set().union(*values[name].values()):
            del chosen[name]
    passing = {name: {pk for pk in events if value in values[name].get(pk, ())} for name, value in chosen.items()}
    labels = _labels(values)
    filters = tuple(
        EventFilter(name, label, _choices(name, values[name], labels[name], events, passing, chosen))
        for name, label in _names()
    )
    return NarrowedEvents(events.intersection(*passing.values()), filters, bool(chosen))


def _names() -> list[tuple[str, str]]:
    labels = (_("Kind"), _("Year"), _("Series"), _("Topic"), _("Organisation"))
    return list(zip(FILTERS, labels, strict=True))


def _values_of_events() -> dict[str, Values]:
    values: dict[str, defaultdict[int, set[str]]] = {name: defaultdict(set) for name in FILTERS}
    live = Event.objects.live().order_by()
    for pk, kind, starts, series in live.values_list("pk", "kind", "starts", "series__slug"):
        values["kind"][pk].add(kind)
        values["year"][pk].add(str(timezone.localtime(starts).year))
        if series:
            values["series"][pk].add(series)
    tagged = Record.objects.listed().filter(event__live=True, tagged_topics__tag__merged_into=None).order_by()
    for pk, slug in tagged.values_list("event_id", "tagged_topics__tag__slug").distinct():
        if slug:
            values["topic"][pk].add(slug)
    partners = Organisation.objects.visible().filter(event_roles__event__live=True).order_by()
    for pk, slug in partners.values_list("event_roles__event", "slug").distinct():
        values["organisation"][pk].add(slug)
    return {name: dict(of_events) for name, of_events in values.items()}


def _labels(values: Mapping[str, Values]) -> dict[str, dict[str, Any]]:
    used = {name: set().union(*values[name].values()) for name in FILTERS}
    things: dict[str, Any] = {"series": EventSeries, "topic": Topic, "organisation": Organisation}
    named = {
        name: {thing.slug: str(thing) for thing in model.objects.filter(slug__in=used[name])}
        for name, model in things.items()
    }
    years = {year: year for year in sorted(used["year"], reverse=True)}
    kinds = {value: label for value, label in EventKind.choices if value in used["kind"]}
    sorted_names = {
        name: dict(sorted(labels.items(), key=lambda item: item[1].lower())) for name, labels in named.items()
    }
    return {"kind": kinds, "year": years, **sorted_names}


def _choices(
    name: str,
    values: Values,
    labels: Mapping[str, Any],
    events: set[int],
    passing: Mapping[str, set[int]],
    chosen: Mapping[str, str],
) -> tuple[Choice, ...]:
    """The values of a filter; their counts leave out the filter's own choice."""
    others = events.intersection(*(found for other, found in passing.items() if other != name))
    counts = Counter(value for pk in others for value in values.get(pk, ()))
    return tuple(
        Choice(label, counts[value], _query(name, value, chosen), chosen.get(name) == value)
        for value, label in labels.items()
        if counts[value] or chosen.get(name) == value
    )


def _query(name: str, value: str, chosen: Mapping[str, str]) -> str:
    """The address that chooses the value, or takes it back where it is chosen."""
    query = QueryDict(mutable=True)
    query.update({key: kept for key, kept in chosen.items() if key != name})
    if chosen.get(name) != value:
        query[name] = value
    return f"?{query.urlencode()}" if query else "."
