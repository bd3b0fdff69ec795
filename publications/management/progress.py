"""A progress bar for commands, on a terminal only."""

from types import TracebackType
from typing import Self

from django.utils.translation import gettext as _
from tqdm import tqdm

from publications.records.importing import Progress


class TerminalProgress(Progress):
    """Shows each stretch of work as a bar; nothing where standard error is no terminal."""

    def __init__(self) -> None:
        self._bar: tqdm | None = None
        self._pages = 0

    def __enter__(self) -> Self:
        return self

    def begin(self, what: str, total: int) -> None:
        self._close()
        self._pages = 0
        self._bar = tqdm(total=total, desc=what, disable=None)

    def step(self, count: int = 1) -> None:
        if self._bar is not None:
            self._bar.update(count)

    def pages(self, count: int) -> None:
        self._pages += count
        if self._bar is not None and count:
            self._bar.set_postfix_str(_("%(count)d pages") % {"count": self._pages})

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._close()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
