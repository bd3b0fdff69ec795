"""Recognising the text of scans: page by page, saved at once, resumed after a kill, honest where it cannot be done."""

import errno
import json
import os
import re
import shutil
import signal
import tempfile
import time
import unicodedata
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from knowledge_hub.maintenance import requeue_stale_recognition
from publications.ingest import recogniser, recognition
from publications.ingest.page_states import page_states
from publications.ingest.pipeline import ingest_file
from publications.ingest.recogniser import NOT_INSTALLED, OFF, RecognisedPage, find_recogniser, recognise_page
from publications.ingest.recognition import (
    MAX_TRIES,
    recognise_again,
    recognise_file,
    recognise_file_task,
    requeue_recognition,
)
from publications.ingest.scanned import words_of
from publications.models import FilePage, RecognisedWords, RecordFile
from publications.signals import file_ingested
from publications.suggestions import SURE
from publications.vocabularies import FileStatus, SuggestionSource
from tests.factories import RecordFileFactory
from tests.publications.ingest.scans import make_scan, make_scanned_paper

ENGLISH = "The committee met in Utrecht on Monday\nand read the minutes of the spring meeting.\nNobody objected."
DUTCH = "De vergadering besluit dat de commissie\nvoor de zomer een verslag uitbrengt over\nhet onderzoek."

needs_tesseract = pytest.mark.skipif(not shutil.which("tesseract"), reason="needs Tesseract")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def looked_for_anew():
    recogniser._known = None
    yield
    recogniser._known = None


def scan(pages: list[str], **values) -> RecordFile:
    """A read file of pages that are pictures."""
    file = RecordFileFactory(unread=True, content_bytes=make_scan(pages), **values)
    ingest_file(file.pk)
    file.refresh_from_db()
    return file


def states(file: RecordFile) -> list[tuple]:
    return list(file.pages.values_list("status", "reason", "awaits_recognition"))


# Pages ------------------------------------------------------------------------------------------------------------


@needs_tesseract
def test_a_scan_becomes_text_that_is_called_recognised():
    file = scan([ENGLISH, "", "#", DUTCH])
    assert (file.status, file.pages_read) == (FileStatus.NO_TEXT, 0)
    assert states(file) == [("no_text", "no_words", True)] * 4

    assert recognise_file(file.pk, workers=2) == 4

    file.refresh_from_db()
    assert (file.status, file.message, file.pages_read) == (FileStatus.READY, "", 2)
    assert states(file) == [
        ("recognised", "", False),
        ("no_text", "blank", False),
        ("no_text", "not_recognised", False),
        ("recognised", "", False),
    ]
    first, last = file.pages.get(number=1), file.pages.get(number=4)
    assert "read the minutes of the spring meeting" in first.text
    assert "de commissie\nvoor de zomer" in last.text
    assert (first.language, last.language) == ("en", "nl")
    assert recognise_file(file.pk) == 0


@needs_tesseract
def test_what_the_first_page_knows_is_saved_while_the_second_is_read(monkeypatch):
    file = scan([ENGLISH, DUTCH])
    seen = []
    save_page = recognition.save_page
    monkeypatch.setattr(recognition, "save_page", lambda *page: seen.append(states(file)) or save_page(*page))

    recognise_file(file.pk)

    assert seen == [
        [("no_text", "no_words", True), ("no_text", "no_words", True)],
        [("recognised", "", False), ("no_text", "no_words", True)],
    ]


@needs_tesseract
def test_a_turn_ends_and_the_rest_gets_a_task_of_its_own(django_capture_on_commit_callbacks, monkeypatch):
    file = scan([ENGLISH, DUTCH])
    monkeypatch.setattr(recognition, "TURN_SECONDS", 0.001)

    with django_capture_on_commit_callbacks(execute=True):
        recognise_file_task.func(file.pk)

    assert file.pages.filter(awaits_recognition=True).count() in (0, 1)
    waiting = DBTaskResult.objects.filter(task_path=recognise_file_task.module_path)
    assert waiting.count() == file.pages.filter(awaits_recognition=True).count()
    assert {task.queue_name for task in waiting} <= {"recognition"}


@needs_tesseract
def test_reading_a_scan_enqueues_its_recognition_behind_other_work(django_capture_on_commit_callbacks):
    file = RecordFileFactory(unread=True, content_bytes=make_scan([ENGLISH]))

    with django_capture_on_commit_callbacks(execute=True):
        ingest_file(file.pk)

    (task,) = DBTaskResult.objects.filter(task_path=recognise_file_task.module_path)
    assert (task.queue_name, task.args_kwargs["args"]) == ("recognition", [file.pk])


