"""Metadata for programs: a record or a collection in the formats of the field, by address or by content negotiation.

These addresses stand outside /{lang}/, because what they answer is the same in every language.
"""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from publications.formats import FORMATS, Format, format_by_media_type
from publications.models import Collection, Record
from publications.reading_lists import audience_of, list_records
from publications.records import metadata_of, with_metadata
from publications.views.addresses import find_shown
from publications.views.records import find_live_record

HTML = "text/html"
UNAVAILABLE = "The search cannot be asked for the moment which records are in this collection. Try again later.\n"
OFFERED = (HTML, *(known.media_type for known in FORMATS))


@require_safe
def record_plain(request: HttpRequest, pid: str) -> HttpResponse:
    """The lasting address of a record: its page in the reader's language, or the format that a program asks for."""
    record = find_live_record(pid)
    wanted = request.get_preferred_type(OFFERED)
    known = format_by_media_type(wanted) if wanted else None
    if known:
        response = as_response([record], known, file_name=record.pid)
    elif wanted == HTML:
        response = HttpResponseRedirect(record.get_absolute_url())
    else:
        response = HttpResponse(_offer(), status=406, content_type="text/plain; charset=utf-8")
    patch_vary_headers(response, ("Accept", "Accept-Language"))
    return response


def _offer() -> str:
    """In English: it is read by people who write programs."""
    return "This record is available as:\n" + "".join(f"{media_type}\n" for media_type in OFFERED)


@require_safe
def record_export(request: HttpRequest, pid: str, extension: str) -> HttpResponse:
    """The metadata of a live record in one format: /records/PID.bib."""
    known = _find_format(extension)
    record = find_live_record(pid)
    return as_response([record], known, file_name=record.pid)


@require_safe
def collection_export(request: HttpRequest, slug: str, extension: str) -> HttpResponse:
    """The metadata of what a published collection holds for whoever asks, in its order: /collections/slug.ris."""
    known = _find_format(extension)
    collection = find_shown(Collection.objects.live(), slug)
    if collection.slug != slug:
        return HttpResponseRedirect(f"{request.path.rpartition('/')[0]}/{collection.slug}.{extension}")
    held = list_records(collection, audience_of(request.user))
    if not held.is_complete:
        return HttpResponse(UNAVAILABLE, status=503, content_type="text/plain; charset=utf-8")
    found = with_metadata(Record.objects.live().filter(pk__in=held.keys)).in_bulk()
    response = as_response([found[key] for key in held.keys if key in found], known, file_name=collection.slug)
    if collection.rule:
        patch_cache_control(response, private=True)
        patch_vary_headers(response, ("Cookie",))
    return response


def _find_format(extension: str) -> Format:
    for known in FORMATS:
        if known.extension == extension:
            return known
    raise Http404


def as_response(records: Sequence[Record], known: Format, *, file_name: str) -> HttpResponse:
    """The records in a format, with the name under which a browser would keep it."""
    # JSON is UTF-8 by definition and its media types take no charset (RFC 8259, 11).
    charset = "" if "json" in known.media_type else "; charset=utf-8"
    text = known.dumps([metadata_of(record) for record in records])
    response = HttpResponse(text, content_type=f"{known.media_type}{charset}")
    response.headers["Content-Disposition"] = f'inline; filename="{file_name}.{known.extension}"'
    return response
