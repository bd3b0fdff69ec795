"""Organisations that were partners of an event are so by role, also in drafts and in the journals of merges.

Rows keep their keys: a merge that was made before is undone by them.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.management.color import no_style
from django.db import migrations
from django.db.models import Min

FORMER, PRESENT = "publications.Event_partners", "publications.EventPartner"
NEW_COLUMNS = {"role": "partner", "sort_order": None}
Change = dict[str, Any]


def give_roles(apps: Any, schema_editor: Any) -> None:
    """A row for each partner, in the table and in each revision."""
    Event, EventPartner = apps.get_model("publications", "Event"), apps.get_model("publications", "EventPartner")
    rows = Event.former_partners.through.objects.order_by("pk").values_list("pk", "event_id", "organisation_id")
    EventPartner.objects.bulk_create(
        EventPartner(pk=pk, event_id=event, organisation_id=organisation, role="partner", sort_order=place)
        for place, (pk, event, organisation) in enumerate(rows)
    )
    for revision in revisions_of_events(apps):
        give_roles_in_draft(revision)
    rewrite_journals(apps, rename_partner)
    pass_over(EventPartner, keys_in_journals(apps), connection=schema_editor.connection)


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
    rows = EventPartner.objects.order_by().values_list("event_id", "organisation_id").annotate(Min("pk"))
    through.objects.bulk_create(through(pk=pk, event_id=event, organisation_id=other) for event, other, pk in rows)
    for revision in revisions_of_events(apps):
        partners = revision.content.get("partners") or []
        revision.content["partners"] = list(dict.fromkeys(partner["organisation"] for partner in partners))
        revision.save(update_fields=["content"])
    rewrite_journals(apps, rename_role)
    pass_over(through, keys_in_journals(apps), connection=schema_editor.connection)


def rewrite_journals(apps: Any, rename: Callable[[Change], Change]) -> None:
    """Change what the journals of merges say of partners of events; a change of nothing is left out."""
    for log in apps.get_model("publications", "MergeLog").objects.iterator():
        renamed = [rename(change) if change["model"] in (FORMER, PRESENT) else change for change in log.changes]
        if renamed != log.changes:
            log.changes = [change for change in renamed if change["before"]]
            log.save(update_fields=["changes"])


def rename_partner(change: Change) -> Change:
    """What was said of a partner, of an organisation with a role; a row that was deleted needs all its columns."""
    before = change["before"] | (NEW_COLUMNS if change["after"] is None else {})
    return change | {"model": PRESENT, "before": before}


def rename_role(change: Change) -> Change:
    """The way back."""
    before, after = (
        row and {name: value for name, value in row.items() if name not in NEW_COLUMNS}
        for row in (change["before"], change["after"])
    )
    return change | {"model": FORMER, "before": before, "after": after}


def keys_in_journals(apps: Any) -> set[int]:
    """The keys of partners that merges changed or deleted."""
    logs = apps.get_model("publications", "MergeLog").objects.values_list("changes", flat=True)
    return {change["pk"] for changes in logs for change in changes if change["model"] in (FORMER, PRESENT)}


def pass_over(model: Any, keys: Iterable[int], *, connection: Any) -> None:
    """Let no new row take one of these keys, nor one that is there: undoing a merge brings the deleted ones back."""
    highest = max(keys, default=0)
    held = None
    if highest and not model.objects.filter(pk__gte=highest).exists():
        held = model.objects.create(pk=highest, event_id=0, organisation_id=0)  # gone before links are checked
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)
    if held:
        held.delete()


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
