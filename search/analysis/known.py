"""What was worked out of words and pieces of text, kept for the next time that they are seen."""

from collections.abc import Callable, Sized
from typing import TypeVar

Key = TypeVar("Key", bound=Sized)
Value = TypeVar("Value")

MAX_LENGTH = 128
"""Longer pieces are hardly ever seen twice, and are worked out each time."""


class Known(dict[Key, Value]):
    """By key, what `learn` makes of it. When there are `most`, all are forgotten: simpler, and seldom."""

    def __init__(self, learn: Callable[[Key], Value], *, most: int) -> None:
        super().__init__()
        self._learn = learn
        self._most = most

    def __missing__(self, key: Key) -> Value:
        value = self._learn(key)
        if len(key) <= MAX_LENGTH:
            if len(self) >= self._most:
                self.clear()
            self[key] = value
        return value
