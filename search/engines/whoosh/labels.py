"""The values of filters and facets over all segments.

Each segment has codes of its own. Here every label gets one number for as long as the process lives, so a new segment
only adds what is new in it, and the codes of the others are joined as they are.
"""

from collections.abc import Iterable
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from search.engines.whoosh.arrays import Array
from search.engines.whoosh.segments import Segment

Codes = NDArray[np.int32]
FEW_LABELS = 24


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
    """The values of one field of every record.

    Most records have one value of most fields: `first` has the code of each, the number of labels where there is none.
    What else records have stands beside it as pairs of a record and a code.
    """

    def __init__(self, labels: Labels, label_count: int, first: Codes, owners: Array, codes: Codes) -> None:
        self.labels = labels
        self.label_count = label_count
        """How many labels there were when this was made: those that have come since are in none of these records."""
        self.first = first.astype(np.min_scalar_type(self.label_count))
        self._owners = owners
        self._codes = codes

    @classmethod
    def from_rows(cls, labels: Labels, starts: Array, codes: Codes) -> "FieldValues":
        """The values where the codes of one record follow those of the other, each beginning at its start."""
        sizes = np.diff(starts)
        label_count = len(labels.texts)
        first = np.full(len(sizes), label_count, np.int32)
        first[sizes > 0] = codes[starts[:-1][sizes > 0]]
        is_other = np.ones(len(codes), np.bool_)
        is_other[starts[:-1][sizes > 0]] = False
        owners = np.repeat(np.arange(len(sizes)), sizes)
        return cls(labels, label_count, first, owners[is_other], codes[is_other])

    def counts(self, records: Array) -> Array:
        """By label, how many of these records have it."""
        found = _count(self.first[records], self.label_count)
        if len(self._codes):
            is_found = np.zeros(len(self.first), np.bool_)
            is_found[records] = True
            found = found + np.bincount(self._codes[is_found[self._owners]], minlength=self.label_count)
        return found

    def with_labels(self, texts: Iterable[str]) -> NDArray[np.bool_]:
        """Whether each record has one of these labels."""
        wanted = [code for code in self.labels.find(texts) if code < self.label_count]
        has: NDArray[np.bool_] = np.isin(self.first, wanted)
        has[self._owners[np.isin(self._codes, wanted)]] = True
        return has

    def replaced(self, old: int, new: int, where: NDArray[np.bool_]) -> "FieldValues":
        """The same with another first code for some records."""
        label_count = len(self.labels.texts)
        first = self.first.astype(np.int32)
        # A label that has come since must not be taken for none.
        first[self.first == self.label_count] = label_count
        first[(self.first == old) & where] = new
        return FieldValues(self.labels, label_count, first, self._owners, self._codes)


def _count(codes: Array, label_count: int) -> Array:
    """How often each of the codes up to `label_count` occurs."""
    if label_count > FEW_LABELS:
        return np.bincount(codes, minlength=label_count + 1)[:label_count]
    # Counting into few places waits for itself at every step: comparing with each label takes a third of the time.
    return np.array([np.count_nonzero(codes == label) for label in range(label_count)], np.int64)


class LabelBook:
    """The labels of all fields, and the codes of the segments that are open; threads share it."""

    def __init__(self, fields: Iterable[str]) -> None:
        self._labels = {field: Labels() for field in fields}
        self._numbers: dict[tuple[str, str], Codes] = {}
        self._lock = Lock()

    def join(self, field: str, segments: list[Segment]) -> FieldValues:
        """The values of a field over these segments."""
        labels = self._labels[field]
        starts, codes = [np.zeros(1, np.int64)], [np.zeros(0, np.int32)]
        for segment in segments:
            values = segment.facts.values[field]
            starts.append(values.starts[1:] + starts[-1][-1])
            codes.append(self._numbers_of(field, segment)[values.codes])
        return FieldValues.from_rows(labels, np.concatenate(starts), np.concatenate(codes))

    def forget(self, segments: Iterable[Segment]) -> None:
        """Let go of what was worked out for all segments but these."""
        kept = {segment.id for segment in segments}
        with self._lock:
            self._numbers = {key: numbers for key, numbers in self._numbers.items() if key[1] in kept}

    def _numbers_of(self, field: str, segment: Segment) -> Codes:
        key = (field, segment.id)
        with self._lock:
            numbers = self._numbers.get(key)
            if numbers is None:
                numbers = self._numbers[key] = self._labels[field].number_all(segment.facts.all_labels(field))
        return numbers
