"""Groups, rights and the review of records, as they are after migrate."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from wagtail.models import (
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Task,
    Workflow,
    WorkflowContentType,
)

from publications.accounts import create_groups
from publications.models import EventOutcome, Presentation, Publication
from tests.factories import EditorFactory, MemberFactory, ResearcherFactory, UserFactory

pytestmark = pytest.mark.django_db


def snapshot() -> list[object]:
    rows = [
        Group.objects.order_by("pk").values_list("pk", "name"),
        Group.permissions.through.objects.order_by("pk").values_list("pk", "group", "permission"),
        GroupPagePermission.objects.order_by("pk").values_list("pk", "group", "permission"),
        GroupCollectionPermission.objects.order_by("pk").values_list("pk", "group", "permission"),
        Workflow.objects.order_by("pk").values_list("pk", "name", "active"),
        Task.objects.order_by("pk").values_list("pk", "name"),
        WorkflowContentType.objects.order_by("pk").values_list("pk", "workflow"),
    ]
    return [list(row) for row in rows]


def test_the_groups_are_all_there_are_after_migrate():
    names = sorted(Group.objects.values_list("name", flat=True))
    assert names == ["Editors", "Members", "Researchers", "Trusted researchers"]


def test_running_it_again_changes_nothing():
    before = snapshot()

    create_groups()

    assert snapshot() == before


def test_migrate_gives_back_a_right_that_was_lost():
    editors = Group.objects.get(name="Editors")
    editors.permissions.remove(Permission.objects.get(codename="publish_publication"))

    call_command("migrate", verbosity=0)

    assert EditorFactory().has_perm("publications.publish_publication")


@pytest.mark.parametrize("model", ["publication", "presentation", "eventoutcome", "event", "collection"])
def test_editors_may_publish_and_lock_from_the_first_migrate_on(model):
    editor = EditorFactory()

    for action in ("add", "change", "delete", "publish", "lock", "unlock"):
        assert editor.has_perm(f"publications.{action}_{model}"), action


def test_researchers_and_members_have_no_right_in_the_cms():
    assert MemberFactory().get_all_permissions() == {"publications.read_members_files"}
    assert ResearcherFactory().get_all_permissions() == {
        "publications.read_members_files",
        "publications.deposit_records",
    }


def test_somebody_in_no_group_has_no_right_at_all():
    assert UserFactory().get_all_permissions() == set()


def test_editors_may_not_touch_users_groups_or_the_build_of_the_site():
    permissions = EditorFactory().get_all_permissions()
    forbidden = {"user", "group", "locale", "site", "workflow", "task", "permission", "logentry"}

    assert {codename for codename in permissions if codename.rsplit("_", 1)[-1] in forbidden} == set()
    assert "publications.add_recordfile" not in permissions


def test_every_kind_of_record_is_reviewed_by_editors():
    workflows = {model.get_default_workflow() for model in (Publication, Presentation, EventOutcome)}

    assert [workflow.name for workflow in workflows] == ["Editors’ review"]
    tasks = workflows.pop().tasks
    assert [[group.name for group in task.specific.groups.all()] for task in tasks] == [["Editors"]]


def test_a_kind_of_record_with_a_workflow_of_its_own_keeps_it():
    strict = Workflow.objects.create(name="Two editors")
    content_type = ContentType.objects.get_for_model(Publication)
    WorkflowContentType.objects.filter(content_type=content_type).update(workflow=strict)

    create_groups()

    assert Publication.get_default_workflow() == strict
    assert Presentation.get_default_workflow().name == "Editors’ review"


def test_moderators_who_are_in_use_stay():
    WorkflowContentType.objects.all().delete()
    Workflow.objects.all().delete()
    GroupApprovalTask.objects.all().delete()
    moderators = Group.objects.create(name="Moderators")
    UserFactory().groups.add(moderators)

    create_groups()

    assert Group.objects.filter(name="Moderators").exists()
    assert Workflow.objects.filter(name="Editors’ review").exists()


def test_a_database_that_is_only_half_migrated_is_left_alone():
    from django.db.migrations.state import ProjectState

    before = snapshot()

    create_groups(apps=ProjectState().apps)

    assert snapshot() == before


def test_editors_may_translate_pages():
    editors = Group.objects.get(name="Editors")

    assert editors.permissions.filter(codename="submit_translation").exists()
