"""Files that come in while the disk fills up, or while somebody still writes them: whole and safe, or not taken."""

import io
import os
import resource
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from publications.errors import StorageFull, UnsettledFile
from publications.models import RecordFile
from publications.records import attach_file, files
from tests.factories import EditorFactory, PublicationFactory, make_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_disk():
    """For a while this process may write no file larger than 4 kB, as if the disk were full."""
    import signal

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    def fill() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))

    yield fill
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def stored(settings) -> list[Path]:
    return [path for path in settings.FILES_DIR.rglob("*") if path.is_file()]


def test_a_file_for_which_there_is_no_room_is_not_taken_and_leaves_nothing(small_disk, settings):
    record = PublicationFactory()
    small_disk()

    with pytest.raises(StorageFull, match="The disk of this hub is full"):
        attach_file(record, io.BytesIO(os.urandom(100_000)), name="thesis.pdf")

    assert stored(settings) == []
    assert not RecordFile.objects.exists()


def test_a_full_disk_is_said_in_the_form_and_a_second_try_works(client: Client, settings, monkeypatch):
    client.force_login(EditorFactory())
    record = PublicationFactory()
    path = f"/admin/records/{record.pk}/files/add/"
    content = make_pdf(["A page."])

    def no_room(*args):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(files.os, "fsync", no_room)
        refused = client.post(path, {"file": SimpleUploadedFile("a.pdf", content)})
    taken = client.post(path, {"file": SimpleUploadedFile("a.pdf", content)})

    assert "The disk of this hub is full" in refused.content.decode()
    assert taken.status_code == 302
    assert RecordFile.objects.count() == len(stored(settings)) == 1


def test_other_trouble_of_the_disk_is_not_called_full(monkeypatch):
    def broken(*args):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(files.os, "fsync", broken)

    with pytest.raises(OSError, match="Input/output"):
        attach_file(PublicationFactory(), io.BytesIO(b"x"), name="a.pdf")


def test_a_file_that_grows_while_it_is_copied_is_not_taken(tmp_path, settings, monkeypatch):
    source = tmp_path / "growing.pdf"
    source.write_bytes(make_pdf(["A page."] * 50))
    copied = files.hashlib.sha256

    def grow():
        with source.open("ab") as file:
            file.write(b"% and more")
        return copied()

    monkeypatch.setattr(files.hashlib, "sha256", grow)

    with pytest.raises(UnsettledFile, match="changed while it was copied"):
        attach_file(PublicationFactory(), source)
    assert stored(settings) == []


@pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="needs root, to mount a small disk")
def test_a_disk_that_really_is_full_refuses_in_words(tmp_path, settings):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "hub-test", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip("mounting is not allowed here")
    try:
        settings.FILES_DIR = disk
        with pytest.raises(StorageFull), files.staged(io.BytesIO(os.urandom(200_000)), name="a.pdf"):
            pass
        assert list(disk.iterdir()) == []
        with files.staged(io.BytesIO(b"small"), name="b.txt") as small:
            assert small.size_bytes == 5
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_killed_upload_leaves_no_file_that_anybody_takes_for_whole(tmp_path, settings):
    """What lies there is hidden, has no row, and `check_files` names it."""
    script = textwrap.dedent(
        f"""
        import io, os, signal, django
        django.setup()
        from django.conf import settings
        from pathlib import Path
        settings.FILES_DIR = Path({str(settings.FILES_DIR)!r})
        from publications.records import files
        class Killer(io.BytesIO):
            def read(self, size=-1):
                if self.tell() > 1 << 20:
                    os.kill(os.getpid(), signal.SIGKILL)
                return super().read(size)
        with files.staged(Killer(bytes(5 << 20)), name="a.pdf"):
            pass
        """
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "knowledge_hub.settings.test"}
    ended = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)

    assert ended.returncode == -9, ended.stderr
    (left,) = stored(settings)
    assert left.name.startswith(".incoming-")
    assert not RecordFile.objects.exists()
    assert files.prune_incoming() == 0
    long_ago = time.time() - files.INCOMING_SECONDS - 60
    os.utime(left, (long_ago, long_ago))
    assert (files.prune_incoming(), stored(settings)) == (1, [])
