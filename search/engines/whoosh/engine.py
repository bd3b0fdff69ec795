"""The Whoosh engine: opens commits, answers requests, writes transactions."""

import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TypeVar

from search.documents import SearchDocument
from search.engines.base import IndexStatus, Suggestion
from search.engines.whoosh.expanding import correct, expansions_of
from search.engines.whoosh.folder import (
    MERGING,
    IndexFolder,
    damage,
    disk_errors,
    exclusive_lock,
    find_damage,
    manifest_path,
    read_changes,
    read_manifest,
)
from search.engines.whoosh.labels import LabelBook
from search.engines.whoosh.likeness import similar_records
from search.engines.whoosh.merging import delete_late
from search.engines.whoosh.ranking import rank
from search.engines.whoosh.rebuilding import build_all
from search.engines.whoosh.results import answer, evaluate, find_all, matching_pages
from search.engines.whoosh.rows import VALUE_FIELDS
from search.engines.whoosh.snapshots import Commit, Snapshot, latest_commit, open_snapshot
from search.engines.whoosh.suggesting import suggest
from search.engines.whoosh.writing import (
    Transaction,
    create_index,
    merge,
    publish,
    read_toc,
    remove_others,
    segments_to_merge,
)
from search.errors import IndexDamaged, IndexLocked, SearchError
from search.queries import Expansions, Query
from search.requests import PageMatch, Ranking, Reader, SearchRequest, SearchResponse

# A commit takes its predecessor's files away; opening one may have to start again.
OPEN_ATTEMPTS = 20
_RETRY_SECONDS = 0.02

NO_COMMIT = "The index has no table of contents. Run rebuild_index to make the index anew."

Result = TypeVar("Result")


