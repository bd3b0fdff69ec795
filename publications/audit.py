"""What the CMS's history tells of acts of our own: merges, versions, and files that come and go."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry, LogFormatter, log

from publications.models import BulkChange, Person, Record, RecordFile, Topic, User
from publications.vocabularies import BulkOutcome

MERGE = "publications.merge"
UNMERGE = "publications.unmerge"
DISTINGUISH = "publications.distinguish"
UNDISTINGUISH = "publications.undistinguish"
LINK_ACCOUNT = "publications.link_account"
REMOVE_FILE = "publications.remove_file"
READ_FILE_AGAIN = "publications.read_file_again"
RECOGNISE_FILE = "publications.recognise_file"
FIND_SENSITIVE = "publications.find_sensitive"
JUSTIFY_SENSITIVE = "publications.justify_sensitive"
ADD_VERSION = "publications.add_version"
REMOVE_VERSION = "publications.remove_version"
IMPORT_TOPIC = "publications.import_topic"
SPLIT_TOPIC = "publications.split_topic"
UNSPLIT_TOPIC = "publications.unsplit_topic"
MOVE_TOPIC = "publications.move_topic"
ADD_SYNONYM = "publications.add_synonym"
TAG_RECORD = "publications.tag_record"
CHANGE_MANY = "publications.change_many"
UNCHANGE_MANY = "publications.unchange_many"

BULK_NAMES = {
    "topics": _("topics"),
    "access": _("access"),
    "rights": _("licence"),
    "event": _("event"),
    "owner": _("depositor"),
    "collections": _("collections"),
}
"""What a change of many records can change."""


@hooks.register("register_log_actions")
def register_acts_on_people(actions: LogActionRegistry) -> None:
    """Name the merges and links of accounts, each with a sentence for the history."""

    @actions.register_action(MERGE)
    class MergeFormatter(LogFormatter):
        label = _("Merge")

        def format_message(self, entry: Any) -> str:
            return _("“%(name)s” was merged into this") % {"name": entry.data["merged"]["name"]}

    @actions.register_action(UNMERGE)
    class UnmergeFormatter(LogFormatter):
        label = _("Undo a merge")

        def format_message(self, entry: Any) -> str:
            return _("“%(merged)s” and “%(kept)s” are two again") % {
                "merged": entry.data["merged"]["name"],
                "kept": entry.data["kept"]["name"],
            }

    @actions.register_action(DISTINGUISH)
    class DistinguishFormatter(LogFormatter):
        label = _("Say that two are different")

        def format_message(self, entry: Any) -> str:
            return _("Is somebody or something else than “%(name)s”") % {"name": entry.data["other"]["name"]}

    @actions.register_action(UNDISTINGUISH)
    class UndistinguishFormatter(LogFormatter):
        label = _("Take back that two are different")

        def format_message(self, entry: Any) -> str:
            return _("May be the same as “%(name)s” after all") % {"name": entry.data["other"]["name"]}

    @actions.register_action(LINK_ACCOUNT)
    class LinkAccountFormatter(LogFormatter):
        label = _("Link to an account")

        def format_message(self, entry: Any) -> str:
            sentence = (
                _("Linked to “%(name)s” by a verified ORCID iD") if entry.data["orcid"] else _("Linked to “%(name)s”")
            )
            return sentence % {"name": entry.data["account"]["name"]}


@hooks.register("register_log_actions")
def register_acts_on_files(actions: LogActionRegistry) -> None:
    """Name what is done to files."""

    @actions.register_action(REMOVE_FILE)
    class RemoveFileFormatter(LogFormatter):
        label = _("Take a file away")

        def format_message(self, entry: Any) -> str:
            return _("The file “%(name)s” was taken away") % {"name": entry.data["file"]["name"]}

    @actions.register_action(READ_FILE_AGAIN)
    class ReadFileAgainFormatter(LogFormatter):
        label = _("Read a file again")

        def format_message(self, entry: Any) -> str:
            return _("The file “%(name)s” was put forward to be read again") % {"name": entry.data["file"]["name"]}

    @actions.register_action(RECOGNISE_FILE)
    class RecogniseFileFormatter(LogFormatter):
        label = _("Recognise the text of a file")

        def format_message(self, entry: Any) -> str:
            name = entry.data["file"]["name"]
            return _("The pages of “%(name)s” were put forward to have their text recognised") % {"name": name}

    @actions.register_action(FIND_SENSITIVE)
    class FindSensitiveFormatter(LogFormatter):
        label = _("Possible patient data")

        def format_message(self, entry: Any) -> str:
            count = entry.data["count"]
            sentence = ngettext(
                "%(count)d sign of patient data was found in “%(name)s”",
                "%(count)d signs of patient data were found in “%(name)s”",
                count,
            )
            return sentence % {"count": count, "name": entry.data["file"]["name"]}

    @actions.register_action(JUSTIFY_SENSITIVE)
    class JustifySensitiveFormatter(LogFormatter):
        label = _("Justify possible patient data")

        def format_message(self, entry: Any) -> str:
            count = entry.data["count"]
            sentence = ngettext(
                "%(count)d sign of patient data in “%(name)s” was justified",
                "%(count)d signs of patient data in “%(name)s” were justified",
                count,
            )
            return sentence % {"count": count, "name": entry.data["file"]["name"]}


@hooks.register("register_log_actions")
def register_acts_on_versions(actions: LogActionRegistry) -> None:
    """Name what is done to the versions of a work."""

    @actions.register_action(ADD_VERSION)
    class AddVersionFormatter(LogFormatter):
        label = _("Add a version")

        def format_message(self, entry: Any) -> str:
            return _("Became a version of the same work as “%(title)s”") % {"title": entry.data["of"]["title"]}

    @actions.register_action(REMOVE_VERSION)
    class RemoveVersionFormatter(LogFormatter):
        label = _("Take a version apart")

        def format_message(self, entry: Any) -> str:
            titles = ", ".join(f"“{other['title']}”" for other in entry.data["others"])
            return _("Is no longer a version of the same work as %(titles)s") % {"titles": titles}


@hooks.register("register_log_actions")
def register_acts_on_topics(actions: LogActionRegistry) -> None:
    """Name what is done to topics, and to records by them."""

    @actions.register_action(IMPORT_TOPIC)
    class ImportTopicFormatter(LogFormatter):
        label = _("Bring in from a file")

        def format_message(self, entry: Any) -> str:
            sentence = (
                _("Made from the file “%(name)s”") if entry.data["is_new"] else _("Changed by the file “%(name)s”")
            )
            return sentence % {"name": entry.data["file"]}

    @actions.register_action(MOVE_TOPIC)
    class MoveTopicFormatter(LogFormatter):
        label = _("Move a topic")

        def format_message(self, entry: Any) -> str:
            names = {"before": entry.data["before"], "after": entry.data["after"]}
            if not names["after"]:
                return _("Moved from below “%(before)s” to the top") % names
            if not names["before"]:
                return _("Moved from the top to below “%(after)s”") % names
            return _("Moved from below “%(before)s” to below “%(after)s”") % names

    @actions.register_action(ADD_SYNONYM)
    class AddSynonymFormatter(LogFormatter):
        label = _("Add a synonym")

        def format_message(self, entry: Any) -> str:
            return _("“%(synonym)s” became a synonym, after a search that found nothing") % entry.data

    @actions.register_action(TAG_RECORD)
    class TagRecordFormatter(LogFormatter):
        label = _("Give topics")

        def format_message(self, entry: Any) -> str:
            return _("Given topics that its text speaks of: %(names)s") % {"names": ", ".join(entry.data["topics"])}


@hooks.register("register_log_actions")
def register_splits_of_topics(actions: LogActionRegistry) -> None:
    """Name what is done when a topic becomes two, and is made one again."""

    @actions.register_action(SPLIT_TOPIC)
    class SplitTopicFormatter(LogFormatter):
        label = _("Split a topic")

        def format_message(self, entry: Any) -> str:
            sentence = ngettext(
                "%(count)d record went from “%(topic)s” to “%(part)s”",
                "%(count)d records went from “%(topic)s” to “%(part)s”",
                entry.data["count"],
            )
            return sentence % entry.data

    @actions.register_action(UNSPLIT_TOPIC)
    class UnsplitTopicFormatter(LogFormatter):
        label = _("Undo a split")

        def format_message(self, entry: Any) -> str:
            sentence = ngettext(
                "%(count)d record went back from “%(part)s” to “%(topic)s”",
                "%(count)d records went back from “%(part)s” to “%(topic)s”",
                entry.data["count"],
            )
            return sentence % entry.data


@hooks.register("register_log_actions")
def register_acts_on_many(actions: LogActionRegistry) -> None:
    """Name changes of many records: one entry for the act, one for each record."""

    class ManyFormatter(LogFormatter):
        whole: Any
        one: Any

        def format_message(self, entry: Any) -> str:
            data = entry.data
            if "count" in data:
                return self.whole % data["count"]
            names = ", ".join(str(BULK_NAMES[name]) for name in data["changed"] if name not in data["kept"])
            return str(self.one % {"names": names or "–", "act": data["act"]})

    @actions.register_action(CHANGE_MANY)
    class ChangeManyFormatter(ManyFormatter):
        label = _("Change many records")
        whole = _("%d records changed together")
        one = _("Changed together with others (change %(act)s): %(names)s")

    @actions.register_action(UNCHANGE_MANY)
    class UnchangeManyFormatter(ManyFormatter):
        label = _("Undo a change of many records")
        whole = _("The change was undone for %d records")
        one = _("Change %(act)s was undone: %(names)s")


def log_bulk_act(change: BulkChange, *, user: User | None, is_undone: bool = False) -> None:
    """Note that a change of many records was made, or undone, and for how many."""
    outcomes = (BulkOutcome.RESTORED, BulkOutcome.PARTLY) if is_undone else (BulkOutcome.CHANGED,)
    count = change.items.filter(outcome__in=outcomes).count()
    log(instance=change, action=UNCHANGE_MANY if is_undone else CHANGE_MANY, user=user, data={"count": count})


def log_bulk_record(
    record: Record,
    change: BulkChange,
    *,
    changed: list[str],
    user: User | None,
    kept: Iterable[str] = (),
    is_undone: bool = False,
) -> None:
    """Note in a record's history what a change of many did to it; `kept` names what an undo left."""
    action = UNCHANGE_MANY if is_undone else CHANGE_MANY
    _log_record(record, action, user=user, act=change.pk, changed=changed, kept=list(kept))


