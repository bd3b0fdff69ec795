"""Forms of saved searches: the address of whoever has no account, and what can be changed later."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from publications.guarding import GuardedForm
from search.models import Frequency, SavedSearch

WITH_MAILS = [choice for choice in Frequency.choices if choice[0] != Frequency.NONE]


class AddressForm(GuardedForm):
    """Where to write to, and how often."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("You get a link there first. It is used for these mails alone and erased when you end them."),
    )
    frequency = forms.ChoiceField(
        label=_("You get a mail"), choices=WITH_MAILS, initial=Frequency.WEEK, widget=forms.RadioSelect
    )


class ChangeForm(forms.ModelForm):
    """What a saved search is called, and how often its reader is told."""

    class Meta:
        model = SavedSearch
        fields = ["name", "frequency"]

    def __init__(self, data: Any = None, *, instance: SavedSearch) -> None:
        super().__init__(data, instance=instance, auto_id=f"search-{instance.pk}-%s")
        if instance.subscriber.user_id is None:
            self.fields["frequency"].choices = WITH_MAILS  # type: ignore[attr-defined]
