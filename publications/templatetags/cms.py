"""What our templates of the CMS need to know."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def hub_name() -> str:
    """The site's name. Django's sign-in view has a `site_name` of its own: the host."""
    name: str = settings.SITE_NAME
    return name