def log_topic_import(topic: Topic, *, file_name: str, is_new: bool, user: User | None) -> None:
    """Note in a topic's history that a file made or changed it."""
    _log_topic(topic, IMPORT_TOPIC, user=user, file=file_name, is_new=is_new)


def log_split(topic: Topic, part: Topic, *, count: int, user: User | None, is_undone: bool = False) -> None:
    """Note in the history of both how many records went from the one to the other, or back."""
    action = UNSPLIT_TOPIC if is_undone else SPLIT_TOPIC
    for one in (topic, part):
        _log_topic(one, action, user=user, topic=str(topic), part=str(part), count=count)


def log_move(topic: Topic, *, before: Topic | None, after: Topic | None, user: User | None) -> None:
    """Note in a topic's history where in the tree it stood, and where it stands now."""
    _log_topic(topic, MOVE_TOPIC, user=user, before=str(before or ""), after=str(after or ""))


def log_synonym(topic: Topic, synonym: str, *, user: User | None) -> None:
    """Note in a topic's history that it is called by a word that somebody looked for."""
    _log_topic(topic, ADD_SYNONYM, user=user, synonym=synonym)


def log_tagging(record: Record, topics: Iterable[Topic], *, user: User | None) -> None:
    """Note in a record's history which proposed topics it was given."""
    _log_record(record, TAG_RECORD, user=user, topics=[str(topic) for topic in topics])


