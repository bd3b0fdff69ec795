"""`{% form_field field %}`: a field of a form in the site's look, its label, hint and errors tied to it."""

from typing import Any

from django import forms, template
from django.forms import BoundField

register = template.Library()

CLASSES: tuple[tuple[tuple[type[forms.Widget], ...], str], ...] = (
    ((forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple), ""),
    ((forms.Textarea,), "textarea short"),
    ((forms.Select,), "select"),
)


@register.inclusion_tag("includes/field.html")
def form_field(field: BoundField, *, placeholder: bool = True) -> dict[str, Any]:
    """A field as it stands on a page of the site; `placeholder` where the widget's says more than the label."""
    widget = field.field.widget
    described_by = [f"{field.auto_id}_hint"] * bool(field.help_text) + [f"{field.auto_id}_error"] * bool(field.errors)
    attrs: dict[str, Any] = {"class": class_of(widget) or False, "aria-describedby": " ".join(described_by) or False}
    if field.errors:
        attrs["aria-invalid"] = "true"
    return {
        "field": field,
        "control": field.as_widget(attrs=attrs if placeholder else attrs | {"placeholder": False}),
        "is_choice": isinstance(widget, forms.CheckboxInput),
        "is_group": isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple),
        "optional": not field.field.required and not isinstance(widget, forms.CheckboxInput),
        "described_by": described_by,
    }


def class_of(widget: forms.Widget) -> str:
    """The class of our style sheets for a widget."""
    return next((name for kinds, name in CLASSES if isinstance(widget, kinds)), "input")
