"""Values of records in words: what each field has, and will have, with names in place of keys."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.auth.models import Group
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from publications.audit import BULK_NAMES
from publications.models import Collection, Event, Topic, User
from publications.vocabularies import AccessRight, Licence


@dataclass(frozen=True)
class Line:
    """A field with what it has and gets."""

    label: str
    before: str
    after: str


class Names:
    """Names of things by their keys: one query for each kind that is asked for."""

    @cached_property
    def topics(self) -> dict[int, str]:
        """Of all topics."""
        return {topic.pk: str(topic) for topic in Topic.objects.all()}

    @cached_property
    def event(self) -> dict[int, str]:
        """Of all events."""
        return {event.pk: str(event) for event in Event.objects.all()}

    @cached_property
    def collections(self) -> dict[int, str]:
        """Of all collections."""
        return {collection.pk: str(collection) for collection in Collection.objects.all()}

    @cached_property
    def owner(self) -> dict[int, str]:
        """Of all accounts."""
        return dict(User.objects.values_list("pk", "username"))

    @cached_property
    def groups(self) -> dict[int, str]:
        """Of all groups."""
        return dict(Group.objects.values_list("pk", "name"))

    def list(self, kind: str, keys: Iterable[Any]) -> str:
        """The names of these keys; what is gone has none."""
        names = getattr(self, kind)
        return ", ".join(names.get(int(key), "?") for key in keys)

    def say(self, name: str, value: Any) -> str:
        """A value of a field in words; "" for none."""
        if name in ("topics", "collections"):
            return self.list(name, value)
        if name == "access":
            return self.say_access(value)
        if name == "rights":
            return str(dict(Licence.choices).get(value, value))
        return "" if value is None else self.list(name, [value])

    def say_access(self, access: Mapping[str, Any]) -> str:
        """Who may open the files, with the day or the groups."""
        words = [str(dict(AccessRight.choices).get(access["right"], access["right"]))]
        if access["right"] == AccessRight.EMBARGOED and access["available"]:
            words.append(date_format(date.fromisoformat(access["available"])))
        if access["right"] == AccessRight.RESTRICTED:
            words += [
                names for names in (self.list("groups", access["groups"]), self.list("owner", access["users"])) if names
            ]
        return ": ".join(words[:2]) + "".join(f", {word}" for word in words[2:])


def lines_of(
    before: Mapping[str, Any], after: Mapping[str, Any], names: Names, *, only: Iterable[str] | None = None
) -> list[Line]:
    """The fields that differ, in words."""
    wanted = BULK_NAMES if only is None else [name for name in BULK_NAMES if name in only]
    return [
        Line(capfirst(str(BULK_NAMES[name])), names.say(name, before[name]), names.say(name, after[name]))
        for name in wanted
        if before.get(name) != after.get(name)
    ]


def summary_of(wanted: Mapping[str, Any], names: Names) -> list[tuple[str, str]]:
    """What a change asks for, a label and its words on each line."""
    labels = {
        "add_topics": _("Add topics"),
        "remove_topics": _("Take topics away"),
        "access": _("Who may open the files"),
        "rights": _("Licence"),
        "event": _("Event"),
        "add_collections": _("Put into the collection"),
        "remove_collections": _("Take out of the collection"),
        "owner": _("Depositor"),
    }
    kinds = {name: name.split("_")[-1] for name in labels}
    return [
        (label, names.say(kinds[name], wanted[name]) or _("none")) for name, label in labels.items() if name in wanted
    ]
