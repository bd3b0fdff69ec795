"""The forms of the CMS, tab by tab."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.admin.panels.base import get_form_for_model

from publications.forms import (
    ContributionForm,
    OrganisationForm,
    PersonForm,
    RecordFileForm,
    RecordForm,
    TopicEditForm,
    TopicsWidget,
)
from publications.ingest.page_states import page_states
from publications.models import RecordFile
from publications.viewsets.suggestions import in_brief
from publications.viewsets.versions import versions_context


def pair(*names: str, **kwargs: Any) -> FieldRowPanel:
    """Fields side by side: the two languages of one text, a first and a last year."""
    return FieldRowPanel([FieldPanel(name) for name in names], **kwargs)


class FormedInlinePanel(InlinePanel):
    """Rows whose form is `form_class`, which may fill in what an editor leaves out."""

    def __init__(self, *args: Any, form_class: type[WagtailAdminModelForm], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form_class = form_class

    def clone_kwargs(self) -> dict[str, Any]:
        return super().clone_kwargs() | {"form_class": self.form_class}

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        formset = options["formsets"][self.relation_name]
        model = self.db_field.related_model
        formset["form"] = get_form_for_model(model, form_class=self.form_class, fields=formset["fields"])
        return options


class FilesPanel(Panel):
    """The record's files with how far their reading has come, links to each, and one to add another.

    Only shown: files are not part of a record's revisions.
    """

    class BoundPanel(Panel.BoundPanel):
        """The panel on one record's form."""

        template_name = "publications/admin/files_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            record = self.instance
            if record.pk:
                viewset: Any = RecordFile.snippet_viewset  # type: ignore[attr-defined]
                files = list(RecordFile.objects.present().filter(record_id=record.pk).select_related("record"))
                states = page_states(files)
                context["files"] = [
                    {
                        "file": file,
                        "url": reverse(viewset.get_url_name("edit"), args=[file.pk]),
                        "page_lines": states[file.pk].lines(kind=file.kind),
                        "suggests": in_brief(file.suggestion) if file.suggestion else "",
                    }
                    for file in files
                ]
                context["add_url"] = reverse("add_record_file", args=[record.pk])
            return context


class VersionsPanel(Panel):
    """The versions of the record's work, and records that may be the same work. Only shown, with buttons that act."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on one record's form."""

        template_name = "publications/admin/versions_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            if self.instance.pk:
                context |= versions_context(self.instance, request=self.request)
            return context


def description_panels(*own: Panel) -> list[Panel]:
    """What is described of every record, and what only this kind has."""
    return [
        FieldPanel("title", classname="title"),
        FieldPanel("subtitle"),
        FieldRowPanel([FieldPanel("resource_type"), FieldPanel("language"), FieldPanel("issued")]),
        FieldPanel("abstract"),
        MultiFieldPanel(
            [FieldPanel("translated_title"), FieldPanel("translated_abstract")],
            heading=_("In the other language"),
            classname="collapsed",
        ),
        *own,
        MultiFieldPanel(
            [FieldPanel("publisher"), pair("doi", "url")],
            heading=_("Publisher and addresses"),
        ),
    ]


PUBLICATION_PANELS = (
    MultiFieldPanel(
        [
            FieldPanel("container_title"),
            FieldRowPanel([FieldPanel("volume"), FieldPanel("issue"), FieldPanel("page")]),
            FieldRowPanel([FieldPanel("series"), FieldPanel("edition")]),
            FieldRowPanel([FieldPanel("version_type"), FieldPanel("peer_review")]),
        ],
        heading=_("Where it appeared"),
    ),
    MultiFieldPanel(
        [pair("isbn", "issn"), pair("arxiv", "pmid")], heading=_("Other identifiers"), classname="collapsed"
    ),
)

CONTRIBUTIONS = FormedInlinePanel(
    "contributions",
    form_class=ContributionForm,
    heading=_("Authors and other contributors"),
    label=_("contributor"),
    help_text=_("In the order of the title page."),
    panels=[
        FieldRowPanel([FieldPanel("role"), FieldPanel("given_name"), FieldPanel("family_name")]),
        FieldRowPanel([FieldPanel("person"), FieldPanel("organisation")]),
        FieldPanel("is_organisation"),
        InlinePanel(
            "affiliations",
            heading=_("Affiliations"),
            label=_("affiliation"),
            panels=[FieldRowPanel([FieldPanel("name"), FieldPanel("organisation")])],
        ),
    ],
)

RELATIONS = (
    FieldPanel(
        "topics",
        widget=TopicsWidget,
        help_text=_(
            "Type a label or synonym in either language, and choose. What does not exist yet becomes a new topic."
        ),
    ),
    FieldPanel("event"),
    InlinePanel(
        "related_identifiers",
        heading=_("Related works"),
        label=_("related work"),
        panels=[
            FieldRowPanel([FieldPanel("relation_type"), FieldPanel("related_record")]),
            FieldRowPanel([FieldPanel("identifier_type"), FieldPanel("identifier"), FieldPanel("title")]),
        ],
    ),
    InlinePanel(
        "funding_references",
        heading=_("Funding"),
        label=_("funding reference"),
        panels=[FieldRowPanel([FieldPanel("funder"), FieldPanel("project"), FieldPanel("award_number")])],
    ),
)

