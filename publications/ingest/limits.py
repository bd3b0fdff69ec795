"""What reading one file may cost, and how a reading says that it stopped. Shared by both sides of `sandbox.py`."""

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What reading one file may cost. No paper of 118 measured came near any of these."""

    size_bytes: int = 200 * MIB
    """The file itself."""
    unpacked_bytes: int = 400 * MIB
    """What the parts of an office file add up to, as its own directory declares."""
    memory_bytes: int = 1024 * MIB
    """Address space of the reading process."""
    cpu_seconds: int = 30
    """For the file, all attempts together."""
    wall_seconds: int = 300
    """For one attempt; generous, as a busy machine shares its cores."""
    output_bytes: int = 16 * MIB
    """Everything that one attempt may tell."""
    pages: int = 2_000
    page_characters: int = 200_000
    written_bytes: int = 0
    """The largest file that the reading process may write."""
    may_start_programs: bool = False
    """Only text recognition needs it, and never on a file that somebody uploaded: on a picture that we drew."""
    niceness: int = 0
    """How far it lets others go first."""


class Stopped(Exception):
    """A reading that ends early: how ("limit", "password", "unreadable") and why, in a word or two."""

    def __init__(self, outcome: str, why: str = "") -> None:
        super().__init__(outcome, why)
        self.outcome = outcome
        self.why = why
