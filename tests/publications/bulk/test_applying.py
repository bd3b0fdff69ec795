"""Many records changed in one act and taken back: rows, drafts, collections, histories, what stands in the way."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone
from wagtail.models import ModelLogEntry

from publications.bulk import finish_change, plan_change, prepare_change, start_change, start_undo
from publications.bulk.applying import AT_ONCE
from publications.models import BulkChangeItem, Publication, Record
from publications.vocabularies import AccessRight, BulkOutcome, BulkRefusal, BulkState, RecordType
from search.models import IndexEntry
from tests.factories import (
    CollectionFactory,
    EditorFactory,
    EventFactory,
    GroupFactory,
    MemberFactory,
    PublicationFactory,
    TopicFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return EditorFactory()


def change_all(records, wanted, editor):
    change = prepare_change(RecordType.PUBLICATION, [record.pk for record in records], wanted, user=editor)
    assert start_change(change)
    finish_change(change)
    return change


def undo(change, editor):
    change.refresh_from_db()
    assert start_undo(change, user=editor)
    finish_change(change)


def outcomes(change):
    return dict(change.items.values_list("record", "outcome"))


def draft_of(record):
    return Publication.objects.get(pk=record.pk).get_latest_revision_as_object()


def test_row_and_draft_change_alike_and_come_back_alike(editor):
    old, new, event, group, owner = TopicFactory(), TopicFactory(), EventFactory(), GroupFactory(), UserFactory()
    record = PublicationFactory(topics=[old], rights="CC0-1.0")
    record.title = "Being written"
    record.save_revision()
    wanted = {
        "add_topics": [new.pk],
        "remove_topics": [old.pk],
        "access": {"right": "restricted", "available": None, "groups": [group.pk], "users": []},
        "rights": "CC-BY-4.0",
        "event": event.pk,
        "owner": owner.pk,
    }

    change = change_all([record], wanted, editor)

    for side in (Publication.objects.get(pk=record.pk), draft_of(record)):
        assert list(side.topics.all()) == [new]
        assert (side.access_right, list(side.restricted_groups.all())) == (AccessRight.RESTRICTED, [group])
        assert (side.rights, side.event, side.owner) == ("CC-BY-4.0", event, owner)
    assert Record.objects.get(pk=record.pk).title != draft_of(record).title == "Being written"
    undo(change, editor)
    for side in (Publication.objects.get(pk=record.pk), draft_of(record)):
        assert (list(side.topics.all()), side.access_right, side.rights) == ([old], AccessRight.OPEN, "CC0-1.0")
        assert (side.event, side.owner, list(side.restricted_groups.all())) == (None, record.owner, [])
    assert outcomes(change) == {record.pk: BulkOutcome.RESTORED}


def test_undo_leaves_what_was_changed_since(editor):
    topic = TopicFactory()
    one, other = PublicationFactory(), PublicationFactory()
    change = change_all([one, other], {"rights": "CC-BY-4.0", "add_topics": [topic.pk]}, editor)
    Publication.objects.filter(pk=one.pk).update(rights="CC0-1.0")

    undo(change, editor)

    assert (Publication.objects.get(pk=one.pk).rights, list(one.topics.all())) == ("CC0-1.0", [])
    assert Publication.objects.get(pk=other.pk).rights == ""
    assert outcomes(change) == {one.pk: BulkOutcome.PARTLY, other.pk: BulkOutcome.RESTORED}
    assert change.items.get(record=one).kept == ["rights"]


def test_what_stands_in_the_way_is_said_before_and_holds_after(editor):
    free = PublicationFactory()
    mine = PublicationFactory(locked=True, locked_by=editor)
    locked = PublicationFactory(locked=True, locked_by=UserFactory())
    scheduled = PublicationFactory()
    scheduled.save_revision(approved_go_live_at=timezone.now() + timedelta(days=1))
    same = PublicationFactory(rights="CC-BY-4.0")
    records = [free, mine, locked, scheduled, same]
    change = prepare_change(
        RecordType.PUBLICATION, [record.pk for record in records], {"rights": "CC-BY-4.0"}, user=editor
    )

    plan = plan_change(change, user=editor)

    assert {one.record.pk for one in plan.changing} == {free.pk, mine.pk}
    assert {one.record.pk: one.refusal for one in plan.refused} == {
        locked.pk: BulkRefusal.LOCKED,
        scheduled.pk: BulkRefusal.SCHEDULED,
    }
    assert [one.record.pk for one in plan.same] == [same.pk]
    start_change(change)
    finish_change(change)
    changed, refused = BulkOutcome.CHANGED, BulkOutcome.REFUSED
    assert outcomes(change) == {
        free.pk: changed, mine.pk: changed, locked.pk: refused, scheduled.pk: refused, same.pk: BulkOutcome.SAME
    }  # fmt: skip
    assert Publication.objects.get(pk=locked.pk).rights == ""


def test_who_lost_the_right_meanwhile_changes_nothing():
    record, member = PublicationFactory(), MemberFactory()

    change = change_all([record], {"rights": "CC-BY-4.0"}, member)

    assert change.items.get().refusal == BulkRefusal.NO_RIGHT
    assert Publication.objects.get().rights == ""


def test_a_crash_loses_nothing_and_repeats_nothing(editor, monkeypatch):
    records = [PublicationFactory() for _number in range(AT_ONCE + 2)]
    change = prepare_change(RecordType.PUBLICATION, [one.pk for one in records], {"rights": "CC-BY-4.0"}, user=editor)
    start_change(change)
    calls = []

    def dies_in_the_second_part(items, *args, **kwargs):
        calls.append(len(items))
        if len(calls) == 2:
            raise MemoryError
        return BulkChangeItem.objects.__class__.bulk_update(BulkChangeItem.objects, items, *args, **kwargs)

    monkeypatch.setattr(BulkChangeItem.objects, "bulk_update", dies_in_the_second_part, raising=False)
    with pytest.raises(MemoryError):
        finish_change(change)
    assert Publication.objects.filter(rights="CC-BY-4.0").count() == AT_ONCE
    finish_change(change)

    assert Publication.objects.filter(rights="CC-BY-4.0").count() == len(records)
    noted = ModelLogEntry.objects.filter(action="publications.change_many", content_type__model="publication")
    assert noted.count() == len(records)
    assert change.state == BulkState.APPLIED


def test_one_entry_for_the_act_and_one_for_each_record(editor):
    records = [PublicationFactory(), PublicationFactory()]

    change = change_all(records, {"rights": "CC-BY-4.0"}, editor)

    entries = ModelLogEntry.objects.filter(action="publications.change_many", user=editor)
    assert [entry.message for entry in entries.filter(content_type__model="bulkchange")] == [
        "2 records changed together"
    ]
    sentences = {entry.message for entry in entries.filter(content_type__model="publication")}
    assert sentences == {f"Changed together with others (change {change.pk}): licence"}


def test_collections_take_records_in_with_their_draft_and_give_them_back_with_their_notes(editor):
    stays, goes, comes = (PublicationFactory() for _number in range(3))
    old, new = CollectionFactory(records=[stays, goes]), CollectionFactory(records=[])
    old.items.filter(record=goes).update(note_en="Why")
    old.refresh_from_db()
    old.save_revision()
    wanted = {"add_collections": [new.pk], "remove_collections": [old.pk]}

    change = change_all([goes, comes], wanted, editor)

    old_draft = type(old).objects.get(pk=old.pk).get_latest_revision_as_object()
    assert [item.record_id for item in old_draft.items.all()] == [stays.pk]
    assert list(old.items.values_list("record", flat=True)) == [stays.pk]
    assert set(new.items.values_list("record", flat=True)) == {goes.pk, comes.pk}
    undo(change, editor)
    assert list(old.items.values_list("record", "note_en")) == [(stays.pk, ""), (goes.pk, "Why")]
    assert not new.items.exists()


def test_the_search_index_is_told_of_each(editor):
    record, _other = PublicationFactory(), PublicationFactory()
    IndexEntry.objects.update(indexed_revision=F("revision"))

    change_all([record], {"rights": "CC-BY-4.0"}, editor)

    assert list(IndexEntry.objects.due().values_list("pid", flat=True)) == [record.pid]
