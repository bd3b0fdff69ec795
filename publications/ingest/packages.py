"""What kind of office file a zip archive is, from its directory alone. Runs in the reading process (`child.py`)."""

import zipfile
from collections.abc import Iterator
from typing import Any

from publications.ingest.limits import Limits, Stopped

MOST_PARTS = 20_000
MIMETYPE_BYTES = 100
MAIN_PARTS = ("ppt/presentation.xml", "word/document.xml")


def read_package(path: str, *, limits: Limits) -> Iterator[dict[str, Any]]:
    """Tell the media type or the main part that gives the kind away."""
    with open_package(path, limits=limits) as archive:
        yield {"kind": find_kind(archive)}


def open_package(path: str, *, limits: Limits) -> zipfile.ZipFile:
    """The archive, once the sizes that its directory declares have been added up.

    A small .pptx can unpack to gigabytes; zipfile reads no more of a part than is declared here.
    """
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise Stopped("unreadable", "zip") from error
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > limits.unpacked_bytes:
        raise Stopped("limit", "unpacked")
    return archive


def find_kind(archive: zipfile.ZipFile) -> str:
    """The media type of an OpenDocument file, the main part of an Office Open XML file, "" for any other archive."""
    names = set(archive.namelist())
    if "mimetype" in names:
        with archive.open("mimetype") as part:
            return part.read(MIMETYPE_BYTES).decode("ascii", "replace").strip()
    if "[Content_Types].xml" in names:
        return next((main for main in MAIN_PARTS if main in names), "")
    return ""
