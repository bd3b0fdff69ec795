"""The values of filters and facets over all segments.

Each segment has codes of its own. Here every label gets one number for as long as the process lives, so a new segment
only adds what is new in it, and the codes of the others are joined as they are.
"""

from collections.abc import Iterable
from functools import cached_property
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from search.engines.whoosh.arrays import Array, ranges
from search.engines.whoosh.segments import Segment

Codes = NDArray[np.int32]


class Labels:
    """The labels of one field, numbered as they came; threads share it."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}
        self._lock = Lock()

    def number_all(self, texts: Iterable[str]) -> Codes:
        """The numbers of these labels, new ones for those that are new."""
        with self._lock:
            known = self._numbers
            numbers = [known.setdefault(text, len(known)) for text in texts]
            self.texts.extend(list(known)[len(self.texts) :])
        return np.array(numbers, np.int32)

    def find(self, texts: Iterable[str]) -> list[int]:
        """The numbers of those labels that there are."""
        return [self._numbers[text] for text in texts if text in self._numbers]


class FieldValues:
    """The values of one field of every record: the codes of one record after those of the other."""

    def __init__(self, labels: Labels, starts: Array, codes: Codes) -> None:
        self.labels = labels
        self.starts = starts
        self.codes = codes
        self.is_single = len(codes) == len(starts) - 1 and bool((np.diff(starts) == 1).all())

    @cached_property
    def owners(self) -> Codes:
        """The record that each code belongs to."""
        return np.repeat(np.arange(len(self.starts) - 1, dtype=np.int32), np.diff(self.starts))

    def of_records(self, records: Array) -> Codes:
        """The codes of these records."""
        if self.is_single:
            return self.codes[records]
        starts = self.starts[records]
        return self.codes[ranges(starts, self.starts[records + 1] - starts)]

    def with_codes(self, wanted: list[int]) -> Codes:
        """The records that have one of these codes, in order; one that has two of them stands there twice."""
        if len(wanted) == 1:
            return self.owners[self.codes == wanted[0]]
        return self.owners[np.isin(self.codes, wanted)]


class LabelBook:
    """The labels of all fields, and the codes of the segments that are open."""

    def __init__(self, fields: Iterable[str]) -> None:
        self._labels = {field: Labels() for field in fields}
        self._numbers: dict[tuple[str, str], Codes] = {}

    def join(self, field: str, segments: list[Segment]) -> FieldValues:
        """The values of a field over these segments."""
        labels = self._labels[field]
        starts, codes = [np.zeros(1, np.int64)], [np.zeros(0, np.int32)]
        for segment in segments:
            values = segment.facts.values[field]
            starts.append(values.starts[1:] + starts[-1][-1])
            codes.append(self._numbers_of(field, segment)[values.codes])
        return FieldValues(labels, np.concatenate(starts), np.concatenate(codes))

    def forget(self, segments: Iterable[Segment]) -> None:
        """Let go of what was worked out for all segments but these."""
        kept = {segment.id for segment in segments}
        self._numbers = {key: numbers for key, numbers in self._numbers.items() if key[1] in kept}

    def _numbers_of(self, field: str, segment: Segment) -> Codes:
        key = (field, segment.id)
        numbers = self._numbers.get(key)
        if numbers is None:
            numbers = self._numbers[key] = self._labels[field].number_all(segment.facts.all_labels(field))
        return numbers
