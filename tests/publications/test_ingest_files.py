"""Reading files by command: those that wait, those that failed, or all of them."""

import io
import shutil

import pytest
from django.core.management import CommandError, call_command

from publications.models import FilePage, RecordFile
from publications.signals import changes_wanted_now
from publications.vocabularies import FileStatus
from tests.factories import RecordFileFactory
from tests.publications.ingest.scans import make_scan
from tests.publications.ingest.typeset import Set, draw, paper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_indexes():
    receivers, changes_wanted_now.receivers = changes_wanted_now.receivers, []
    yield
    changes_wanted_now.receivers = receivers


def run(*arguments: str) -> tuple[str, str]:
    """What the command prints, and what it says on standard error."""
    out, err = io.StringIO(), io.StringIO()
    call_command("ingest_files", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def files() -> list[RecordFile]:
    """One that waits, one that failed, one that was read, one that was taken away, one that is broken."""
    return [
        RecordFileFactory(unread=True, pages=["It waits.", "It waits."]),
        RecordFileFactory(unread=True, status=FileStatus.FAILED, tries=3),
        RecordFileFactory(),
        RecordFileFactory(unread=True, removed_at="2024-01-01T00:00Z"),
        RecordFileFactory(unread=True, content_bytes=b"broken", name="broken.pdf"),
    ]


@pytest.mark.parametrize(
    ("arguments", "read", "pages", "trouble"), [((), 2, 2, 1), (("--failed",), 3, 3, 1), (("--all",), 4, 4, 1)]
)
def test_what_is_asked_for_is_read_and_counted(files, arguments, read, pages, trouble):
    out, err = run(*arguments)

    assert out.startswith(f"Read {read} files, {pages} pages in ")
    assert out.endswith(f" pages/s), {trouble} with trouble, 0 with suggestions for their record.\n")
    assert err.startswith(f"{files[4].record.pid}, broken.pdf: This file is named PDF but is none.")
    assert err.count("\n") == 1
    assert files[3].pages.count() == 0


def test_files_with_suggestions_are_counted():
    RecordFileFactory(unread=True, content_bytes=draw(paper(Set("Counting autumn leaves", 100, size=20))))

    out, _err = run()

    assert out.endswith("0 with trouble, 1 with suggestions for their record.\n")


def test_only_the_files_of_the_named_records_are_read(files):
    out, err = run(files[0].record.pid)

    assert (out.partition(" pages")[0], err) == ("Read 1 files, 2", "")


def test_a_record_that_is_not_there_is_said(files):
    with pytest.raises(CommandError, match=r"There is no record nowhere, nothere\."):
        run("nowhere", files[0].record.pid, "nothere", "--all")

    assert FilePage.objects.count() == 1


# Scans --------------------------------------------------------------------------------------------------------------


def test_scans_are_recognised_after_everything_is_read():
    if not shutil.which("tesseract"):
        pytest.skip("needs Tesseract")
    scan = RecordFileFactory(unread=True, content_bytes=make_scan(["The minutes of the spring meeting", ""]))
    RecordFileFactory(unread=True)

    out, _err = run()

    assert out.splitlines()[0].startswith("Read 2 files, 1 pages in ")
    assert out.splitlines()[1].startswith("Recognised the text of 1 of 2 pages in ")
    assert "spring meeting" in scan.pages.get(number=1).text

    FilePage.objects.filter(file=scan).update(text="Thc rninutes")
    out, _err = run("--recognise")

    assert out.startswith("Recognised the text of 1 of 2 pages in ")
    assert "spring meeting" in scan.pages.get(number=1).text


def test_without_tesseract_it_is_said_how_many_pages_wait(settings):
    settings.INGEST_OCR_LANGUAGES = ""
    RecordFileFactory(unread=True, pages=["", "Words."])

    _out, err = run()

    assert err == "1 pages wait: Text recognition is switched off on this hub.\n"
