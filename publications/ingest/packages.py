"""What kind of office file a zip archive is, from its directory alone. Runs in the reading process (`child.py`)."""

import zipfile
from collections.abc import Iterator
from typing import Any

from publications.ingest.limits import Limits, Stopped

MOST_PARTS = 20_000
MIMETYPE_BYTES = 100


def read_package(path: str, *, limits: Limits) -> Iterator[dict[str, Any]]:
    """Tell the media type or the main part that gives the kind away.

    The sizes that the directory declares are added up first: a small .pptx can unpack to gigabytes.
    """
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise Stopped("unreadable", "zip") from error
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > limits.unpacked_bytes:
        raise Stopped("limit", "unpacked")
    yield {"kind": find_kind(archive)}


def find_kind(archive: zipfile.ZipFile) -> str:
    """The media type of an OpenDocument file, the folder of an Office Open XML file, "" for any other archive."""
    names = set(archive.namelist())
    if "mimetype" in names:
        with archive.open("mimetype") as part:
            return part.read(MIMETYPE_BYTES).decode("ascii", "replace").strip()
    if "[Content_Types].xml" in names:
        for main in ("ppt/presentation.xml", "word/document.xml"):
            if main in names:
                return main
    return ""
