"""Who is asking, and whether they may change files: asked by every button that acts on one."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from wagtail.permissions import policy_registry

from publications.models import RecordFile, User


def signed_in(request: HttpRequest) -> User | None:
    """Who is signed in; for the history."""
    return request.user if request.user.is_authenticated else None


def check_may_change(request: HttpRequest) -> None:
    """Raises PermissionDenied for whoever may not change files."""
    if not policy_registry.get_by_type(RecordFile).user_has_permission(request.user, "change"):
        raise PermissionDenied
