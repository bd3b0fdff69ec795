"""Building documents, rebuilding the index, comparing and mending it."""

from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from publications.models import FilePage, Record
from search.documents import Name, Passage, SearchDocument, Text
from search.indexing import (
    build,
    build_document,
    compare_index,
    digest_of,
    find_due,
    get_search_engine,
    index_due,
    load_records,
    note_indexed,
    rebuild_index,
    repair_index,
)
from search.models import IndexEntry
from search.queries import parse
from search.requests import SearchRequest
from tests.factories import (
    CollectionFactory,
    CollectionItemFactory,
    EventFactory,
    PersonFactory,
    PublicationFactory,
    RecordFileFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db


def document_of(record):
    return build_document(load_records([record.pid])[0])


def test_a_document_holds_what_can_be_found_of_a_record():
    person = PersonFactory(given_name="Marieke", family_name="van der Hoeven", other_names="M. van der Hoeven")
    topic = TopicFactory(label_en="Ultrasound", label_nl="Echografie", synonyms_nl="echo")
    record = PublicationFactory(
        title="Pocket probes", language="en", abstract="In the field.", creators=[person], topics=[topic]
    )
    RecordFileFactory(record=record, pages=["the first page", "the second page"])

    document = document_of(record)

    assert document.title == Text("Pocket probes", "en")
    assert document.abstracts == (Text("In the field.", "en"),)
    assert document.creators == (
        Name("Marieke van der Hoeven", person.slug, ("Marieke van der Hoeven", "M. van der Hoeven")),
    )
    assert document.topics == (Name("Ultrasound", "ultrasound", ("Ultrasound", "Echografie", "echo")),)
    assert [(p.file, p.page, p.text) for p in document.passages] == [
        (1, 1, "the first page"),
        (1, 2, "the second page"),
    ]


def test_a_document_has_the_topics_above_its_own_without_their_words():
    imaging = TopicFactory(label_en="Imaging")
    ct = TopicFactory(label_en="CT", broader=imaging)
    low_dose = TopicFactory(label_en="Low-dose CT", broader=ct)

    both = document_of(PublicationFactory(topics=[low_dose, ct]))

    assert {name.key: name.name for name in both.topics} == {"low-dose-ct": "Low-dose CT", "ct": "CT", "imaging": ""}


def test_what_is_not_published_itself_does_not_show_through_a_record():
    event = EventFactory(title_en="Secret summit", live=False)
    record = PublicationFactory(event=event)
    CollectionItemFactory(collection=CollectionFactory(title_en="Unfinished choice", live=False), record=record)

    document = document_of(record)

    assert (document.events, document.collections) == ((), ())


def test_a_file_taken_away_is_not_in_the_document():
    record = PublicationFactory()
    RecordFileFactory(record=record, pages=["gone"], removed_at=timezone.now())

    assert document_of(record).passages == ()


def test_documents_are_read_in_a_fixed_number_of_queries(django_assert_num_queries):
    def make():
        record = PublicationFactory(
            creators=[PersonFactory(), PersonFactory()], topics=[TopicFactory(), TopicFactory()], event=EventFactory()
        )
        RecordFileFactory(record=record, pages=["one", "two"])
        CollectionItemFactory(collection=CollectionFactory(live=True), record=record)
        return record.pid

    pids = [make() for _ in range(3)]
    for some in (pids[:1], pids):
        with django_assert_num_queries(13):
            for record in load_records(some):
                build_document(record)


def test_a_rebuild_has_every_live_record_and_nothing_else():
    live, draft = PublicationFactory(), PublicationFactory(live=False)
    RecordFileFactory(record=live, pages=["words of a page"])

    rebuilt = rebuild_index()

    assert (rebuilt.records, rebuilt.passages) == (1, 1)
    assert get_search_engine().record_ids() == {live.pid}
    assert draft.pid not in get_search_engine().record_ids()


def test_a_change_during_a_rebuild_is_in_the_new_index():
    first, second = PublicationFactory(title="First"), PublicationFactory(title="Second")
    rebuild_index()
    changed = []

    def change_one(done, total):
        if not changed:
            changed.append(True)
            record = Record.objects.get(pk=first.pk).specific()
            record.title = "Renamed meanwhile"
            record.save()
            index_due()  # the worker goes on, and writes into the old index
            second.delete()

    rebuild_index(on_progress=change_one)

    assert get_search_engine().record_ids() == {first.pid}
    assert compare_index().differing == ()


def test_what_is_deleted_and_forgotten_during_a_rebuild_is_not_in_the_new_index():
    first, second = PublicationFactory(), PublicationFactory()
    rebuild_index()

    def delete_second(done, total):
        second.delete()
        index_due()  # takes it out of the old index, and its entry out of the outbox

    rebuild_index(on_progress=delete_second)

    assert get_search_engine().record_ids() == {first.pid}
    assert compare_index().differing == ()


def test_a_record_that_went_and_came_back_during_a_rebuild_is_in_the_new_index_as_it_is_now():
    record = PublicationFactory(title="Before")
    rebuild_index()

    def replace_record(done, total):
        for live in (False, True):
            record.live, record.title = live, "After"
            record.save()
            index_due()

    rebuild_index(on_progress=replace_record)

    assert IndexEntry.objects.get().revision == 1
    assert [hit.id for hit in get_search_engine().search(SearchRequest(parse("after"))).hits] == [record.pid]
    assert compare_index().differing == ()


def test_a_note_about_a_record_that_went_and_came_back_does_not_hide_that_it_is_due():
    record = PublicationFactory()
    rebuild_index()
    record.live = False
    record.save()
    IndexEntry.objects.update(revision=1, indexed_revision=0)
    gone = build(find_due())  # by a worker that is slow to say so
    index_due()
    record.live = True
    record.save()

    note_indexed(gone)
    index_due()

    assert get_search_engine().record_ids() == {record.pid}


def test_a_comparison_names_what_differs_and_a_repair_mends_it():
    missing, outdated, whole = (PublicationFactory() for _ in range(3))
    surplus = PublicationFactory()
    rebuild_index()
    with get_search_engine().writer() as writer:
        writer.delete(missing.pid)
    Record.objects.filter(pk=outdated.pk).update(title="Changed behind the outbox's back")
    Record.objects.filter(pk=surplus.pk).update(live=False)

    comparison = compare_index()
    repair_index(comparison)

    assert (comparison.missing, comparison.surplus, comparison.outdated) == (
        (missing.pid,),
        (surplus.pid,),
        (outdated.pid,),
    )
    assert compare_index().differing == ()
    assert get_search_engine().record_ids() == {missing.pid, outdated.pid, whole.pid}


def test_index_status_fails_where_there_is_no_index_and_repair_makes_one():
    PublicationFactory()

    with pytest.raises(CommandError, match="rebuild_index"):
        call_command("index_status")
    out = StringIO()
    call_command("index_status", "--repair", stdout=out)

    assert "1 records and 0 pages" in out.getvalue()


def test_rebuild_index_says_what_it_did():
    record = PublicationFactory()
    RecordFileFactory(record=record, pages=["one", "two"])
    out = StringIO()

    call_command("rebuild_index", stdout=out)

    assert out.getvalue().startswith("Indexed 1 records and 2 pages in ")


@pytest.mark.parametrize(
    "change",
    [{"file_name": "b.pdf"}, {"kind": "slide"}, {"is_recognised": True}, {"text": "b"}, {"audiences": frozenset()}],
)
def test_whatever_differs_in_a_passage_differs_in_the_fingerprint(change):
    passage = Passage(1, "a.pdf", 1, "a")
    document = SearchDocument("1", "publication", Text("T"), passages=(passage,))

    changed = replace(document, passages=(replace(passage, **change),))

    assert digest_of(changed) != digest_of(document) == digest_of(replace(document))


def test_a_page_without_text_is_no_passage():
    record = PublicationFactory()
    file = RecordFileFactory(record=record, pages=["words"])
    FilePage.objects.create(file=file, number=2, status="no_text")

    assert [passage.page for passage in document_of(record).passages] == [1]
