"""Where an index lives on disk, who may write it, and what its files must look like.

    root/current                 the name of the generation that answers; replaced by renaming
    root/write.lock              held by whoever writes
    root/rebuild.lock            held by whoever builds a new generation
    root/merge.lock              held by whoever merges segments beside the writer
    root/<generation>/           a Whoosh index: segments, and a table of contents for each commit
    root/<generation>/merging/   segments that are being merged, not yet part of a commit
    root/<generation>/manifest-<n>.json     sizes and checksums of the files of commit n
    root/<generation>/changes    while it is being built: the ids that other writers change meanwhile

A table of contents is written last and renamed into place, so a killed process leaves the last commit as it was.
"""

import errno
import fcntl
import json
import os
import shutil
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from search.errors import IndexDamaged, IndexLocked, IndexMissing, IndexNotWritten

# The name of a generation begins with the form of its files, which rises with every change of it. An index of another
# form is not read; it can always be made anew.
FORMAT = "v7-"
MERGING = "merging"
OTHER_FORMAT = "The search index was made by another version of the hub. Run rebuild_index to make it anew."
DISK_FULL = (
    "The disk has no room for the search index. The index is as it was, and what is due stays due. Free some space: "
    "the next attempt takes it in."
)
# A reader of another process may be about to open the generation that was just replaced.
GRACE_SECONDS = 60.0
_POLL_SECONDS = 0.02
_CHUNK_BYTES = 1 << 20


@contextmanager
def exclusive_lock(path: Path, *, wait_seconds: float) -> Iterator[None]:
    """Hold a lock that the kernel lets go of when the process dies. Raises IndexLocked after `wait_seconds`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _wait_for_lock(descriptor, wait_seconds)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def disk_errors() -> Iterator[None]:
    """Say in a sentence when the disk is full. Raises IndexNotWritten."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise IndexNotWritten(DISK_FULL) from error


