"""The form of collections, tab by tab."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    MultipleChooserPanel,
    ObjectList,
    Panel,
    PublishingPanel,
    TabbedInterface,
)

from publications.viewsets.collection_forms import CollectionForm
from publications.viewsets.panels import pair
from publications.viewsets.rule_matches import matches_context


class OrderPanel(Panel):
    """A way to order what was picked for those who do not drag."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on one collection's form."""

        template_name = "publications/admin/order_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            saved = self.instance.pk
            return context | {"order_url": reverse("collection_order", args=[saved]) if saved else ""}


class RulePanel(Panel):
    """What the rule finds, for whom; looked up again while it is typed."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on one collection's form."""

        template_name = "publications/admin/rule_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            rule, order = self.form["rule"].value() or "", self.form["rule_order"].value()
            return context | {"matches_url": reverse("rule_matches")} | matches_context(rule, order)


COLLECTION_TABS = TabbedInterface(
    [
        ObjectList(
            [
                pair("title_en", "title_nl", heading=_("Title")),
                pair("summary_en", "summary_nl", heading=_("Summary")),
                FieldPanel("introduction_en"),
                FieldPanel("introduction_nl"),
                FieldPanel("cover"),
            ],
            heading=_("Collection"),
        ),
        ObjectList(
            [
                MultipleChooserPanel(
                    "items",
                    chooser_field_name="record",
                    heading=_("Records"),
                    label=_("record"),
                    help_text=_("In the order in which to read them: drag to change it."),
                    panels=[FieldPanel("record"), pair("note_en", "note_nl")],
                ),
                OrderPanel(),
            ],
            heading=_("Records"),
        ),
        ObjectList(
            [
                FieldPanel("rule"),
                FieldPanel("rule_order"),
                RulePanel(heading=_("What the rule finds")),
                MultipleChooserPanel(
                    "exclusions",
                    chooser_field_name="record",
                    heading=_("Left out"),
                    label=_("record"),
                    help_text=_("What the rule finds and this collection does not show."),
                    panels=[FieldPanel("record")],
                ),
            ],
            heading=_("Rule"),
        ),
        ObjectList([FieldPanel("curators", widget=forms.SelectMultiple(attrs={"size": 12}))], heading=_("Kept by")),
        ObjectList([FieldPanel("slug"), PublishingPanel()], heading=_("On the site")),
    ],
    base_form_class=CollectionForm,
)
