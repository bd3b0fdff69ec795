"""Groups and what they may do. They exist after `migrate`, each with just the rights it needs.

Editors run the site in the CMS. Researchers deposit in the site's own pages and have no rights in the CMS: a right to
change records there would show them everybody's drafts. Members read what is for members.
"""

from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions

EDITORS = "Editors"
RESEARCHERS = "Researchers"
MEMBERS = "Members"

EDITED_MODELS = (
    "publication",
    "presentation",
    "eventoutcome",
    "recordfile",
    "person",
    "organisation",
    "topic",
    "event",
    "collection",
    "funder",
    "project",
    "sitesettings",
)
EDITOR_ACTIONS = ("add", "change", "delete", "publish", "lock", "unlock", "view")


def create_groups(**kwargs: Any) -> None:
    """Make the three groups and give them their rights; run after every migrate, adds only what is missing.

    Here and not in a migration: permissions and content types exist only once `post_migrate` has run.
    """
    from django.contrib.auth.models import Group, Permission

    for label in (
        "publications",
        "wagtailadmin",
        "wagtailimages",
        "wagtaildocs",
        "wagtailcore",
        "wagtailredirects",
    ):
        create_permissions(apps.get_app_config(label), verbosity=0)
    editors, _created = Group.objects.get_or_create(name=EDITORS)
    researchers, _created = Group.objects.get_or_create(name=RESEARCHERS)
    members, _created = Group.objects.get_or_create(name=MEMBERS)

    permissions = Permission.objects.filter(content_type__app_label="publications")
    for group in (editors, researchers, members):
        group.permissions.add(permissions.get(codename="read_members_files"))
    editors.permissions.add(permissions.get(codename="read_all_files"))
    editors.permissions.add(
        *permissions.filter(
            codename__in=[
                f"{action}_{model}"
                for action in EDITOR_ACTIONS
                for model in EDITED_MODELS
            ]
        )
    )
    editors.permissions.add(
        *Permission.objects.filter(
            content_type__app_label="wagtailadmin", codename="access_admin"
        ),
        *Permission.objects.filter(content_type__app_label="wagtailredirects"),
    )
    _give_editors_pages_and_media(editors)


def _give_editors_pages_and_media(editors: Any) -> None:
    """Rights on the page tree, images and documents hang on their roots, which Wagtail's own migrations make."""
    from django.contrib.auth.models import Permission
    from wagtail.models import (
        Collection,
        GroupCollectionPermission,
        GroupPagePermission,
        Page,
    )

    root_page = Page.get_first_root_node()
    root_collection = Collection.get_first_root_node()
    if root_page is None or root_collection is None:
        return
    for permission in Permission.objects.filter(
        content_type__app_label="wagtailcore",
        codename__in=[
            "add_page",
            "change_page",
            "publish_page",
            "lock_page",
            "unlock_page",
            "bulk_delete_page",
        ],
    ):
        GroupPagePermission.objects.get_or_create(
            group=editors, page=root_page, permission=permission
        )
    for permission in Permission.objects.filter(
        content_type__app_label__in=["publications", "wagtaildocs"],
        codename__in=[
            *(f"{action}_hubimage" for action in ("add", "change", "choose")),
            *(f"{action}_document" for action in ("add", "change", "choose")),
        ],
    ):
        GroupCollectionPermission.objects.get_or_create(
            group=editors, collection=root_collection, permission=permission
        )
