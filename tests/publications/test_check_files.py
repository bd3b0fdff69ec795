"""Reading all files back: rot, loss and strangers are named, and each file knows when it was last whole."""

import io
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from publications.ingest.fixity import SETTLED_SECONDS, check_files
from publications.models import RecordFile
from publications.signals import record_changed
from publications.vocabularies import Fixity
from tests.factories import RecordFileFactory

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[str, str, str]:
    """What the command prints, what it says on standard error, and how it ends."""
    out, err, end = io.StringIO(), io.StringIO(), ""
    try:
        call_command("check_files", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        end = str(error)
    return out.getvalue(), err.getvalue(), end


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def test_files_as_they_came_in_are_noted_as_such():
    files = [RecordFileFactory(), RecordFileFactory(removed_at=timezone.now())]

    out, err, end = run()

    size = sum(file.size_bytes for file in files)
    assert out.startswith(f"Checked 2 files ({size / 1024:.1f}\u00a0KB) in ")
    assert out.endswith(
        "2 as they came in, 0 changed, 0 gone, 0 that the disk cannot read; 0 that belong to no record.\n"
    )
    assert (err, end) == ("", "")
    assert set(RecordFile.objects.values_list("fixity", flat=True)) == {"intact"}
    assert not RecordFile.objects.filter(checked_at=None).exists()


def test_a_single_bit_a_loss_and_a_stranger_are_found_and_named(settings):
    whole, rotten, gone = RecordFileFactory(), RecordFileFactory(), RecordFileFactory()
    flip_a_bit(Path(rotten.content.path))
    Path(gone.content.path).unlink()
    stranger = settings.FILES_DIR / "ab" / "stranger.pdf"
    stranger.parent.mkdir(exist_ok=True)
    stranger.write_bytes(b"whose?")
    long_ago = time.time() - SETTLED_SECONDS - 60
    os.utime(stranger, (long_ago, long_ago))
    (settings.FILES_DIR / ".incoming-now").write_bytes(b"on its way")

    out, err, end = run()

    assert "1 as they came in, 1 changed, 1 gone, 0 that the disk cannot read; 1 that belong to no record" in out
    assert sorted(err.splitlines()) == sorted(
        [
            f"{rotten.record.pid}, {rotten.name} ({rotten.content.name}): Changed since it came in",
            f"{gone.record.pid}, {gone.name} ({gone.content.name}): Gone from the disk",
            "ab/stranger.pdf: belongs to no record",
        ]
    )
    assert end == "3 files need attention."
    assert [RecordFile.objects.get(pk=file.pk).fixity for file in (whole, rotten, gone)] == [
        "intact",
        "changed",
        "missing",
    ]


def test_a_file_that_the_disk_cannot_read_is_told_from_one_that_changed():
    file = RecordFileFactory()
    path = Path(file.content.path)
    path.unlink()
    path.mkdir()  # opening it fails otherwise than for a file that is not there

    report = check_files()

    assert report.found[Fixity.UNREADABLE] == [file]


def test_a_file_brought_back_from_a_backup_is_whole_again():
    file = RecordFileFactory()
    path = Path(file.content.path)
    content = path.read_bytes()
    flip_a_bit(path)
    assert run()[2]

    path.write_bytes(content)

    assert run()[2] == ""
    file.refresh_from_db()
    assert file.fixity == "intact"


def test_a_nightly_share_takes_those_that_waited_longest_and_goes_on_where_it_stopped():
    now = timezone.now()
    never, lately, long_ago, last_week = (
        RecordFileFactory(checked_at=when)
        for when in (None, now - timedelta(hours=1), now - timedelta(days=40), now - timedelta(days=8))
    )
    told = []

    first = check_files(older_than=timedelta(days=7), limit=2, on_count=told.append, on_file=told.append)
    second = check_files(older_than=timedelta(days=7), limit=2)
    third = check_files(older_than=timedelta(days=7), limit=2)

    assert told == [2, never, long_ago]
    assert first.found[Fixity.INTACT] == [never, long_ago]
    assert second.found[Fixity.INTACT] == [last_week]
    assert third.checked == 0
    lately.refresh_from_db()
    assert lately.fixity == ""


@pytest.mark.parametrize("arguments", [["--limit", "0"], ["--limit", "-1"], ["--older-than-days", "x"]])
def test_a_share_of_nothing_is_refused(arguments):
    with pytest.raises(CommandError):
        call_command("check_files", *arguments)


def test_checking_announces_no_change():
    RecordFileFactory()
    heard = []

    def hear(sender, pids, **kwargs):
        heard.append(pids)

    record_changed.connect(hear)
    try:
        check_files()
    finally:
        record_changed.disconnect(hear)

    assert heard == []


def test_a_check_that_is_killed_has_saved_what_it_knew(manage):
    files = [
        RecordFileFactory(content_bytes=bytes([number]) * 10_000_000, name=f"{number}.bin") for number in range(12)
    ]
    command = manage("check_files")
    while not RecordFile.objects.exclude(checked_at=None).exists() and command.poll() is None:
        time.sleep(0.01)
    command.kill()
    command.wait()
    done = RecordFile.objects.exclude(checked_at=None).count()
    assert 0 < done <= len(files)

    report = check_files(older_than=timedelta(hours=1))

    assert report.checked == len(files) - done
