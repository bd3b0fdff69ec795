"""The form that says what many records are to get. What is left empty stays as it is on each of them."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.widgets import AdminDateInput

from publications.bulk import Wanted
from publications.forms import KnownTopicsField
from publications.models import Collection, Event, User
from publications.records.changing import Access
from publications.vocabularies import AccessRight, Licence

NONE = "none"
"""Takes the licence, event or depositor away."""
Choices = list[tuple[Any, Any]]


def choices_of(things: Callable[[], Iterable[Any]], none: Any = None) -> Callable[[], Choices]:
    """Choices that begin with leaving it as it is, and taking it away where that has a name."""

    def choices() -> Choices:
        first: Choices = [("", gettext_lazy("stays as it is"))]
        first += [(NONE, none)] if none else []
        return [*first, *((str(thing.pk), str(thing)) for thing in things())]

    return choices


def licences() -> Choices:
    """Every licence, and none."""
    return [("", gettext_lazy("stays as it is")), (NONE, gettext_lazy("none")), *Licence.choices]


class BulkForm(forms.Form):
    """What every chosen record is to get."""

    add_topics = KnownTopicsField(label=gettext_lazy("Add topics"), required=False)
    remove_topics = KnownTopicsField(label=gettext_lazy("Take topics away"), required=False)
    access_right = forms.ChoiceField(
        label=gettext_lazy("Who may open the files"),
        choices=[("", gettext_lazy("stays as it is")), *AccessRight.choices],
        required=False,
        help_text=gettext_lazy("People who were named one by one on a record may then no longer open its files."),
    )
    available = forms.DateField(
        label=gettext_lazy("Opens on"),
        required=False,
        widget=AdminDateInput,
        help_text=gettext_lazy("Only for what opens later: the day the embargo ends."),
    )
    groups = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Groups that may open them"),
        queryset=Group.objects.order_by("name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Only where access is restricted."),
    )
    rights = forms.ChoiceField(label=gettext_lazy("Licence"), choices=licences, required=False)
    event = forms.ChoiceField(
        label=gettext_lazy("Event"),
        choices=choices_of(lambda: Event.objects.order_by("-starts"), gettext_lazy("no event")),
        required=False,
    )
    add_collection = forms.ChoiceField(
        label=gettext_lazy("Put into the collection"),
        choices=choices_of(Collection.objects.all),
        required=False,
    )
    remove_collection = forms.ChoiceField(
        label=gettext_lazy("Take out of the collection"),
        choices=choices_of(Collection.objects.all),
        required=False,
    )
    owner = forms.ChoiceField(
        label=gettext_lazy("Depositor"),
        choices=choices_of(
            lambda: User.objects.filter(is_active=True).order_by("username"), pgettext_lazy("depositor", "nobody")
        ),
        required=False,
        help_text=gettext_lazy("May always open the files."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        right, available, groups = (cleaned.get(name) for name in ("access_right", "available", "groups"))
        if right == AccessRight.EMBARGOED and not available and "available" not in self.errors:
            self.add_error("available", _("Give the day on which the embargo ends."))
        if available and right != AccessRight.EMBARGOED:
            self.add_error("available", _("A day is only for what opens later. Choose that above, or empty this."))
        if right == AccessRight.RESTRICTED and not groups:
            self.add_error("groups", _("Tick the groups that may open the files."))
        if groups and right != AccessRight.RESTRICTED:
            self.add_error("groups", _("Groups are only for restricted access. Choose that above, or untick these."))
        added, removed = cleaned.get("add_topics") or (), cleaned.get("remove_topics") or ()
        if both := [topic for topic in added if topic in removed]:
            self.add_error("remove_topics", _("“%(name)s” cannot be added and taken away at once.") % {"name": both[0]})
        if cleaned.get("add_collection") and cleaned["add_collection"] == cleaned.get("remove_collection"):
            self.add_error("remove_collection", _("Choose another collection than the one above."))
        if not self.errors and not self.wanted():
            self.add_error(None, _("Say first what is to change."))
        return cleaned

    def wanted(self) -> Wanted:
        """What the form says, and nothing of what it leaves."""
        cleaned, wanted = self.cleaned_data, Wanted()
        if topics := cleaned.get("add_topics"):
            wanted["add_topics"] = [topic.pk for topic in topics]
        if topics := cleaned.get("remove_topics"):
            wanted["remove_topics"] = [topic.pk for topic in topics]
        if right := cleaned.get("access_right"):
            day = cleaned["available"]
            groups = sorted(group.pk for group in cleaned["groups"])
            wanted["access"] = Access(right=right, available=day.isoformat() if day else None, groups=groups, users=[])
        if rights := cleaned.get("rights"):
            wanted["rights"] = "" if rights == NONE else rights
        if event := cleaned.get("event"):
            wanted["event"] = None if event == NONE else int(event)
        if owner := cleaned.get("owner"):
            wanted["owner"] = None if owner == NONE else int(owner)
        if collection := cleaned.get("add_collection"):
            wanted["add_collections"] = [int(collection)]
        if collection := cleaned.get("remove_collection"):
            wanted["remove_collections"] = [int(collection)]
        return wanted
