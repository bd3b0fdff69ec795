"""Who may read what. Views, the index, the API and the exports all ask here, and nowhere else.

A live record's metadata are public. Access rights govern its files and their text. A file is described by its
`Readership`: the audiences that may read it, and the day from which everybody may. Audiences are plain words
("public", "members", "editors", "group:3", "user:7"), so that an index can store them and compare them with those of
a reader. All functions are pure but `audiences_for`, which asks the user for permissions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.contrib.auth.models import AnonymousUser

from publications.vocabularies import AccessRight

PUBLIC = "public"
MEMBERS = "members"
EDITORS = "editors"

READ_MEMBERS_FILES = "publications.read_members_files"
READ_ALL_FILES = "publications.read_all_files"


class User(Protocol):
    """What this module needs to know of a user; Django's AnonymousUser has it too."""

    @property
    def pk(self) -> Any: ...

    @property
    def is_authenticated(self) -> Any: ...

    def has_perm(self, perm: str) -> bool: ...


class StandIn(AnonymousUser):
    """Somebody who belongs to these audiences and is nobody in particular: for previews of what they see.

    As an anonymous user it has all that Django and Wagtail ask of one: groups, none of them, and no power.
    """

    is_authenticated = True  # type: ignore[assignment]
    is_anonymous = False  # type: ignore[assignment]

    def __init__(self, name: str, audiences: frozenset[str]) -> None:
        self.name = name
        self._audiences = audiences

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """What reading takes, and nothing else: a preview offers no tools."""
        return {READ_MEMBERS_FILES: MEMBERS, READ_ALL_FILES: EDITORS}.get(perm, "") in self._audiences

    def get_username(self) -> str:
        """What the head of a page calls them."""
        return self.name


@dataclass(frozen=True)
class Readership:
    """Who may read a file: any of the audiences, and everybody from `open_from` on."""

    audiences: frozenset[str]
    open_from: date | None = None


class HasReadership(Protocol):
    """A file, or anything else that says who may read it."""

    @property
    def readership(self) -> Readership: ...


def access_status(access_right: str, available: date | None, *, today: date) -> AccessRight:
    """The access right in force today: an embargo that has passed is open access."""
    if access_right == AccessRight.EMBARGOED and available and available <= today:
        return AccessRight.OPEN
    return AccessRight(access_right)


def audiences_of(
    access_right: str,
    *,
    available: date | None = None,
    owner_id: int | None = None,
    group_ids: Iterable[int] = (),
    user_ids: Iterable[int] = (),
) -> Readership:
    """The readership that an access right gives.

    Editors and the depositor read every file. An embargo without a date stays closed.
    """
    audiences = {EDITORS}
    if owner_id is not None:
        audiences.add(f"user:{owner_id}")
    if access_right == AccessRight.OPEN:
        audiences.add(PUBLIC)
    elif access_right == AccessRight.MEMBERS:
        audiences.add(MEMBERS)
    elif access_right == AccessRight.RESTRICTED:
        audiences |= {f"group:{group_id}" for group_id in group_ids}
        audiences |= {f"user:{user_id}" for user_id in user_ids}
    open_from = available if access_right == AccessRight.EMBARGOED else None
    return Readership(frozenset(audiences), open_from)


def audiences_for(user: User) -> frozenset[str]:
    """The audiences that this user belongs to; kept on the user object for the rest of the request."""
    known: frozenset[str] | None = getattr(user, "_audiences", None)
    if known is None:
        known = frozenset(_find_audiences(user))
        setattr(user, "_audiences", known)  # noqa: B010 - AnonymousUser and User both take it
    return known


def _find_audiences(user: User) -> set[str]:
    audiences = {PUBLIC}
    if not user.is_authenticated:
        return audiences
    audiences.add(f"user:{user.pk}")
    groups = getattr(user, "groups", None)
    if groups is not None:
        audiences |= {f"group:{group_id}" for group_id in groups.values_list("pk", flat=True)}
    if user.has_perm(READ_MEMBERS_FILES):
        audiences.add(MEMBERS)
    if user.has_perm(READ_ALL_FILES):
        audiences.add(EDITORS)
    return audiences


def may_read(readership: Readership, *, audiences: frozenset[str], today: date) -> bool:
    """Whether somebody of these audiences may read today."""
    if readership.open_from is not None and readership.open_from <= today:
        return True
    return bool(readership.audiences & audiences)


def may_read_file(user: User, file: HasReadership, *, today: date) -> bool:
    """Whether this user may open the file, see its pages and find its text today."""
    return may_read(file.readership, audiences=audiences_for(user), today=today)
