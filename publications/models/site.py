"""What editors set for the whole site."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


@register_setting(icon="site")
class SiteSettings(BaseSiteSetting):
    """The cluster's name and what stands in the footer."""

    cluster_name = models.CharField(_("short name of the cluster"), max_length=60, blank=True)
    about_en = models.CharField(_("the hub in one sentence, in English"), max_length=300, blank=True)
    about_nl = models.CharField(_("the hub in one sentence, in Dutch"), max_length=300, blank=True)
    region_en = models.CharField(_("line at the foot, in English"), max_length=200, blank=True)
    region_nl = models.CharField(_("line at the foot, in Dutch"), max_length=200, blank=True)
    notice_en = models.CharField(
        _("notice on every page, in English"),
        max_length=300,
        blank=True,
        help_text=_("Such as planned maintenance, or that this is a demonstration."),
    )
    notice_nl = models.CharField(_("notice on every page, in Dutch"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("site settings")
