"""Reading a stored file from claim to saved pages, and what happens when it breaks off."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from publications.ingest import pipeline, suggesting
from publications.ingest.page_images import get_page_image
from publications.ingest.pipeline import (
    CHANGED,
    GAVE_UP,
    GONE,
    claim,
    ingest_file,
    ingest_file_task,
    ingest_files,
    requeue_stale,
    retry,
    save_text,
)
from publications.ingest.reading import DocumentText, PageText
from publications.metadata import RecordMetadata
from publications.models import FilePage, RecordFile
from publications.records import create_record
from publications.signals import file_ingested, record_changed
from publications.vocabularies import FileStatus
from tests.factories import RecordFileFactory, make_pdf
from tests.publications.ingest.office_files import make_deck, make_document
from tests.publications.ingest.typeset import Set, draw, paper

ENGLISH = "Low-dose computed tomography finds small nodules in the lung long before they can be felt. "
DUTCH = "De onderzoekers bekijken de scans van de patiënten en vergelijken die met eerdere opnamen. "

pytestmark = pytest.mark.django_db


def test_a_read_file_has_its_pages_language_and_state():
    file = RecordFileFactory(unread=True, pages=[ENGLISH * 5, "", DUTCH * 5])

    ingest_file(file.pk)

    file.refresh_from_db()
    assert (file.status, file.message, file.page_count, file.pages_read) == (FileStatus.READY, "", 3, 2)
    assert (file.engine, file.media_type, file.tries) == ("pypdf+pdfium", "application/pdf", 1)
    pages = list(file.pages.values_list("number", "status", "language"))
    assert pages == [(1, "text", "en"), (2, "no_text", file.language), (3, "text", "nl")]
    assert "small nodules" in file.pages.get(number=1).text


def test_the_first_page_is_drawn_before_anybody_asks(settings):
    file = RecordFileFactory(unread=True)

    ingest_file(file.pk)

    drawn = list(settings.PAGE_CACHE_DIR.glob(f"*/{file.sha256}/1-400.webp"))
    assert drawn == [get_page_image(file, 1, width=400).path]


def test_a_record_of_unknown_language_is_in_that_of_its_file():
    unknown = create_record(RecordMetadata("X"), live=False)
    dutch = create_record(RecordMetadata("Y", language="nl"), live=False)
    for record in (unknown, dutch):
        ingest_file(RecordFileFactory(unread=True, record=record, pages=[ENGLISH * 5]).pk)

    for record, language in ((unknown, "en"), (dutch, "nl")):
        record.refresh_from_db()
        assert (record.language, record.latest_revision.as_object().language) == (language, language)


def test_reading_a_read_file_does_nothing():
    file = RecordFileFactory(unread=True)
    ingest_file(file.pk)
    page_ids = list(file.pages.values_list("pk", flat=True))

    assert ingest_file(file.pk) is None

    assert list(file.pages.values_list("pk", flat=True)) == page_ids


def test_reading_again_replaces_the_pages():
    file = RecordFileFactory(pages=["One.", "Two."])
    retry(file)

    ingest_file(file.pk)

    assert list(file.pages.values_list("number", "text")) == [(1, "One."), (2, "Two.")]


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", FileStatus.UNREADABLE),
        (b"<html><script>alert(1)</script></html>", FileStatus.UNREADABLE),
        (b"%PDF-1.7\nnothing that a reader could use", FileStatus.UNREADABLE),
        (make_pdf(["Half of it."])[:300], FileStatus.UNREADABLE),
        (make_pdf(["", ""]), FileStatus.NO_TEXT),
    ],
)
def test_what_cannot_be_read_is_kept_with_a_sentence_that_helps(content, status):
    file = RecordFileFactory(unread=True, content_bytes=content)

    ingest_file(file.pk)

    file.refresh_from_db()
    assert file.status == status
    assert file.message.endswith(".")
    with file.content.open("rb") as kept:
        assert kept.read() == content


def test_a_file_that_changed_on_disk_is_not_read():
    file = RecordFileFactory(unread=True)
    Path(file.content.path).write_bytes(make_pdf(["Something else."]))

    ingest_file(file.pk)

    file.refresh_from_db()
    assert (file.status, file.message, file.pages.count()) == (FileStatus.FAILED, CHANGED, 0)


def test_a_file_that_is_gone_says_so():
    file = RecordFileFactory(unread=True)
    Path(file.content.path).unlink()

    ingest_file(file.pk)

    file.refresh_from_db()
    assert (file.status, file.message) == (FileStatus.FAILED, GONE)


def test_the_limits_of_the_settings_hold(settings):
    settings.INGEST_MAX_PAGES = 2
    file = RecordFileFactory(unread=True, pages=["One.", "Two.", "Three."])

    ingest_file(file.pk)

    file.refresh_from_db()
    assert (file.status, file.page_count, file.pages.count()) == (FileStatus.PARTIAL, 3, 2)


def test_whoever_listens_hears_of_the_file_and_its_record():
    file = RecordFileFactory(unread=True)
    heard = []

    def hear_file(sender, file, **kwargs):
        heard.append(("file", file.pk, file.pages.count()))

    def hear_record(sender, pids, **kwargs):
        heard.append(("record", *pids))

    file_ingested.connect(hear_file)
    record_changed.connect(hear_record)
    try:
        ingest_file(file.pk)
    finally:
        file_ingested.disconnect(hear_file)
        record_changed.disconnect(hear_record)

    assert heard == [("record", file.record.pid), ("file", file.pk, 1)]


def test_a_removed_file_is_not_read():
    file = RecordFileFactory(unread=True, removed_at=timezone.now())

    assert ingest_file(file.pk) is None
    assert ingest_file(file.pk + 1) is None


def test_a_file_deleted_while_it_was_read_is_let_go():
    file = RecordFileFactory(unread=True)
    claimed = claim(file.pk)
    file.delete()

    assert save_text(claimed, DocumentText("ready", pages=(PageText(1, "text", "One."),))) is None
    assert not FilePage.objects.exists()


# Claims -------------------------------------------------------------------------------------------------------------


def test_a_file_is_claimed_by_one_reader_until_that_falls_silent():
    file = RecordFileFactory(unread=True)

    assert claim(file.pk).status == FileStatus.READING
    assert claim(file.pk) is None

    RecordFile.objects.update(read_at=timezone.now() - timedelta(minutes=1))
    assert claim(file.pk).tries == 2


def test_a_file_whose_reading_breaks_off_too_often_is_given_up(settings):
    file = RecordFileFactory(unread=True)
    for _ in range(settings.INGEST_MAX_TRIES):
        claim(file.pk)
        RecordFile.objects.update(read_at=timezone.now() - timedelta(minutes=1))

    assert claim(file.pk) is None

    file.refresh_from_db()
    assert (file.status, file.message) == (FileStatus.FAILED, GAVE_UP)


def test_trying_again_begins_from_the_start(django_capture_on_commit_callbacks):
    file = RecordFileFactory(unread=True, status=FileStatus.FAILED, tries=3)

    with django_capture_on_commit_callbacks(execute=True):
        retry(file)

    assert (file.status, file.tries) == (FileStatus.RECEIVED, 0)
    assert DBTaskResult.objects.get(task_path=ingest_file_task.module_path).args_kwargs["args"] == [file.pk]
    assert ingest_file(file.pk).status == FileStatus.READY


def test_only_what_fell_silent_is_enqueued_again(settings, django_capture_on_commit_callbacks):
    now = timezone.now()
    minute_ago, hour_ago = now - timedelta(minutes=1), now - timedelta(hours=1)
    lost = [
        RecordFileFactory(unread=True, status=FileStatus.READING, read_at=minute_ago),
        RecordFileFactory(unread=True, status=FileStatus.RECEIVED, read_at=hour_ago),
        RecordFileFactory(unread=True, status=FileStatus.FAILED, tries=1, read_at=hour_ago),
    ]
    RecordFileFactory(unread=True, status=FileStatus.READING, read_at=now)
    RecordFileFactory(unread=True, status=FileStatus.RECEIVED, read_at=minute_ago)
    RecordFileFactory(unread=True, status=FileStatus.FAILED, tries=settings.INGEST_MAX_TRIES, read_at=hour_ago)
    RecordFileFactory(unread=True, read_at=hour_ago, removed_at=now)
    RecordFileFactory(read_at=hour_ago)

    with django_capture_on_commit_callbacks(execute=True):
        assert requeue_stale(now=now) == 3
        assert requeue_stale(now=now) == 0

    tasks = DBTaskResult.objects.filter(task_path=ingest_file_task.module_path)
    assert sorted(task.args_kwargs["args"][0] for task in tasks) == [file.pk for file in lost]


def test_files_are_read_side_by_side_and_each_is_told():
    files = [RecordFileFactory(unread=True, pages=[f"Text number {number}."]) for number in range(3)]
    told = []

    read = ingest_files([file.pk for file in files], workers=2, on_finished=told.append)

    assert sorted(file.pk for file in read) == sorted(file.pk for file in told) == [file.pk for file in files]
    assert set(RecordFile.objects.values_list("status", flat=True)) == {FileStatus.READY}


def test_a_worker_reads_what_waits_side_by_side(monkeypatch):
    files = [RecordFileFactory(unread=True, pages=[f"Text number {number}."]) for number in range(4)]
    monkeypatch.setattr(pipeline.os, "cpu_count", lambda: 2)

    ingest_file_task.func(files[2].pk)
    ingest_file_task.func(files[0].pk)

    assert set(RecordFile.objects.values_list("status", "tries")) == {(FileStatus.READY, 1)}


def test_progress_moves_with_every_page_and_adds_up():
    files = [RecordFileFactory(unread=True, pages=["Words."] * 20) for _ in range(2)]
    told = []

    ingest_files([file.pk for file in files], workers=2, on_pages=told.append)

    assert sum(told) == 40


def test_a_file_that_changes_while_it_is_read_is_not_taken_for_what_came_in(monkeypatch):
    file = RecordFileFactory(unread=True)
    read = pipeline.read_document

    def read_and_change(path, **kwargs):
        text = read(path, **kwargs)
        Path(path).write_bytes(make_pdf(["Something else."]))
        return text

    monkeypatch.setattr(pipeline, "read_document", read_and_change)
    ingest_file(file.pk)

    file.refresh_from_db()
    assert (file.status, file.message, file.pages.count()) == (FileStatus.FAILED, CHANGED, 0)


def test_a_file_that_was_only_touched_is_read():
    file = RecordFileFactory(unread=True)
    path = Path(file.content.path)
    before = path.stat()
    path.touch()

    assert pipeline.is_changed(str(path), before)
    assert ingest_file(file.pk).status == FileStatus.READY


@pytest.mark.parametrize("kind", ["pptx", "docx"])
def test_slides_and_documents_are_read_and_keep_their_notes(tmp_path, kind):
    make = {"pptx": make_deck, "docx": make_document}[kind]
    path = make(tmp_path / f"file.{kind}")
    file = RecordFileFactory(unread=True, content_bytes=path.read_bytes(), name=path.name)

    ingest_file(file.pk)

    file.refresh_from_db()
    assert (file.status, file.engine, file.page_count) == (FileStatus.READY, kind, 3)
    assert not file.has_page_images
    assert file.pages_read == file.pages.exclude(status="no_text").count()
    if kind == "pptx":
        page = file.pages.get(number=1)
        assert (page.notes, "kwartelkuiken" in page.whole_text) == ("Tell about kwartelkuiken.\nAnd pause.", True)


# In processes of their own ----------------------------------------------------------------------------------------


def test_two_commands_share_the_work_and_read_nothing_twice(manage):
    files = [RecordFileFactory(unread=True, pages=[ENGLISH] * 10) for _ in range(6)]

    commands = [manage("ingest_files"), manage("ingest_files")]
    told = [command.communicate() for command in commands]

    assert [command.returncode for command in commands] == [0, 0], told
    assert set(RecordFile.objects.values_list("status", "tries")) == {(FileStatus.READY, 1)}
    assert FilePage.objects.count() == 10 * len(files)


def test_a_killed_reading_loses_nothing_and_is_taken_up_again(manage):
    file = RecordFileFactory(unread=True, pages=[ENGLISH * 40] * 400)
    command = manage("ingest_files")
    while not file.pages_read and command.poll() is None:
        time.sleep(0.02)
        file.refresh_from_db()
    command.kill()
    command.wait()
    file.refresh_from_db()
    assert (file.status, file.pages.count()) == (FileStatus.READING, 0)

    RecordFile.objects.update(read_at=timezone.now() - timedelta(minutes=1))
    assert requeue_stale() == 1
    ingest_file(file.pk)

    file.refresh_from_db()
    assert (file.status, file.pages.count(), file.tries) == (FileStatus.READY, 400, 2)


# What a file says of the work in it ---------------------------------------------------------------------------------

FRONT = (
    Set("Counting autumn leaves below a beech", 100, size=16, style="b"),
    Set("Anna Bos^1^", 150, size=11, style="b"),
    Set("^1^ University of Twente", 166, style="i"),
    Set("doi:10.5555/leaves.7", 50, size=8),
)


def test_a_read_file_has_a_suggestion_for_its_record():
    file = RecordFileFactory(unread=True, content_bytes=draw(paper(*FRONT)))

    ingest_file(file.pk)

    suggestion = RecordFile.objects.get(pk=file.pk).suggestion
    assert suggestion.title.value == "Counting autumn leaves below a beech"
    assert suggestion.doi.value == "10.5555/leaves.7"
    assert file.record.title.startswith("Record ")


def test_reading_again_suggests_anew():
    file = RecordFileFactory(unread=True, content_bytes=draw(paper(*FRONT)), suggested={"title": None})

    ingest_file(file.pk)

    assert RecordFile.objects.get(pk=file.pk).suggestion.authors is not None


def test_a_fault_in_describing_costs_no_text(monkeypatch: pytest.MonkeyPatch):
    def break_off(*args: object, **kwargs: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(suggesting, "describe_file", break_off)
    file = RecordFileFactory(unread=True, content_bytes=draw(paper(*FRONT)))

    ingest_file(file.pk)

    file.refresh_from_db()
    assert (file.status, file.suggested, file.pages.count()) == (FileStatus.READY, {}, 2)


def test_the_registry_of_a_printed_doi_completes_the_suggestion(registry):
    registry.answers["/works/10.5555%2Fleaves.7"] = {
        "message": {"title": ["Counting Autumn Leaves below a Beech"], "DOI": "10.5555/leaves.7", "publisher": "Herfst"}
    }
    file = RecordFileFactory(unread=True, content_bytes=draw(paper(*FRONT)))

    ingest_file(file.pk)

    suggestion = RecordFile.objects.get(pk=file.pk).suggestion
    assert (suggestion.title.value, suggestion.title.source) == ("Counting Autumn Leaves below a Beech", "crossref")
    assert (suggestion.publisher.value, suggestion.abstract.source) == ("Herfst", "page")


def test_the_registry_of_another_work_is_not_believed(registry):
    registry.answers["/works/10.5555%2Fleaves.7"] = {"message": {"title": ["Data on tides"], "publisher": "Herfst"}}
    file = RecordFileFactory(unread=True, content_bytes=draw(paper(*FRONT)))

    ingest_file(file.pk)

    suggestion = RecordFile.objects.get(pk=file.pk).suggestion
    assert (suggestion.title.source, suggestion.publisher) == ("page", None)
    assert (suggestion.doi.value, suggestion.doi.certainty) == ("10.5555/leaves.7", "doubtful")


def test_a_registry_that_does_not_answer_costs_nothing(registry):
    registry.answers["/works/10.5555%2Fleaves.7"] = lambda handler: handler.send(500)
    file = RecordFileFactory(unread=True, content_bytes=draw(paper(*FRONT)))

    ingest_file(file.pk)

    assert RecordFile.objects.get(pk=file.pk).suggestion.title.source == "page"
