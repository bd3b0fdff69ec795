"""The form of events, tab by tab."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultipleChooserPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
)

from publications.viewsets.event_forms import EventForm, SpeakerForm
from publications.viewsets.panels import FormedInlinePanel, pair

SPEAKERS = FormedInlinePanel(
    "speakers",
    form_class=SpeakerForm,
    heading=_("Speakers"),
    label=_("speaker"),
    panels=[
        FieldRowPanel([FieldPanel("role"), FieldPanel("name"), FieldPanel("affiliation")]),
        FieldRowPanel([FieldPanel("person"), FieldPanel("organisation")]),
    ],
)

PROGRAMME = InlinePanel(
    "sessions",
    heading=_("Programme"),
    label=_("part of the programme"),
    help_text=_("In the order of the day: drag to change it. Times are those of the hub."),
    panels=[
        pair("title_en", "title_nl", heading=_("Title")),
        FieldRowPanel([FieldPanel("starts"), FieldPanel("ends"), FieldPanel("is_break")]),
        FieldPanel("record"),
        SPEAKERS,
    ],
)

PARTNERS = InlinePanel(
    "partners",
    heading=_("Organisations"),
    label=_("organisation"),
    help_text=_("Who organises the event, who receives it, who takes part or pays: drag to change the order."),
    panels=[FieldRowPanel([FieldPanel("organisation"), FieldPanel("role")])],
)

PHOTOS = MultipleChooserPanel(
    "photos",
    chooser_field_name="image",
    heading=_("Photos"),
    label=_("photo"),
    help_text=_(
        "In the order of the gallery: drag to change it. The first one is shown wide; crops keep the focal point."
    ),
    panels=[FieldPanel("image"), pair("caption_en", "caption_nl", heading=_("Caption"))],
)

EVENT_TABS = TabbedInterface(
    [
        ObjectList(
            [
                pair("title_en", "title_nl", heading=_("Title")),
                FieldRowPanel([FieldPanel("kind"), FieldPanel("starts"), FieldPanel("ends")]),
                FieldRowPanel([FieldPanel("place"), FieldPanel("address"), FieldPanel("city")]),
                FieldRowPanel([FieldPanel("series"), FieldPanel("series_number")]),
                FieldPanel("registration_url"),
                FieldPanel("cover"),
            ],
            heading=_("Event"),
        ),
        ObjectList(
            [
                pair("summary_en", "summary_nl", heading=_("Summary")),
                FieldPanel("description_en"),
                FieldPanel("description_nl"),
            ],
            heading=_("Description"),
        ),
        ObjectList([PROGRAMME], heading=_("Programme")),
        ObjectList([PHOTOS], heading=_("Photos")),
        ObjectList([PARTNERS], heading=_("Organisations")),
        ObjectList([FieldPanel("matches"), FieldPanel("matches_consent")], heading=_("What came of it")),
        ObjectList([FieldPanel("slug"), PublishingPanel()], heading=_("On the site")),
    ],
    base_form_class=EventForm,
)

SERIES_PANELS = ObjectList([pair("title_en", "title_nl", heading=_("Title")), FieldPanel("slug")])