def _log_topic(instance: Topic, action: str, *, user: User | None, **data: Any) -> None:
    # Of entries that one request made, Wagtail's history shows only the last, whichever thing it is about.
    log(instance=instance, action=action, user=user, uuid=uuid4(), data=data, content_changed=True)


def log_merge(kept: Model, merged: Model, *, user: User | None) -> None:
    """Note in the history of both that `merged` became `kept`."""
    _log_pair(kept, merged, MERGE, user=user)


def log_unmerge(kept: Model, merged: Model, *, user: User | None) -> None:
    """Note in the history of both that they are two again."""
    _log_pair(kept, merged, UNMERGE, user=user)


def _log_pair(kept: Model, merged: Model, action: str, *, user: User | None) -> None:
    data = {"kept": {"id": kept.pk, "name": str(kept)}, "merged": {"id": merged.pk, "name": str(merged)}}
    for thing in (kept, merged):
        # Of entries that one request made, Wagtail's history shows only the last, whichever thing it is about.
        log(instance=thing, action=action, user=user, uuid=uuid4(), data=data, content_changed=True)


def log_distinction(one: Model, other: Model, *, user: User | None) -> None:
    """Note in the history of both that they are two."""
    _log_each_of_two(one, other, DISTINGUISH, user=user)


def log_distinction_taken_back(one: Model, other: Model, *, user: User | None) -> None:
    """Note in the history of both that they may be one after all."""
    _log_each_of_two(one, other, UNDISTINGUISH, user=user)