def test_gibberish_is_replaced_only_by_something_better(monkeypatch):
    file = RecordFileFactory(pages=["/G01/G02/G03/G04 /G05/G06", "/G01/G02/G03/G04 /G05/G06"])
    file.pages.update(reason="garbled", awaits_recognition=True)
    found = {1: RecognisedPage("Words that somebody can read."), 2: RecognisedPage("/A01/A02/A03/A04 /A05/A06")}
    monkeypatch.setattr(recognition, "find_recogniser", lambda: recogniser.Recogniser("tesseract", "eng"))
    monkeypatch.setattr(recognition, "recognise_page", lambda path, number, recogniser: found[number])

    recognise_file(file.pk)

    assert states(file) == [("recognised", "", False), ("text", "garbled", False)]
    assert file.pages.get(number=2).text.startswith("/G01")


@needs_tesseract
def test_recognition_can_be_run_again_on_request(django_capture_on_commit_callbacks):
    file = scan([ENGLISH, ""])
    recognise_file(file.pk)
    file.pages.filter(number=1).update(text="Thc commitree rnet")

    with django_capture_on_commit_callbacks(execute=True):
        assert recognise_again(RecordFile.objects.filter(pk=file.pk)) == 2
    recognise_file(file.pk)

    assert file.pages.get(number=1).text.startswith("The committee met")
    assert states(file)[1] == ("no_text", "blank", False)


@needs_tesseract
def test_a_scan_describes_its_work_once_it_is_recognised(monkeypatch):
    heard = []
    file_ingested.connect(lambda file, **_: heard.append(file.suggestion.title), weak=False, dispatch_uid="heard")
    file = RecordFileFactory(unread=True, content_bytes=make_scanned_paper())
    ingest_file(file.pk)
    file.refresh_from_db()
    assert file.suggestion.title is None

    recognise_file(file.pk)
    file_ingested.disconnect(dispatch_uid="heard")

    file.refresh_from_db()
    suggestion = file.suggestion
    assert suggestion.title.value == "Cartilage thickness on early scans of the knee"
    assert [author.agent.family_name for author in suggestion.authors.value] == ["Lovelace", "Smit"]
    assert suggestion.abstract.value.startswith("We measured the cartilage")
    assert {suggestion.title.source, suggestion.authors.source} == {SuggestionSource.RECOGNISED}
    assert suggestion.title.confidence < SURE
    assert heard == [None, suggestion.title]


class Killed(BaseException):
    """As from outside: nothing that catches exceptions catches it."""


def be_killed(file_id: int) -> None:
    raise Killed


@needs_tesseract
def test_what_was_killed_between_the_last_page_and_the_end_is_finished(monkeypatch):
    file = RecordFileFactory(unread=True, content_bytes=make_scanned_paper())
    ingest_file(file.pk)
    with monkeypatch.context() as patch:
        patch.setattr(recognition, "finish_file", be_killed)
        with pytest.raises(Killed):
            recognise_file(file.pk)
    RecordFile.objects.filter(pk=file.pk).update(recognised_at=timezone.now() - timedelta(minutes=1))

    assert requeue_recognition(is_idle=False) == 1
    RecordFile.objects.filter(pk=file.pk).update(recognised_at=timezone.now() - timedelta(minutes=1))
    recognise_file(file.pk)

    file.refresh_from_db()
    assert file.suggestion.title.value.startswith("Cartilage thickness")
    assert file.recognised_at is None


@needs_tesseract
def test_where_recognised_words_stand_is_kept_without_addresses():
    file = scan(["Write to anna.vos@example.org\nabout the minutes of the meeting."])

    recognise_file(file.pk)

    page = file.pages.get()
    words = [word.text for word in words_of(page.recognised_words.lines)]
    assert "minutes" in words
    assert not any("@" in word or "example" in word for word in words)
    assert page.text.startswith("Write to [e-mail]")
    recognise_again(RecordFile.objects.filter(pk=file.pk))
    recognise_file(file.pk)
    assert RecognisedWords.objects.count() == 1


# Where it cannot be done --------------------------------------------------------------------------------------------


def test_without_tesseract_a_page_says_that_it_cannot_be_searched_and_why(monkeypatch, settings):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    file = scan([ENGLISH])

    assert recognise_file(file.pk) == 0

    (group,) = page_states([file])[file.pk].troubles
    assert (group.sentence, group.numbers) == (NOT_INSTALLED, (1,))
    settings.INGEST_OCR_LANGUAGES = ""
    assert find_recogniser().problem == OFF


@needs_tesseract
def test_languages_that_are_not_installed_are_left_out(settings):
    settings.INGEST_OCR_LANGUAGES = "eng+xyz"
    assert find_recogniser().languages == "eng"

    settings.INGEST_OCR_LANGUAGES = "xyz"
    assert "lacks the languages" in find_recogniser().problem


