"""Atom feeds of records: the newest on the hub, of all or of those that answer a question. As a stranger sees them.

Both take the parameters of the search page, and `lang` as the API does. A feed is read by programs that sign in
nowhere, and kept by others on their way, so it is the same for everybody.
"""

from datetime import datetime
from itertools import islice

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from publications.models import Collection, Record, Topic
from publications.models.bilingual import SITE_LANGUAGES, local_text, site_language
from publications.templatetags.addresses import absolute
from publications.views.atom import AtomFeed, answer_feed, plain
from search.discovery import reader_of
from search.errors import IndexUnavailable
from search.forms import Question, read_question
from search.indexing import get_search_engine
from search.narrowing import narrow
from search.requests import SearchRequest
from search.understanding import understand

ENTRIES = 50


@require_safe
def atom(request: HttpRequest) -> HttpResponseBase:
    """The newest records that answer the parameters; all records where they ask nothing."""
    language = request.GET.get("lang", "")
    with translation.override(language if language in SITE_LANGUAGES else site_language()):
        question = read_question(request.GET)
        try:
            records = newest_that_answer(question)
        except IndexUnavailable as error:
            return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
        text = write_feed(question, records, address=request.get_full_path())
    return answer_feed(request, text)


def newest_that_answer(question: Question) -> list[Record]:
    """The records that a stranger finds with a question, the last published first."""
    records = Record.objects.listed() if not question.has_all_versions else Record.objects.live()
    newest = records.newest_first()
    if question.q or question.filters:
        reader = reader_of(AnonymousUser())
        wanted = SearchRequest(
            query=understand(question.q, is_widened=question.is_widened).query,
            reader=reader,
            **narrow(question, reader=reader),
        )
        found = get_search_engine().find_all(wanted)
        pids = newest.values_list("pid", flat=True).iterator()
        newest = newest.filter(pid__in=list(islice((pid for pid in pids if pid in found), ENTRIES)))
    return list(newest.for_listing()[:ENTRIES])


def write_feed(question: Question, records: list[Record], *, address: str) -> str:
    """The feed as XML."""
    feed = AtomFeed(
        title=plain(title_of(question)),
        link=absolute(reverse("search:search") + question.query_string()),
        feed_url=absolute(address),
        description=None,
        language=site_language(),
    )
    for record in records:
        add_entry(feed, record)
    return feed.writeString("utf-8")


def add_entry(feed: AtomFeed, record: Record) -> None:
    """A record as an entry: its lasting address names it, in either language."""
    names = [plain(contribution.name) for contribution in record.creators]
    feed.add_item(
        title=plain(record.title),
        link=absolute(record.get_absolute_url()),
        description=plain(record.abstract),
        unique_id=absolute(reverse("record_plain", args=[record.pid])),
        author_name=", ".join(names) or None,
        pubdate=record.first_published_at,
        updateddate=_changed(record),
        categories=[plain(str(row.tag)) for row in record.tagged_topics.all()],
    )


def title_of(question: Question) -> str:
    """What a reader of feeds calls it: the hub, what was looked for, and the topics and collections of it."""
    topics = Topic.objects.current().filter(slug__in=question.filters.get("topic", ()))
    collections = Collection.objects.live().filter(slug__in=question.filters.get("collection", ()))
    narrowed = [
        *([f"“{question.q}”"] if question.q else []),
        *sorted(str(local_text(topic, "label")) for topic in topics),
        *sorted(str(local_text(collection, "title")) for collection in collections),
    ]
    what = ", ".join(narrowed) or _("New records")
    return f"{what} – {settings.SITE_NAME}"


def _changed(record: Record) -> datetime:
    return record.last_published_at or record.first_published_at or record.created_at
