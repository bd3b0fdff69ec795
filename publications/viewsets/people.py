"""People and organisations in the CMS."""

from typing import Any

import django_filters
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn, StatusFlagColumn, UpdatedAtColumn
from wagtail.admin.widgets import BooleanRadioSelect

from publications.forms import OrganisationForm, PersonForm
from publications.merging import merge_organisations, merge_people
from publications.models import Organisation, Person, Record
from publications.viewsets.choosers import chooser_with_form
from publications.viewsets.merging import MergeableViewSet
from publications.viewsets.panels import ORGANISATION_TABS, PERSON_TABS

UPDATED = UpdatedAtColumn(label=gettext_lazy("Updated"))


class YesNoFilter(django_filters.BooleanFilter):
    """A filter with the answers yes and no as buttons."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, widget=BooleanRadioSelect, **kwargs)


# People ------------------------------------------------------------------------------------------------------------


class PersonFilterSet(WagtailFilterSet):
    """Where people work, and how far their profile is."""

    organisation = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Organisation"),
        field_name="affiliations__organisation",
        queryset=Organisation.objects.current(),
        distinct=True,
    )
    has_orcid = YesNoFilter(label=gettext_lazy("Has an ORCID iD"), field_name="orcid", method="filter_filled")
    has_email = YesNoFilter(label=gettext_lazy("Has an e-mail address"), field_name="email", method="filter_filled")

    class Meta:
        model = Person
        fields = ["has_consented", "is_listed"]

    def filter_filled(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        return queryset.exclude(**{name: ""}) if value else queryset.filter(**{name: ""})


def current_organisations(person: Person) -> str:
    """Where somebody works now."""
    rows = person.affiliations.all()  # type: ignore[attr-defined]
    return ", ".join(row.organisation.short_name or str(row.organisation) for row in rows if row.end_year is None)


def person_consequences(person: Person) -> str:
    """On how many records the name stays, and the link goes."""
    count = Record.objects.filter(contributions__person=person).distinct().count()
    if not count:
        return ""
    return ngettext(
        "One record names this person: the name stays as printed, but no longer leads to a profile.",
        "%(count)d records name this person: the name stays as printed, but no longer leads to a profile.",
        count,
    ) % {"count": count}


class PersonViewSet(MergeableViewSet):
    """Those who wrote, spoke, organised."""

    model = Person
    merge = staticmethod(merge_people)
    icon = "user"
    consequences = staticmethod(person_consequences)
    chooser_viewset_class = chooser_with_form(PersonForm)
    edit_handler = PERSON_TABS
    title_label = gettext_lazy("Name")
    title_sort_key = "family_name"
    ordering = ("family_name", "given_name")
    search_fields = ("given_name", "family_name", "other_names", "orcid", "email")
    filterset_class = PersonFilterSet
    list_display = [
        "sort_name",
        Column("organisations", label=gettext_lazy("Works at"), accessor=current_organisations),
        NumberColumn("record_count", label=gettext_lazy("Records"), sort_key="record_count"),
        Column("orcid", label="ORCID iD"),
        StatusFlagColumn(
            "has_consented",
            label=gettext_lazy("Contact"),
            true_label=gettext_lazy("may be asked"),
            sort_key="has_consented",
        ),
        UPDATED,
    ]
    list_export = ("sort_name", "orcid", "position_en", "position_nl", "record_count", "has_consented", "is_listed")
    export_headings = {
        "sort_name": gettext_lazy("Name"),
        "orcid": "ORCID iD",
        "record_count": gettext_lazy("Records"),
        "has_consented": gettext_lazy("May be asked"),
        "is_listed": gettext_lazy("Shown on the site"),
    }

    def get_queryset(self, request: Any) -> QuerySet:
        count = Count("contributions__record", distinct=True)
        return Person.objects.current().annotate(record_count=count).prefetch_related("affiliations__organisation")


# Organisations -----------------------------------------------------------------------------------------------------


class OrganisationFilterSet(WagtailFilterSet):
    """What sort of organisation, and whether it is a partner."""

    class Meta:
        model = Organisation
        fields = ["kind", "is_partner", "is_listed", "country"]


def organisation_consequences(organisation: Organisation) -> str:
    """On how many records the name stays, and the link goes."""
    named = Q(contributions__organisation=organisation) | Q(contributions__affiliations__organisation=organisation)
    count = Record.objects.filter(named).distinct().count()
    if not count:
        return ""
    return ngettext(
        "One record names this organisation: the name stays as printed, but no longer leads to a page.",
        "%(count)d records name this organisation: the name stays as printed, but no longer leads to a page.",
        count,
    ) % {"count": count}


class OrganisationViewSet(MergeableViewSet):
    """Where people work, who takes part."""

    model = Organisation
    merge = staticmethod(merge_organisations)
    icon = "home"
    consequences = staticmethod(organisation_consequences)
    chooser_viewset_class = chooser_with_form(OrganisationForm)
    edit_handler = ORGANISATION_TABS
    title_label = gettext_lazy("Name")
    title_sort_key = "name_en"
    ordering = ("name_en", "name_nl")
    search_fields = ("name_en", "name_nl", "short_name", "other_names", "city", "ror")
    filterset_class = OrganisationFilterSet
    list_display = [
        "__str__",
        Column("short_name", label=gettext_lazy("Short name"), sort_key="short_name"),
        "kind",
        Column("city", label=gettext_lazy("City"), sort_key="city"),
        NumberColumn("people_count", label=gettext_lazy("People"), sort_key="people_count"),
        StatusFlagColumn(
            "is_partner", label=gettext_lazy("Cluster"), true_label=gettext_lazy("partner"), sort_key="is_partner"
        ),
        UPDATED,
    ]
    list_export = ("name_en", "name_nl", "short_name", "kind", "city", "country", "ror", "url", "is_partner")

    def get_queryset(self, request: Any) -> QuerySet:
        return Organisation.objects.current().annotate(people_count=Count("people__person", distinct=True))
