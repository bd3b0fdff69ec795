"""Files and pictures of their pages leave the hub here, and nowhere else. Access is checked at every request."""

import re
from collections.abc import Iterator

from django.core.files.base import File
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from publications.access import may_read_file
from publications.errors import IngestError
from publications.ingest.page_images import WIDTHS, RendererBusy, get_page_image
from publications.models import RecordFile

THUMBNAIL_WIDTH = 400
CHUNK_BYTES = 1 << 16
SHOWN_IN_BROWSER = {"application/pdf"}
RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


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
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@require_safe
def download(request: HttpRequest, pid: str, name: str) -> HttpResponseBase:
    """A file as it was deposited, whole or in part (RFC 9110, 14: one range; 206 or 416)."""
    file = find_file(request, pid, name=name)
    if not may_read_file(request.user, file, today=timezone.localdate()):
        return closed_page(request, file)
    etag = f'"{file.sha256}"'
    if etag in request.headers.get("If-None-Match", ""):
        response: HttpResponseBase = HttpResponse(status=304)
    else:
        response = _whole_or_part(request, file, etag)
    response.headers["ETag"] = etag
    response.headers["Accept-Ranges"] = "bytes"
    return with_safe_headers(response)


def _whole_or_part(request: HttpRequest, file: RecordFile, etag: str) -> HttpResponseBase:
    size = file.size_bytes
    wanted = request.headers.get("Range", "")
    if request.headers.get("If-Range", etag) != etag:
        wanted = ""
    part = parse_range(wanted, size=size)
    if part is not None and not part:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    try:
        content = file.content.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    if part is None:
        response: HttpResponseBase = FileResponse(content, content_type=file.media_type)
        response.headers["Content-Length"] = str(size)
    else:
        first, last = part
        response = StreamingHttpResponse(_read_part(content, first, last), status=206, content_type=file.media_type)
        response.headers["Content-Length"] = str(last - first + 1)
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    as_attachment = file.media_type not in SHOWN_IN_BROWSER or "download" in request.GET
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment, file.name) or "attachment"
    return response


def parse_range(header: str, *, size: int) -> tuple[int, int] | tuple[()] | None:
    """First and last byte of a Range header; None for the whole file, () where it cannot be satisfied.

    A header that is malformed or asks for several ranges gets the whole file, as RFC 9110, 14.2 allows.
    """
    match = RANGE.fullmatch(header.strip())
    if not match or match.groups() == ("", ""):
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
    if etag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers={"ETag": etag})
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
