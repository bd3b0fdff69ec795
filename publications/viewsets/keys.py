"""Primary keys as they come from outside: in an address, a hidden field, a list of rows to delete."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import register_converter
from django.urls.converters import IntConverter

KEY = re.compile(r"[0-9]{1,18}")
"""What fits every database's keys: SQLite refuses a longer number, and each refuses a word."""


def is_key(value: Any) -> bool:
    """Whether a database can be asked for this."""
    return bool(KEY.fullmatch(str(value)))


def is_kept_from_editors(model: Any, pk: Any) -> bool:
    """Whether there is such a thing, of which its model does not tell editors yet: work that was never sent."""
    things = model._default_manager.all()
    if not hasattr(things, "told_to_editors") or not is_key(pk):
        return False
    return bool(things.filter(pk=pk).exists() and not things.told_to_editors().filter(pk=pk).exists())


class KeyConverter(IntConverter):
    """A primary key in an address; anything else there is an unknown address."""

    regex = KEY.pattern


register_converter(KeyConverter, "key")


class KeyChoiceField(forms.ModelChoiceField):
    """A choice among rows, by a key that may be anything."""

    def to_python(self, value: Any) -> Any:
        if value not in self.empty_values and not is_key(value):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})
        return super().to_python(value)


class SafeChoice:
    """Goes before a chooser's widget: a value that no row can have is no choice."""

    def get_instance(self, value: Any) -> Any:
        if isinstance(value, (str, int)) and not is_key(value):
            return None
        return super().get_instance(value)  # type: ignore[misc]


class SafeChosen:
    """Goes before the view of what was chosen in a chooser."""

    model_class: Any

    def get_object(self, pk: str) -> Any:
        if not is_key(pk) or is_kept_from_editors(self.model_class, pk):
            raise Http404
        return super().get_object(pk)  # type: ignore[misc]
