"""What editors can put into the body of a page, and onto the front page."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock
from wagtail.snippets.blocks import SnippetChooserBlock

TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul", "h3", "superscript", "subscript"]


class QuoteBlock(blocks.StructBlock):
    """Words of somebody, with who said them."""

    text = blocks.TextBlock(label=_("quotation"))
    source = blocks.CharBlock(label=_("who said it"), required=False)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "blocks/quote.html"


class ImageWithCaptionBlock(blocks.StructBlock):
    """A picture with its caption."""

    image = ImageBlock(label=_("picture"))
    caption = blocks.CharBlock(label=_("caption"), required=False)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "blocks/image.html"


class BodyBlock(blocks.StreamBlock):
    """The body of a news item or plain page."""

    heading = blocks.CharBlock(label=_("Heading"), icon="title", template="blocks/heading.html")
    paragraph = blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES)
    image = ImageWithCaptionBlock()
    quote = QuoteBlock()


# The front page ----------------------------------------------------------------------------------------------------


class SectionBlock(blocks.StructBlock):
    """A part of the front page. What it shows is looked up when the page is asked for: publications/views/home.py."""

    heading = blocks.CharBlock(
        label=_("heading"), required=False, max_length=100, help_text=_("Leave empty for the usual one.")
    )


def _number(least: int, most: int, usual: int) -> blocks.IntegerBlock:
    return blocks.IntegerBlock(label=_("how many"), min_value=least, max_value=most, default=usual)


class NewestBlock(SectionBlock):
    """The records that were added last."""

    number = _number(1, 12, 6)

    class Meta:
        icon = "doc-full"
        label = _("Newest records")


class EventsBlock(SectionBlock):
    """Events to come; the latest one where none is planned."""

    number = _number(1, 6, 1)

    class Meta:
        icon = "calendar"
        label = _("Upcoming events")


class NewsBlock(SectionBlock):
    """The latest news in the page's language."""

    number = _number(1, 6, 3)

    class Meta:
        icon = "list-ul"
        label = _("News")


class CollectionsBlock(SectionBlock):
    """The collections that were published last."""

    number = _number(1, 9, 3)

    class Meta:
        icon = "list-ol"
        label = _("Newest collections")


class FeaturedCollectionBlock(SectionBlock):
    """One collection with its first records."""

    collection = SnippetChooserBlock("publications.Collection", label=_("collection"))
    number = _number(1, 6, 3)

    class Meta:
        icon = "pick"
        label = _("Featured collection")


class TopicsBlock(SectionBlock):
    """The topics with most records, in the order of the alphabet: a list for whoever hears the page."""

    number = _number(3, 40, 12)
    is_cloud = blocks.BooleanBlock(
        label=_("as a cloud"), required=False, help_text=_("Topics with more records are larger, without numbers.")
    )

    class Meta:
        icon = "tag"
        label = _("Topics")


class FundersBlock(SectionBlock):
    """The cluster's funders, with logos and amounts."""

    class Meta:
        icon = "pick"
        label = _("Funders")


class PartnersBlock(SectionBlock):
    """The organisations that are partners of the cluster, with logos."""

    class Meta:
        icon = "group"
        label = _("Partners")


class TextBlock(SectionBlock):
    """A few words of the editors."""

    text = blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES)

    class Meta:
        icon = "pilcrow"
        label = _("Text")


BESIDE = ("events", "news", "numbers")


class SideBlock(blocks.StreamBlock):
    """What fits beside something larger."""

    events = EventsBlock()
    news = NewsBlock()
    numbers = SectionBlock(icon="order", label=_("In numbers"))


class ColumnsBlock(blocks.StructBlock):
    """Newest records beside shorter things."""

    newest = NewestBlock(label=_("Newest records"))
    beside = SideBlock(
        label=_("beside them"),
        required=False,
        block_counts={name: {"max_num": 1} for name in BESIDE},
    )

    class Meta:
        icon = "grip"
        label = _("Newest records, with others beside them")


ONCE = (
    "search",
    "holdings",
    "introduction",
    "columns",
    "newest",
    *BESIDE,
    "collections",
    "topics",
    "funders",
    "partners",
)
"""What stands on a front page once at most: each asks the database a few questions."""


class FrontPageBlock(blocks.StreamBlock):
    """The front page from top to bottom."""

    search = blocks.StaticBlock(
        icon="search", label=_("Search box"), admin_text=_("The headline, the search box and the example questions.")
    )
    holdings = blocks.StaticBlock(
        icon="history", label=_("What is here"), admin_text=_("How much the hub holds, with a bar for each year.")
    )
    introduction = blocks.StaticBlock(
        icon="pilcrow", label=_("Introduction"), admin_text=_("The introduction of this page.")
    )
    columns = ColumnsBlock()
    newest = NewestBlock()
    events = EventsBlock()
    news = NewsBlock()
    numbers = SectionBlock(icon="order", label=_("In numbers"))
    featured = FeaturedCollectionBlock()
    collections = CollectionsBlock()
    topics = TopicsBlock()
    funders = FundersBlock()
    partners = PartnersBlock()
    text = TextBlock()

    class Meta:
        block_counts = {
            **{name: {"max_num": 1} for name in ONCE},
            "featured": {"max_num": 3},
            "text": {"max_num": 10},
        }


def usual_front_page() -> list[tuple[str, Any]]:
    """What a front page shows until an editor changes it."""
    beside = [("events", _usual(number=1)), ("news", _usual(number=3)), ("numbers", _usual())]
    return [
        ("search", None),
        ("holdings", None),
        ("introduction", None),
        ("columns", {"newest": _usual(number=6), "beside": beside}),
        ("collections", _usual(number=3)),
        ("topics", _usual(number=12, is_cloud=False)),
        ("funders", _usual()),
    ]


def _usual(**values: Any) -> dict[str, Any]:
    return {"heading": "", **values}
