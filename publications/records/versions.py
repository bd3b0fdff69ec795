"""Versions of one work: begun, linked, and taken apart again. What they are to readers: models/versions.py."""

from contextlib import suppress
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_noop

from publications.audit import log_version_added, log_version_removed
from publications.errors import VersionError
from publications.models import Record, User, VersionChain
from publications.models.versions import chain_of
from publications.vocabularies import VERSION_RELATIONS, RelationType

ITSELF = gettext_noop("A record is no version of itself.")
OTHER_KIND = gettext_noop("Versions of one work are of one kind: two publications, for instance.")
IN_A_CHAIN = gettext_noop("This record has other versions already. Take it out of their row first.")
IS_NOT_ONE = gettext_noop("This record has no other versions.")

OF_ONE_VERSION = ("doi", "isbn", "arxiv", "pmid", "issued", "url", "version_type", "peer_review")
"""What a new version does not share with the one before it, and an editor fills in."""
OF_ONE_RECORD = (
    "pid",
    "owner",
    "latest_revision",
    "live_revision",
    "live",
    "first_published_at",
    "last_published_at",
    "go_live_at",
    "expire_at",
    "expired",
    "locked",
    "locked_at",
    "locked_by",
)


@dataclass(frozen=True)
class Neighbours:
    """The versions on both sides of one, where there are any."""

    older: Record | None = None
    newer: Record | None = None


def versions_of(record: Record) -> list[Record]:
    """The live versions of the record's work, the newest first; nothing where there are fewer than two.

    Asks nothing of a record that comes from `with_metadata`.
    """
    live = [version for version in all_versions_of(record) if version.live]
    return live if len(live) > 1 else []


def all_versions_of(record: Record) -> list[Record]:
    """All versions of the record's work, drafts among them, the newest first: for editors."""
    place = getattr(record, "version", None) if record.pk else None
    return [other.record for other in reversed(place.chain.places.all())] if place else []


def neighbours_of(record: Record) -> Neighbours:
    """The live versions just before and after this one."""
    versions = versions_of(record)
    if record not in versions:
        return Neighbours()
    place = versions.index(record)
    return Neighbours(
        older=versions[place + 1] if place + 1 < len(versions) else None,
        newer=versions[place - 1] if place else None,
    )


def add_version(record: Record, *, of: Record, is_older: bool = False, user: User | None = None) -> None:
    """Make a record the version just after another, or just before it.

    `of` may have versions; a record that has some already has to be taken out first. Raises VersionError.
    """
    if record.pk == of.pk:
        raise VersionError(ITSELF)
    if record.record_type != of.record_type:
        raise VersionError(OTHER_KIND)
    with transaction.atomic():
        # In one order, so that two who do this at once wait for each other, and not both for ever.
        locked = Record.objects.select_for_update().filter(pk__in=[record.pk, of.pk]).order_by("pk")
        record, of = (next(found for found in locked if found.pk == pk) for pk in (record.pk, of.pk))
        if chain_of(record):
            raise VersionError(IN_A_CHAIN)
        chain = chain_of(of) or VersionChain.objects.create()
        versions = [place.record for place in chain.places.select_related("record")] or [of]
        place = versions.index(of)
        versions.insert(place if is_older else place + 1, record)
        chain.arrange(versions)
        log_version_added(record, of=of, user=user)


def join_versions(record: Record, *, of: Record, relation_type: str, user: User | None = None) -> None:
    """Make a record the version of another that their metadata say it is, unless it cannot be: each names the other."""
    with suppress(VersionError):
        add_version(record, of=of, is_older=relation_type == RelationType.IS_PREVIOUS_VERSION_OF, user=user)


def remove_version(record: Record, *, user: User | None = None) -> None:
    """Make a record a work of its own again; the other versions stay in their order. Raises VersionError."""
    with transaction.atomic():
        chain = chain_of(record)
        if chain is None:
            raise VersionError(IS_NOT_ONE)
        others = [place.record for place in chain.places.select_related("record") if place.record_id != record.pk]
        chain.arrange(others)
        log_version_removed(record, others=others, user=user)


def begin_version(record: Record, *, user: User | None = None) -> Record:
    """A draft that is the version after this one: described as it is now, without files and identifiers."""
    before = record.specific().get_latest_revision_as_object()
    about_the_record = [field.name for field in before._meta.private_fields]  # its revisions and reviews
    draft, _children = before.copy_cluster(exclude_fields=[*OF_ONE_VERSION, *OF_ONE_RECORD, *about_the_record])
    draft.owner, draft.live, draft.has_unpublished_changes = user or record.owner, False, True
    relations = draft.related_identifiers.all()
    draft.related_identifiers = [row for row in relations if row.relation_type not in VERSION_RELATIONS]
    with transaction.atomic():
        draft.save()
        draft.save_revision(user=user, clean=False, log_action="wagtail.create")
        add_version(draft, of=record, user=user)
    return draft
