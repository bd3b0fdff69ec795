"""Organisations that were partners of an event are so by role, also in drafts."""

from typing import Any

from django.db import migrations


def give_roles(apps: Any, schema_editor: Any) -> None:
    """A row for each partner, in the table and in each revision."""
    Event, EventPartner = apps.get_model("publications", "Event"), apps.get_model("publications", "EventPartner")
    rows = Event.former_partners.through.objects.order_by("pk").values_list("event_id", "organisation_id")
    EventPartner.objects.bulk_create(
        EventPartner(event_id=event, organisation_id=organisation, role="partner", sort_order=place)
        for place, (event, organisation) in enumerate(rows)
    )
    for revision in revisions_of_events(apps):
        give_roles_in_draft(revision)


def give_roles_in_draft(revision: Any) -> None:
    """A row for each partner that a draft names; one that has rows already stays."""
    partners = revision.content.get("partners") or []
    if not all(isinstance(partner, int) for partner in partners):
        return
    event = int(revision.object_id)
    revision.content["partners"] = [
        {"pk": None, "event": event, "organisation": pk, "role": "partner", "sort_order": place}
        for place, pk in enumerate(partners)
    ]
    revision.save(update_fields=["content"])


def take_roles(apps: Any, schema_editor: Any) -> None:
    """The organisations without what they were, once each."""
    Event, EventPartner = apps.get_model("publications", "Event"), apps.get_model("publications", "EventPartner")
    through = Event.former_partners.through
    rows = EventPartner.objects.order_by().values_list("event_id", "organisation_id").distinct()
    through.objects.bulk_create(through(event_id=event, organisation_id=pk) for event, pk in rows)
    for revision in revisions_of_events(apps):
        partners = revision.content.get("partners") or []
        revision.content["partners"] = list(dict.fromkeys(partner["organisation"] for partner in partners))
        revision.save(update_fields=["content"])


def revisions_of_events(apps: Any) -> Any:
    """Every draft and past state of an event."""
    of_events = {"base_content_type__app_label": "publications", "base_content_type__model": "event"}
    return apps.get_model("wagtailcore", "Revision").objects.filter(**of_events).iterator()


class Migration(migrations.Migration):
    dependencies = [
        ("publications", "0027_roles_at_events"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.RunPython(give_roles, take_roles),
        migrations.RemoveField("event", "former_partners"),
    ]