def _wait_for_lock(descriptor: int, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                holder = os.pread(descriptor, 20, 0).decode("ascii", "replace") or "?"
                message = f"The index is being written by process {holder}. Try again when it is done."
                raise IndexLocked(message) from None
            time.sleep(_POLL_SECONDS)


@dataclass(frozen=True)
class IndexFolder:
    """The folder of one index with its generations."""

    root: Path

    @property
    def write_lock(self) -> Path:
        return self.root / "write.lock"

    @property
    def rebuild_lock(self) -> Path:
        return self.root / "rebuild.lock"

    @property
    def merge_lock(self) -> Path:
        return self.root / "merge.lock"

    def current(self) -> Path:
        """The folder of the generation that answers. Raises IndexMissing."""
        name = self.current_name()
        if not name or not (self.root / name).is_dir():
            raise IndexMissing("There is no search index. Run rebuild_index to make one.")
        if not name.startswith(FORMAT):
            raise IndexMissing(OTHER_FORMAT)
        return self.root / name

    def current_name(self) -> str:
        """The name of the generation that answers, which need not be there; "" for none."""
        try:
            # Read before every search: half of what `Path.read_text` takes.
            descriptor = os.open(self._current, os.O_RDONLY)
        except FileNotFoundError:
            return ""
        try:
            return os.read(descriptor, 255).decode().strip()
        finally:
            os.close(descriptor)

    @cached_property
    def _current(self) -> Path:
        return self.root / "current"

    def new_generation(self) -> Path:
        """An empty folder beside the others, with a name that was never used."""
        path = self.root / f"{FORMAT}{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{time.time_ns() % 10**9:09d}"
        path.mkdir(parents=True)
        return path

    def switch_to(self, generation: Path) -> None:
        """Let this generation answer from now on, in one step; the grace of the one before begins."""
        with suppress(IndexMissing, FileNotFoundError):
            os.utime(self.current())
        replace_file(self._current, generation.name.encode())

    def generations(self) -> list[Path]:
        return sorted(path for path in self.root.iterdir() if path.is_dir()) if self.root.is_dir() else []

    def discard(self, generation: Path) -> None:
        """Remove a generation that was not finished; one that answers already stays, whatever went wrong after."""
        with suppress(IndexMissing):
            if self.current() == generation:
                return
        shutil.rmtree(generation, ignore_errors=True)

    def remove_old_generations(self) -> None:
        """Remove what killed rebuilds left, and replaced generations that nobody can be opening any more.

        The caller holds the writer's lock. Where a rebuild is under way, nothing is removed.
        """
        try:
            with exclusive_lock(self.rebuild_lock, wait_seconds=0):
                current = self.current()
                for path in self.generations():
                    if path != current and time.time() - path.stat().st_mtime > GRACE_SECONDS:
                        shutil.rmtree(path, ignore_errors=True)
        except (IndexLocked, IndexMissing):
            return

    def note_changes(self, record_ids: Iterable[str]) -> None:
        """Tell a rebuild that is under way which records it has to look at again."""
        # A line begins with its break, so that half a line of a killed writer spoils no other.
        lines = "".join("\n" + json.dumps(record_id) for record_id in record_ids)
        for generation in self.generations():
            if lines and (generation / "changes").exists():
                with (generation / "changes").open("a", encoding="utf-8") as journal:
                    journal.write(lines)


def read_changes(generation: Path) -> frozenset[str]:
    """The ids that other writers changed while this generation was being built."""
    changed = set()
    for line in (generation / "changes").read_text(encoding="utf-8").splitlines():
        # Half a line is of a writer that was killed before it committed.
        with suppress(ValueError):
            changed.add(json.loads(line))
    return frozenset(changed)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old content or the new, and no crash leaves half of it."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


@dataclass(frozen=True)
class FileSum:
    """What a file must look like."""

    size_bytes: int
    checksum: int

    @classmethod
    def of(cls, path: Path) -> "FileSum":
        """Read the file."""
        checksum = size = 0
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                checksum = zlib.crc32(chunk, checksum)
                size += len(chunk)
        return cls(size, checksum)


def manifest_path(generation: Path, commit: int) -> Path:
    return generation / f"manifest-{commit}.json"


def write_manifest(generation: Path, commit: int, sums: dict[str, FileSum]) -> None:
    """Write down the files of a commit, before the commit becomes visible."""
    files = {name: [item.size_bytes, item.checksum] for name, item in sums.items()}
    replace_file(manifest_path(generation, commit), json.dumps(files).encode())


def read_manifest(generation: Path, commit: int) -> dict[str, FileSum]:
    """The files of a commit. Raises IndexDamaged if that cannot be read."""
    path = manifest_path(generation, commit)
    try:
        files = json.loads(path.read_bytes())
        return {name: FileSum(size, checksum) for name, (size, checksum) in files.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise IndexDamaged(damage(path, "cannot be read")) from error


def damage(path: Path, what: str) -> str:
    return f"The index file {path.parent.name}/{path.name} {what}. Run rebuild_index to make the index anew."


def check_sizes(generation: Path, sums: dict[str, FileSum]) -> None:
    """Raise IndexDamaged for a file that is missing or has another size; FileNotFoundError is the caller's to judge."""
    for name, expected in sums.items():
        size = (generation / name).stat().st_size
        if size != expected.size_bytes:
            raise IndexDamaged(damage(generation / name, f"has {size} bytes instead of {expected.size_bytes}"))


def find_damage(generation: Path, sums: dict[str, FileSum]) -> tuple[str, ...]:
    """Read every file; one sentence for each that is not as it was written."""
    sentences = []
    for name, expected in sorted(sums.items()):
        path = generation / name
        if not path.exists():
            sentences.append(damage(path, "is missing"))
        elif FileSum.of(path) != expected:
            sentences.append(damage(path, "does not read back as it was written"))
    return tuple(sentences)


def remove_leftovers(generation: Path, keep: Iterable[str]) -> None:
    """Remove what a killed writer left behind: whatever the last commit does not name."""
    kept = {MERGING, *keep}
    for path in generation.iterdir():
        if path.name in kept:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
