"""The forms of the CMS: what they check beyond the models, and what they fill in so that editors need not."""

import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import Q
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from taggit.forms import TagField
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminTagWidget

from publications.errors import InvalidIdentifier
from publications.identifiers import parse_orcid, parse_ror
from publications.models import Organisation, Person, RecordFile, Topic
from publications.models.topic_tree import TopicTree
from publications.records import safe_file_name
from publications.topics import canonical_names, match_topic
from publications.vocabularies import AccessRight


def parse_identifier(parse: Callable[[str], str], value: str) -> str:
    """The identifier as it is kept, or its error as one of the form."""
    try:
        return parse(value) if value else ""
    except InvalidIdentifier as error:
        raise ValidationError(str(error)) from error


def accept_links(field: forms.Field) -> None:
    """Let people paste an identifier as the link that its registry gives, which is longer than what is kept."""
    field.max_length = None  # type: ignore[attr-defined]
    field.validators = [check for check in field.validators if not isinstance(check, MaxLengthValidator)]
    field.widget.attrs.pop("maxlength", None)


class UniqueAmongCurrentForm(WagtailAdminModelForm):
    """A form of something that can be merged into another.

    Its identifiers are unique among what is not merged. Django skips such a rule where `merged_into` is not a field
    of the form, and the database would answer instead.
    """

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"merged_into"}


