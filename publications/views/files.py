"""Files and pictures of their pages leave the hub here, and nowhere else. Access is checked at every request."""

import logging
import re
from collections.abc import Iterator

from django.core.files.base import File
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date, parse_http_date_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from publications.access import may_read_file
from publications.errors import IngestError
from publications.ingest.page_images import WIDTHS, RendererBusy, get_page_image
from publications.models import RecordFile
from publications.use import count_use

logger = logging.getLogger(__name__)

THUMBNAIL_WIDTH = 400
CHUNK_BYTES = 1 << 16
SHOWN_IN_BROWSER = {"application/pdf"}
RANGE = re.compile(r"([0-9]{0,18})-([0-9]{0,18})")


def find_file(request: HttpRequest, pid: str, **lookup: object) -> RecordFile:
    """A file of a live record, or of any record for those who may read it anyway.

    Raises Http404 where there is none, or where this reader may not know that there is.
    """
    file = (
        RecordFile.objects.present()
        .select_related("record")
        .prefetch_related("record__restricted_groups", "record__restricted_users")
        .filter(record__pid=pid, **lookup)
        .first()
    )
    if file is None or not (file.record.live or may_read_file(request.user, file, today=timezone.localdate())):
        raise Http404
    return file


def closed_page(request: HttpRequest, file: RecordFile) -> HttpResponse:
    """What somebody sees who may know of a file but not open it."""
    return render(request, "publications/closed.html", {"record": file.record, "file": file}, status=403)


def with_safe_headers(response: HttpResponseBase) -> HttpResponseBase:
    """What a deposited file may do in a browser: nothing. It is not ours, whoever sent it."""
    response.headers["Content-Security-Policy"] = (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@require_safe
def download(request: HttpRequest, pid: str, name: str) -> HttpResponseBase:
    """A file as it was deposited, whole or in part, to those who may read it now (RFC 9110, 13 and 14)."""
    file = find_file(request, pid, name=name)
    if not may_read_file(request.user, file, today=timezone.localdate()):
        return closed_page(request, file)
    etag, modified = f'"{file.sha256}"', int(file.created_at.timestamp())
    known = get_conditional_response(request, etag=etag, last_modified=modified)
    if known is None and request.headers.get("Range", "bytes=0-").startswith("bytes=0-"):
        # A reader of PDFs asks for many parts of one file; the first part counts.
        count_use(request, file.record, kind="downloads")
    response = known or _whole_or_part(request, file, etag=etag, modified=modified)
    response.headers["ETag"] = etag
    response.headers["Last-Modified"] = http_date(modified)
    response.headers["Accept-Ranges"] = "bytes"
    return with_safe_headers(response)


def _whole_or_part(request: HttpRequest, file: RecordFile, *, etag: str, modified: int) -> HttpResponseBase:
    part = wanted_part(request, size=file.size_bytes, etag=etag, modified=modified)
    if part is not None and not part:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size_bytes}"})
    content = _open_whole(file)
    if part is None:
        response: HttpResponseBase = FileResponse(content, content_type=file.media_type)
        response.headers["Content-Length"] = str(file.size_bytes)
    else:
        first, last = part
        response = StreamingHttpResponse(_read_part(content, first, last), status=206, content_type=file.media_type)
        response.headers["Content-Length"] = str(last - first + 1)
        response.headers["Content-Range"] = f"bytes {first}-{last}/{file.size_bytes}"
    as_attachment = file.media_type not in SHOWN_IN_BROWSER or "download" in request.GET
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment, file.name) or "attachment"
    return response


def _open_whole(file: RecordFile) -> File:
    """The stored file, ready to be read. Raises Http404 where it is gone or no longer has all its bytes."""
    try:
        content: File = file.content.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    if content.size != file.size_bytes:
        content.close()
        logger.error("%s has %s bytes on disk instead of %s", file.content.name, content.size, file.size_bytes)
        raise Http404
    return content


def wanted_part(request: HttpRequest, *, size: int, etag: str, modified: int) -> tuple[int, int] | tuple[()] | None:
    """As `parse_range`. Ranges are for GET alone, and for the version that If-Range names, by a strong comparison."""
    version = request.headers.get("If-Range", etag).strip()
    if request.method != "GET" or (version != etag and parse_http_date_safe(version) != modified):
        return None
    return parse_range(request.headers.get("Range", ""), size=size)


def parse_range(header: str, *, size: int) -> tuple[int, int] | tuple[()] | None:
    """First and last byte of a Range header; None for the whole file, () where it cannot be satisfied.

    A header that is malformed or asks for several ranges gets the whole file, as RFC 9110, 14.2 allows.
    """
    unit, _, listed = header.partition("=")
    ranges = [spec.strip() for spec in listed.split(",") if spec.strip()]
    match = RANGE.fullmatch(ranges[0]) if len(ranges) == 1 else None
    if unit.strip().lower() != "bytes" or not match or match.groups() == ("", ""):
        return None
    if match[1] == "":
        length = int(match[2])
        return (max(0, size - length), size - 1) if length and size else ()
    first = int(match[1])
    last = min(int(match[2]), size - 1) if match[2] else size - 1
    if match[2] and int(match[2]) < first:
        return None
    return (first, last) if first < size else ()


def _read_part(content: File, first: int, last: int) -> Iterator[bytes]:
    with content:
        content.seek(first)
        left = last - first + 1
        while left > 0 and (chunk := content.read(min(CHUNK_BYTES, left))):
            left -= len(chunk)
            yield chunk


@require_safe
def page_image(request: HttpRequest, pid: str, file: int, number: int, width: int) -> HttpResponseBase:
    """A page drawn as WebP, at one of the widths that the site uses."""
    found = find_file(request, pid, number=file)
    if width not in WIDTHS or not found.has_page_images or not 1 <= number <= (found.page_count or 0):
        raise Http404
    if not may_read_file(request.user, found, today=timezone.localdate()):
        return HttpResponse(status=403)
    etag = f'"{found.sha256}-{number}-{width}"'
    known = get_conditional_response(request, etag=etag)
    if known is not None:
        known.headers["ETag"] = etag
        return known
    try:
        image = get_page_image(found, number, width=width)
        content = image.path.open("rb")
    except (RendererBusy, FileNotFoundError):  # not found: pruned just now
        return HttpResponse(status=503, headers={"Retry-After": "5"})
    except IngestError as error:
        return HttpResponse(_(str(error)), status=404, content_type="text/plain; charset=utf-8")
    response = FileResponse(content, content_type="image/webp")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def thumbnail(request: HttpRequest, pid: str, file: int) -> HttpResponseBase:
    """The first page of a file, small."""
    return page_image(request, pid, file, number=1, width=THUMBNAIL_WIDTH)
