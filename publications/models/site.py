"""What editors set for the whole site."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList, TabbedInterface
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField

from publications.menus import FootBlock, MenuBlock, usual_foot, usual_menu


@register_setting(icon="site")
class SiteSettings(BaseSiteSetting):
    """The cluster's name, the menu at the top, and what stands in the footer."""

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
    menu = StreamField(MenuBlock(), verbose_name=_("menu at the top"), blank=True, default=usual_menu)
    foot = StreamField(FootBlock(), verbose_name=_("columns at the foot"), blank=True, default=usual_foot)

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("cluster_name"),
                    *(
                        FieldRowPanel([FieldPanel(f"{name}_en"), FieldPanel(f"{name}_nl")])
                        for name in ("about", "region", "notice")
                    ),
                ],
                heading=_("Texts"),
            ),
            ObjectList([FieldPanel("menu")], heading=_("Menu")),
            ObjectList([FieldPanel("foot")], heading=_("Foot of the page")),
        ]
    )

    class Meta:
        verbose_name = _("site settings")
