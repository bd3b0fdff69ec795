"""What the harness asks of an engine, so that all do the same work."""

import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from search.queries import And, Fuzzy, Or, Phrase, Prefix, Query, Word
from tests.benchmarks.search.data import Item
from tests.benchmarks.search.workload import KINDS, Question

FACETS = ("year", "type", "topic")
PAGE_SIZE = 10
FACET_SIZE = 20
FRAGMENT_LENGTH = 200
MARKS = ("<mark>", "</mark>")

Counts = dict[str, dict[str, int]]
"""By facet, how many of what was found have each value."""


@dataclass(frozen=True)
class ResultPage:
    """What a search page shows: how many were found, the first ten, the facets, and a quotation of each hit."""

    total: int
    ids: tuple[str, ...]
    facets: Counts
    snippets: tuple[str, ...]


NOTHING = ResultPage(0, (), {name: {} for name in FACETS}, ())


class Engine(ABC):
    """An index in a folder of its own: built once, opened, asked, added to.

    An engine indexes an item as one document, title and text together, and an item with pages as one for each page.
    """

    name: ClassVar[str]
    setting: ClassVar[str]
    """How it is set up, in a sentence for the report."""
    package: ClassVar[str] = ""
    """The distribution whose version is reported."""
    kinds: ClassVar[tuple[str, ...]] = KINDS
    """The kinds of queries it can answer; none for an engine that only ranks."""
    is_slow: ClassVar[bool] = False
    """Whether it is asked only some of the questions, and once each."""
    indexes_pages: ClassVar[bool] = True
    """Whether it takes part in the measurement of full pages."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def why_not(cls) -> str:
        """Why it cannot be measured here; "" where it can."""
        return ""

    @classmethod
    def versions(cls) -> dict[str, str]:
        """Versions that no installed package tells."""
        return {}

    @abstractmethod
    def build(self, items: Iterable[Item]) -> None:
        """Make the index, complete and on disk."""

    @abstractmethod
    def open(self) -> None:
        """Open the index that was built, for searching."""

    @abstractmethod
    def rank(self, text: str, limit: int) -> list[str]:
        """The ids of the best documents for a text of free words."""

    @abstractmethod
    def page(self, question: Question) -> ResultPage:
        """The first page of results."""

    @abstractmethod
    def add(self, item: Item) -> None:
        """Add one item in a transaction of its own, as the site would. Others that opened the index see it then."""

    def refresh(self) -> None:  # noqa: B027 — not every engine has to
        """See what others have added since; for engines that do not do so by themselves."""

    def close(self) -> None:  # noqa: B027 — nor has it anything to close
        """Let go of files and connections."""

    def size_bytes(self) -> int:
        """What the index takes on disk."""
        return sum(path.stat().st_size for path in self.path.rglob("*") if path.is_file())

    def server_process(self) -> int | None:
        """The process that works for this one elsewhere on the machine, if there is one."""
        return None

    def remove(self) -> None:
        """Take the index away."""
        shutil.rmtree(self.path, ignore_errors=True)


class Peer(Engine):
    """An engine that makes its own query of each node of the tree; None stands for "finds nothing"."""

    def translate(self, query: Query) -> Any:
        """The query as this engine takes it."""
        makers: dict[type, Callable[[Any], Any]] = {
            Word: lambda leaf: self.word(leaf.text),
            Phrase: lambda leaf: self.phrase(leaf.text),
            Prefix: lambda leaf: self.prefix(leaf.text),
            Fuzzy: lambda leaf: self.fuzzy(leaf.text),
            And: lambda node: self.all_of(self._parts(node.parts)),
            Or: lambda node: self.any_of(self._parts(node.parts)),
        }
        return makers[type(query)](query)

    def _parts(self, parts: Iterable[Query]) -> list[Any]:
        return [part for part in map(self.translate, parts) if part is not None]

    @abstractmethod
    def word(self, text: str) -> Any: ...

    @abstractmethod
    def phrase(self, text: str) -> Any: ...

    @abstractmethod
    def prefix(self, text: str) -> Any: ...

    def fuzzy(self, text: str) -> Any:
        """Words one edit away; only where the kind "fuzzy" is among its kinds."""
        raise NotImplementedError(f"{self.name} has no fuzzy words.")

    @abstractmethod
    def all_of(self, parts: list[Any]) -> Any: ...

    @abstractmethod
    def any_of(self, parts: list[Any]) -> Any: ...


@dataclass(frozen=True)
class Entry:
    """A document as peers index it: an item, or one of its pages."""

    id: str
    text: str
    year: int
    type: str
    topic: str


def entries(items: Iterable[Item]) -> Iterator[Entry]:
    """The documents of the items, title and text together, page by page where there are pages."""
    for item in items:
        texts = item.pages or (f"{item.title}\n{item.text}",)
        for number, text in enumerate(texts, 1):
            entry_id = f"{item.id}#{number}" if item.pages else item.id
            yield Entry(entry_id, text, item.year, item.type, item.topic)
