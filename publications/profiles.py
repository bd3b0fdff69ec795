"""A profile in the hands of whose it is: what they may change, and how that is kept."""

from typing import Any

from django import forms
from django.core.files.images import ImageFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from wagtail.log_actions import log

from publications.models import HubImage, Person, User
from publications.photos import clean_photo
from publications.vocabularies import LANGUAGES, PersonRole

MOST_FOUND = 20
SPOKEN = [pair for pair in LANGUAGES if pair[0] not in ("mul", "und")]


class ProfileForm(forms.ModelForm):
    """What somebody says of themselves, and what is shown of it."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"), choices=PersonRole.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"), choices=SPOKEN, required=False, widget=forms.CheckboxSelectMultiple
    )
    new_photo = forms.FileField(
        label=gettext_lazy("Photo"),
        required=False,
        help_text=gettext_lazy("JPEG, PNG or WebP, up to 10 MB. Where and with what it was taken is not kept."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    remove_photo = forms.BooleanField(label=gettext_lazy("Take the photo away"), required=False)

    class Meta:
        model = Person
        fields = [
            *("position_en", "position_nl", "biography_en", "biography_nl", "help_en", "help_nl"),
            *("roles", "languages", "has_consented"),
            *("shows_photo", "shows_about", "shows_help", "shows_languages", "shows_affiliations"),
        ]
        labels = {
            "help_en": gettext_lazy("What I can help with, in English"),
            "help_nl": gettext_lazy("What I can help with, in Dutch"),
            "has_consented": gettext_lazy("People may ask me questions through the hub"),
            "shows_photo": gettext_lazy("my photo"),
            "shows_about": gettext_lazy("my position, roles and what I say about myself"),
            "shows_help": gettext_lazy("what I can help with"),
            "shows_languages": gettext_lazy("the languages that I speak"),
            "shows_affiliations": gettext_lazy("where I work and worked"),
        }
        help_texts = {"has_consented": gettext_lazy("Your address stays private: the hub passes their question on.")}

    def __init__(self, *args: Any, instance: Person, **kwargs: Any) -> None:
        super().__init__(*args, **(kwargs | {"instance": instance}))
        self.initial.update({name: _listed(getattr(instance, name)) for name in ("roles", "languages")})
        languages: Any = self.fields["languages"]
        # An editor may have noted others.
        languages.choices = SPOKEN + [(code, code) for code in self.initial["languages"] if code not in dict(SPOKEN)]
        if instance.photo_id is None:
            del self.fields["remove_photo"]

    def clean_roles(self) -> str:
        return ",".join(role for role in PersonRole.values if role in self.cleaned_data["roles"])

    def clean_languages(self) -> str:
        return ", ".join(self.cleaned_data["languages"])

    def clean_new_photo(self) -> ImageFile | None:
        given = self.cleaned_data["new_photo"]
        return clean_photo(given, size_bytes=given.size) if given else None


def _listed(text: str) -> list[str]:
    return [code.strip() for code in text.split(",") if code.strip()]


def save_profile(form: ProfileForm, *, user: User) -> Person:
    """Keep what the form says, with a revision and a line in the history as for any editor."""
    with transaction.atomic():
        person: Person = form.instance
        replaced = person.photo if form.cleaned_data.get("new_photo") or form.cleaned_data.get("remove_photo") else None
        if replaced:
            person.photo = None
        if photo := form.cleaned_data.get("new_photo"):
            person.photo = _keep_photo(photo, person, user=user)
        form.save()
        revision = person.save_revision(user=user, changed=True)
        log(instance=person, action="wagtail.edit", user=user, revision=revision, content_changed=True)
        if replaced and replaced.uploaded_by_user_id == user.pk:  # an editor's picture may stand elsewhere
            replaced.delete()
    return person


def _keep_photo(file: ImageFile, person: Person, *, user: User) -> HubImage:
    image = HubImage(title=person.name, file=file, uploaded_by_user=user)
    for language in ("en", "nl"):
        with override(language):
            setattr(image, f"alt_{language}", _("Photo of %(name)s") % {"name": person.name})
    image.save()
    return image


def find_claimable(words: str) -> list[Person]:
    """People who are shown on the hub and have no account, by words of any of their names; the first twenty."""
    found = Person.objects.visible().filter(user=None)
    for word in words.split()[:8]:
        found = found.matching(word)
    return list(found.order_by("family_name", "given_name", "pk")[:MOST_FOUND]) if words.strip() else []