class PersonForm(UniqueAmongCurrentForm):
    """A person, or somebody added in passing from a chooser."""

    class Meta(WagtailAdminModelForm.Meta):
        model = Person
        fields = ["given_name", "family_name", "orcid"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accept_links(self.fields["orcid"])

    def clean_orcid(self) -> str:
        return parse_identifier(parse_orcid, self.cleaned_data["orcid"])


class OrganisationForm(UniqueAmongCurrentForm):
    """An organisation, or one added in passing from a chooser."""

    class Meta(WagtailAdminModelForm.Meta):
        model = Organisation
        fields = ["name_en", "name_nl", "short_name", "kind", "city", "ror"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accept_links(self.fields["ror"])

    def clean_ror(self) -> str:
        return parse_identifier(parse_ror, self.cleaned_data["ror"])


class TopicForm(WagtailAdminModelForm):
    """A topic, whose name follows its labels and must differ from every other's."""

    class Meta(WagtailAdminModelForm.Meta):
        model = Topic
        fields = ["label_en", "label_nl"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        for field in ("label_en", "label_nl"):
            name = cleaned.get(field)
            if name:
                if Topic.objects.exclude(pk=self.instance.pk).filter(name__iexact=name).exists():
                    self.add_error(field, _("Another topic has this label."))
                break
        return cleaned


class TopicsWidget(AdminTagWidget):
    """Topics as tags; what is typed is looked up among labels and synonyms in both languages."""

    # Without the help text of Wagtail's own, which speaks of tags.
    template_name = "django/forms/widgets/text.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        shown = context["widget"]["attrs"]
        shown["data-w-tag-url-value"] = reverse("topic_autocomplete")
        # The box in which one types is made by a script, and has no name otherwise.
        options = json.loads(shown.get("data-w-tag-options-value", "{}"))
        shown["data-w-tag-options-value"] = json.dumps(options | {"placeholderText": gettext("Topic")})
        return context


class KnownTopicsField(TagField):
    """Topics by label or synonym, of those that there are."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=TopicsWidget(tag_model=Topic, free_tagging=False), **kwargs)

    def clean(self, value: Any) -> list[Topic]:
        found = {name: match_topic(name) for name in super().clean(value)}
        if unknown := [name for name, topic in found.items() if topic is None]:
            raise ValidationError(_("There is no topic “%(name)s”.") % {"name": unknown[0]})
        return list(dict.fromkeys(topic for topic in found.values() if topic))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return {topic.name for topic in initial or ()} != set(super().clean(data))


class TopicEditForm(TopicForm):
    """A topic with those beside it."""

    related = KnownTopicsField(
        label=_("Related topics"),
        required=False,
        help_text=_("What readers of this topic may look for as well. It holds both ways."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        beside = [topic for topic in cleaned.get("related") or () if topic.pk != self.instance.pk]
        if "related" in cleaned:
            cleaned["related"] = beside
        above = cleaned.get("broader")
        tree = TopicTree.load()
        in_line = {above.pk, *tree.above(above.pk)} if above else set()
        in_line |= tree.with_narrower(self.instance.pk) if self.instance.pk else set()
        if named := [topic for topic in beside if topic.pk in in_line]:
            text = _("“%(name)s” stands above or below this topic already, so it cannot stand beside it.")
            self.add_error("related", text % {"name": named[0]})
        return cleaned


class RecordForm(WagtailAdminModelForm):
    """A record of one kind, with the types of that kind."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "title" in self.fields:
            # Wagtail hides the label of a title and lets the placeholder stand for it.
            self.fields["title"].widget.attrs["placeholder"] = format_lazy("{title}*", title=_("Title"))
        if "resource_type" in self.fields:
            types = [(value, label) for value, label in self.fields["resource_type"].choices if not value]
            types += [(kind.value, kind.label) for kind in self._meta.model.resource_types]
            self.fields["resource_type"].choices = types

    def clean_topics(self) -> list[str]:
        """The topics by their own names, whichever of their labels and synonyms was typed."""
        return canonical_names(self.cleaned_data["topics"])


class ListedChoicesForm(WagtailAdminModelForm):
    """A form that offers only what is shown on the site, as imports bring in much besides."""

    listed_choices: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.listed_choices:
            field = self.fields[name]
            chosen = [thing.pk for thing in self.initial.get(name) or ()]
            field.queryset = field.queryset.filter(Q(is_listed=True, merged_into=None) | Q(pk__in=chosen))


class ContributionForm(WagtailAdminModelForm):
    """A contributor, whose printed name is that of the person or organisation chosen unless another is given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["family_name"].required = False
        self.fields["family_name"].help_text = _(
            "As printed. Left empty, it is that of the person or organisation chosen."
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if not cleaned.get("family_name"):
            self._fill_in_name(cleaned)
        return cleaned

    def _fill_in_name(self, cleaned: dict[str, Any]) -> None:
        person, organisation = cleaned.get("person"), cleaned.get("organisation")
        if person:
            cleaned["given_name"], cleaned["family_name"] = person.given_name, person.family_name
        elif organisation:
            cleaned["given_name"], cleaned["family_name"] = "", str(organisation)
            cleaned["is_organisation"] = True
        elif not cleaned.get("DELETE") and not self.is_deferred_validation:
            self.add_error("family_name", _("Give a name, or choose a person or an organisation."))


class RecordFileForm(WagtailAdminModelForm):
    """What an editor may change of a file; the rest is as it came."""

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        suffix = "." + self.instance.extension.lower()
        if not name.lower().endswith(suffix):
            raise ValidationError(
                _("Keep the ending “%(suffix)s”: it says what kind of file it is.") % {"suffix": suffix}
            )
        name = safe_file_name(name)
        others = RecordFile.objects.present().filter(record_id=self.instance.record_id).exclude(pk=self.instance.pk)
        if others.filter(name__iexact=name).exists():
            raise ValidationError(_("The record already has a file of this name."))
        return name


class AddFileForm(forms.Form):
    """A file for a record."""

    file = forms.FileField(label=_("File"))
    label = forms.CharField(
        label=_("What it is"),
        max_length=200,
        required=False,
        help_text=_("As shown: Article; Slides with speaker's notes."),
    )
    access_right = forms.ChoiceField(
        label=_("Who may open it"),
        choices=[("", _("As the record says")), *AccessRight.choices],
        required=False,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.DEPOSIT_MAX_SIZE_BYTES:
            raise ValidationError(
                format_lazy(
                    _("The file is larger than this hub accepts: {limit}."),
                    limit=filesizeformat(settings.DEPOSIT_MAX_SIZE_BYTES),
                )
            )
        return file
