"""What every template may need to know about the site."""

from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """The site's name."""
    return {}
