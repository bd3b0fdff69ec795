"""The contract every engine keeps; the tests in tests/search/engines/contract check it on each of them."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from search.documents import SearchDocument
from search.queries import Expansions, Query
from search.requests import PageMatch, Ranking, Reader, SearchRequest, SearchResponse

RANKED_CANDIDATES = 300
"""So many records, the best as a whole, are compared by their best part too."""


@dataclass(frozen=True)
class Suggestion:
    """A completion of what was typed. kind: topic, person, title or word; key: of the thing meant, "" for a word."""

    text: str
    kind: str
    key: str = ""


@dataclass(frozen=True)
class IndexStatus:
    """What an index holds: numbers for `index_status` and `/readyz`."""

    records: int
    passages: int
    size_bytes: int
    segments: int
    generation: str
    """Which build answers; another one after every rebuild."""


class IndexWriter(Protocol):
    """One transaction of changes: nothing is visible before the `with` block ends, all of it is afterwards.

    An exception inside the block leaves the index as it was.
    """

    def add(self, document: SearchDocument) -> None:
        """Add the document, or replace the one with its id."""

    def delete(self, record_id: str) -> None:
        """Take the document out, with its passages; unknown ids are ignored."""


class RebuildWriter(IndexWriter, Protocol):
    """The transaction that ends a rebuild."""

    changed: frozenset[str]
    """The ids that other writers added or deleted in the old index while the new one was being built: add each of
    them again as it is now, or delete it."""


class SearchEngine(Protocol):
    """Finds records and their pages for a reader.

    Access is the engine's business at every answer: a passage that the reader may not read adds nothing to hits,
    totals, scores, facets, passages, page counts or suggestions. `Reader.today` decides about embargoes, so that one
    lifts on its date without reindexing. A record's metadata are public.

    One process writes at a time (a lock that outlives neither the process nor a crash); readers never wait for it.
    Every reading method raises IndexMissing or IndexDamaged rather than answer with nothing.
    """

    name: str

    def search(self, request: SearchRequest) -> SearchResponse:
        """Find records. Past the last page the hits are empty and the total stays right."""

    def rank(self, request: SearchRequest) -> Ranking:
        """The best records, at most `page_size`, and how many there are: for whoever goes on to count their names.

        A score is the mean of the record's as a whole and that of its best readable part: its metadata, or one page.
        So a page that answers counts for more than words strewn over a long file. The best are chosen among those
        `RANKED_CANDIDATES` that are best as a whole. Only relevance orders; the page asked for and what is to be
        quoted are not looked at.
        """

    def find_all(self, request: SearchRequest) -> frozenset[str]:
        """The ids of every record that answers, with nothing quoted and in no order: for whoever compares answers.

        The page asked for, its size and the facets are not looked at.
        """

    def match_pages(self, record_id: str, *, query: Query, reader: Reader) -> tuple[PageMatch, ...]:
        """The readable pages of one record that have words of the query, in the order of files and pages."""

    def suggest(self, text: str, *, reader: Reader, limit: int = 8) -> tuple[Suggestion, ...]:
        """Completions of the last word typed (and of titles, topics and people by what was typed), best first."""

    def correct(self, query: Query, *, reader: Reader) -> Mapping[str, str]:
        """For each free word of the query that stands in nothing this reader may find: the nearest word that does.

        By the word as it stands in the query; nearest by edits, then by how many readable pages and records have it,
        and as it is written in one of them. Words without such a neighbour are left out.
        """

    def expansions(self, query: Query, *, reader: Reader) -> Expansions:
        """For leaves of the query, the words of the collection that they find besides their forms: to be marked too.

        Compounds of which a free word is a part, and what is found by a wildcard or a fuzzy word: nothing that stands
        only where this reader may not read.
        """

    def similar(self, record_id: str, *, reader: Reader, limit: int = 5) -> tuple[str, ...]:
        """The ids of the records most like this one, best first, by the words that set it apart.

        Nothing for an unknown id.
        """

    def writer(self, *, wait_seconds: float = 60.0) -> AbstractContextManager[IndexWriter]:
        """Start a transaction.

        Raises IndexLocked if another process still writes after `wait_seconds`, and IndexMissing where there is no
        index: whoever writes one record into a new one would hide all the others, so only `rebuild` makes an index
        (`rebuild(())` an empty one).
        """

    def rebuild(
        self, documents: Iterable[SearchDocument], *, wait_seconds: float = 60.0
    ) -> AbstractContextManager[RebuildWriter]:
        """Build a new index beside the one that answers, and switch to it in one step when the block ends.

        All documents are added on entry, without the writer's lock: others go on writing to the old index. The block
        itself holds the lock. There the caller applies again what `changed` names, so that no update is lost: nothing
        else is written until the switch. Readers use the old index until then; a crash before it leaves the old one
        in place. Raises IndexLocked if another rebuild is under way or a writer does not end within `wait_seconds`.
        """

    def merge(self, *, wait_seconds: float = 60.0) -> int:
        """Tidy up what many small transactions left, beside readers and writers; returns how many parts became one.

        Call it now and then, from a process that may take its time. Where another process does it already, it does
        nothing.
        """

    def record_ids(self) -> frozenset[str]:
        """Every record in the index."""

    def status(self) -> IndexStatus:
        """Numbers about the index."""

    def check(self) -> tuple[str, ...]:
        """Read every file back; one sentence for each that is damaged, none when all is well."""
