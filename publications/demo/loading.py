"""What every part of the loading needs: a count of what was added, and the PID of a record."""

import hashlib
from dataclasses import dataclass, field

from publications.identifiers import PID_ALPHABET, PID_LENGTH, pid_check_character
from publications.models import RecordFile


@dataclass
class Loaded:
    """What a run added; all zero when everything was there."""

    counts: dict[str, int] = field(default_factory=dict)
    unread: list[RecordFile] = field(default_factory=list)
    """Files that are still to be read."""

    def add(self, name: str, number: int = 1) -> None:
        """Count something that was added."""
        self.counts[name] = self.counts.get(name, 0) + number


def demo_pid(slug: str) -> str:
    """The PID of a demo record: made from its name, so that it is the same on every machine."""
    number = int.from_bytes(hashlib.sha256(slug.encode()).digest()[:8], "big")
    stem = ""
    for _place in range(PID_LENGTH - 1):
        number, rest = divmod(number, len(PID_ALPHABET))
        stem += PID_ALPHABET[rest]
    return stem + pid_check_character(stem)
