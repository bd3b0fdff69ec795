"""Records that match, with a number for each: a frequency, then a score."""

from collections.abc import Iterable

import numpy as np

from search.engines.whoosh.arrays import Array

# Below this share of all records, the matching ones are listed; above it, a place for every record is quicker.
SPARSE = 1 / 16
# The highest of so many values that stand apart from each other are looked at to guess what is among the first.
_DEPTH = 32


class Match:
    """Records and their values, as a list of both or with a place for every record; either is made of the other.

    Values are above 0, but for records that only meet a condition: those are listed.
    """

    def __init__(
        self, records: Array | None = None, values: Array | None = None, *, places: Array | None = None
    ) -> None:
        self._records = records
        self._values = values
        self._count: int | None = None
        self.places = places
        """By record, its value, 0 for those that do not match; None where they are listed."""

    @property
    def records(self) -> Array:
        """The records, in order."""
        if self._records is None and self.places is not None:
            self._records = np.flatnonzero(self.places > 0)
        return NOTHING if self._records is None else self._records

    @property
    def values(self) -> Array:
        """The values of `records`."""
        if self._values is None and self.places is not None:
            self._values = self.places[self.records]
        return NOTHING if self._values is None else self._values

    def __len__(self) -> int:
        if self._count is None:
            counted = self.places if self._records is None else None
            self._count = len(self.records) if counted is None else int(np.count_nonzero(counted > 0))
        return self._count

    def values_of(self, records: Array) -> Array:
        """The values of some of the records."""
        if self.places is not None:
            return self.places[records]
        return self.values[np.searchsorted(self.records, records)]

    def leading(self, count: int) -> Array:
        """Records, in order, among which are the `count` with the highest values, and all their equals.

        Mostly they are few more: nothing is sorted that can't be among the first.
        """
        values = self.values if self.places is None else self.places
        columns = len(values) // _DEPTH
        if columns < count:
            return self.records
        highest = values[: columns * _DEPTH].reshape(_DEPTH, columns).max(axis=0)
        least = np.partition(highest, columns - count)[columns - count]
        if self.places is None:
            return self.records[values >= least]
        return np.flatnonzero(values >= least) if least > 0 else self.records

    def both(self, other: "Match") -> "Match":
        """The records that both match, with the sums of their values; quickest where this one is the smaller."""
        if other.places is not None:
            added = other.places[self.records]
            kept = added > 0
            return Match(self.records[kept], self.values[kept] + added[kept])
        if not len(other):
            return other
        places = np.searchsorted(other.records, self.records)
        places[places == len(other.records)] = 0
        kept = other.records[places] == self.records
        return Match(self.records[kept], self.values[kept] + other.values[places[kept]])

    def only(self, kept: Array) -> "Match":
        """Some of the records: `kept` says which of them."""
        return Match(self.records[kept], self.values[kept])

    def _add_to(self, totals: Array) -> None:
        if self.places is not None:
            totals += self.places
        else:
            totals[self.records] += self.values


NOTHING = np.zeros(0, np.intp)


def unscored(records: Array) -> Match:
    """Records that meet a condition."""
    return Match(records, np.zeros(len(records), np.float32))


def add_up(matches: Iterable[Match], *, record_count: int) -> Match:
    """Every record that one of these matches, with the sum of its values."""
    parts = [match for match in matches if len(match)]
    if not parts:
        return Match(NOTHING, np.zeros(0, np.float32))
    if len(parts) == 1:
        return parts[0]
    listed = [match for match in parts if match.places is None]
    if len(listed) == len(parts) and sum(map(len, parts)) < SPARSE * record_count:
        return _merged(parts)
    totals = np.zeros(record_count, np.float32)
    for match in parts:
        match._add_to(totals)
    conditions = [match for match in listed if not match.values.all()]
    if not conditions:
        return Match(places=totals)
    is_found = totals > 0
    for match in conditions:
        is_found[match.records] = True
    records = np.flatnonzero(is_found)
    return Match(records, totals[records])


def _merged(parts: list[Match]) -> Match:
    """The same as `add_up`, of lists."""
    records = np.concatenate([match.records for match in parts])
    # A stable sort merges what is in order already: half of what `np.unique` takes.
    order = np.argsort(records, kind="stable")
    records = records[order]
    is_first = np.ones(len(records), np.bool_)
    is_first[1:] = records[1:] != records[:-1]
    starts = np.flatnonzero(is_first)
    values = np.concatenate([match.values for match in parts])[order]
    return Match(records[starts], np.add.reduceat(values, starts, dtype=np.float32))
