"""The form of an event, and of those who speak there."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from publications.models import EventSeries


class EventForm(WagtailAdminModelForm):
    """An event with its programme and photos."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        without = _("Say when the event begins: without a date it stands in no list and no calendar.")
        self.fields["starts"].error_messages["required"] = without

    def add_prefix(self, field_name: str) -> str:
        """A field called "matches" would hide the form's method of that name, which Wagtail's scripts ask."""
        return super().add_prefix("matches_made" if field_name == "matches" else field_name)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        for part in self.formsets["sessions"].forms:
            if starts and part.is_valid():
                check_within(part, starts, ends)
        if not self.is_deferred_validation:
            for photo in self.formsets["photos"].forms:
                ask_for_alternative(photo)
        return cleaned


def check_within(part: forms.ModelForm, starts: datetime, ends: datetime | None) -> None:
    """Put an error on a part of the programme that is not within the event."""
    for name in ("starts", "ends"):
        moment = part.cleaned_data.get(name)
        if moment and moment < starts:
            part.add_error(name, _("This is before the event starts."))
        elif moment and ends and moment > ends:
            part.add_error(name, _("This is after the event ends."))


def ask_for_alternative(photo: forms.ModelForm) -> None:
    """Put an error on a photo whose picture has a text alternative in neither language."""
    if not photo.is_valid() or photo.cleaned_data.get("DELETE"):
        return
    image = photo.cleaned_data.get("image")
    if image is not None and not (image.alt_en or image.alt_nl):
        photo.add_error(
            "image",
            _("“%(name)s” has no text alternative yet. Edit the picture and say what is to be seen.") % {"name": image},
        )


class SpeakerForm(WagtailAdminModelForm):
    """A speaker, whose printed name is that of the person chosen unless another is given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False
        self.fields["name"].help_text = _("As printed. Left empty, it is that of the person or organisation chosen.")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        person, organisation = cleaned.get("person"), cleaned.get("organisation")
        cleaned["affiliation"] = cleaned.get("affiliation") or (str(organisation) if person and organisation else "")
        if not cleaned.get("name"):
            cleaned["name"] = str(person or organisation or "")
        if not cleaned["name"] and not cleaned.get("DELETE") and not self.is_deferred_validation:
            self.add_error("name", _("Give a name, or choose a person or an organisation."))
        return cleaned


class EventSeriesForm(WagtailAdminModelForm):
    """A series added in passing from a chooser."""

    class Meta(WagtailAdminModelForm.Meta):
        model = EventSeries
        fields = ["title_en", "title_nl"]
