"""Whoosh: what a killed writer, a damaged file and a race with another process leave behind."""

import multiprocessing
import os
import random
import resource
import shutil
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from search.documents import Passage, SearchDocument, Text
from search.engines.whoosh import writing
from search.engines.whoosh.engine import NO_COMMIT, WhooshEngine
from search.engines.whoosh.folder import exclusive_lock
from search.engines.whoosh.snapshots import Commit, latest_commit
from search.errors import IndexDamaged, IndexLocked, IndexMissing, IndexUnavailable
from search.queries import parse
from search.requests import Reader, SearchRequest

KILLS = 30


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    engine = WhooshEngine(tmp_path / "index")
    with engine.rebuild([document("0"), document("counter", "Count 0")]):
        pass
    return engine


def document(record_id: str, title: str = "A paper about lungs") -> SearchDocument:
    passages = (Passage(1, "a.pdf", 1, f"{title} with some words on its page", "en"),)
    return SearchDocument(record_id, "publication", Text(title, "en"), passages=passages)


def total(engine: WhooshEngine, query: str) -> int:
    return engine.search(SearchRequest(parse(query))).total


def start(work: Callable[..., None], *arguments: Any) -> tuple[BaseProcess, Connection]:
    """Another process that does this work, and a pipe on which it tells how far it is."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=work, args=(*arguments, theirs), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def write_on(path: Path, first: int, told: Connection) -> None:
    """Transaction n adds the records "n" and "counter" ("Count n"); every third takes out the record before."""
    engine = WhooshEngine(path)
    number = first
    while True:
        with engine.writer() as writer:
            writer.add(document(str(number), f"Record {number}"))
            writer.add(document("counter", f"Count {number}"))
            if number % 3 == 0:
                writer.delete(str(number - 1))
        told.send(number)
        number += 1


def expected_ids(last: int) -> set[str]:
    """The records after all transactions up to this one."""
    return {"counter", *(str(number) for number in range(last + 1) if number % 3 != 2 or number == last)}


def kill(process: BaseProcess) -> None:
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()


def read_all(told: Connection) -> list[int]:
    """What the process told before it died."""
    numbers = []
    while True:
        try:
            numbers.append(told.recv())
        except EOFError:
            return numbers


def test_a_killed_writer_leaves_the_last_commit(engine, tmp_path):
    chance = random.Random(7)
    last = 0

    for _ in range(KILLS):
        process, told = start(write_on, tmp_path / "index", last + 1)
        ended = max([last, *(told.recv() for _ in range(chance.randrange(3)))])
        time.sleep(chance.uniform(0, 0.15))
        kill(process)
        ended = max([ended, *read_all(told)])

        fresh = WhooshEngine(tmp_path / "index")
        # A transaction whose end was not told may have been committed just before the kill: all of it, or nothing.
        last = ended + 1 if total(fresh, f'title:"count {ended + 1}"') else ended
        assert fresh.record_ids() == expected_ids(last)
        assert total(fresh, f'title:"count {last}"') == 1
        assert total(fresh, "title:count") == 1
        assert fresh.status().passages == len(expected_ids(last))
        assert fresh.check() == ()

    assert last > KILLS / 2
    with engine.writer(wait_seconds=5) as survivor:
        survivor.add(document("after"))
    assert engine.record_ids() == expected_ids(last) | {"after"}
    segments = {path.name.split(".")[0] for path in index_files(engine) if path.name.startswith("MAIN")}
    assert len(segments) == engine.status().segments


def commit_merge_and_switch(path: Path, seed: int, told: Connection) -> None:
    """Transactions that fill memory several times, merges beside the writer, and rebuilds, one after the other."""
    writing.MEMORY_BYTES, writing.MAX_QUICK_ENTRIES = 20_000, 0
    engine, chance = WhooshEngine(path), random.Random(seed)
    number = max(int(record_id) for record_id in engine.record_ids()) + 1
    while True:
        # What a transaction will do is told before it commits: after a kill that holds, or what was before.
        new = [str(number + step) for step in range(chance.randrange(1, 40))]
        gone = chance.sample(sorted(engine.record_ids()), 1) if chance.random() < 0.5 else []
        told.send((frozenset(new), frozenset(gone)))
        with engine.writer() as writer:
            for record_id in new:
                writer.add(document(record_id, f"Record {record_id}"))
            for record_id in gone:
                writer.delete(record_id)
        number += len(new)
        if chance.random() < 0.5:
            engine.merge()
        if chance.random() < 0.3:
            kept = [document(record_id, f"Record {record_id}") for record_id in sorted(engine.record_ids())]
            with engine.rebuild(kept):
                pass


def test_a_kill_during_flush_merge_or_switch_loses_and_doubles_nothing(tmp_path):
    chance = random.Random(5)
    path = tmp_path / "index"
    with WhooshEngine(path).rebuild([document("0", "Record 0")]):
        pass
    truth = frozenset({"0"})
    growth = 0

    for kill_number in range(50):
        process, told = start(commit_merge_and_switch, path, kill_number)
        told.poll(10)
        time.sleep(chance.uniform(0.01, 0.4))
        kill(process)
        plans = read_all(told)

        fresh = WhooshEngine(path)
        # Every transaction but the last ended before the next one was told of.
        for new, gone in plans[:-1]:
            truth = truth - gone | new
        new, gone = plans[-1]
        after = truth - gone | new
        ids = fresh.record_ids()
        assert ids in (truth, after)
        growth += len(ids - truth)
        truth = ids
        assert total(fresh, "title:record") == len(ids)
        assert fresh.status().passages == len(ids)
        assert fresh.check() == ()

    assert growth
    assert len(truth) > 100


def test_readers_race_a_writer_of_another_process(engine, tmp_path):
    process, told = start(write_on, tmp_path / "index", 1)
    try:
        counts = set()
        while len(counts) < 20:
            fresh = WhooshEngine(tmp_path / "index")
            assert total(fresh, "title:count") == 1
            assert total(engine, "title:count") == 1
            counts.add(len(engine.record_ids()))
    finally:
        kill(process)
    told.close()


def test_a_killed_rebuild_leaves_the_old_index(engine, tmp_path):
    process, told = start(rebuild_forever, tmp_path / "index")
    told.recv()
    with pytest.raises(IndexLocked), engine.rebuild(()):
        pass
    with engine.writer() as writer:
        writer.add(document("meanwhile"))

    kill(process)

    assert engine.record_ids() == {"0", "counter", "meanwhile"}
    assert len(generations(tmp_path)) == 2
    for path in generations(tmp_path):
        os.utime(path, (0, 0))
    with engine.writer() as writer:
        writer.add(document("later"))
    assert [path.name for path in generations(tmp_path)] == [engine.status().generation]


def rebuild_forever(path: Path, told: Connection) -> None:
    def documents():
        for number in range(100):
            yield document(f"n{number}", "New")
        told.send("ready")
        time.sleep(600)

    with WhooshEngine(path).rebuild(documents()):
        pass


def generations(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "index").iterdir() if path.is_dir()]


def test_a_replaced_generation_stays_a_while_for_readers_that_are_opening_it(engine, tmp_path):
    old = engine.folder.current()
    os.utime(old, (0, 0))

    with engine.rebuild([document("new")]):
        pass
    with engine.writer() as writer:
        writer.add(document("newer"))

    assert old.is_dir()


def test_the_lock_of_a_killed_process_is_free(tmp_path):
    lock = tmp_path / "write.lock"
    process, told = start(hold, lock)
    told.recv()
    with pytest.raises(IndexLocked, match=str(process.pid)), exclusive_lock(lock, wait_seconds=0.1):
        pass

    kill(process)

    with exclusive_lock(lock, wait_seconds=0.5):
        pass


def hold(lock: Path, told: Connection) -> None:
    with exclusive_lock(lock, wait_seconds=0):
        told.send("held")
        time.sleep(600)


def index_files(engine: WhooshEngine) -> list[Path]:
    return sorted(path for path in engine.folder.current().iterdir() if path.is_file())


def copy_of(engine: WhooshEngine, tmp_path: Path) -> WhooshEngine:
    shutil.rmtree(tmp_path / "copy", ignore_errors=True)
    shutil.copytree(engine.folder.root, tmp_path / "copy")
    return WhooshEngine(tmp_path / "copy")


@pytest.mark.parametrize("harm", ["flip", "cut", "empty", "remove"])
def test_every_damaged_or_missing_file_is_named(engine, tmp_path, harm):
    names = [path.name for path in index_files(engine)]
    assert len(names) == 4

    for name in names:
        damaged = copy_of(engine, tmp_path)
        damage(damaged.folder.current() / name, harm)

        sentences = damaged.check()

        assert sentences, name
        assert all("rebuild_index" in sentence for sentence in sentences)
        assert name in sentences[0] or sentences == (NO_COMMIT,)


def damage(path: Path, harm: str) -> None:
    content = path.read_bytes()
    if harm == "flip":
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :])
    elif harm == "cut":
        path.write_bytes(content[:-1])
    elif harm == "empty":
        path.write_bytes(b"")
    else:
        path.unlink()


@pytest.mark.parametrize("harm", ["cut", "empty", "remove"])
def test_a_search_in_a_shortened_index_says_so(engine, tmp_path, harm):
    for name in [path.name for path in index_files(engine)]:
        damaged = copy_of(engine, tmp_path)
        damage(damaged.folder.current() / name, harm)

        with pytest.raises(IndexDamaged, match="rebuild_index"):
            total(damaged, "lungs")
        with pytest.raises(IndexUnavailable), damaged.writer():
            pass


def test_a_file_with_a_flipped_bit_is_named_and_not_searched(engine, tmp_path):
    chance = random.Random(3)
    files = [path.name for path in index_files(engine) if path.suffix != ".json"]
    for _ in range(60):
        damaged = copy_of(engine, tmp_path)
        path = damaged.folder.current() / chance.choice(files)
        content = bytearray(path.read_bytes())
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(content)

        with pytest.raises(IndexDamaged, match=path.name):
            damaged.search(SearchRequest(parse('lungs AND "some words" OR pap* paepr~')))


def write_beyond_the_limit(path: Path, told: Connection) -> None:
    """Every way of writing, where no file may be bigger than a few kilobytes."""
    engine = WhooshEngine(path)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
    many = [document(f"n{number}", f"Paper {number} on a full disk") for number in range(200)]

    def transaction() -> None:
        with engine.writer() as writer:
            for item in many:
                writer.add(item)

    def rebuild() -> None:
        with engine.rebuild(many):
            pass

    for work in (transaction, rebuild):
        try:
            work()
        except Exception as error:
            told.send(f"{type(error).__name__}: {error}")
    told.close()


def test_a_full_disk_is_told_and_leaves_the_index_as_it_was(engine, tmp_path):
    before = [path.name for path in index_files(engine)]

    process, told = start(write_beyond_the_limit, tmp_path / "index")
    sentences = [told.recv(), told.recv()]
    process.join()

    assert all(sentence.startswith("IndexNotWritten: The disk has no room") for sentence in sentences)
    assert [path.name for path in index_files(engine)] == before
    assert len(generations(tmp_path)) == 1
    assert engine.record_ids() == {"0", "counter"}
    with engine.writer() as writer:
        writer.add(document("after"))
    assert engine.record_ids() == {"0", "counter", "after"}


def test_a_damaged_index_is_made_anew(engine):
    damage(index_files(engine)[0], "empty")

    with engine.rebuild([document("new")]):
        pass

    assert engine.record_ids() == {"new"}
    assert engine.check() == ()


def test_an_index_whose_folder_is_gone_is_missing(engine, tmp_path):
    assert total(engine, "lungs") == 1

    shutil.rmtree(tmp_path / "index")

    with pytest.raises(IndexMissing):
        total(engine, "lungs")
    with engine.rebuild([document("new")]):
        pass
    assert engine.record_ids() == {"new"}


def test_an_index_whose_generation_is_gone_is_missing(engine):
    shutil.rmtree(engine.folder.current())

    with pytest.raises(IndexMissing):
        total(engine, "lungs")


def test_the_status_is_told_while_another_process_commits(engine, tmp_path, monkeypatch):
    read = engine._read

    def read_and_be_overtaken(work):
        found = read(work)
        with WhooshEngine(tmp_path / "index").writer() as writer:
            writer.add(document("new"))
        return found

    monkeypatch.setattr(engine, "_read", read_and_be_overtaken)

    assert engine.status().records == 2
    assert engine.status().size_bytes > 0


def test_an_old_engine_answers_while_the_files_of_its_commit_are_taken_away(engine, tmp_path):
    reader = WhooshEngine(tmp_path / "index")
    for number in range(12):
        with engine.writer() as writer:
            writer.add(document(f"r{number}"))
        assert total(reader, "lungs") == number + 2
        assert "lungs" in [item.text for item in reader.suggest("lun", reader=Reader())]


def test_of_commits_that_are_replaced_the_older_goes_first(engine, monkeypatch):
    """So a reader that finds its commit, and not the next one, has the newest: `Commit.is_latest`."""
    generation = engine.folder.current()
    newest = latest_commit(generation)
    older = [Commit(generation, newest.number - 1), Commit(generation, newest.number - 2)]
    for commit in older:
        (generation / writing.toc_name(commit.number)).touch()
    gone = []
    unlink = Path.unlink
    monkeypatch.setattr(Path, "unlink", lambda path, **options: (gone.append(path.name), unlink(path, **options)))

    assert newest.is_latest()
    assert not any(commit.is_latest() for commit in older)
    writing.remove_others(generation, newest.number)

    assert gone == [writing.toc_name(newest.number - 2), writing.toc_name(newest.number - 1)]
    assert newest.is_latest()
    with engine.writer() as writer:
        writer.add(document("1"))
    assert not newest.is_latest()
