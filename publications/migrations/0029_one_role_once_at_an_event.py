"""An organisation has a role once at an event: the first row stays, in the table and in each draft."""

from typing import Any

from django.db import migrations, models


def drop_doubles(apps: Any, schema_editor: Any) -> None:
    """Delete every row but the first, as the form shows them, of an organisation in a role at an event."""
    rows = apps.get_model("publications", "EventPartner").objects.order_by("event_id", "sort_order", "pk")
    seen: set[tuple[int, int, str]] = set()
    doubles = []
    for pk, *key in rows.values_list("pk", "event_id", "organisation_id", "role"):
        if tuple(key) in seen:
            doubles.append(pk)
        seen.add(tuple(key))
    rows.filter(pk__in=doubles).delete()
    of_events = {"base_content_type__app_label": "publications", "base_content_type__model": "event"}
    for revision in apps.get_model("wagtailcore", "Revision").objects.filter(**of_events).iterator():
        drop_doubles_in_draft(revision)


def drop_doubles_in_draft(revision: Any) -> None:
    """Leave the first row of an organisation in a role; a draft without doubles stays as it is."""
    partners = revision.content.get("partners") or []
    first: dict[tuple[int, str], Any] = {}
    for partner in partners:
        first.setdefault((partner["organisation"], partner["role"]), partner)
    if len(first) < len(partners):
        revision.content["partners"] = list(first.values())
        revision.save(update_fields=["content"])


class Migration(migrations.Migration):
    dependencies = [
        ("publications", "0028_give_roles_at_events"),
    ]

    operations = [
        migrations.RunPython(drop_doubles, migrations.RunPython.noop),
        migrations.AddConstraint(
            "eventpartner",
            models.UniqueConstraint(
                fields=("event", "organisation", "role"),
                name="unique_role_at_event",
                violation_error_message="The organisation has this role at this event already.",
            ),
        ),
    ]
