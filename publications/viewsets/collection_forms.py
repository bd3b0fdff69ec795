"""The form of a collection: what its rule says, who keeps it, and what its cover is called."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from publications.forms import ListedChoicesForm
from publications.rules import read_rule


class CollectionForm(ListedChoicesForm):
    """A collection. A draft keeps whatever was typed as its rule; what is published has one that can be asked."""

    listed_choices = ("curators",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.initial.get("rule"):
            self.initial["rule"] = read_rule(self.initial["rule"]).text

    def clean_rule(self) -> str:
        typed: str = self.cleaned_data["rule"]
        rule = read_rule(typed)
        if rule.problems and not self.is_deferred_validation:
            raise ValidationError(list(rule.problems))
        return typed if rule.problems else rule.question

    def clean_cover(self) -> Any:
        cover = self.cleaned_data["cover"]
        if cover and not (cover.alt_en or cover.alt_nl) and not self.is_deferred_validation:
            raise ValidationError(
                _("“%(name)s” has no text alternative yet. Edit the picture and say what is to be seen."),
                params={"name": cover},
            )
        return cover

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        picked = {_record_of(row) for row in self.formsets["items"].forms}
        for row in self.formsets["exclusions"].forms:
            if (record := _record_of(row)) and record in picked:
                row.add_error("record", _("This record was picked by hand. Take it away there or here."))
        return cleaned


def _record_of(row: forms.ModelForm) -> Any:
    """The record of a row that stays."""
    if not row.is_valid() or row.cleaned_data.get("DELETE"):
        return None
    return row.cleaned_data.get("record")