def _log_each_of_two(one: Model, other: Model, action: str, *, user: User | None) -> None:
    for thing, second in ((one, other), (other, one)):
        data = {"other": {"id": second.pk, "name": str(second)}}
        log(instance=thing, action=action, user=user, uuid=uuid4(), data=data)


def log_link(person: Person, account: User, *, user: User | None, orcid: str = "") -> None:
    """Note in a person's history whose account the profile is now; `orcid` where that was the proof."""
    data = {"account": {"id": account.pk, "name": account.get_username()}, "orcid": orcid}
    log(instance=person, action=LINK_ACCOUNT, user=user, data=data, content_changed=True)


def log_file_removed(file: RecordFile, *, user: User | None) -> None:
    """Note in the record's history that a file was taken away."""
    _log_file(file, REMOVE_FILE, user=user, content_changed=True)


def log_read_again(files: Iterable[RecordFile], *, user: User | None) -> None:
    """Note in the histories of their records that files are to be read again."""
    for file in files:
        _log_file(file, READ_FILE_AGAIN, user=user)


def log_recognition(files: Iterable[RecordFile], *, user: User | None) -> None:
    """Note in the histories of their records that the text of files is to be recognised."""
    for file in files:
        _log_file(file, RECOGNISE_FILE, user=user)


def log_findings(file: RecordFile, *, count: int) -> None:
    """Note in the record's history how many signs of patient data a reading found in a file; never what they say."""
    _log_file(file, FIND_SENSITIVE, user=None, count=count)


def log_justified(file: RecordFile, *, count: int, user: User | None) -> None:
    """Note in the record's history who justified how many of them; the reason stays with the finding."""
    _log_file(file, JUSTIFY_SENSITIVE, user=user, count=count)


def log_version_added(record: Record, *, of: Record, user: User | None) -> None:
    """Note in the histories of both that they are versions of one work now."""
    for one, other in ((record, of), (of, record)):
        _log_record(one, ADD_VERSION, user=user, of={"pid": other.pid, "title": other.title})


def log_version_removed(record: Record, *, others: Iterable[Record], user: User | None) -> None:
    """Note in the record's history which other versions it had."""
    _log_record(
        record, REMOVE_VERSION, user=user, others=[{"pid": other.pid, "title": other.title} for other in others]
    )


def _log_record(record: Record, action: str, *, user: User | None, **data: Any) -> None:
    # Of entries that one request made, Wagtail's history shows only the last, whichever thing it is about.
    log(instance=record.specific(), action=action, user=user, uuid=uuid4(), data=data, content_changed=True)


def _log_file(file: RecordFile, action: str, *, user: User | None, content_changed: bool = False, **more: Any) -> None:
    data = {"file": {"number": file.number, "name": file.name, "sha256": file.sha256}, **more}
    log(instance=file.record.specific(), action=action, user=user, data=data, content_changed=content_changed)
