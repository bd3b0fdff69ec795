"""People, organisations and topics in the CMS."""

from typing import Any

import django_filters
from django.db.models import Count, F, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn, StatusFlagColumn, UpdatedAtColumn
from wagtail.admin.widgets import BooleanRadioSelect
from wagtail.models import Revision

from publications.forms import OrganisationForm, PersonForm, TopicForm
from publications.merging import merge_organisations, merge_people, merge_topics
from publications.models import Organisation, Person, Record, Topic
from publications.viewsets.choosers import chooser_with_form
from publications.viewsets.merging import MergeableViewSet
from publications.viewsets.panels import ORGANISATION_TABS, PERSON_TABS, TOPIC_TABS

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


# Topics ------------------------------------------------------------------------------------------------------------


class TopicFilterSet(WagtailFilterSet):
    """Where a topic stands, and what it still lacks."""

    broader = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Broader topic"), queryset=Topic.objects.current().exclude(narrower=None).distinct()
    )
    lacks = django_filters.ChoiceFilter(
        label=gettext_lazy("Lacks"),
        method="filter_lacks",
        choices=[
            ("label_en", gettext_lazy("a label in English")),
            ("label_nl", gettext_lazy("a label in Dutch")),
            ("synonyms_en", gettext_lazy("synonyms in English")),
            ("synonyms_nl", gettext_lazy("synonyms in Dutch")),
        ],
    )

    class Meta:
        model = Topic
        fields = ["broader"]

    def filter_lacks(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(**{value: ""})


def drafts_with_topic(topic: Topic) -> list[str]:
    """The titles of unpublished drafts that have the topic; their topics live in the revision alone."""
    latest = Record.objects.filter(has_unpublished_changes=True).values("latest_revision")
    drafts = Revision.objects.filter(pk__in=Subquery(latest)).annotate(tags=F("content__tagged_topics"))
    return [
        title
        for title, tags in drafts.values_list("object_str", "tags")
        if any(str(row.get("tag")) == str(topic.pk) for row in tags or [])
    ]


def topic_consequences(topic: Topic) -> str:
    """Which records and drafts lose the topic."""
    sentences = []
    if records := Record.objects.filter(tagged_topics__tag=topic).distinct().count():
        sentences.append(
            ngettext("One record loses this topic.", "%(count)d records lose this topic.", records) % {"count": records}
        )
    if drafts := drafts_with_topic(topic):
        sentences.append(_("So do these drafts: %(titles)s.") % {"titles": "; ".join(drafts)})
    return " ".join(sentences)


class TopicViewSet(MergeableViewSet):
    """What records are about."""

    model = Topic
    merge = staticmethod(merge_topics)
    icon = "tag"
    consequences = staticmethod(topic_consequences)
    chooser_viewset_class = chooser_with_form(TopicForm)
    edit_handler = TOPIC_TABS
    title_label = gettext_lazy("Topic")
    title_sort_key = "name"
    ordering = "name"
    search_fields = ("name", "label_en", "label_nl", "synonyms_en", "synonyms_nl")
    filterset_class = TopicFilterSet
    list_per_page = 50
    list_display = [
        "__str__",
        Column("label_en", label=gettext_lazy("English"), sort_key="label_en"),
        Column("label_nl", label=gettext_lazy("Dutch"), sort_key="label_nl"),
        Column("broader", label=gettext_lazy("Broader topic")),
        NumberColumn("all_records", label=gettext_lazy("Records"), sort_key="all_records"),
        UPDATED,
    ]
    list_export = ("label_en", "label_nl", "synonyms_en", "synonyms_nl", "broader", "slug", "all_records")
    export_headings = {"all_records": gettext_lazy("Records")}

    def get_queryset(self, request: Any) -> QuerySet:
        count = Count("tagged_records", distinct=True)
        return Topic.objects.current().select_related("broader").annotate(all_records=count)
