"""The outbox: what changes is due, in the transaction of the change, until the index has exactly that change."""

import pytest
from django.db import transaction

from publications.merging import merge_topics
from search.indexing import build, find_due, get_search_engine, index_due, note_indexed, write
from search.models import IndexEntry
from tests.factories import (
    CollectionFactory,
    CollectionItemFactory,
    EventFactory,
    PersonFactory,
    PublicationFactory,
    RecordFileFactory,
    TopicFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_index")]


def due_pids():
    return set(IndexEntry.objects.due().values_list("pid", flat=True))


def test_publishing_a_record_makes_it_due_and_indexing_clears_it():
    record = PublicationFactory()

    before, count, after = due_pids(), index_due(), due_pids()

    assert (before, count, after) == ({record.pid}, 1, set())
    assert get_search_engine().record_ids() == {record.pid}


def test_a_change_that_is_rolled_back_is_not_due():
    record = PublicationFactory()
    index_due()

    with pytest.raises(RuntimeError), transaction.atomic():
        record.title = "Another title"
        record.save()
        raise RuntimeError

    assert due_pids() == set()


def test_a_change_made_while_indexing_stays_due():
    record = PublicationFactory()
    entries = find_due()
    with get_search_engine().writer() as writer:
        built = build(entries)
        record.title = "Changed while the writer was busy"
        record.save()
        write(writer, built)

    note_indexed(built)

    assert due_pids() == {record.pid}


def test_a_record_taken_offline_leaves_the_index():
    record = PublicationFactory()
    index_due()

    record.live = False
    record.save()
    index_due()

    assert get_search_engine().record_ids() == frozenset()
    assert IndexEntry.objects.count() == 0


def test_a_deleted_record_leaves_the_index():
    record = PublicationFactory()
    index_due()

    record.delete()
    index_due()

    assert get_search_engine().record_ids() == frozenset()


@pytest.mark.parametrize("thing", ["person", "topic", "event", "collection", "file"])
def test_renaming_what_stands_on_a_record_makes_the_record_due(thing):
    person, topic, event = PersonFactory(), TopicFactory(), EventFactory(live=True)
    record = PublicationFactory(creators=[person], topics=[topic], event=event)
    collection = CollectionFactory(live=True)
    CollectionItemFactory(collection=collection, record=record)
    file = RecordFileFactory(record=record, pages=["one page"])
    PublicationFactory()
    index_due()

    {"person": person, "topic": topic, "event": event, "collection": collection, "file": file}[thing].save()

    assert due_pids() == {record.pid}


def test_a_topic_that_moves_in_the_tree_makes_records_on_narrower_ones_due():
    above, other = TopicFactory(), TopicFactory()
    moved = TopicFactory(broader=above)
    record = PublicationFactory(topics=[TopicFactory(broader=moved)])
    PublicationFactory(topics=[above])
    index_due()

    moved.broader = other
    moved.save()

    assert due_pids() == {record.pid}


def test_a_topic_that_is_deleted_or_merged_makes_records_on_narrower_ones_due():
    deleted, kept, merged = TopicFactory(), TopicFactory(), TopicFactory()
    records = [PublicationFactory(topics=[TopicFactory(broader=topic)]) for topic in (deleted, merged)]
    index_due()

    deleted.delete()
    merge_topics(kept, merged)

    assert due_pids() == {record.pid for record in records}


def test_a_record_whose_document_cannot_be_built_does_not_stop_the_others(monkeypatch):
    from search import indexing

    broken, whole = PublicationFactory(), PublicationFactory()
    build_document = indexing.build_document

    def fail_for_one(record):
        if record.pid == broken.pid:
            raise ValueError("odd row")
        return build_document(record)

    monkeypatch.setattr(indexing, "build_document", fail_for_one)
    index_due()

    assert get_search_engine().record_ids() == {whole.pid}
    assert IndexEntry.objects.get(pid=broken.pid).error == "ValueError: odd row"
    monkeypatch.undo()
    broken.save()
    index_due()
    assert get_search_engine().record_ids() == {whole.pid, broken.pid}
