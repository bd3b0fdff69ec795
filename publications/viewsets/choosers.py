"""The windows in which editors choose a person, an organisation, a record of any kind …"""

from typing import Any

from django import forms
from django.contrib.admin.utils import quote
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import ModelAdminURLFinder
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView, ChosenView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets.chooser import BaseChooser
from wagtail.permissions import policy_registry
from wagtail.snippets.views import chooser as snippet_chooser
from wagtail.snippets.widgets import AdminSnippetChooser

from publications.models import Record
from publications.viewsets.keys import SafeChoice, SafeChosen
from publications.viewsets.listings import find_by_words, latest_title
from publications.vocabularies import RecordType


class WordsFilterForm(BaseFilterForm):
    """A search by words, in the fields that the view names."""

    search_fields: tuple[str, ...] = ()

    q = forms.CharField(
        label=_("Search term"), widget=forms.TextInput(attrs={"placeholder": _("Search")}), required=False
    )

    def filter(self, objects: QuerySet) -> QuerySet:
        objects = super().filter(objects)
        if query := self.cleaned_data.get("q"):
            self.is_searching, self.search_query = True, query
            objects = find_by_words(objects, query, fields=self.search_fields)
        return objects


class ThingsToChoose:
    """What a chooser of snippets offers: things that are current, found by the words of their listing's fields."""

    model_class: Any

    def get_object_list(self) -> QuerySet:
        objects = self.model_class.objects.all()
        if hasattr(objects, "told_to_editors"):
            objects = objects.told_to_editors()
        return objects.current() if hasattr(objects, "current") else objects

    def get_filter_form_class(self) -> type[BaseFilterForm]:
        fields = self.model_class.snippet_viewset.search_fields
        return type("FilterForm", (WordsFilterForm,), {"search_fields": fields})


class SnippetChooseView(ThingsToChoose, snippet_chooser.ChooseView):
    """The whole window."""


class SnippetChooseResultsView(ThingsToChoose, snippet_chooser.ChooseResultsView):
    """The list in it, after another search."""


class SnippetChosenView(SafeChosen, snippet_chooser.SnippetChosenView):
    """What was chosen."""


class TranslatedSnippetChooser(SafeChoice, AdminSnippetChooser):
    """Wagtail's own fixes the language of its buttons when the form class is made."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        name = self.model._meta.verbose_name
        self.choose_one_text = format_lazy(_("Choose {thing}"), thing=name)
        self.choose_another_text = format_lazy(_("Choose another {thing}"), thing=name)
        self.link_to_chosen_text = format_lazy(_("Edit this {thing}"), thing=name)


class SnippetChooserViewSet(snippet_chooser.SnippetChooserViewSet):
    """The chooser of every kind of snippet."""

    choose_view_class = SnippetChooseView
    choose_results_view_class = SnippetChooseResultsView
    chosen_view_class = SnippetChosenView
    base_widget_class = TranslatedSnippetChooser
    creation_tab_label = _("New")
    create_action_label = _("Add")


def chooser_with_form(form_class: type[forms.ModelForm]) -> type[SnippetChooserViewSet]:
    """A chooser in which a missing thing can be added without leaving the form, with the few fields of `form_class`."""
    return type("ChooserViewSet", (SnippetChooserViewSet,), {"creation_form_class": form_class})


# Records of every kind: the base model has no listing of its own, but collections and relations choose from it. -----


class RecordFilterForm(WordsFilterForm):
    """Narrows records by words and by kind."""

    search_fields = ("title", "subtitle", "pid", "doi", "contributions__family_name")

    record_type = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("All kinds")), *RecordType.choices],
        required=False,
        widget=forms.Select(attrs={"data-chooser-modal-search-filter": True}),
    )

    def filter(self, objects: QuerySet) -> QuerySet:
        if record_type := self.cleaned_data.get("record_type"):
            objects = objects.filter(record_type=record_type)
        return super().filter(objects)


class RecordsToChoose:
    """What the chooser of records offers: all of them, the newest first, drafts marked as such."""

    filter_form_class = RecordFilterForm
    title_column: Column

    def get_object_list(self) -> QuerySet:
        return Record.objects.told_to_editors().select_related("latest_revision").order_by("-pk")

    @property
    def columns(self) -> list[Column]:
        title_column = self.title_column
        title_column.accessor = latest_title
        return [
            title_column,
            Column("resource_type", label=_("Type"), accessor="get_resource_type_display"),
            Column("year", label=_("Year")),
            LiveStatusTagColumn(label=_("Status"), sort_key=None),
        ]


class RecordChooseView(RecordsToChoose, ChooseView):
    """The whole window."""


class RecordChooseResultsView(RecordsToChoose, ChooseResultsView):
    """The list in it, after another search."""


class RecordChosenView(SafeChosen, ChosenView):
    """What was chosen."""


class RecordChooserWidget(SafeChoice, BaseChooser):
    """Shows the chosen record by its title."""

    def get_display_title(self, instance: Record) -> str:
        return latest_title(instance)


class RecordChooserViewSet(ChooserViewSet):
    """Chooses among publications, presentations and event outcomes alike."""

    model = Record
    icon = "doc-full"
    per_page = 20
    choose_one_text = _("Choose a record")
    choose_another_text = _("Choose another record")
    edit_item_text = _("Edit this record")
    choose_view_class = RecordChooseView
    choose_results_view_class = RecordChooseResultsView
    chosen_view_class = RecordChosenView
    base_widget_class = RecordChooserWidget


class RecordURLFinder(ModelAdminURLFinder):
    """Where a record of any kind is edited."""

    def construct_edit_url(self, instance: Record) -> str:
        viewset: Any = type(instance.specific()).snippet_viewset  # type: ignore[attr-defined]
        return reverse(viewset.get_url_name("edit"), args=(quote(instance.pk),))

    def get_edit_url(self, instance: Record) -> str | None:
        specific = instance.specific()
        may_change = self.user is None or policy_registry.get(specific).user_has_permission_for_instance(
            self.user, "change", specific
        )
        return self.construct_edit_url(instance) if may_change else None
