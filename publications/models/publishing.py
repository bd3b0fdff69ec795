"""Whether a thing waits for review or for its day: conditions for a query, asked once for many rows."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, Model, OuterRef
from django.db.models.functions import Cast
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
