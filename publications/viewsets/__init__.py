"""The CMS's listings and forms, grouped as in its menu. Start with base.py and listings.py, then one kind of thing."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from publications.viewsets.collections import CollectionViewSet
from publications.viewsets.events import (
    EventSeriesViewSet,
    EventViewSet,
    FunderViewSet,
    ProjectViewSet,
)
from publications.viewsets.files import RecordFileViewSet
from publications.viewsets.people import OrganisationViewSet, PersonViewSet
from publications.viewsets.records import EventOutcomeViewSet, PresentationViewSet, PublicationViewSet
from publications.viewsets.topics import TopicViewSet


class RecordsGroup(SnippetViewSetGroup):
    """What the hub holds."""

    menu_label = pgettext_lazy("menu", "Records")
    menu_name = "records"
    menu_icon = "doc-full-inverse"
    menu_order = 110
    items = (PublicationViewSet, PresentationViewSet, EventOutcomeViewSet, RecordFileViewSet, TopicViewSet)


class PeopleGroup(SnippetViewSetGroup):
    """Who made it."""

    menu_label = _("People & organisations")
    menu_name = "people"
    menu_icon = "group"
    menu_order = 120
    items = (PersonViewSet, OrganisationViewSet)


class EventsGroup(SnippetViewSetGroup):
    """Where it comes from, and how it is put together."""

    menu_label = _("Events & collections")
    menu_name = "events"
    menu_icon = "calendar-alt"
    menu_order = 130
    items = (EventViewSet, EventSeriesViewSet, CollectionViewSet)


class FundingGroup(SnippetViewSetGroup):
    """Who paid for it."""

    menu_label = _("Funding")
    menu_name = "funding"
    menu_icon = "pick"
    menu_order = 140
    items = (FunderViewSet, ProjectViewSet)


GROUPS = (RecordsGroup, PeopleGroup, EventsGroup, FundingGroup)
