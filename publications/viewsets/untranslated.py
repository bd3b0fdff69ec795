"""The report of texts that lack one of the two languages, kind by kind, each with the form in which to write it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy, pgettext_lazy
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page
from wagtail.permissions import policy_registry

from publications.models import (
    Collection,
    CollectionItem,
    Event,
    EventPhoto,
    EventSeries,
    EventSession,
    Funder,
    HubImage,
    Organisation,
    Person,
    Project,
    SiteSettings,
    Topic,
)
from publications.models.bilingual import SITE_LANGUAGES, lacking
from publications.viewsets.listings import IndexView
from publications.viewsets.unreadable import LinesColumn

LANGUAGES = {"en": gettext_lazy("English"), "nl": gettext_lazy("Dutch")}


@dataclass(frozen=True)
class Kind:
    """Things of one model with texts in both languages. `counted` says how many in words."""

    things: Callable[[], QuerySet]
    texts: tuple[str, ...]
    label: Any
    counted: Any
    form_of: Callable[[Any], Any] = lambda thing: thing
    """The thing in whose form the text is written."""
    streams: tuple[str, ...] = ()
    """Texts that are made of blocks."""
    part_of: type[Model] | None = None
    """The model of that thing, where it is another one: its rights count."""

    @property
    def model(self) -> type[Model]:
        """What the things are."""
        return self.things().model

    def missing(self, language: str = "") -> QuerySet:
        """Those that have a text in one language and not in the other, or not in the language named."""
        lacks_one = lacking(self.texts, language=language) | lacking(self.streams, language=language, empty=[])
        return self.things().filter(lacks_one).order_by("pk")

    def lacks(self, thing: Any) -> list[str]:
        """The texts that are missing, in words."""
        return [
            str(thing._meta.get_field(f"{text}_{language}").verbose_name)
            for text in (*self.texts, *self.streams)
            for language in SITE_LANGUAGES
            if not getattr(thing, f"{text}_{language}") and self._is_wanted(thing, text)
        ]

    def _is_wanted(self, thing: Any, text: str) -> bool:
        return any(getattr(thing, f"{text}_{language}") for language in SITE_LANGUAGES)


class Pictures(Kind):
    """Pictures need a text alternative in either language, also where they have none at all."""

    def missing(self, language: str = "") -> QuerySet:
        return self.things().filter(lacking(self.texts, language=language, also_both=True)).order_by("pk")

    def _is_wanted(self, thing: Any, text: str) -> bool:
        return True


class Pages(Kind):
    """Pages that are published in one language only."""

    def missing(self, language: str = "") -> QuerySet:
        others = Page.objects.live().filter(translation_key=OuterRef("translation_key"))
        alone = self.things().filter(~Exists(others.exclude(locale=OuterRef("locale"))))
        return (alone.exclude(locale__language_code=language) if language else alone).order_by("pk")

    def lacks(self, thing: Any) -> list[str]:
        return [_("the page in English") if thing.locale.language_code == "nl" else _("the page in Dutch")]


KINDS: dict[str, Kind] = {
    "page": Pages(
        # The root of the tree and Wagtail's welcome are plain pages.
        lambda: (
            Page.objects.live()
            .not_exact_type(Page)
            .filter(locale__language_code__in=SITE_LANGUAGES)
            .select_related("locale")
        ),
        (),
        gettext_lazy("Pages"),
        ngettext_lazy("page in one language only", "pages in one language only"),
    ),
    "event": Kind(
        Event.objects.all,
        ("title", "summary", "description"),
        gettext_lazy("Events"),
        ngettext_lazy("event that lacks a translation", "events that lack a translation"),
    ),
    "session": Kind(
        lambda: EventSession.objects.select_related("event"),
        ("title",),
        gettext_lazy("Parts of programmes"),
        ngettext_lazy("part of a programme that lacks a translation", "parts of programmes that lack a translation"),
        form_of=lambda session: session.event,
        part_of=Event,
    ),
    "photo": Kind(
        lambda: EventPhoto.objects.select_related("event", "image"),
        ("caption",),
        gettext_lazy("Captions of photos"),
        ngettext_lazy("caption that lacks a translation", "captions that lack a translation"),
        form_of=lambda photo: photo.event,
        part_of=Event,
    ),
    "series": Kind(
        EventSeries.objects.all,
        ("title",),
        gettext_lazy("Series of events"),
        ngettext_lazy("series that lacks a translation", "series that lack a translation"),
    ),
    "collection": Kind(
        Collection.objects.all,
        ("title", "summary"),
        gettext_lazy("Collections"),
        ngettext_lazy("collection that lacks a translation", "collections that lack a translation"),
        streams=("introduction",),
    ),
    "note": Kind(
        lambda: CollectionItem.objects.select_related("record", "collection"),
        ("note",),
        gettext_lazy("Notes in collections"),
        ngettext_lazy("note in a collection that lacks a translation", "notes in collections that lack a translation"),
        form_of=lambda item: item.collection,
        part_of=Collection,
    ),
    "topic": Kind(
        Topic.objects.current,
        ("label", "definition"),
        pgettext_lazy("menu", "Topics"),
        ngettext_lazy("topic that lacks a translation", "topics that lack a translation"),
    ),
    "organisation": Kind(
        Organisation.objects.current,
        ("description",),
        gettext_lazy("Organisations"),
        ngettext_lazy("organisation that lacks a translation", "organisations that lack a translation"),
    ),
    "person": Kind(
        Person.objects.current,
        ("position", "biography", "help"),
        gettext_lazy("People"),
        ngettext_lazy("person whose texts lack a translation", "people whose texts lack a translation"),
    ),
    "funder": Kind(
        Funder.objects.all,
        ("contribution",),
        gettext_lazy("Funders"),
        ngettext_lazy("funder that lacks a translation", "funders that lack a translation"),
    ),
    "project": Kind(
        Project.objects.all,
        ("title",),
        gettext_lazy("Projects"),
        ngettext_lazy("project that lacks a translation", "projects that lack a translation"),
    ),
    "settings": Kind(
        SiteSettings.objects.all,
        ("about", "region", "notice"),
        gettext_lazy("Site settings"),
        ngettext_lazy("text of the site that lacks a translation", "texts of the site that lack a translation"),
    ),
    "picture": Pictures(
        HubImage.objects.all,
        ("alt",),
        gettext_lazy("Pictures"),
        ngettext_lazy("picture without a text alternative", "pictures without text alternatives"),
    ),
}

LEFT_OUT = {
    "Organisation.name": "most have one name, whatever the language",
    "Funder.name": "the same",
    "Topic.synonyms": "a language may have more words for a thing than the other",
}
"""Texts in two languages that the report does not know, and why."""


def kinds_for(user: Any) -> dict[str, Kind]:
    """The kinds that somebody may write."""
    return {key: kind for key, kind in KINDS.items() if may_write(user, kind)}


def may_write(user: Any, kind: Kind) -> bool:
    """Whether somebody may change things of this kind, or what they are part of."""
    may: bool = policy_registry.get_by_type(kind.part_of or kind.model).user_has_permission(user, "change")
    return may


def count_untranslated(user: Any) -> Mapping[str, int]:
    """How many of each kind lack a text, a query for each; what the report lists for that kind."""
    return {key: kind.missing().count() for key, kind in kinds_for(user).items()}


def report_url(kind: str) -> str:
    """The report, at one kind."""
    return reverse("untranslated_report") + f"?kind={kind}"


class UntranslatedFilterSet(WagtailFilterSet):
    """Which kind of thing is listed, and which language is missing."""

    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind"), method="keep", widget=forms.RadioSelect, empty_label=None
    )
    language = django_filters.ChoiceFilter(
        label=gettext_lazy("Missing language"),
        choices=list(LANGUAGES.items()),
        method="keep",
        widget=forms.RadioSelect,
        empty_label=gettext_lazy("All"),
    )

    def __init__(self, *args: Any, kinds: Mapping[str, Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["kind"].extra["choices"] = [(key, kind.label) for key, kind in kinds.items()]

    def keep(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """What is listed follows from both at once: UntranslatedReport.get_base_queryset."""
        return queryset


class UntranslatedReport(ReportView):
    """Everything of one kind that lacks a text in one of the languages."""

    page_title = gettext_lazy("Missing translations")
    header_icon = "globe"
    index_url_name = "untranslated_report"
    index_results_url_name = "untranslated_report_results"
    filterset_class = UntranslatedFilterSet
    no_results_message = gettext_lazy("Nothing of this kind lacks a translation.")
    custom_value_preprocess = IndexView.custom_value_preprocess
    export_filename = "missing-translations"
    columns = [
        TitleColumn("name", label=gettext_lazy("Name"), accessor="row.name", get_url=lambda thing: thing.row.form_url),
        LinesColumn("lacks", label=gettext_lazy("Lacks"), accessor="row.lacks"),
    ]
    list_export = ["row.name", "row.lacks", "row.form_url"]
    export_headings = {
        "row.name": gettext_lazy("Name"),
        "row.lacks": gettext_lazy("Lacks"),
        "row.form_url": gettext_lazy("Form"),
    }

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.kinds = kinds_for(request.user)
        self.model = self.kind.model if self.kind else Topic

    def user_has_permission(self, permission: str) -> bool:
        return bool(self.kinds)

    def user_has_any_permission(self, permissions: Any) -> bool:
        return bool(self.kinds)

    @cached_property
    def kind(self) -> Kind | None:
        """The kind asked for, else the first that somebody may write."""
        asked = self.kinds.get(self.request.GET.get("kind", ""))
        return asked or next(iter(self.kinds.values()), None)

    def get_page_subtitle(self) -> str:
        return str(self.kind.label) if self.kind else ""

    def get_filterset_kwargs(self) -> dict[str, Any]:
        return super().get_filterset_kwargs() | {"kinds": self.kinds, "queryset": self.get_base_queryset()}

    def get_base_queryset(self) -> QuerySet:
        language = self.request.GET.get("language", "")
        return self.kind.missing(language if language in SITE_LANGUAGES else "") if self.kind else Topic.objects.none()

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        """The things, each with its row: the table holds on to them as they are."""
        finder = AdminURLFinder(self.request.user)
        for thing in object_list:
            thing.row = make_row(thing, kind=self.kind, finder=finder) if self.kind else None
        return object_list

    def to_row_dict(self, item: Any) -> Any:
        return super().to_row_dict(item) | {"row.lacks": "; ".join(item.row.lacks)}


@dataclass(frozen=True)
class Row:
    """A thing as the report shows it: its name, the texts that it lacks, the address of its form."""

    name: str
    lacks: list[str]
    form_url: str


def make_row(thing: Any, *, kind: Kind, finder: AdminURLFinder) -> Row:
    """What the report says of a thing."""
    whole, own = kind.form_of(thing), str(thing.record if isinstance(thing, CollectionItem) else thing)
    return Row(f"{whole}: {own}" if kind.part_of else own, kind.lacks(thing), finder.get_edit_url(whole) or "")


class UntranslatedMenuItem(MenuItem):
    """The report in the menu, for those who write something of it."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(kinds_for(request.user))


def untranslated_menu_item() -> MenuItem:
    """Missing translations, among the reports."""
    return UntranslatedMenuItem(
        gettext_lazy("Missing translations"),
        reverse("untranslated_report"),
        name="untranslated",
        icon_name="globe",
        order=140,
    )


admin_urls = [
    path("reports/missing-translations/", UntranslatedReport.as_view(), name="untranslated_report"),
    path(
        "reports/missing-translations/results/",
        UntranslatedReport.as_view(results_only=True),
        name="untranslated_report_results",
    ),
]
