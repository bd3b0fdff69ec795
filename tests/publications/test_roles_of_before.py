"""Partners of events of before there were roles: the rows, the merges of then, the way back, and one role once."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from publications.merging import undo_merge
from publications.merging.undo_previews import preview_undo
from publications.models import Event, EventPartner, MergeLog, Organisation

BEFORE = [("publications", "0026_watched_links")]
MANY_ROLES = [("publications", "0028_give_roles_at_events")]
FORMER = "publications.Event_partners"


def migrate(state: list[tuple[str, str]]) -> Any:
    """The models as they are after it."""
    MigrationExecutor(connection).migrate(state)
    return MigrationExecutor(connection).loader.project_state(state).apps


def merge_as_before(apps: Any) -> list[dict[str, Any]]:
    """Two organisations at three events: at one both, at one the merged one alone, at one the kept one alone."""
    model = apps.get_model
    kept, merged = (
        model("publications", "Organisation").objects.create(name_en=name, slug=name) for name in ("k", "m")
    )
    both, one, other = (
        model("publications", "Event").objects.create(title_en=name, slug=name, starts=timezone.now())
        for name in ("both", "one", "other")
    )
    through = model("publications", "Event").partners.through
    through.objects.create(event=other, organisation=kept)
    through.objects.create(event=both, organisation=kept)
    moved = through.objects.create(event=one, organisation=merged)
    double = through.objects.create(event=both, organisation=merged)

    columns = {"id": double.pk, "event_id": both.pk, "organisation_id": merged.pk}
    changes = [
        {"model": FORMER, "pk": double.pk, "before": columns, "after": None},
        {
            "model": FORMER,
            "pk": moved.pk,
            "before": {"organisation_id": merged.pk},
            "after": {"organisation_id": kept.pk},
        },
        {
            "model": "publications.Organisation",
            "pk": merged.pk,
            "before": {"merged_into_id": None},
            "after": {"merged_into_id": kept.pk},
        },
    ]
    double.delete()
    through.objects.filter(pk=moved.pk).update(organisation=kept)
    merged.merged_into = kept
    merged.save()
    model("publications", "MergeLog").objects.create(
        content_type=model("contenttypes", "ContentType").objects.get(app_label="publications", model="organisation"),
        kept_id=kept.pk,
        kept_name="k",
        merged_id=merged.pk,
        merged_name="m",
        changes=changes,
    )
    return changes


def roles() -> list[tuple[str, str, str]]:
    rows = EventPartner.objects.order_by("event__slug", "organisation__slug", "role")
    return list(rows.values_list("event__slug", "organisation__slug", "role"))


@pytest.mark.django_db(transaction=True)
def test_merges_of_before_there_were_roles_go_there_and_back_and_are_undone():
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        changes = merge_as_before(migrate(BEFORE))

        migrate(leaves)
        assert roles() == [("both", "k", "partner"), ("one", "k", "partner"), ("other", "k", "partner")]
        migrate(BEFORE)
        assert (
            MigrationExecutor(connection)
            .loader.project_state(BEFORE)
            .apps.get_model("publications", "MergeLog")
            .objects.get()
            .changes
            == changes
        )

        apps = migrate(MANY_ROLES)
        former = apps.get_model("publications", "EventPartner")
        first = former.objects.get(event__slug="one")
        former.objects.create(event=first.event, organisation=first.organisation, role=first.role, sort_order=9)
        former.objects.create(event=first.event, organisation=first.organisation, role="host", sort_order=9)
        migrate(leaves)
        assert [role for event, _name, role in roles() if event == "one"] == ["host", "partner"]
        assert EventPartner.objects.filter(pk=first.pk).exists()

        log = MergeLog.objects.get()
        new = EventPartner.objects.create(
            event=Event.objects.get(slug="one"), organisation_id=log.kept_id, role="sponsor"
        )
        assert new.pk not in {change["pk"] for change in log.changes if change["model"].endswith("EventPartner")}
        preview = preview_undo(log)
        assert [(move.total, sorted(move.names)) for move in preview.moves] == [(2, ["both", "one"])]
        undo_merge(log, user=None)
        assert {("both", "k", "partner"), ("both", "m", "partner"), ("one", "m", "partner")} <= set(roles())
        assert Organisation.objects.get(slug="m").merged_into is None
    finally:
        migrate(leaves)