class WhooshEngine:
    """A search engine in a folder. Threads and processes may share it; see `search.engines.base` for the contract.

    path: the folder, made by the first `rebuild`.
    """

    name = "whoosh"

    def __init__(self, path: str | Path) -> None:
        self.folder = IndexFolder(Path(path))
        self._labels = LabelBook(VALUE_FIELDS)
        self._opened: tuple[Commit, Snapshot] | None = None
        self._open_lock = Lock()

    def search(self, request: SearchRequest) -> SearchResponse:
        started = time.perf_counter()
        response = self._read(lambda snapshot: answer(snapshot.view(request.reader), request))
        return replace(response, took_ms=(time.perf_counter() - started) * 1000)

    def rank(self, request: SearchRequest) -> Ranking:
        started = time.perf_counter()
        ranking = self._read(lambda snapshot: rank(snapshot.view(request.reader), request))
        return replace(ranking, took_ms=(time.perf_counter() - started) * 1000)

    def find_all(self, request: SearchRequest) -> frozenset[str]:
        return self._read(lambda snapshot: find_all(snapshot.view(request.reader), request))

    def match_pages(self, record_id: str, *, query: Query, reader: Reader) -> tuple[PageMatch, ...]:
        def find(snapshot: Snapshot) -> tuple[PageMatch, ...]:
            record = snapshot.number_of(record_id)
            return () if record is None else matching_pages(snapshot.view(reader), record, query)

        return self._read(find)

    def suggest(self, text: str, *, reader: Reader, limit: int = 8) -> tuple[Suggestion, ...]:
        return self._read(lambda snapshot: suggest(snapshot.view(reader), text, limit))

    def correct(self, query: Query, *, reader: Reader) -> Mapping[str, str]:
        return self._read(lambda snapshot: correct(snapshot.view(reader), query))

    def expansions(self, query: Query, *, reader: Reader) -> Expansions:
        def find(snapshot: Snapshot) -> Expansions:
            view = snapshot.view(reader)
            return expansions_of(view, evaluate(view, query)[0])

        return self._read(find)

    def similar(self, record_id: str, *, reader: Reader, limit: int = 5) -> tuple[str, ...]:
        return self._read(lambda snapshot: similar_records(snapshot.view(reader), record_id, limit))

    def record_ids(self) -> frozenset[str]:
        return self._read(lambda snapshot: snapshot.record_ids())

    def status(self) -> IndexStatus:
        snapshot = self._read(lambda snapshot: snapshot)
        return IndexStatus(
            records=snapshot.live_count,
            passages=int((snapshot.live_entries & snapshot.is_passage).sum()),
            size_bytes=snapshot.size_bytes,
            segments=len(snapshot.segments),
            generation=snapshot.generation.name,
        )

    def check(self) -> tuple[str, ...]:
        sentences: tuple[str, ...] = ()
        for _ in range(OPEN_ATTEMPTS):
            generation = self.folder.current()
            commit = latest_commit(generation)
            sentences = _find_damage(generation, commit)
            # What a newer commit has taken away meanwhile is no damage.
            if not sentences or commit == latest_commit(generation):
                break
        return sentences

    @contextmanager
    def writer(self, *, wait_seconds: float = 60.0) -> Iterator[Transaction]:
        self.folder.current()
        with exclusive_lock(self.folder.write_lock, wait_seconds=wait_seconds):
            self.folder.remove_old_generations()
            snapshot = self._snapshot()
            remove_others(snapshot.generation, snapshot.commit)
            transaction = Transaction(snapshot.generation, {segment.id: segment for segment in snapshot.segments})
            try:
                with disk_errors():
                    yield transaction
                    self.folder.note_changes(transaction.touched)
                    transaction.commit()
            except BaseException:
                # What was written so far must not fill the disk until the next transaction.
                if latest_commit(snapshot.generation) == Commit(snapshot.generation, snapshot.commit):
                    remove_others(snapshot.generation, snapshot.commit)
                raise

    @contextmanager
    def rebuild(self, documents: Iterable[SearchDocument], *, wait_seconds: float = 60.0) -> Iterator[Transaction]:
        # A writer holds this lock too, for as long as it takes to remove old generations.
        with exclusive_lock(self.folder.rebuild_lock, wait_seconds=min(1.0, wait_seconds)):
            with exclusive_lock(self.folder.write_lock, wait_seconds=wait_seconds):
                # From here on, whoever writes to the old index tells the journal of the new one.
                generation = self.folder.new_generation()
                create_index(generation)
                (generation / "changes").touch()
            try:
                with disk_errors():
                    publish(generation, build_all(generation, documents), commit=1)
                    snapshot = open_snapshot(Commit(generation, 1), known={}, labels=LabelBook(VALUE_FIELDS))
                    transaction = Transaction(generation, {segment.id: segment for segment in snapshot.segments})
                    with exclusive_lock(self.folder.write_lock, wait_seconds=wait_seconds):
                        transaction.changed = read_changes(generation)
                        yield transaction
                        transaction.commit()
                        self.folder.switch_to(generation)
            except BaseException:
                self.folder.discard(generation)
                raise

    def merge(self, *, wait_seconds: float = 60.0) -> int:
        try:
            with exclusive_lock(self.folder.merge_lock, wait_seconds=0), disk_errors():
                snapshot = self._snapshot()
                try:
                    return self._merge(snapshot, wait_seconds)
                except FileNotFoundError:
                    # A newer commit may have taken away what was to be merged: then there is nothing left to do.
                    if self._snapshot() is snapshot:
                        raise
                    return 0
        except IndexLocked:
            return 0

    def _merge(self, snapshot: Snapshot, wait_seconds: float) -> int:
        """Write the merged segment beside the index; then, holding the lock, put it in the place of the others."""
        generation = snapshot.generation
        known = {segment.id: segment for segment in snapshot.segments}
        workshop = generation / MERGING
        # A killed merge may have left its half, and what it merged may not be due any more.
        shutil.rmtree(workshop, ignore_errors=True)
        segments = read_toc(generation, snapshot.commit).segments
        chosen = segments_to_merge(segments)
        if not chosen:
            return 0
        others = [segment for segment in segments if segment not in chosen]
        workshop.mkdir()
        try:
            merged = merge(generation, chosen, others=others, known=known, into=workshop)
            with exclusive_lock(self.folder.write_lock, wait_seconds=wait_seconds):
                commit = latest_commit(generation)
                if self.folder.current() != generation or commit is None:
                    return 0
                now = {segment.segment_id(): segment for segment in read_toc(generation, commit.number).segments}
                if not all(segment.segment_id() in now for segment in chosen):
                    return 0
                delete_late([(segment, now.pop(segment.segment_id())) for segment in chosen], merged)
                for path in list(workshop.iterdir()):
                    path.rename(generation / path.name)
                publish(generation, [*now.values(), merged], commit=commit.number + 1)
                remove_others(generation, commit.number + 1)
            return len(chosen)
        finally:
            shutil.rmtree(workshop, ignore_errors=True)

    def _read(self, work: Callable[[Snapshot], Result]) -> Result:
        """Do something with the newest commit; if that fails because a file is damaged, say which."""
        snapshot = self._snapshot()
        try:
            return work(snapshot)
        except SearchError:
            raise
        except Exception as error:
            if sentences := self.check():
                raise IndexDamaged(sentences[0]) from error
            raise

    def _snapshot(self) -> Snapshot:
        """The newest commit, opened if that was not done before. Raises IndexMissing or IndexDamaged."""
        opened = self._opened
        if opened and self._is_latest(opened[0]):
            return opened[1]
        problem = ""
        for attempt in range(OPEN_ATTEMPTS):
            generation = self.folder.current()
            try:
                commit = latest_commit(generation)
                if commit is not None:
                    return self._open(commit)
                problem = NO_COMMIT
            except FileNotFoundError as error:
                problem = damage(generation / Path(error.filename or "?").name, "is missing")
            time.sleep(_RETRY_SECONDS * bool(attempt))
        raise IndexDamaged(problem)

    def _is_latest(self, commit: Commit) -> bool:
        """Whether a commit is the newest of the generation that answers."""
        return self.folder.current_name() == commit.generation.name and commit.is_latest()

    def _open(self, commit: Commit) -> Snapshot:
        opened = self._opened
        if opened is None or opened[0] != commit:
            with self._open_lock:
                opened = self._opened
                if opened is None or opened[0] != commit:
                    before = opened[1] if opened else None
                    known = {segment.id: segment for segment in before.segments} if before else {}
                    self._opened = opened = (commit, open_snapshot(commit, known=known, labels=self._labels))
                    if before:
                        before.forget_views()
        return opened[1]


def _find_damage(generation: Path, commit: Commit | None) -> tuple[str, ...]:
    if commit is None:
        return (NO_COMMIT,)
    try:
        return find_damage(generation, read_manifest(generation, commit.number))
    except FileNotFoundError:
        return (damage(manifest_path(generation, commit.number), "is missing"),)
    except IndexDamaged as error:
        return (str(error),)