ACCESS = (
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("access_right"), FieldPanel("available")]),
            FieldPanel("rights"),
        ],
        heading=_("Access to the files"),
        help_text=_("The description of a published record is public. This is about its files and their text."),
    ),
    MultiFieldPanel(
        [
            FieldPanel("restricted_groups", widget=forms.CheckboxSelectMultiple),
            FieldPanel("restricted_users", widget=forms.SelectMultiple(attrs={"size": 8})),
        ],
        heading=_("Only where access is restricted"),
        classname="collapsed",
    ),
    FieldPanel("owner", help_text=_("Who brought it in: may always open its files.")),
)


def record_tabs(*own: Panel) -> TabbedInterface:
    """The form of a kind of record; `own` is what only this kind is described by."""
    return TabbedInterface(
        [
            # The schedule is shown in a window of the side panel, so it takes no room here.
            ObjectList([*description_panels(*own), PublishingPanel()], heading=_("Description")),
            ObjectList([CONTRIBUTIONS], heading=_("Contributors")),
            ObjectList(RELATIONS, heading=_("Topics and relations")),
            ObjectList(ACCESS, heading=_("Access")),
            ObjectList([FilesPanel(heading=_("Files"))], heading=_("Files")),
            ObjectList([VersionsPanel(heading=_("Versions"))], heading=_("Versions")),
        ],
        base_form_class=RecordForm,
    )


FILE_PANELS = ObjectList(
    [FieldPanel("name"), FieldPanel("label"), FieldRowPanel([FieldPanel("access_right"), FieldPanel("rights")])],
    base_form_class=RecordFileForm,
)

PERSON_TABS = TabbedInterface(
    [
        ObjectList(
            [
                pair("given_name", "family_name", heading=_("Name")),
                FieldPanel("other_names"),
                FieldPanel("orcid"),
                pair("position_en", "position_nl", heading=_("Position")),
                pair("biography_en", "biography_nl", heading=_("About")),
                pair("help_en", "help_nl", heading=_("Can help with")),
                FieldPanel("languages"),
                FieldPanel("photo"),
            ],
            heading=_("Profile"),
        ),
        ObjectList(
            [
                InlinePanel(
                    "affiliations",
                    heading=_("Affiliations"),
                    label=_("affiliation"),
                    panels=[
                        FieldRowPanel([FieldPanel("organisation"), FieldPanel("department")]),
                        pair("start_year", "end_year"),
                    ],
                )
            ],
            heading=_("Affiliations"),
        ),
        ObjectList(
            [FieldPanel("email"), FieldPanel("has_consented"), FieldPanel("user")],
            heading=_("Contact"),
        ),
        ObjectList(
            [
                FieldPanel("is_listed"),
                MultiFieldPanel(
                    [
                        FieldPanel("shows_photo"),
                        FieldPanel("shows_about"),
                        FieldPanel("shows_help"),
                        FieldPanel("shows_languages"),
                        FieldPanel("shows_affiliations"),
                    ],
                    heading=_("Shown, as the person wishes"),
                ),
                FieldPanel("slug"),
            ],
            heading=_("On the site"),
        ),
    ],
    base_form_class=PersonForm,
)

ORGANISATION_TABS = TabbedInterface(
    [
        ObjectList(
            [
                pair("name_en", "name_nl", heading=_("Name")),
                FieldRowPanel([FieldPanel("short_name"), FieldPanel("kind")]),
                FieldPanel("other_names"),
                pair("city", "country"),
                pair("ror", "url"),
                pair("description_en", "description_nl", heading=_("Description")),
                FieldPanel("logo"),
            ],
            heading=_("Profile"),
        ),
        ObjectList([FieldPanel("is_partner"), FieldPanel("is_listed"), FieldPanel("slug")], heading=_("On the site")),
    ],
    base_form_class=OrganisationForm,
)

TOPIC_TABS = TabbedInterface(
    [
        ObjectList(
            [
                pair("label_en", "label_nl", heading=_("Label")),
                pair("synonyms_en", "synonyms_nl", heading=_("Synonyms")),
                pair("definition_en", "definition_nl", heading=_("Definition")),
                FieldPanel("broader"),
                FieldPanel("related"),
            ],
            heading=_("Topic"),
        ),
        ObjectList([FieldPanel("slug"), FieldPanel("exact_matches")], heading=_("On the site")),
    ],
    base_form_class=TopicEditForm,
)

FUNDER_PANELS = ObjectList(
    [
        pair("name_en", "name_nl", heading=_("Name")),
        pair("identifier", "url"),
        pair("contribution_en", "contribution_nl", heading=_("Contribution")),
        FieldPanel("logo"),
        FieldRowPanel([FieldPanel("is_funder_of_cluster"), FieldPanel("sort_order")]),
    ]
)

PROJECT_PANELS = ObjectList(
    [
        pair("title_en", "title_nl", heading=_("Title")),
        FieldRowPanel([FieldPanel("acronym"), FieldPanel("award_number")]),
        FieldPanel("funder"),
        FieldPanel("url"),
        pair("start_year", "end_year", heading=_("Years")),
    ]
)
