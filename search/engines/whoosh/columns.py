"""The values that filters and facets compare, of documents in memory: a column for each field."""

from array import array
from collections.abc import Iterable, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

from search.documents import FIELDS, Field, FieldKind, Name, SearchDocument
from search.engines.whoosh.facts import ValueTable
from search.engines.whoosh.numbering import Numbering
from search.engines.whoosh.rows import VALUE_FIELDS
from search.engines.whoosh.texts import as_numpy

_FIELDS = tuple(field for field in FIELDS if field.name in VALUE_FIELDS)
_get_values = attrgetter(*(field.source for field in _FIELDS))
_AT_ONCE = 500
"""Documents wait until there are so many: then each field takes a few steps for all of them, not for each."""


class ValueColumns:
    """The values of documents, in the order in which they came."""

    def __init__(self) -> None:
        self._columns = [_Column(field) for field in _FIELDS]
        self._waiting: list[tuple[Any, ...]] = []

    def add(self, document: SearchDocument) -> None:
        """Take the values of a document in."""
        self._waiting.append(_get_values(document))
        if len(self._waiting) >= _AT_ONCE:
            self._read()

    def tables(self) -> dict[str, ValueTable]:
        """What is to be written, by field."""
        self._read()
        return {column.field.name: column.table() for column in self._columns}

    def _read(self) -> None:
        if self._waiting:
            for column, values in zip(self._columns, zip(*self._waiting, strict=True), strict=True):
                column.extend(values)
            self._waiting.clear()


class _Column:
    """One field: how many values each document has, and their codes; keys of names, texts of everything else."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self._labels = Numbering[str]()
        self._counts = array("i")
        self._codes = array("i")

    def extend(self, values: Iterable[Any]) -> None:
        """Take the values of the next documents in."""
        found: list[Sequence[str]]
        if self.field.kind == FieldKind.NAMES:
            found = [_keys(names) if names else () for names in values]
        else:
            found = [() if value is None or value == "" else (str(value),) for value in values]
        self._counts.extend(map(len, found))
        self._codes.extend(map(self._labels.__getitem__, chain.from_iterable(found)))

    def table(self) -> ValueTable:
        """What is to be written."""
        return ValueTable(as_numpy(self._counts), as_numpy(self._codes), list(self._labels))


def _keys(names: Iterable[Name]) -> Sequence[str]:
    return tuple(dict.fromkeys([name.key or name.name for name in names]))
