"""What all Atom feeds of the hub have in common: texts that XML can hold, answers that readers of feeds can keep."""

import hashlib
import re
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import quote_etag

MAX_AGE_SECONDS = 600
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class AtomFeed(Atom1Feed):
    """A feed that stays the same without entries, too: Django would give it the time of each answer."""

    def latest_post_date(self) -> datetime:
        latest: datetime = super().latest_post_date()
        return latest if self.items else datetime(2000, 1, 1, tzinfo=UTC)


def answer_feed(request: HttpRequest, text: str) -> HttpResponseBase:
    """The feed, the same for everybody, or 304 to whoever has it."""
    etag = quote_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    response = HttpResponse(text, content_type="application/atom+xml; charset=utf-8", headers={"ETag": etag})
    patch_cache_control(response, public=True, max_age=MAX_AGE_SECONDS)
    patch_vary_headers(response, ("Accept-Language",))
    return get_conditional_response(request, etag=etag, response=response) or response


def plain(text: str) -> str:
    """The text without what XML cannot hold."""
    return NOT_IN_XML.sub(" ", text)
