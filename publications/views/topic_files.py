"""Topics for programs: the thesaurus of the hub as SKOS or CSV, and the lasting name of a topic."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from publications import skos
from publications.models import Topic
from publications.models.topics import TopicQuerySet
from publications.views.addresses import find_shown


@require_safe
def topic_plain(request: HttpRequest, slug: str) -> HttpResponse:
    """The name of a topic in files: leads to its page in the reader's language."""
    response = HttpResponseRedirect(find_shown(Topic.objects.visible(), slug).get_absolute_url())
    patch_vary_headers(response, ("Accept-Language",))
    return response


@require_safe
def topics_export(request: HttpRequest, extension: str) -> HttpResponse:
    """All topics that readers see: /topics.ttl."""
    return as_file(Topic.objects.visible(), extension)


def as_file(topics: TopicQuerySet, extension: str, *, is_kept: bool = False) -> HttpResponse:
    """Topics in a format; a browser saves the file where it `is_kept`."""
    known = next((known for known in skos.FORMATS if known.extension == extension), None)
    if known is None:
        raise Http404
    # JSON is UTF-8 by definition and its media types take no charset (RFC 8259, 11).
    charset = "" if "json" in known.media_type else "; charset=utf-8"
    text = skos.write_file(skos.concepts_of(topics), known)
    response = HttpResponse(text, content_type=f"{known.media_type}{charset}")
    disposition = "attachment" if is_kept else "inline"
    response.headers["Content-Disposition"] = f'{disposition}; filename="topics.{known.extension}"'
    return response