@needs_tesseract
@pytest.mark.parametrize("kind", ["flate bomb", "nested forms"])
def test_a_hostile_page_costs_its_own_process_only(hostile_pdf, kind, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    page = recognise_page(hostile_pdf(kind), 1, recogniser=find_recogniser())

    assert (page.text, page.reason) in [("", "too_hard"), ("", "blank")]
    assert list(tmp_path.glob("hub-ocr-*")) == []


@needs_tesseract
def test_a_page_that_breaks_off_again_and_again_is_left_and_says_so(monkeypatch):
    file = scan([ENGLISH])
    monkeypatch.setattr(
        recognition,
        "recognise_page",
        lambda path, number, recogniser: RecognisedPage(reason="too_hard", broke_off=True),
    )

    tried = [recognise_file(file.pk) for _ in range(MAX_TRIES + 1)]

    assert tried == [1] * MAX_TRIES + [0]
    assert states(file) == [("no_text", "too_hard", False)]


@needs_tesseract
def test_a_full_disk_stops_nothing_and_the_page_is_tried_again(monkeypatch):
    file = scan([ENGLISH])

    def no_room(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(recogniser.tempfile, "TemporaryDirectory", no_room)
        assert recognise_file(file.pk) == 1
    assert states(file) == [("no_text", "no_words", True)]

    recognise_file(file.pk)

    assert states(file) == [("recognised", "", False)]


@needs_tesseract
def test_a_file_that_was_read_again_meanwhile_keeps_its_new_pages(monkeypatch):
    file = scan([ENGLISH])

    save_page = recognition.save_page

    def read_meanwhile(*page):
        FilePage.objects.filter(file=file).update(text="From the file itself.", status="text", awaits_recognition=False)
        save_page(*page)

    monkeypatch.setattr(recognition, "save_page", read_meanwhile)
    recognise_file(file.pk)

    assert list(file.pages.values_list("text", "status")) == [("From the file itself.", "text")]


# Crashes ------------------------------------------------------------------------------------------------------------


def test_a_file_is_recognised_by_one_process_at_a_time():
    file = RecordFileFactory(pages=[""])

    assert recognition.claim(file.pk)
    assert not recognition.claim(file.pk)

    RecordFile.objects.update(recognised_at=timezone.now() - timedelta(minutes=1))
    assert recognition.claim(file.pk)


@needs_tesseract
def test_a_killed_recognition_loses_one_page_at_most_and_is_taken_up_again(manage, django_capture_on_commit_callbacks):
    file = scan([ENGLISH] * 8)
    command = manage("ingest_files", file.record.pid)
    while not file.pages.filter(status="recognised").exists() and command.poll() is None:
        time.sleep(0.05)
    command.send_signal(signal.SIGKILL)
    command.wait()
    done = file.pages.filter(status="recognised").count()
    file.refresh_from_db()
    assert 0 < done < 8
    assert (file.pages_read, file.recognised_at is None) == (done, False)

    RecordFile.objects.update(recognised_at=timezone.now() - timedelta(minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert requeue_stale_recognition() == 1
    assert recognise_file(file.pk, workers=2) == 8 - done

    file.refresh_from_db()
    assert (file.status, file.pages_read) == (FileStatus.READY, 8)


@needs_tesseract
def test_pages_that_wait_are_enqueued_once_tesseract_has_come(django_capture_on_commit_callbacks):
    file = RecordFileFactory(pages=[""])
    file.pages.update(awaits_recognition=True, reason="no_words")

    with django_capture_on_commit_callbacks(execute=True):
        first = requeue_stale_recognition()
    second = requeue_stale_recognition()

    assert (first, second) == (1, 0)  # the queue is no longer idle


# Real scans ---------------------------------------------------------------------------------------------------------

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "odd-pdfs"
SCANS = (
    [entry for entry in json.loads((FOLDER / "manifest.json").read_text())["files"] if "ocr_truth" in entry]
    if FOLDER.is_dir()
    else []
)


@needs_tesseract
@pytest.mark.shared_data
@pytest.mark.skipif(not SCANS, reason="needs ../shared/data beside the project")
@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry["file"]) for entry in SCANS])
def test_a_real_scan_is_recognised_nearly_word_for_word(entry: dict):
    file = RecordFileFactory(unread=True, content_bytes=(FOLDER / entry["file"]).read_bytes())
    ingest_file(file.pk)

    recognise_file(file.pk, workers=os.cpu_count() or 1)

    for page, truth in zip(file.pages.all(), entry["ocr_truth"], strict=True):
        assert page.status == "recognised"
        assert word_f1(f"{page.text}\n{page.running}", truth) >= 0.9, page.text


def word_f1(text: str, truth: str) -> float:
    found, wanted = (
        Counter(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", words).lower())) for words in (text, truth)
    )
    return 2 * (found & wanted).total() / max(1, found.total() + wanted.total())
