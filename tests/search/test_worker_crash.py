"""kill -9 of whoever writes the index, at any moment, many times: no change is lost, none is doubled, nothing breaks.

Workers are forked from this process, which has everything loaded, so that a kill costs no start of an interpreter;
the last worker is a process as in production.
"""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess

import pytest
from django.core.management import call_command
from django.db import connections
from django_tasks_db.models import DBTaskResult

from knowledge_hub.maintenance import run_due
from publications.models import Publication, Record
from search.indexing import compare_index, get_search_engine, index_due, rebuild_index
from search.models import IndexEntry
from search.queries import parse
from search.requests import SearchRequest
from search.tasks import wake_indexer
from tests.factories import PersonFactory, PublicationFactory, RecordFileFactory

pytestmark = pytest.mark.django_db(transaction=True)

KILLS = 24
REBUILD_KILLS = 6
RECORDS = 12


def fork(work: Callable[[], object]) -> BaseProcess:
    """Another process that does this work, with a connection to the database of its own."""
    connections.close_all()

    def run() -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        work()

    process = multiprocessing.get_context("fork").Process(target=run, daemon=True)
    process.start()
    return process


def kill(process: BaseProcess) -> bool:
    """Kill it now; whether it was still at work."""
    assert process.pid is not None
    was_running = process.is_alive()
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    return was_running


def work_as_index_worker() -> None:
    call_command("db_worker", queue_name="index", interval=0.01, startup_delay=False, reload=False)


def rebuild_for_ever() -> None:
    while True:
        rebuild_index()


class Editors:
    """Change records at random, each change with a word that no other has."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.person = PersonFactory()
        self.words = (f"word{number}x" for number in range(1_000_000))
        self.word_of: dict[str, str] = {}
        """The word in the title of each record, live or not."""
        for _ in range(RECORDS):
            self.create()

    def create(self) -> None:
        word = next(self.words)
        record = PublicationFactory(title=f"Title {word}", creators=[self.person])
        RecordFileFactory(record=record, pages=[f"Page {number} of {record.pid}" for number in range(3)])
        self.word_of[record.pid] = word

    def change_one(self) -> None:
        record = Publication.objects.get(pid=self.chance.choice(sorted(self.word_of)))
        match self.chance.randrange(10):
            case 0:
                record.live = not record.live
                record.save()
            case 1:
                del self.word_of[record.pid]
                record.delete()
                self.create()
            case 2:
                self.person.family_name = next(self.words)
                self.person.save()
            case 3:
                record.title = f"Title {next(self.words)}"
                record.save_revision().publish()
                self.word_of[record.pid] = record.title.split()[1]
            case _:
                record.title = f"Title {next(self.words)}"
                record.save()
                self.word_of[record.pid] = record.title.split()[1]

    def change_for(self, seconds: float) -> None:
        give_up_at = time.monotonic() + seconds
        while time.monotonic() < give_up_at:
            self.change_one()


def found(text: str) -> list[str]:
    return [hit.id for hit in get_search_engine().search(SearchRequest(parse(text), page_size=100)).hits]


def assert_index_has_exactly(editors: Editors) -> None:
    """The index holds what the database does: every live record once, as it is now."""
    live = {record.pid for record in Record.objects.live()}
    comparison = compare_index()
    assert (comparison.differing, comparison.due, comparison.failed) == ((), 0, ())
    assert get_search_engine().check() == ()
    assert get_search_engine().record_ids() == live
    status = get_search_engine().status()
    assert (status.records, status.passages) == (len(live), 3 * len(live))
    assert {pid: found(word) for pid, word in editors.word_of.items() if pid in live} == {pid: [pid] for pid in live}
    assert set(found(editors.person.family_name)) == live
    assert len(found("title")) == len(live)


def wait_for_work() -> None:
    """Until the worker that indexes is at a task, or has none left; tasks of other queues wait for ever here."""
    tasks = DBTaskResult.objects.filter(queue_name="index")
    while tasks.ready().exists() and not tasks.running().exists():
        time.sleep(0.002)


def test_killed_workers_lose_no_change():
    rebuild_index()
    editors = Editors(seed=5)
    killed_at_work = 0
    longest = 0.2
    """Seconds into its work at which a worker is killed at the latest; follows how long a task takes here."""

    for _ in range(KILLS):
        worker = fork(work_as_index_worker)
        editors.change_for(editors.chance.uniform(0.0, 0.4))
        wait_for_work()
        time.sleep(editors.chance.uniform(0.0, longest))
        was_at_work = kill(worker) and DBTaskResult.objects.running().exists()
        longest *= 1.2 if was_at_work else 0.5
        killed_at_work += was_at_work
        assert get_search_engine().check() == ()
        DBTaskResult.objects.running().update(status="FAILED")

    assert killed_at_work > KILLS / 4
    index_due()
    assert_index_has_exactly(editors)


def test_what_a_killed_worker_left_is_done_by_the_next_one(manage, settings):
    rebuild_index()
    editors = Editors(seed=6)
    settings.TASK_STALE_SECONDS = 0
    while not DBTaskResult.objects.running().exists():
        editors.change_one()
        worker = fork(work_as_index_worker)
        wait_for_work()
        kill(worker)
    editors.change_one()

    done = run_due()
    worker = manage("db_worker", "--queue-name", "index", "--no-startup-delay", "--no-reload", "--batch")
    _output, errors = worker.communicate()

    assert (worker.returncode, done["requeue_stale_tasks"]) == (0, 1), errors
    assert set(DBTaskResult.objects.filter(queue_name="index").values_list("status", flat=True)) == {"SUCCESSFUL"}
    assert_index_has_exactly(editors)


def test_a_running_worker_takes_over_from_a_killed_one(manage):
    rebuild_index()
    editors = Editors(seed=7)
    command = ("db_worker", "--queue-name", "index", "--interval", "0.2", "--no-startup-delay", "--no-reload")
    first = manage(*command)
    while IndexEntry.objects.due().count() == RECORDS:
        time.sleep(0.05)
    first.kill()
    editors.change_one()

    manage(*command)
    while IndexEntry.objects.due().exists():
        wake_indexer()
        time.sleep(0.1)

    assert_index_has_exactly(editors)


def test_killed_rebuilds_leave_an_index_that_answers_and_lose_no_change():
    rebuild_index()
    editors = Editors(seed=8)
    index_due()

    for _ in range(REBUILD_KILLS):
        rebuild = fork(rebuild_for_ever)
        editors.change_for(editors.chance.uniform(0.0, 0.6))
        index_due()
        kill(rebuild)
        assert get_search_engine().check() == ()
        index_due()
        assert_index_has_exactly(editors)

    rebuild_index()
    assert_index_has_exactly(editors)
