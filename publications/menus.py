"""What editors can put into the menus: places of the hub, pages, links elsewhere; and what stands there at first.

What they lead to, and who sees it, is decided where the addresses are known: knowledge_hub/menus.py.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

MOST_ITEMS, MOST_COLUMNS = 8, 4


class Place(models.TextChoices):
    """The parts of the hub that a menu can lead to, each with its usual name."""

    RECORDS = "records", _("Records")
    EXPERTS = "experts", _("Experts")
    PEOPLE = "people", _("People")
    ORGANISATIONS = "organisations", _("Organisations")
    EVENTS = "events", _("Events")
    COLLECTIONS = "collections", _("Collections")
    TOPICS = "topics", _("Topics")
    ASK = "ask", _("Ask the cluster")
    DEPOSIT = "deposit", _("Add work")
    FEED = "feed", _("Newest records as a feed")
    CALENDAR = "calendar", _("Events as a calendar")
    API = "api", _("API description")
    SITEMAP = "sitemap", _("Site map")


SECTIONS = (Place.RECORDS, Place.EXPERTS, Place.ORGANISATIONS, Place.EVENTS, Place.COLLECTIONS, Place.TOPICS)


class PlaceBlock(blocks.StructBlock):
    """A part of the hub."""

    place = blocks.ChoiceBlock(choices=Place.choices, label=_("part of the hub"))
    label_en = blocks.CharBlock(
        label=_("name in English"), required=False, max_length=40, help_text=_("Leave empty for the usual one.")
    )
    label_nl = blocks.CharBlock(label=_("name in Dutch"), required=False, max_length=40)

    class Meta:
        icon = "site"
        label = _("Part of the hub")


class PageBlock(blocks.StructBlock):
    """A page of the CMS: in the reader's language where it is written in that, else marked."""

    page = blocks.PageChooserBlock(label=_("page"))
    label_en = blocks.CharBlock(
        label=_("name in English"),
        required=False,
        max_length=40,
        help_text=_("Leave empty for the title. Only who may open the page sees it here; a draft is not shown."),
    )
    label_nl = blocks.CharBlock(label=_("name in Dutch"), required=False, max_length=40)

    class Meta:
        icon = "doc-empty-inverse"
        label = _("Page")


class LinkBlock(blocks.StructBlock):
    """An address elsewhere, named in both languages."""

    url = blocks.URLBlock(label=_("address"))
    label_en = blocks.CharBlock(label=_("name in English"), max_length=40)
    label_nl = blocks.CharBlock(label=_("name in Dutch"), max_length=40)

    class Meta:
        icon = "link-external"
        label = _("Link elsewhere")


class MenuBlock(blocks.StreamBlock):
    """The menu at the top."""

    place = PlaceBlock()
    page = PageBlock()
    link = LinkBlock()

    class Meta:
        max_num = MOST_ITEMS
        required = False


class ColumnLinksBlock(blocks.StreamBlock):
    """The links of one column at the foot."""

    place = PlaceBlock()
    page = PageBlock()
    link = LinkBlock()
    pages = blocks.StaticBlock(
        icon="list-ul",
        label=_("All pages shown in menus"),
        admin_text=_("The pages in the reader’s language that have “Show in menus” set."),
    )

    class Meta:
        block_counts = {"pages": {"max_num": 1}}


class ColumnBlock(blocks.StructBlock):
    """A column at the foot. It is left out where nothing in it is for the reader."""

    heading_en = blocks.CharBlock(label=_("heading in English"), max_length=40)
    heading_nl = blocks.CharBlock(label=_("heading in Dutch"), max_length=40)
    links = ColumnLinksBlock(label=_("links"))

    class Meta:
        icon = "list-ul"
        label = _("Column")


class FootBlock(blocks.StreamBlock):
    """The columns at the foot, beside the sentence about the hub."""

    column = ColumnBlock()

    class Meta:
        max_num = MOST_COLUMNS
        required = False


def usual_menu() -> list[tuple[str, Any]]:
    """The menu at the top until an editor changes it."""
    return [_place(place) for place in SECTIONS]


def usual_foot() -> list[tuple[str, Any]]:
    """The columns at the foot until an editor changes them."""
    return [
        _column("Find", "Zoeken", [_place(place) for place in (*SECTIONS, Place.ASK)]),
        _column("About the hub", "Over de hub", [("pages", None)]),
        _column("For software", "Voor software", [_place(place) for place in (Place.API, Place.SITEMAP)]),
    ]


def _place(place: Place) -> tuple[str, Any]:
    return "place", {"place": place.value, "label_en": "", "label_nl": ""}


def _column(english: str, dutch: str, links: list[tuple[str, Any]]) -> tuple[str, Any]:
    return "column", {"heading_en": english, "heading_nl": dutch, "links": links}
