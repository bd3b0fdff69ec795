"""Names at signing up. Apart from `forms.py`, because allauth's forms are built on this one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class NameForm(forms.Form):
    """What somebody is called; allauth's own fields are added to it."""

    first_name = forms.CharField(
        label=_("Given name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Family name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    field_order = ["first_name", "last_name", "email", "password1"]

    def signup(self, request: Any, user: Any) -> None:
        """Nothing beyond what the adapter saves."""
