"""Groups, what they may do, and the review that deposits go through. All of it exists after `migrate`.

Editors run the site in the CMS. Researchers deposit in the site's own pages and have no rights in the CMS: a right to
change records there would show them everybody's drafts; what trusted researchers deposit is live at once. Members read
what is for members.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.db import transaction

EDITORS = "Editors"
RESEARCHERS = "Researchers"
TRUSTED = "Trusted researchers"
MEMBERS = "Members"
REVIEW = "Editors’ review"

RECORD_MODELS = ("publication", "presentation", "eventoutcome")
EDITED_MODELS = (
    *RECORD_MODELS,
    *("person", "organisation", "topic"),
    *("event", "eventseries", "collection"),
    *("funder", "project"),
)
EDITOR_ACTIONS = ("add", "change", "delete", "publish", "lock", "unlock", "view")

# Files come in through their record, so nobody adds one by itself.
OTHER_EDITOR_PERMISSIONS = (
    "view_recordfile",
    "change_recordfile",
    "delete_recordfile",
    "change_sitesettings",
    "confirm_accounts",
    "change_contactrequest",
)
PAGE_PERMISSIONS = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page", "bulk_delete_page")
MEDIA_PERMISSIONS = tuple(
    f"{action}_{model}" for model in ("hubimage", "document") for action in ("add", "change", "choose")
)

READ_EVERYTHING = ("read_members_files", "read_all_files")
DEPOSIT_AT_ONCE = ("deposit_records", "publish_own_deposits")

NEEDED_MODELS = (
    "publications.Record",
    "simple_translation.SimpleTranslation",
    "wagtailadmin.Admin",
    "wagtailcore.WorkflowContentType",
    "wagtailredirects.Redirect",
)
APPS_WITH_RIGHTS = (
    "publications",
    "simple_translation",
    "wagtailadmin",
    "wagtailcore",
    "wagtaildocs",
    "wagtailimages",
    "wagtailredirects",
    "wagtailsnippets",
)


def create_groups(**kwargs: Any) -> None:
    """Make the groups, their rights and the review of records; run after every migrate, adds only what is missing.

    Here and not in a migration: permissions and content types exist only once `post_migrate` has run.
    """
    if not _all_tables_exist(kwargs.get("apps", apps)):
        return
    with transaction.atomic():
        _create_permissions()
        editors = _group(EDITORS, [*_editor_permissions(), *READ_EVERYTHING, *DEPOSIT_AT_ONCE])
        _group(RESEARCHERS, ["read_members_files", "deposit_records"])
        _group(TRUSTED, ["read_members_files", *DEPOSIT_AT_ONCE])
        _group(MEMBERS, ["read_members_files"])
        _give_rights_in_the_cms(editors)
        _give_pages_and_media(editors)
        _create_review(editors)


def _all_tables_exist(state: Any) -> bool:
    """Whether the database holds everything that rights hang on: `migrate publications 0001` stops before that."""
    try:
        for model in NEEDED_MODELS:
            state.get_model(model)
    except LookupError:
        return False
    return True


def _create_permissions() -> None:
    """Make the permissions that Django and Wagtail make only after this handler has run."""
    from wagtail.snippets.models import create_extra_permissions

    for label in APPS_WITH_RIGHTS:
        create_permissions(apps.get_app_config(label), verbosity=0)
    create_extra_permissions(apps.get_app_config("wagtailsnippets"))


def _editor_permissions() -> list[str]:
    of_models = [f"{action}_{model}" for action in EDITOR_ACTIONS for model in EDITED_MODELS]
    return [*of_models, *OTHER_EDITOR_PERMISSIONS]


def _group(name: str, codenames: Iterable[str]) -> Any:
    from django.contrib.auth.models import Group, Permission

    group, _created = Group.objects.get_or_create(name=name)
    group.permissions.add(
        *Permission.objects.filter(content_type__app_label="publications", codename__in=list(codenames))
    )
    return group


def _give_rights_in_the_cms(editors: Any) -> None:
    from django.contrib.auth.models import Permission

    editors.permissions.add(
        *Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin"),
        *Permission.objects.filter(content_type__app_label="wagtailredirects"),
        *Permission.objects.filter(content_type__app_label="simple_translation", codename="submit_translation"),
    )


def _give_pages_and_media(editors: Any) -> None:
    """Rights on the page tree, images and documents hang on their roots, which Wagtail's own migrations make."""
    from django.contrib.auth.models import Permission
    from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

    root_page = Page.get_first_root_node()
    root_collection = Collection.get_first_root_node()
    if root_page is None or root_collection is None:
        return
    for permission in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=PAGE_PERMISSIONS):
        GroupPagePermission.objects.get_or_create(group=editors, page=root_page, permission=permission)
    for permission in Permission.objects.filter(
        content_type__app_label__in=["publications", "wagtaildocs"], codename__in=MEDIA_PERMISSIONS
    ):
        GroupCollectionPermission.objects.get_or_create(
            group=editors, collection=root_collection, permission=permission
        )


def _create_review(editors: Any) -> None:
    """Let an editor approve each record before it goes live.

    A kind of record that already has a workflow keeps it; to do without a review, deactivate the workflow.
    """
    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import GroupApprovalTask, Workflow, WorkflowContentType, WorkflowTask

    content_types = ContentType.objects.filter(app_label="publications", model__in=RECORD_MODELS)
    missing = content_types.filter(wagtail_workflow_content_type=None)
    if not missing:
        return
    workflow, is_new = Workflow.objects.get_or_create(name=REVIEW)
    if is_new:
        task = GroupApprovalTask.objects.create(name=REVIEW)
        task.groups.add(editors)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
        _retire_moderators()
    WorkflowContentType.objects.bulk_create(
        WorkflowContentType(content_type=content_type, workflow=workflow) for content_type in missing
    )


def _retire_moderators() -> None:
    """Take away the group and the page workflow that Wagtail's migrations make, unless somebody uses them.

    Editors publish pages themselves: a second group with access to the CMS would only be one more to get wrong.
    """
    from django.contrib.auth.models import Group
    from wagtail.models import Task, Workflow

    Group.objects.filter(name="Moderators", user=None).delete()
    Workflow.objects.filter(name="Moderators approval", workflow_states=None).delete()
    Task.objects.filter(name="Moderators approval", task_states=None, workflow_tasks=None).delete()
