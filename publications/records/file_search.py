"""Finding the files that an entry of a bibliography names, below one folder and nowhere else."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from publications.ingest.filetypes import FILE_KINDS

EXTENSIONS = tuple(kind.extension for kind in FILE_KINDS)


def find_files(names: Iterable[str], *, key: str, directory: Path) -> tuple[list[Path], list[str]]:
    """The files that an entry names and those names for which there is none; without a name, the file named as its key.

    A path of another computer ("C:\\\\Papers\\\\jansen.pdf") is looked for by its last part.
    """
    names = [name for name in names if name.strip() and not re.match(r"https?://", name.strip(), re.IGNORECASE)]
    found: dict[str, Path | None] = {name: _first_inside(_places(name), directory) for name in names}
    paths = list(dict.fromkeys(path for path in found.values() if path))
    if not paths and key:
        by_key = _first_inside((f"{key}.{end}" for ending in EXTENSIONS for end in (ending, ending.upper())), directory)
        paths = [by_key] if by_key else []
    missing = [name for name, path in found.items() if path is None]
    return paths, ([] if paths and not any(found.values()) else missing)


def _places(name: str) -> Iterator[str]:
    path = PurePosixPath(name.strip().replace("\\", "/"))
    yield str(path)
    yield path.name


def _first_inside(places: Iterable[str], directory: Path) -> Path | None:
    """The first of the places that is a file, and still inside the folder once links are followed."""
    for place in places:
        try:
            path = (directory / place).resolve()
            if path.is_relative_to(directory) and path.is_file():
                return path
        except (OSError, ValueError, RuntimeError):  # a name too long, with a NUL, or a circle of links
            continue
    return None
