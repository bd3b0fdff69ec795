"""A progress bar for commands, on a terminal only."""

from types import TracebackType
from typing import Self

from tqdm import tqdm

from publications.records.importing import Progress


class TerminalProgress(Progress):
    """Shows each stretch of work as a bar; nothing where standard error is no terminal."""

    def __init__(self) -> None:
        self._bar: tqdm | None = None

    def __enter__(self) -> Self:
        return self

    def begin(self, what: str, total: int) -> None:
        self._close()
        self._bar = tqdm(total=total, desc=what, disable=None)

    def step(self) -> None:
        if self._bar is not None:
            self._bar.update()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._close()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
