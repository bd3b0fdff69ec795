"""Whether a thing is live, a draft, in review or scheduled: asked once for a whole listing, not once a row."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from wagtail.admin.ui.tables import StatusTagColumn

from publications.models.publishing import is_in_review, is_scheduled


def with_status(queryset: QuerySet) -> QuerySet:
    """Each row with what `status_of` reads."""
    model = queryset.model
    return queryset.annotate(in_review=is_in_review(model), scheduled=is_scheduled(model))


def status_of(thing: Any) -> str:
    """The state of a row of `with_status`, in a few words."""
    words = [pgettext("state", "live")] if thing.live else []
    if thing.in_review:
        words.append(_("in review"))
    elif thing.scheduled:
        words.append(_("scheduled"))
    elif thing.expired and not thing.live:
        words.append(_("expired"))
    elif thing.has_unpublished_changes or not thing.live:
        words.append(pgettext("state", "draft"))
    return " + ".join(words)


def status_column() -> StatusTagColumn:
    """The column of a listing made `with_status`."""
    return StatusTagColumn(
        "status",
        label=gettext_lazy("Status"),
        accessor=status_of,
        sort_key="live",
        primary=lambda thing: thing.live,
    )
