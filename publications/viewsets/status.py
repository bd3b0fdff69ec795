"""Whether a thing is live, a draft, in review or scheduled: asked once for a whole listing, not once a row."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, Model, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from wagtail.admin.ui.tables import StatusTagColumn
from wagtail.models import Revision, WorkflowState


def _states(model: type[Model]) -> dict[str, Any]:
    """What revisions and workflow states call the row of an outer query: they know it by its base model."""
    base = (*model._meta.get_parent_list(), model)[0]
    return {
        "base_content_type": ContentType.objects.get_for_model(base),
        "object_id": Cast(OuterRef("pk"), CharField()),
    }


def is_in_review(model: type[Model]) -> Exists:
    """A condition: an editor is asked to approve it."""
    return Exists(WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS, **_states(model)))


def is_scheduled(model: type[Model]) -> Exists:
    """A condition: a revision of it goes live by itself, later."""
    return Exists(Revision.objects.filter(approved_go_live_at__isnull=False, **_states(model)))


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
