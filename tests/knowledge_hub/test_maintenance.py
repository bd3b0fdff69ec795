"""What is done every minute, on what a crash, an editor or mere time left behind."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.models import Revision

from knowledge_hub.maintenance import JOBS, run_due
from publications.ingest.page_images import get_page_image
from publications.ingest.pipeline import ingest_file_task
from publications.models import Event, NewsPage, Publication
from publications.vocabularies import FileStatus
from search.indexing import get_search_engine, index_due, rebuild_index
from search.models import IndexEntry
from search.queries import parse
from search.requests import SearchRequest
from search.tasks import index_due_task
from tests.factories import EventFactory, HomePageFactory, NewsPageFactory, PublicationFactory, RecordFileFactory

pytestmark = pytest.mark.django_db

A_MINUTE_AGO = timedelta(minutes=1)
NOTHING_TO_DO = dict.fromkeys((job.__name__ for job in JOBS), 0)


def schedule(thing, *, minutes):
    """Leave a draft as the CMS leaves it whose publication is set to so many minutes from now."""
    thing.go_live_at = timezone.now() + timedelta(minutes=minutes)
    revision = thing.save_revision()
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=thing.go_live_at)


def find(text):
    return [hit.id for hit in get_search_engine().search(SearchRequest(parse(text))).hits]


def test_a_hub_where_all_is_well_has_nothing_to_do():
    assert run_due() == NOTHING_TO_DO


# What editors set to a time ----------------------------------------------------------------------------------------


def test_a_scheduled_record_goes_live_when_its_time_has_come_and_is_found():
    rebuild_index()
    due = PublicationFactory(live=False, title="Scheduled for today", pid="due00001")
    later = PublicationFactory(live=False, title="Scheduled for tomorrow")
    RecordFileFactory(record=due, pages=["A page about wedges."])
    schedule(due, minutes=-1)
    schedule(later, minutes=60)

    done = run_due()
    index_due()

    assert not [result for result in done.values() if isinstance(result, str)]
    assert list(Publication.objects.live().values_list("pid", flat=True)) == [due.pid]
    assert (find("scheduled"), find("wedges")) == ([due.pid], [due.pid])


def test_a_record_whose_time_is_over_goes_offline_and_is_no_longer_found():
    rebuild_index()
    record = PublicationFactory(title="Only for a week", expire_at=timezone.now() - A_MINUTE_AGO)
    index_due()
    assert find("week") == [record.pid]

    run_due()
    index_due()

    record.refresh_from_db()
    assert (record.live, find("week")) == (False, [])


def test_scheduled_events_and_pages_go_live():
    event = EventFactory(live=False)
    page = NewsPageFactory(parent=HomePageFactory(), live=False)
    schedule(event, minutes=-1)
    schedule(page, minutes=-1)

    run_due()

    assert Event.objects.live().count() == 1
    assert NewsPage.objects.live().count() == 1


# What a crash left --------------------------------------------------------------------------------------------


def test_a_task_of_a_killed_worker_is_given_back_but_not_one_that_runs(settings):
    long_ago = timezone.now() - timedelta(seconds=settings.TASK_STALE_SECONDS + 1)
    for started_at in (long_ago, timezone.now()):
        index_due_task.enqueue()
        DBTaskResult.objects.ready().update(status="RUNNING", started_at=started_at)

    done = run_due()

    assert done["requeue_stale_tasks"] == 1
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["READY", "RUNNING"]


def test_a_file_whose_reader_was_killed_is_read_again(django_capture_on_commit_callbacks):
    silent = RecordFileFactory(
        unread=True, status=FileStatus.READING, read_at=timezone.now() - timedelta(minutes=5), tries=1
    )
    RecordFileFactory(unread=True, status=FileStatus.READING, read_at=timezone.now(), tries=1)

    with django_capture_on_commit_callbacks(execute=True):
        done = run_due()

    assert done["requeue_stale_files"] == 1
    (waiting,) = DBTaskResult.objects.ready().filter(task_path=ingest_file_task.module_path)
    assert waiting.args_kwargs["args"] == [silent.pk]
    silent.refresh_from_db()
    assert silent.status == FileStatus.RECEIVED


def test_records_that_are_due_wake_the_indexer_once_though_nobody_told_it():
    record = PublicationFactory()
    tasks = DBTaskResult.objects.ready().filter(task_path=index_due_task.module_path)
    assert not tasks.exists()

    done = [run_due()["wake_waiting_records"], run_due()["wake_waiting_records"]]

    assert done == [1, 1]
    assert list(IndexEntry.objects.due().values_list("pid", flat=True)) == [record.pid]
    assert tasks.count() == 1


# What is old ----------------------------------------------------------------------------------------------------


def test_tasks_that_ended_long_ago_are_deleted(settings):
    days = timedelta(days=settings.TASK_RESULT_DAYS)
    ages = {"SUCCESSFUL": days + A_MINUTE_AGO, "FAILED": days + A_MINUTE_AGO, "READY": None, "RUNNING": None}
    for status, age in [*ages.items(), ("SUCCESSFUL", days - A_MINUTE_AGO)]:
        index_due_task.enqueue()
        finished_at = timezone.now() - age if age else None
        DBTaskResult.objects.filter(status="READY", started_at=None).update(
            status=status, started_at=timezone.now(), finished_at=finished_at
        )

    done = run_due()

    assert done["prune_tasks"] == 2
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["READY", "RUNNING", "SUCCESSFUL"]


def test_page_images_beyond_the_limit_are_deleted(settings):
    file = RecordFileFactory(pages=["One.", "Two."])
    for number in (1, 2):
        get_page_image(file, number, width=160)
    settings.PAGE_CACHE_MAX_BYTES = 0

    done = run_due()

    assert done["prune_pages"] > 0
    assert not list(settings.PAGE_CACHE_DIR.glob("**/*.webp"))


# When one of them fails -------------------------------------------------------------------------------------------


def test_a_job_that_fails_is_named_and_the_others_are_done(tmp_path, settings):
    due = PublicationFactory(live=False)
    schedule(due, minutes=-1)
    settings.TASK_STALE_SECONDS = "an hour"
    settings.PAGE_CACHE_DIR = tmp_path / ("x" * 300)  # longer than any name may be

    done = run_due()

    due.refresh_from_db()
    assert due.live
    assert done.pop("requeue_stale_tasks").startswith("TypeError: ")
    assert done.pop("prune_pages").startswith("OSError: ")
    assert done == {
        "publish_scheduled": 1,
        "requeue_stale_files": 0,
        "requeue_stale_recognition": 0,
        "send_waiting": 0,
        "wake_waiting_records": 1,
        "tell_readers": 0,
        "forget_unconfirmed_alerts": 0,
        "forget_cut_off_digests": 0,
        "merge_index": 0,
        "refresh_doubles": 0,
        "prune_tasks": 0,
        "prune_broken_uploads": 0,
        "prune_sign_in_failures": 0,
        "forget_tallies": 0,
        "forget_empty_searches": 0,
        "follow_questions": 0,
        "send_waiting_mails": 0,
        "forget_questions": 0,
        "check_links": 0,
    }


def test_one_thing_that_cannot_be_published_does_not_hold_back_the_others():
    clashing = [PublicationFactory(live=False, title=f"Clashing {number}") for number in (1, 2)]
    for record in clashing:
        record.doi = "10.1000/the-same"
        schedule(record, minutes=-5)
    other = PublicationFactory(live=False, title="Nothing wrong here")
    schedule(other, minutes=-1)

    done = run_due()

    assert isinstance(done["publish_scheduled"], str)
    assert set(Publication.objects.live().values_list("pid", flat=True)) == {clashing[0].pid, other.pid}


def test_the_command_prints_what_it_did_and_fails_with_what_failed(tmp_path, settings, capsys):
    call_command("run_due")
    assert capsys.readouterr().out.splitlines() == [f"{name}: 0" for name in NOTHING_TO_DO]

    settings.PAGE_CACHE_DIR = tmp_path / ("x" * 300)
    with pytest.raises(CommandError, match="prune_pages: OSError"):
        call_command("run_due")


def test_wrong_passwords_are_forgotten_when_their_lock_is_over(settings):
    for minutes in (1, 16):
        attempt = AccessAttempt.objects.create(username=f"{minutes} minutes ago", failures_since_start=5)
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=timezone.now() - timedelta(minutes=minutes))

    done = run_due()

    assert done["prune_sign_in_failures"] == 1
    assert [attempt.username for attempt in AccessAttempt.objects.all()] == ["1 minutes ago"]
