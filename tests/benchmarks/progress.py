"""What a long measurement says meanwhile, on the error stream: the output is for its tables."""

import sys
from collections.abc import Sequence
from typing import TypeVar

from tqdm import tqdm

Step = TypeVar("Step")


def say(text: str) -> None:
    """A line about what is being done now."""
    tqdm.write(text, file=sys.stderr)


def steps(sequence: Sequence[Step], label: str) -> "tqdm[Step]":
    """The same sequence, with a bar where the error stream is a terminal."""
    return tqdm(sequence, desc=label, disable=None, leave=False)
