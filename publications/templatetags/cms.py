"""What our templates of the CMS need to know, and what the site's templates show of the CMS to editors."""

from copy import copy
from typing import Any

from django import template
from django.conf import settings
from django.utils.safestring import SafeString
from wagtail.admin.templatetags.wagtailuserbar import get_page_instance
from wagtail.admin.userbar import Userbar

register = template.Library()

ENTER_THE_CMS = "wagtailadmin.access_admin"


@register.simple_tag
def hub_name() -> str:
    """The site's name. Django's sign-in view has a `site_name` of its own: the host."""
    name: str = settings.SITE_NAME
    return name


@register.simple_tag(takes_context=True)
def userbar(context: Any, thing: Any = None, *, raised: bool = False) -> SafeString | str:
    """Wagtail's userbar for whoever may enter the CMS, nothing for others; its own tag knows pages only.

    It is `raised` where the page has a bar of its own at the lower edge of a phone. A preview may show what somebody
    else would see; the bar is then that of the editor who asked for it (`request.previewer`).
    """
    request = context.get("request")
    user = getattr(request, "previewer", None) or getattr(request, "user", None)
    if user is None or not user.has_perm(ENTER_THE_CMS):
        return ""
    if request.user is not user:
        request = copy(request)
        request.user = user
    position = "bottom-right hub-raised" if raised else "bottom-right"
    return Userbar(object=thing or get_page_instance(context), position=position).render_html({"request": request})
