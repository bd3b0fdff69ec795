"""The content security policy: strict on the site, with an exception for the CMS.

Wagtail's editors carry inline scripts (dates, inline panels) and inline styles (Draftail, positions). They are let
through below /admin/ alone. A preview is a page of the site, answered by a request of its own, and stays strict.
"""

from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

ADMIN_DIRECTIVES: dict[str, Any] = {
    # No nonce here: a browser that sees one ignores 'unsafe-inline'.
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
}


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """Sends the policy of the settings, loosened for pages of the CMS."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith(reverse("wagtailadmin_home")):
            parts.replace = ADMIN_DIRECTIVES | (parts.replace or {})
        return parts
